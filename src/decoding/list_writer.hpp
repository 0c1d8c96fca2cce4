// SPDX-License-Identifier: Apache-2.0
// Decoding: what the elements of a DLMS list become in the telegram. Includes values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "decoding/axdr.hpp"
#include "decoding/list_items.hpp"
#include "decoding/list_values.hpp"
#include "decoding/object_index.hpp"
#include "decoding/text_memory.hpp"
#include "p1meter/decoding/list_layout.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter::decoding {

/// Writes the objects, items and problems of one notification into a telegram. Which element is
/// what is for the forms of lists to say.
///
/// Owns      nothing; views in the telegram are into the APDU and telegram.text_memory
class ListWriter {
 public:
  ListWriter(std::string_view apdu, Telegram& telegram) noexcept
      : telegram_{telegram}, begin_{apdu.data()} {}

  [[nodiscard]] Telegram& telegram() noexcept { return telegram_; }
  /// The text of the meter's type, 96.1.1 or 96.1.7, once it was there.
  [[nodiscard]] std::string_view meter_type() const noexcept { return meter_type_; }

  /// Texts of so many bytes will be made. Once, before the first.
  void reserve_texts(std::size_t size) { memory_.reserve(size); }
  /// At most so many objects will come. Once, before the first.
  void expect_objects(std::uint32_t most) {
    index_.emplace(telegram_, std::size_t{most} + most / 2 + 2);
  }

  // ---- objects

  /// The object with this code, or null: then it is to be appended next.
  [[nodiscard]] CosemObject* find_or_enter(const Obis& obis) noexcept {
    return index_->find_or_enter(obis);
  }
  [[nodiscard]] CosemObject* find(const Obis& obis) noexcept { return index_->find(obis); }

  /// A new object that begins at `at`.
  CosemObject& append(const Obis& obis, const char* at) {
    // Copied in a few moves; g++ would clear by a slow rep stos.
    static constexpr CosemObject blank{};
    CosemObject& object = telegram_.objects.emplace_back(blank);
    object.obis = obis;
    object.offset = offset_of(at);
    return object;
  }
  /// The same, with what its value says.
  CosemObject& append(const Obis& obis, const char* at, const AxdrElement& value, bool is_clock);

  /// An object that may have come before: then the first one counts. What it says about the list
  /// itself (name, time, meter's type) is noted.
  ///
  /// Output    the one that counts, until the next is taken
  CosemObject& take_object(const Obis& obis, const char* at, const AxdrElement& value,
                           const std::optional<ScalerUnit>& scale, bool is_clock);

  /// Scaler and unit of a number that has been taken without them.
  void set_scale(CosemObject& object, const ScalerUnit& scale);
  void set_scale(CosemObject& object, const ListScale& scale);

  /// An element that is the list's name.
  void take_list_name(const AxdrElement& element) {
    telegram_.identification = text_of(element.content, memory_);
  }

  // ---- elements that nothing names

  void show(const AxdrElement& element, std::uint32_t position) { items_.add(element, position); }

  // ---- problems

  /// A problem of the list. The first one that ends the list is its last: what follows from it is
  /// none.
  void report(ProblemCode code, const char* at, std::optional<Obis> obis = std::nullopt);
  void report_fault(const AxdrReader& reader) { report(reader.fault(), reader.fault_at()); }
  /// Whether the list ended before its end.
  [[nodiscard]] bool has_ended() const noexcept { return ended_; }
  /// Has nothing to do with where the list ends.
  void report_time(ProblemCode code, const char* at) {
    telegram_.problems.push_back({code, offset_of(at), {}, {}});
  }
  void report_value(ProblemCode code, const CosemObject& object) {
    telegram_.problems.push_back({code, object.offset, object.obis, {}});
  }

 private:
  void set_scaler(CosemObject& object, std::int8_t scaler);
  CosemObject& drop_repeated(CosemObject& first);
  void note_facts(const CosemObject& object, const AxdrElement& value);

  [[nodiscard]] std::uint32_t offset_of(const char* at) const noexcept {
    return static_cast<std::uint32_t>(at - begin_);
  }

  Telegram& telegram_;
  const char* begin_;
  TextMemory memory_{telegram_.text_memory};
  ItemList items_{telegram_, begin_, memory_};
  std::optional<ObjectIndex> index_{};
  std::string_view meter_type_{};
  bool ended_{};  // the problem that ends the list was reported
};

}  // namespace p1meter::decoding
