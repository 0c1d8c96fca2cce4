// SPDX-License-Identifier: Apache-2.0
// Settings: units in layouts of DLMS lists that cannot be meant.
#include "settings/layout_units.hpp"

#include <algorithm>
#include <optional>

#include "settings/fault_list.hpp"
#include "settings/yaml_tree.hpp"

namespace p1meter::settings {
namespace {

/// What the table's entries for a code say about its unit.
struct Expected {
  Unit unit{Unit::none};  // of the first entry; none: nothing is expected
  bool met{};             // by one of them
};

Expected expectation(const ObisTable& table, const Obis& obis, Unit stated) {
  Expected result;
  for (const ObisEntry& entry : table.entries()) {
    if (!entry.pattern.matches(obis)) continue;
    const Unit unit = entry.only_with_unit.value_or(entry.unit);
    if (entry.form != ValueForm::number || unit == Unit::none) return {};
    if (result.unit == Unit::none) result.unit = unit;
    result.met = result.met || family_of(unit) == family_of(stated);
  }
  return result;
}

/// 1-0:32.7.0 of "1-0:32/52/72.7.0"; nothing of a pattern with *.
std::optional<Obis> first_code(std::string_view codes) {
  const auto slash = std::min(codes.find('/'), codes.size());
  const auto rest = std::min(codes.find_first_of("-:.*", slash), codes.size());
  return parse_obis(std::string{codes.substr(0, slash)}.append(codes.substr(rest)));
}

class UnitCheck {
 public:
  UnitCheck(const ObisTable& table, FaultList& faults) : table_{table}, faults_{faults} {}

  void check_layout(std::string_view name, const YamlNode& layout) {
    const std::string before = std::string{name} + '.';
    if (const YamlNode* scales = layout.find("scales")) {
      for (std::size_t i = 0; i < scales->items.size(); ++i) {
        const std::string& codes = scales->keys[i].text;
        check(codes, scales->items[i], std::string{before}.append("scales.").append(codes));
      }
    }
    if (const YamlNode* positions = layout.find("positions")) {
      for (std::size_t i = 0; i < positions->items.size(); ++i) {
        const YamlNode* code = positions->items[i].find("code");
        if (code == nullptr) continue;
        check(code->text, positions->items[i],
              std::string{before}.append("positions.").append(positions->keys[i].text));
      }
    }
  }

 private:
  void check(std::string_view codes, const YamlNode& scale, const std::string& path) {
    const YamlNode* written = scale.find("unit");
    const auto unit = written == nullptr ? std::nullopt : parse_unit(written->text);
    if (!unit || *unit == Unit::none) return;
    const auto obis = first_code(codes);
    if (!obis) return;
    const Expected expected = expectation(table_, *obis, *unit);
    if (expected.unit == Unit::none || expected.met) return;
    faults_.warn(written->place, path + ".unit",
                 std::string{unit_text(*unit)} + " cannot be the unit of " + to_string(*obis) +
                     ", expected one like " + std::string{unit_text(expected.unit)});
  }

  const ObisTable& table_;
  FaultList& faults_;
};

}  // namespace

std::vector<Fault> doubtful_layout_units(std::string_view yaml, const std::string& file) {
  FaultList faults{file};
  const YamlNode root = parse_yaml(yaml, faults);
  const ObisTable table = make_obis_table();
  UnitCheck check{table, faults};
  for (std::size_t i = 0; i < root.items.size(); ++i) {
    check.check_layout(root.keys[i].text, root.items[i]);
  }
  return faults.take_warnings();
}

}  // namespace p1meter::settings
