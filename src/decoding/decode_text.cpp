// SPDX-License-Identifier: Apache-2.0
// Decoding: mode D text to COSEM objects.
#include <algorithm>
#include <bit>
#include <optional>

#include "decoding/object_shapes.hpp"
#include "decoding/value_group.hpp"
#include "p1meter/decoding/decode.hpp"
#include "p1meter/values/scan.hpp"

namespace p1meter {
namespace {

using decoding::GroupEnd;
using decoding::Groups;
using decoding::is_line_end;
using decoding::take_group;

/// Finds the objects of a telegram by their code, so that a long telegram costs no more a line than
/// a short one. Open addressing in the telegram's own memory.
class ObjectIndex {
 public:
  explicit ObjectIndex(Telegram& telegram, std::size_t text_size) : telegram_{telegram} {
    constexpr std::size_t shortest_object = 8;  // in bytes: at least a quarter of the slots is free
    telegram.slots.assign(std::bit_ceil(text_size / shortest_object + 2), empty);
  }
  /// The object with this code, or null: then it is entered as the one to be appended next.
  CosemObject* find_or_enter(const Obis& obis) noexcept {
    const std::size_t last = telegram_.slots.size() - 1;
    // Fibonacci hashing: the golden ratio spreads codes that differ in one group
    auto slot = static_cast<std::size_t>(obis.packed() * 0x9E3779B97F4A7C15U >> 32U) & last;
    for (; telegram_.slots[slot] != empty; slot = (slot + 1) & last) {
      CosemObject& object = telegram_.objects[telegram_.slots[slot]];
      if (object.obis == obis) return &object;
    }
    telegram_.slots[slot] = static_cast<std::uint32_t>(telegram_.objects.size());
    return nullptr;
  }

 private:
  static constexpr std::uint32_t empty = UINT32_MAX;

  Telegram& telegram_;
};

/// One pass over a text. `at_` only moves forward.
class TextDecoder {
 public:
  TextDecoder(std::string_view text, Telegram& telegram)
      : telegram_{telegram},
        index_{telegram, text.size()},
        begin_{text.data()},
        at_{begin_},
        end_{begin_ + text.size()} {
    telegram.frame = text;
    if (text.ends_with('!')) --end_;
  }

  void decode() {
    take_header();
    for (skip_line_ends(); at_ != end_; skip_line_ends()) take_line();
  }

 private:
  enum class Next : std::uint8_t { group, line_end, garbage };

  void take_header() {
    if (at_ == end_ || *at_ != '/') return;
    const char* const line_end = find_line_end(at_);
    telegram_.identification = decoding::trimmed({at_ + 1, line_end});
    at_ = line_end;
  }

  void take_line() {
    const char* const line = at_;
    Obis obis;
    if (!scan::take_obis(at_, end_, obis)) return refuse(line, ProblemCode::line_malformed);
    Next next = find_group();
    if (next == Next::line_end) return refuse(line, ProblemCode::value_missing, obis);
    const char* const first = at_;
    const char* last = at_;
    groups_.count = 0;
    for (; next == Next::group; next = find_group()) {
      ++at_;
      switch (take_next_group()) {
        case GroupEnd::closed:
          last = at_;
          ++groups_.count;
          break;
        case GroupEnd::unclosed:
          return report(line, ProblemCode::value_unclosed, obis);
        case GroupEnd::nested:
          return refuse(line, ProblemCode::line_malformed);
      }
    }
    if (next == Next::garbage) return refuse(line, ProblemCode::line_malformed);
    take_object(line, obis, {first, last});
  }

  /// Two groups tell what shape an object has; the others are read when that is known.
  GroupEnd take_next_group() noexcept {
    if (groups_.count < groups_.first.size()) {
      return take_group(at_, end_, groups_.first[groups_.count]);
    }
    const char* star = nullptr;
    return decoding::skip_group(at_, end_, star);
  }

