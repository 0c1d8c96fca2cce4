// SPDX-License-Identifier: Apache-2.0
// Decoding: DLMS lists whose values have their code in front of them: structures and pairs.
#include <array>
#include <cstring>
#include <optional>

#include "decoding/cosem_codes.hpp"
#include "decoding/dlms_clock.hpp"
#include "decoding/list_forms.hpp"

namespace p1meter::decoding {
namespace {

/// A whole number of at most four octets, by its tag: how to get it out of the eight octets that
/// begin with it.
struct PlainNumber {
  std::uint8_t size{};    // 0: this type is none
  std::uint8_t unused{};  // bits behind it
  bool is_signed{};
  bool has_scale{};  // booleans and enums have none

  [[nodiscard]] std::int64_t at(const char* octets) const noexcept {
    const std::uint64_t word = load_big_endian(octets);
    return is_signed ? static_cast<std::int64_t>(word) >> unused
                     : static_cast<std::int64_t>(word >> unused);
  }
};
constexpr auto plain_numbers = [] {
  std::array<PlainNumber, 256> numbers{};
  for (std::size_t tag = 0; tag < axdr_type_count; ++tag) {
    const AxdrShape& shape = axdr_shapes[tag];
    if (!shape.is_integer || shape.size > 4) continue;
    const auto type = static_cast<AxdrType>(tag);
    numbers[tag] = {.size = shape.size,
                    .unused = static_cast<std::uint8_t>(64 - 8 * shape.size),
                    .is_signed = shape.is_signed,
                    .has_scale = type != AxdrType::boolean && type != AxdrType::enumeration};
  }
  return numbers;
}();

class NamedList {
 public:
  NamedList(ListForm form, OpenList& list, ListWriter& writer) noexcept
      : form_{form}, list_{list}, reader_{list.reader}, writer_{writer} {}

  void take() {
    for (std::uint32_t i = 0; i < list_.count;) {
      const std::uint32_t most = list_.count - i;
      i += form_ == ListForm::pairs ? take_plain_pairs(most) : take_plain_registers(most);
      if (i == list_.count) break;
      const std::uint32_t taken = take_element(i);
      if (taken == 0) break;
      i += taken;
    }
    fill_gaps(form_, list_, {unnamed_.data(), unnamed_count_}, writer_);
  }

 private:
  std::uint32_t take_plain_registers(std::uint32_t most);
  std::uint32_t take_plain_pairs(std::uint32_t most);
  std::uint32_t take_element(std::uint32_t position);
  std::uint32_t take_pair(const AxdrElement& name, std::uint32_t position);
  std::uint32_t take_structure();
  std::optional<ScalerUnit> take_scaler_unit() noexcept;
  void take_unnamed(const AxdrElement& element, std::uint32_t position);
  bool take_leading_text(const AxdrElement& element);

  /// Nothing behind it can be read.
  std::uint32_t give_up() {
    writer_.report_fault(reader_);
    return 0;
  }

  static constexpr std::size_t most_unnamed = 4;  // that a layout may name; more are shown

