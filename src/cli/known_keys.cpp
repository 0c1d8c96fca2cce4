// SPDX-License-Identifier: Apache-2.0
// CLI: the OBIS table as text for people.
#include "cli/known_keys.hpp"

#include <array>
#include <set>
#include <string_view>
#include <vector>

#include "adapters/state/names.hpp"
#include "cli/text_columns.hpp"
#include "p1meter/mapping/computed_keys.hpp"

namespace p1meter::cli {
namespace {

constexpr std::array media{Device::gas, Device::water, Device::heat, Device::cooling,
                           Device::submeter};

std::string range(const ObisPattern::Group& group) {
  if (group.first == 0 && group.last == 255) return "*";
  if (group.first == group.last) return std::to_string(group.first);
  return std::to_string(group.first) + ".." + std::to_string(group.last);
}

std::string code_of(const ObisPattern& pattern) {
  std::string code = range(pattern.a) + "-";
  code += pattern.b_is_channel ? "n" : range(pattern.b);
  code += ":" + range(pattern.c) + "." + range(pattern.d) + "." + range(pattern.e);
  if (pattern.f != ObisPattern::Group{255, 255}) code += "*" + range(pattern.f);
  return code;
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

/// The template with its other places shown as what may stand there: "energy_import_tariff1..16".
std::string with_ranges(std::string key, const ObisPattern& pattern) {
  replace_all(key, "{e}", range(pattern.e));
  replace_all(key, "{channel}", pattern.b_is_channel ? "1..4" : range(pattern.b));
  replace_all(key, "{number}", "");
  return key;
}

/// The keys of one entry: one for each kind of M-Bus device that it may speak of.
std::vector<std::string> keys_of(const ObisEntry& entry) {
  constexpr std::string_view place = "{medium}";
  const std::string key = with_ranges(entry.key, entry.pattern);
  if (key.find(place) == std::string::npos) return {key};
  std::vector<std::string> keys;
  for (const Device device : media) {
    if (entry.only_for && *entry.only_for != device) continue;
    keys.push_back(key);
    replace_all(keys.back(), place, device_name(device));
  }
  return keys;
}

std::string kind_of(const ObisEntry& entry) {
  return std::string{state::name_of(state::kind_names, entry.kind)};
}

}  // namespace

std::string list_keys(const ObisTable& table) {
  TextColumns columns;
  std::set<std::string> shown;
  for (const ObisEntry& entry : table.entries()) {
    if (entry.form == ValueForm::ignored) continue;
    for (const auto& key : keys_of(entry)) {
      if (!shown.insert(key).second) continue;
      columns.add(
          {key, std::string{unit_text(entry.unit)}, kind_of(entry), code_of(entry.pattern)});
    }
  }
  for (const KeyInfo& info : computed_keys()) {
    if (info.device_number > 1) continue;
    columns.add({info.key, std::string{unit_text(info.unit)},
                 std::string{state::name_of(state::kind_names, info.kind)}, "computed"});
  }
  return columns.text();
}

std::string list_table(const ObisTable& table) {
  TextColumns columns;
  for (const ObisEntry& entry : table.entries()) {
    const bool ignored = entry.form == ValueForm::ignored;
    columns.add({code_of(entry.pattern), ignored ? "(not published)" : entry.key,
                 std::string{unit_text(entry.unit)}, kind_of(entry), entry.name});
  }
  return columns.text();
}

}  // namespace p1meter::cli
