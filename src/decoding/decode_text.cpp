// SPDX-License-Identifier: Apache-2.0
// Decoding: mode D text to COSEM objects.
#include <algorithm>
#include <optional>

#include "decoding/object_index.hpp"
#include "decoding/object_shapes.hpp"
#include "decoding/value_group.hpp"
#include "p1meter/decoding/decode.hpp"
#include "p1meter/values/scan.hpp"

namespace p1meter {
namespace {

using decoding::GroupEnd;
using decoding::Groups;
using decoding::is_line_end;
using decoding::ObjectIndex;
using decoding::take_group;
using decoding::TakenGroup;

constexpr std::size_t shortest_line = 8;  // in bytes, and less: a quarter of the index stays free

/// One pass over a text. What takes something off it is given the place where that begins, and
/// gives the place behind it: a register's business, where a member would go through memory.
class TextDecoder {
 public:
  TextDecoder(std::string_view text, Telegram& telegram)
      : telegram_{telegram},
        index_{telegram, text.size() / shortest_line + 2},
        begin_{text.data()},
        end_{begin_ + text.size()} {
    telegram.frame = text;
    if (text.ends_with('!')) --end_;
  }

  void decode() {
    for (const char* at = skip_line_ends(take_header(begin_)); at != end_;
         at = skip_line_ends(at)) {
      at = take_line(at);
    }
  }

 private:
  /// What comes next, and where.
  struct Next {
    enum class Kind : std::uint8_t { group, line_end, garbage };
    const char* at{};
    Kind kind{};
  };

  const char* take_header(const char* at) {
    if (at == end_ || *at != '/') return at;
    const char* const line_end = find_line_end(at);
    telegram_.identification = decoding::trimmed({at + 1, line_end});
    return line_end;
  }

  const char* take_line(const char* line) {
    const auto [behind, obis] = scan::take_obis(line, end_);
    if (behind == nullptr) return refuse(line, ProblemCode::line_malformed);
    Next next = find_group(behind);
    if (next.kind == Next::Kind::line_end) return refuse(line, ProblemCode::value_missing, obis);
    const char* const first = next.at;
    const char* last = first;
    groups_.count = 0;
    while (next.kind == Next::Kind::group) {
      const TakenGroup taken = take_next_group(next.at + 1);
      if (taken.how == GroupEnd::nested) return refuse(line, ProblemCode::line_malformed);
      if (taken.how == GroupEnd::unclosed) {
        report(line, ProblemCode::value_unclosed, obis);
        return taken.at;
      }
      last = taken.at;
      ++groups_.count;
      next = find_group(last);
    }
    if (next.kind == Next::Kind::garbage) return refuse(line, ProblemCode::line_malformed);
    take_object(line, obis, {first, last});
    return next.at;
  }

  /// Two groups tell what shape an object has; the others are read when that is known.
  TakenGroup take_next_group(const char* at) noexcept {
    if (groups_.count < groups_.first.size()) {
      return take_group(at, end_, groups_.first[groups_.count]);
    }
    const char* star = nullptr;
    return decoding::skip_group(at, end_, star);
  }

  /// The next group of the object at hand, which may stand on the next line, else the next line.
  [[nodiscard]] Next find_group(const char* p) const noexcept {
    if (p != end_ && *p == '(') return {p, Next::Kind::group};
    const bool usual = end_ - p > 2 && p[0] == '\r' && p[1] == '\n' && !is_line_end(p[2]);
    if (usual) {
      p += 2;
    } else {
      while (p != end_ && *p == ' ') ++p;
      if (p != end_ && !is_line_end(*p)) return {p, Next::Kind::garbage};
      p = skip_line_ends(p);
    }
    return {p, p != end_ && *p == '(' ? Next::Kind::group : Next::Kind::line_end};
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
  const char* refuse(const char* line, ProblemCode code, std::optional<Obis> obis = std::nullopt) {
    report(line, code, obis);
    const char* line_end = find_line_end(line);
    for (const char* next = skip_line_ends(line_end); next != end_ && *next == '(';
         next = skip_line_ends(line_end)) {
      line_end = find_line_end(next);
    }
    return line_end;
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
  [[nodiscard]] const char* skip_line_ends(const char* p) const noexcept {
    while (p != end_ && is_line_end(*p)) ++p;
    return p;
  }

  Telegram& telegram_;
  ObjectIndex index_;
  Groups groups_{};  // of the line at hand
  const char* begin_;
  const char* end_;
};

}  // namespace

void decode_text(std::string_view text, Telegram& telegram) {
  telegram.clear();
  TextDecoder{text, telegram}.decode();
}

}  // namespace p1meter
