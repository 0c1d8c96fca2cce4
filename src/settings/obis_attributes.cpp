// SPDX-License-Identifier: Apache-2.0
// Settings: the attributes of one entry of an OBIS table.
#include "settings/obis_attributes.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "settings/nearest.hpp"

namespace p1meter::settings {
namespace {

constexpr std::size_t longest_text = 128;
constexpr std::uint8_t most_groups = 9;

template <class T>
using Word = std::pair<std::string_view, T>;

constexpr std::array kinds{
    Word<ReadingKind>{"cumulative", ReadingKind::cumulative},
    Word<ReadingKind>{"counter", ReadingKind::counter},
    Word<ReadingKind>{"instantaneous", ReadingKind::instantaneous},
    Word<ReadingKind>{"average", ReadingKind::average},
    Word<ReadingKind>{"setting", ReadingKind::setting},
    Word<ReadingKind>{"state", ReadingKind::state},
    Word<ReadingKind>{"info", ReadingKind::info},
    Word<ReadingKind>{"time", ReadingKind::time},
    Word<ReadingKind>{"text", ReadingKind::text},
    Word<ReadingKind>{"failure_log", ReadingKind::failure_log},
    Word<ReadingKind>{"peak_history", ReadingKind::peak_history},
};

constexpr std::array forms{
    Word<ValueForm>{"number", ValueForm::number},
    Word<ValueForm>{"code", ValueForm::code},
    Word<ValueForm>{"identifier", ValueForm::identifier},
    Word<ValueForm>{"message", ValueForm::message},
    Word<ValueForm>{"clock", ValueForm::clock},
    Word<ValueForm>{"text", ValueForm::text},
    Word<ValueForm>{"failure_log", ValueForm::failure_log},
    Word<ValueForm>{"peak_history", ValueForm::peak_history},
    Word<ValueForm>{"ignored", ValueForm::ignored},
};

constexpr std::array devices{
    Word<Device>{"gas", Device::gas},           Word<Device>{"water", Device::water},
    Word<Device>{"heat", Device::heat},         Word<Device>{"cooling", Device::cooling},
    Word<Device>{"submeter", Device::submeter}, Word<Device>{"valve", Device::valve},
    Word<Device>{"breaker", Device::breaker},   Word<Device>{"other", Device::other},
};

constexpr std::array booleans{Word<bool>{"true", true}, Word<bool>{"false", false}};

constexpr std::array<std::string_view, 17> common_units{"W",    "kW",    "Wh", "kWh", "var", "kvar",
                                                        "varh", "kvarh", "VA", "kVA", "A",   "V",
                                                        "Hz",   "m³",    "GJ", "s",   "h"};

/// One attribute's value in the middle of being read.
class AttributeReader {
 public:
  AttributeReader(const YAML::Node& value, std::string path, const FaultSink& sink)
      : value_{value}, path_{std::move(path)}, sink_{sink} {}

  void read(std::optional<std::string>& target) const {
    const std::string text = value_.Scalar();
    const bool control = std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (text.empty() || control || text.size() > longest_text) {
      fault("expected 1 to " + std::to_string(longest_text) + " printable characters");
    } else {
      target = text;
    }
  }
  void read(std::optional<Unit>& target) const {
    target = value_.Scalar() == "none" ? Unit::none : parse_unit(value_.Scalar());
    if (!target) fault("is not a unit" + suggest(value_.Scalar(), common_units));
  }
  void read(std::optional<Decimal>& target) const {
    target = parse_decimal(value_.Scalar());
    if (target && target->mantissa == 0) target.reset();
    if (!target) fault("expected an exact decimal number other than 0, like 0.001");
  }
  void read(std::optional<std::uint8_t>& target) const {
    const auto number = parse_decimal(value_.Scalar());
    if (number && number->exponent == 0 && number->mantissa >= 1 &&
        number->mantissa <= most_groups) {
      target = static_cast<std::uint8_t>(number->mantissa);
    } else {
      fault("expected a whole number from 1 to " + std::to_string(most_groups));
    }
  }
  void read(std::optional<ReadingKind>& target) const { target = word_of(kinds); }
  void read(std::optional<ValueForm>& target) const { target = word_of(forms); }
  void read(std::optional<Device>& target) const { target = word_of(devices); }
  void read(std::optional<bool>& target) const { target = word_of(booleans); }