  ListForm form_;
  OpenList& list_;
  AxdrReader& reader_;
  ListWriter& writer_;
  std::array<Unnamed, most_unnamed> unnamed_{};
  std::size_t unnamed_count_{};
};

/// The usual structures, each read at one go: a list may have thirty.
///
///     02 03 | 09 06 01 00 01 07 00 FF | 06 00 00 04 D2 | 02 02 0F 00 16 1B
///
/// Output    how many were taken; it stops at the first that is not one of these or has something
///           the matter with it
std::uint32_t NamedList::take_plain_registers(std::uint32_t most) {
  constexpr std::ptrdiff_t tag_at = 10;
  constexpr std::ptrdiff_t value_at = tag_at + 1;
  constexpr std::ptrdiff_t longest = value_at + 4 + scaler_unit_size;
  const char* const end = reader_.end();
  const char* at = reader_.at();
  std::uint32_t taken = 0;
  for (; taken < most; ++taken) {
    if (end - at < longest || std::memcmp(at, "\x02\x03\x09\x06", 4) != 0) break;
    const PlainNumber plain = plain_numbers[octet(at[tag_at])];
    const char* const behind = at + value_at + plain.size;
    if (plain.size == 0 || !begins_scaler_unit(behind)) break;
    const ScalerUnit scale = scaler_unit_at(behind);
    if (!is_exponent(scale.scaler)) break;
    const Obis obis = obis_before_two(at + 4);
    if (writer_.find_or_enter(obis) != nullptr) break;
    CosemObject& object = writer_.append(obis, at);
    object.raw = {at + value_at, plain.size};
    object.number = Decimal{plain.at(at + value_at), scale.scaler};
    set_unit(object, scale.unit);
    at = behind + scaler_unit_size;
  }
  reader_.go_to(at);
  return taken;
}

/// The usual pairs, likewise.
///
///     09 06 01 01 01 07 00 FF | 06 00 00 04 D2 [ | 02 02 0F 00 16 1B ]
///
/// Output    how many elements of the list were taken
std::uint32_t NamedList::take_plain_pairs(std::uint32_t most) {
  constexpr std::ptrdiff_t tag_at = 8;
  constexpr std::ptrdiff_t value_at = tag_at + 1;
  constexpr std::ptrdiff_t longest = value_at + 8;  // as many as are loaded for a number
  const char* const end = reader_.end();
  const char* at = reader_.at();
  std::uint32_t taken = 0;
  while (most - taken >= 2) {
    if (end - at < longest || std::memcmp(at, "\x09\x06", 2) != 0) break;
    const PlainNumber plain = plain_numbers[octet(at[tag_at])];
    const Obis obis = obis_before_two(at + 2);
    if (plain.size == 0 || !can_name(obis)) break;
    const char* const behind = at + value_at + plain.size;
    const bool scaled = most - taken > 2 && has_scaler_unit(behind, end);
    const ScalerUnit scale = scaled ? scaler_unit_at(behind) : ScalerUnit{};
    if (!is_exponent(scale.scaler)) break;
    if (writer_.find_or_enter(obis) != nullptr) break;
    CosemObject& object = writer_.append(obis, at);
    object.raw = {at + value_at, plain.size};
    object.number = Decimal{plain.at(at + value_at), scale.scaler};
    if (scaled) {
      set_unit(object, scale.unit);
    } else {
      object.scale_unknown = plain.has_scale;
    }
    at = scaled ? behind + scaler_unit_size : behind;
    taken += scaled ? 3 : 2;
  }
  reader_.go_to(at);
  return taken;
}

/// A structure, a pair with or without scaler, or an element without a name.
///
/// Output    how many elements of the list it took; 0 after a fault
std::uint32_t NamedList::take_element(std::uint32_t position) {
  if (begins_with_name(reader_)) return take_structure();
  AxdrElement element;
  if (!reader_.next_whole(element, 1)) return give_up();
  if (is_name(element)) return take_pair(element, position);
  if (form_ == ListForm::structures) {
    writer_.report(ProblemCode::object_malformed, element.at);
  } else {
    take_unnamed(element, position);
  }
  return 1;
}

/// What stands behind a name.
std::uint32_t NamedList::take_pair(const AxdrElement& name, std::uint32_t position) {
  const Obis obis = obis_of(name.content);
  if (position + 1 == list_.head.count) {
    writer_.report(ProblemCode::object_malformed, name.at, obis);
    return 1;
  }
  AxdrElement value;
  if (!reader_.next_whole(value, 1)) return give_up();
  std::optional<ScalerUnit> scale;
  if (position + 2 < list_.count) scale = take_scaler_unit();
  writer_.take_object(obis, name.at, value, scale, is_clock(obis));
  return scale ? 3 : 2;
}

/// structure {code, value, {scaler, unit}}, which has been seen to begin with its name; what may
/// follow is passed over
std::uint32_t NamedList::take_structure() {
  AxdrElement structure;
  if (!reader_.next(structure)) return give_up();
  const char* const name = reader_.at() + 2;  // behind tag and length
  const Obis obis = obis_of({name, obis_size});
  reader_.go_to(name + obis_size);
  AxdrElement value;
  if (!reader_.next_whole(value, 2)) return give_up();
  std::optional<ScalerUnit> scale;
  std::uint32_t taken = 2;
  if (structure.count > taken) scale = take_scaler_unit();
  if (scale) ++taken;
  for (AxdrElement rest; taken < structure.count; ++taken) {
    if (!reader_.next_whole(rest, 2)) return give_up();
  }
  writer_.take_object(obis, structure.at, value, scale, is_clock(obis));
  return 1;
}

std::optional<ScalerUnit> NamedList::take_scaler_unit() noexcept {
  const char* const at = reader_.at();
  if (!has_scaler_unit(at, reader_.end())) return std::nullopt;
  reader_.go_to(at + scaler_unit_size);
  return scaler_unit_at(at);
}

/// The list's name and clock stand in front without a code; what else there is must wait until the
/// layouts have been asked.
void NamedList::take_unnamed(const AxdrElement& element, std::uint32_t position) {
  if (element.type == AxdrType::null_data) return;  // some lists are filled up with these
  if (position == 0 && element.is_text() && take_leading_text(element)) return;
  if (unnamed_count_ == unnamed_.size()) return writer_.show(element, position);
  unnamed_[unnamed_count_++] = {element, position};
}

/// The list's clock or its name. Output    false: it is neither
bool NamedList::take_leading_text(const AxdrElement& element) {
  Telegram& telegram = writer_.telegram();
  if (!element.is_octets(clock_size)) {
    const bool is_text = is_printable(element.content);
    if (is_text) telegram.identification = element.content;
    return is_text;
  }
  const Stamp stamp = read_clock(element.content);
  if (stamp.kind == Stamp::Kind::clock) {
    telegram.time = stamp.clock;
    if (is_doubtful(element.content)) writer_.report_time(ProblemCode::time_doubtful, element.at);
  }
  return stamp.kind != Stamp::Kind::malformed;
}

}  // namespace

bool begins_with_name(const AxdrReader& reader) noexcept {
  const char* const at = reader.at();
  return reader.left() > 4 + obis_size && at[0] == '\x02' && octet(at[1]) >= 2 &&
         octet(at[1]) < 0x80 && at[2] == '\x09' && at[3] == static_cast<char>(obis_size);
}

bool is_pairs(const OpenList& list, Elements first) noexcept {
  for (std::size_t i = 0; i < std::min(most_before_pairs, first.size()); ++i) {
    if (!is_name(first[i])) continue;
    const bool value_follows =
        i + 1 < first.size() ? !is_name(first[i + 1]) : i + 1 < list.head.count;
    if (value_follows) return true;
  }
  return false;
}

void take_named(ListForm form, OpenList& list, ListWriter& writer) {
  NamedList{form, list, writer}.take();
}

}  // namespace p1meter::decoding
