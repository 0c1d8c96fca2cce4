// SPDX-License-Identifier: Apache-2.0
// Settings: entries of an OBIS table as text, the way a table is written.
#include "settings/obis_text.hpp"

#include <array>

#include "settings/value_type.hpp"

namespace p1meter::settings {
namespace {

constexpr std::array<std::string_view, 11> kinds{
    "cumulative", "counter", "instantaneous", "average",     "setting",     "state",
    "info",       "time",    "text",          "failure_log", "peak_history"};
constexpr std::array<std::string_view, 9> forms{"number",      "code",         "identifier",
                                                "message",     "clock",        "text",
                                                "failure_log", "peak_history", "ignored"};

std::string write_group(const ObisPattern::Group& group) {
  if (group.first == group.last) return std::to_string(group.first);
  if (group == ObisPattern::Group{0, 255}) return "*";
  return std::to_string(group.first) + ".." + std::to_string(group.last);
}

std::string or_none(std::string_view text) { return text.empty() ? "none" : yaml_text(text); }

/// Collects "name: value" pairs.
class Pairs {
 public:
  void add(std::string_view name, const std::string& value) {
    text_ += (text_.empty() ? "{" : ", ") + std::string{name} + ": " + value;
  }
  [[nodiscard]] std::string take() { return text_ + '}'; }

 private:
  std::string text_{};
};

}  // namespace

std::string write_obis_pattern(const ObisPattern& pattern) {
  const bool channel = pattern.b_is_channel && pattern.b == ObisPattern::Group{1, 4};
  std::string text = write_group(pattern.a) + '-' + (channel ? "n" : write_group(pattern.b)) + ':' +
                     write_group(pattern.c) + '.' + write_group(pattern.d) + '.' +
                     write_group(pattern.e);
  if (pattern.f != ObisPattern::Group{255, 255}) text += '*' + write_group(pattern.f);
  return text;
}

std::string write_obis_attributes(const ObisEntry& entry) {
  Pairs pairs;
  if (!entry.key.empty()) pairs.add("key", yaml_text(entry.key));
  if (!entry.name.empty()) pairs.add("name", yaml_text(entry.name));
  pairs.add("unit", or_none(unit_text(entry.unit)));
  pairs.add("bare_unit", or_none(unit_text(entry.bare_unit)));
  if (entry.factor) pairs.add("factor", to_string(*entry.factor));
  if (entry.group != 0) pairs.add("group", std::to_string(entry.group));
  pairs.add("nines_are_unlimited", entry.nines_are_unlimited ? "true" : "false");
  pairs.add("kind", std::string{kinds.at(static_cast<std::size_t>(entry.kind))});
  pairs.add("form", std::string{forms.at(static_cast<std::size_t>(entry.form))});
  pairs.add("device_class", or_none(entry.device_class));
  pairs.add("state_class", or_none(entry.state_class));
  pairs.add("diagnostic", entry.diagnostic ? "true" : "false");
  if (entry.only_with_unit) pairs.add("when_unit", yaml_text(unit_text(*entry.only_with_unit)));
  if (entry.only_for) pairs.add("when_device", std::string{device_name(*entry.only_for)});
  return pairs.take();
}

}  // namespace p1meter::settings