 private:
  template <class T, std::size_t size>
  std::optional<T> word_of(const std::array<Word<T>, size>& words) const {
    std::array<std::string_view, size> names{};
    for (std::size_t i = 0; i < size; ++i) {
      if (words[i].first == value_.Scalar()) return words[i].second;
      names[i] = words[i].first;
    }
    fault("is not valid here" + suggest(value_.Scalar(), names));
    return std::nullopt;
  }
  void fault(const std::string& message) const {
    std::string found = value_.Scalar().substr(0, longest_text);
    sink_.add(value_.Mark(), path_, "'" + found + "': " + message);
  }

  const YAML::Node& value_;
  std::string path_;
  const FaultSink& sink_;
};

using Read = void (*)(ObisAttributes&, const AttributeReader&);
struct Attribute {
  std::string_view name;
  Read read;
};
template <auto member>
constexpr Read into =
    [](ObisAttributes& target, const AttributeReader& reader) { reader.read(target.*member); };

constexpr std::array attributes{
    Attribute{"key", into<&ObisAttributes::key>},
    Attribute{"name", into<&ObisAttributes::name>},
    Attribute{"unit", into<&ObisAttributes::unit>},
    Attribute{"bare_unit", into<&ObisAttributes::bare_unit>},
    Attribute{"factor", into<&ObisAttributes::factor>},
    Attribute{"kind", into<&ObisAttributes::kind>},
    Attribute{"form", into<&ObisAttributes::form>},
    Attribute{"device_class", into<&ObisAttributes::device_class>},
    Attribute{"state_class", into<&ObisAttributes::state_class>},
    Attribute{"diagnostic", into<&ObisAttributes::diagnostic>},
    Attribute{"when_unit", into<&ObisAttributes::when_unit>},
    Attribute{"when_device", into<&ObisAttributes::when_device>},
    Attribute{"group", into<&ObisAttributes::group>},
    Attribute{"nines_are_unlimited", into<&ObisAttributes::nines_are_unlimited>},
};

std::string unknown_attribute(std::string_view name) {
  std::array<std::string_view, attributes.size()> names{};
  std::ranges::transform(attributes, names.begin(), &Attribute::name);
  return "unknown attribute" + suggest(name, names);
}

ReadingKind kind_for(Unit unit) noexcept {
  switch (family_of(unit)) {
    case UnitFamily::energy:
    case UnitFamily::reactive_energy:
    case UnitFamily::apparent_energy:
    case UnitFamily::heat:
    case UnitFamily::volume:
      return ReadingKind::cumulative;
    case UnitFamily::none:
      return ReadingKind::state;
    default:
      return ReadingKind::instantaneous;
  }
}

ValueForm form_for(ReadingKind kind) noexcept {
  switch (kind) {
    case ReadingKind::state:
      return ValueForm::code;
    case ReadingKind::info:
    case ReadingKind::time:
      return ValueForm::text;
    case ReadingKind::text:
      return ValueForm::message;
    case ReadingKind::failure_log:
      return ValueForm::failure_log;
    case ReadingKind::peak_history:
      return ValueForm::peak_history;
    default:
      return ValueForm::number;
  }
}

/// Home Assistant's word for a unit. Volumes have none: a meter may count gas or water.
std::string device_class_for(Unit unit) {
  switch (family_of(unit)) {
    case UnitFamily::power:
      return "power";
    case UnitFamily::energy:
    case UnitFamily::heat:
      return "energy";
    case UnitFamily::reactive_power:
      return "reactive_power";
    case UnitFamily::reactive_energy:
      return "reactive_energy";
    case UnitFamily::apparent_power:
      return "apparent_power";
    case UnitFamily::current:
      return "current";
    case UnitFamily::voltage:
      return "voltage";
    case UnitFamily::frequency:
      return "frequency";
    case UnitFamily::second:
    case UnitFamily::minute:
    case UnitFamily::hour:
      return "duration";
    case UnitFamily::temperature:
      return "temperature";
    default:
      return "";
  }
}

std::string state_class_for(ReadingKind kind) {
  switch (kind) {
    case ReadingKind::cumulative:
    case ReadingKind::counter:
      return "total_increasing";
    case ReadingKind::instantaneous:
    case ReadingKind::average:
      return "measurement";
    default:
      return "";
  }
}

bool is_list(ReadingKind kind) noexcept {
  return kind == ReadingKind::failure_log || kind == ReadingKind::peak_history;
}

std::string name_from_key(std::string name) {
  std::ranges::replace(name, '_', ' ');
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') {
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  }
  return name;
}

std::string without_none(const std::string& text) { return text == "none" ? std::string{} : text; }

/// Facts that a new unit or kind changes unless they are stated.
void derive_from_unit(ObisEntry& entry, const ObisAttributes& stated, const ObisEntry* overridden) {
  const bool same_family =
      overridden != nullptr && family_of(overridden->unit) == family_of(entry.unit);
  if (overridden == nullptr || (!same_family && !stated.kind)) {
    entry.kind = stated.kind.value_or(kind_for(entry.unit));
  }
  if (!same_family && !is_list(entry.kind)) entry.device_class = device_class_for(entry.unit);
  if (same_family && !stated.bare_unit && overridden->bare_unit == Unit::none &&
      overridden->unit != entry.unit) {
    entry.bare_unit = overridden->unit;  // what the meter leaves out does not follow a wish
  }
  if (!same_family && !stated.bare_unit) entry.bare_unit = Unit::none;
}

void derive_from_kind(ObisEntry& entry, const ObisEntry* overridden) {
  if (overridden != nullptr && overridden->kind == entry.kind) return;
  entry.form = form_for(entry.kind);
  entry.state_class = state_class_for(entry.kind);
  entry.diagnostic = entry.kind == ReadingKind::setting || entry.kind == ReadingKind::info;
}

}  // namespace

