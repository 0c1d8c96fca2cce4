// SPDX-License-Identifier: Apache-2.0
// Decoding: what DLMS lists leave out, as data.
#include "p1meter/decoding/list_layout.hpp"

#include <utility>

#include "decoding/axdr.hpp"
#include "p1meter/values/scan.hpp"

namespace p1meter {
namespace {

/// Takes one group, a number or '*', off the front and appends it to the pattern.
bool take_pattern_group(const char*& at, const char* end, CodePattern& pattern) noexcept {
  pattern.bits <<= 8U;
  pattern.mask <<= 8U;
  if (scan::take_char(at, end, '*')) return true;
  unsigned group = 0;
  if (!scan::take_group(at, end, group)) return false;
  pattern.bits |= group;
  pattern.mask |= 0xFFU;
  return true;
}

}  // namespace

std::string_view form_name(ListForm form) noexcept {
  switch (form) {
    case ListForm::structures:
      return "structures";
    case ListForm::pairs:
      return "pairs";
    case ListForm::described:
      return "described";
    case ListForm::positional:
      return "positional";
  }
  return "";
}

std::optional<CodePattern> parse_code_pattern(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  CodePattern pattern;
  for (const char separator : {'-', ':', '.', '.'}) {
    if (!take_pattern_group(at, end, pattern)) return std::nullopt;
    if (!scan::take_char(at, end, separator)) return std::nullopt;
  }
  if (!take_pattern_group(at, end, pattern)) return std::nullopt;
  if (at == end) {
    pattern.bits = pattern.bits << 8U | 0xFFU;
    pattern.mask = pattern.mask << 8U | 0xFFU;
    return pattern;
  }
  if (!scan::take_char(at, end, '*')) return std::nullopt;
  if (!take_pattern_group(at, end, pattern) || at != end) return std::nullopt;
  return pattern;
}

ListLayouts::ScaleTable::ScaleTable(const std::vector<CodeScale>& scales) {
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    begin_[bucket] = static_cast<std::uint32_t>(scales_.size());
    for (const CodeScale& scale : scales) {
      const bool any_c = Obis::from_packed(scale.code.mask).c() == 0;
      const std::size_t c = Obis::from_packed(scale.code.bits).c();
      if (any_c || c % buckets == bucket) scales_.push_back(scale);
    }
  }
  begin_[buckets] = static_cast<std::uint32_t>(scales_.size());
}

void ListLayouts::add(ListLayout layout) {
  by_form_[static_cast<std::size_t>(layout.form)].push_back(
      static_cast<std::uint32_t>(layouts_.size()));
  scales_.emplace_back(layout.scales);
  layouts_.push_back(std::move(layout));
}

std::optional<std::uint8_t> parse_dlms_type(std::string_view name) noexcept {
  for (std::size_t tag = 0; tag < decoding::axdr_type_count; ++tag) {
    const std::string_view known = decoding::axdr_shapes[tag].name;
    if (!known.empty() && known == name) return static_cast<std::uint8_t>(tag);
  }
  return std::nullopt;
}

std::vector<std::string_view> dlms_type_names() {
  std::vector<std::string_view> names;
  for (const auto& shape : decoding::axdr_shapes) {
    if (!shape.name.empty()) names.push_back(shape.name);
  }
  return names;
}

}  // namespace p1meter
