// SPDX-License-Identifier: Apache-2.0
// Mapping: patterns of OBIS codes, and the table that holds them.
#include <charconv>
#include <utility>

#include "p1meter/mapping/obis_table.hpp"

namespace p1meter {
namespace {

using Group = ObisPattern::Group;

constexpr std::uint8_t largest_group = 255;
constexpr std::uint8_t first_channel = 1;
constexpr std::uint8_t last_channel = 4;

constexpr bool holds(const Group& group, std::uint8_t value) noexcept {
  return value >= group.first && value <= group.last;
}

/// Takes a pattern apart from the front.
class PatternReader {
 public:
  explicit PatternReader(std::string_view text) noexcept : rest_{text} {}

  [[nodiscard]] bool take(std::string_view token) noexcept {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

  [[nodiscard]] bool group(Group& group) noexcept {
    if (take("*")) {
      group = {0, largest_group};
      return true;
    }
    if (!number(group.first)) return false;
    group.last = group.first;
    return !take("..") || (number(group.last) && group.first <= group.last);
  }

 private:
  [[nodiscard]] bool number(std::uint8_t& value) noexcept {
    const char* const end = rest_.data() + rest_.size();
    const auto [stop, error] = std::from_chars(rest_.data(), end, value);
    if (error != std::errc{}) return false;
    rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
    return true;
  }

  std::string_view rest_;
};

bool read_channel(PatternReader& reader, ObisPattern& pattern) noexcept {
  if (!reader.take("n")) return reader.group(pattern.b);
  pattern.b = {first_channel, last_channel};
  pattern.b_is_channel = true;
  return true;
}

}  // namespace

bool ObisPattern::matches(const Obis& obis) const noexcept {
  return holds(c, obis.c()) && holds(d, obis.d()) && holds(a, obis.a()) && holds(b, obis.b()) &&
         holds(e, obis.e()) && holds(f, obis.f());
}

std::optional<ObisPattern> parse_obis_pattern(std::string_view text) noexcept {
  PatternReader reader{text};
  ObisPattern pattern;
  const auto point = [&reader] { return reader.take(".") || reader.take(":"); };
  const bool five_groups = reader.group(pattern.a) && reader.take("-") &&
                           read_channel(reader, pattern) && reader.take(":") &&
                           reader.group(pattern.c) && point() && reader.group(pattern.d) &&
                           point() && reader.group(pattern.e);
  if (!five_groups) return std::nullopt;
  if (reader.take("*") && !reader.group(pattern.f)) return std::nullopt;
  if (!reader.at_end()) return std::nullopt;
  return pattern;
}

void ObisTable::add(ObisEntry entry) { entries_.push_back(std::move(entry)); }

}  // namespace p1meter