void FaultSink::add(const YAML::Mark& mark, std::string key, std::string message) const {
  faults.push_back({.file = file,
                    .line = std::max(mark.line, 0) + 1,
                    .column = std::max(mark.column, 0) + 1,
                    .key = std::move(key),
                    .message = std::move(message)});
}

ObisAttributes read_obis_attributes(const YAML::Node& map, const std::string& path,
                                    const FaultSink& sink) {
  ObisAttributes result;
  std::vector<std::string> seen;
  for (const auto& item : map) {
    const YAML::Node& name = item.first;
    const YAML::Node& value = item.second;
    const std::string word = name.IsScalar() ? name.Scalar() : std::string{};
    const auto attribute = std::ranges::find(attributes, word, &Attribute::name);
    if (attribute == attributes.end()) {
      sink.add(name.Mark(), path,
               "'" + word.substr(0, longest_text) + "': " + unknown_attribute(word));
    } else if (std::ranges::find(seen, word) != seen.end()) {
      sink.add(name.Mark(), path + '.' + word, "repeated attribute");
    } else if (!value.IsScalar()) {
      sink.add(value.Mark(), path + '.' + word, "expected one value");
    } else {
      attribute->read(result, AttributeReader{value, path + '.' + word, sink});
      seen.push_back(word);
    }
  }
  return result;
}

ObisEntry complete_obis_entry(const ObisAttributes& stated, const ObisEntry* overridden) {
  ObisEntry entry = overridden == nullptr ? ObisEntry{} : *overridden;
  if (stated.key) entry.key = *stated.key;
  entry.unit = stated.unit.value_or(entry.unit);
  entry.kind = stated.kind.value_or(entry.kind);
  entry.bare_unit = stated.bare_unit.value_or(entry.bare_unit);
  derive_from_unit(entry, stated, overridden);
  derive_from_kind(entry, overridden);
  entry.form = stated.form.value_or(entry.form);
  if (stated.device_class) entry.device_class = without_none(*stated.device_class);
  if (stated.state_class) entry.state_class = without_none(*stated.state_class);
  entry.diagnostic = stated.diagnostic.value_or(entry.diagnostic);
  entry.name = stated.name.value_or(overridden == nullptr ? name_from_key(entry.key) : entry.name);
  if (stated.factor) entry.factor = stated.factor;
  if (stated.when_unit) entry.only_with_unit = stated.when_unit;
  if (stated.when_device) entry.only_for = stated.when_device;
  entry.group = stated.group.value_or(entry.group);
  entry.nines_are_unlimited = stated.nines_are_unlimited.value_or(entry.nines_are_unlimited);
  return entry;
}

}  // namespace p1meter::settings
