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

constexpr bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// One attribute's value in the middle of being read.
class AttributeReader {
 public:
  AttributeReader(const YAML::Node& value, std::string path, const FaultSink& sink)
      : value_{value}, path_{std::move(path)}, sink_{sink} {}

  void read(std::optional<std::string>& target) const {
    const std::string text = value_.Scalar();
    if (text.empty() || std::ranges::any_of(text, is_control) || text.size() > longest_text) {
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
  [[nodiscard]] std::optional<T> word_of(const std::array<Word<T>, size>& words) const {
    std::array<std::string_view, size> names{};
    for (std::size_t i = 0; i < size; ++i) {
      if (words[i].first == value_.Scalar()) return words[i].second;
      names[i] = words[i].first;
    }
    fault("is not valid here" + suggest(value_.Scalar(), names));
    return std::nullopt;
  }
  void fault(const std::string& message) const {
    sink_.add(value_.Mark(), path_, as_shown(value_.Scalar()) + ": " + message);
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
  return as_shown(name) + ": unknown attribute" + suggest(name, names);
}

}  // namespace

std::string as_shown(std::string_view found) {
  std::string text{found.substr(0, longest_text)};
  // a character cut in the middle, and whatever could steer a terminal
  while (!text.empty() && found.size() > longest_text && (text.back() & 0x80) != 0) text.pop_back();
  std::ranges::replace_if(text, is_control, '?');
  return "'" + text + "'";
}

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
      sink.add(name.Mark(), path, unknown_attribute(word));
      continue;
    }
    std::string place = path;
    place.append(".").append(word);
    if (std::ranges::find(seen, word) != seen.end()) {
      sink.add(name.Mark(), std::move(place), "repeated attribute");
    } else if (!value.IsScalar()) {
      sink.add(value.Mark(), std::move(place), "expected one value");
    } else {
      attribute->read(result, AttributeReader{value, std::move(place), sink});
      seen.push_back(word);
    }
  }
  return result;
}

}  // namespace p1meter::settings