  /// Moves to the next group of the object at hand, which may stand on the next line, else to the
  /// next line.
  Next find_group() noexcept {
    const char* p = at_;
    if (p != end_ && *p == '(') return Next::group;
    const bool usual = end_ - p > 2 && p[0] == '\r' && p[1] == '\n' && !is_line_end(p[2]);
    if (usual) {
      p += 2;
    } else {
      while (p != end_ && *p == ' ') ++p;
      if (p != end_ && !is_line_end(*p)) return Next::garbage;
      while (p != end_ && is_line_end(*p)) ++p;
    }
    at_ = p;
    return p != end_ && *p == '(' ? Next::group : Next::line_end;
  }

  void take_object(const char* line, const Obis& obis, std::string_view raw) {
    CosemObject* const known = index_.find_or_enter(obis);
    if (known != nullptr && !decoding::is_hourly_gas(obis)) {
      if (known->raw != raw) report(line, ProblemCode::duplicate_object, obis);
      return;
    }
    static constexpr CosemObject
        blank{};  // copied in six moves; g++ would clear by a slow rep stos
    CosemObject& object = telegram_.objects.emplace_back(blank);
    object.obis = obis;
    object.offset = offset_of(line);
    object.raw = raw;
    if (groups_.count == 1) {
      decoding::fill_single(object, groups_.first[0]);
    } else {
      decoding::fill_many(object, groups_, telegram_);
    }
    if (known != nullptr) {
      keep_newest(obis);
    } else {
      note_facts(object);
    }
  }

  /// The line just appended repeats an hourly gas value: one of the two goes.
  void keep_newest(const Obis& obis) {
    const CosemObject newest = telegram_.objects.back();
    telegram_.objects.pop_back();
    CosemObject* const known = index_.find_or_enter(obis);
    if (known != nullptr && decoding::is_newer(newest, *known)) *known = newest;
  }

  /// What the telegram says about itself.
  void note_facts(const CosemObject& object) noexcept {
    constexpr Obis dsmr_version{1, 3, 0, 2, 8};
    constexpr Obis emucs_version{0, 0, 96, 1, 4};
    constexpr Obis clock{0, 0, 1, 0, 0};
    if (object.obis == dsmr_version || object.obis == emucs_version) {
      if (telegram_.version.empty()) telegram_.version = decoding::trimmed(object.text);
      telegram_.emucs = telegram_.emucs || object.obis == emucs_version;
    } else if (object.obis == clock) {
      telegram_.time = object.time;
    }
  }

  /// The line is lost, and the lines that begin with "(" and belong to it.
  void refuse(const char* line, ProblemCode code, std::optional<Obis> obis = std::nullopt) {
    report(line, code, obis);
    at_ = find_line_end(line);
    for (const char* next = at_;;) {
      while (next != end_ && is_line_end(*next)) ++next;
      if (next == end_ || *next != '(') return;
      at_ = next = find_line_end(next);
    }
  }

  void report(const char* line, ProblemCode code, std::optional<Obis> obis) {
    telegram_.problems.push_back({code, offset_of(line), obis, {line, find_line_end(line)}});
  }

  [[nodiscard]] std::uint32_t offset_of(const char* p) const noexcept {
    return static_cast<std::uint32_t>(p - begin_);
  }
  [[nodiscard]] const char* find_line_end(const char* p) const noexcept {
    return std::find_if(p, end_, is_line_end);
  }
  void skip_line_ends() noexcept {
    while (at_ != end_ && is_line_end(*at_)) ++at_;
  }

  Telegram& telegram_;
  ObjectIndex index_;
  Groups groups_{};  // of the line at hand
  const char* begin_;
  const char* at_;
  const char* end_;
};

}  // namespace

void decode_text(std::string_view text, Telegram& telegram) {
  telegram.clear();
  TextDecoder{text, telegram}.decode();
}

}  // namespace p1meter
