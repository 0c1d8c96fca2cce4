// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: the fields of a profile's text, and how they are filled in.
#include "adapters/simulator/field.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "adapters/simulator/local_time.hpp"

namespace p1meter::simulator {
namespace {

using H = Household;

std::int64_t positive(std::int64_t value) { return std::max<std::int64_t>(value, 0); }
std::int64_t negative(std::int64_t value) { return std::max<std::int64_t>(-value, 0); }

template <std::size_t n>
std::int64_t import_of(const H& house) {
  return positive(house.phase(n).power);
}
template <std::size_t n>
std::int64_t export_of(const H& house) {
  return negative(house.phase(n).power);
}
template <std::size_t n>
std::int64_t voltage_of(const H& house) {
  return house.phase(n).voltage;
}
template <std::size_t n>
std::int64_t current_of(const H& house) {
  return house.phase(n).current;
}

struct NumberField {
  std::string_view name{};
  std::int64_t (*value)(const H&){};
  int native_decimals{};
};

constexpr std::array numbers{
    NumberField{"import_1", [](const H& house) { return house.imported(0); }, 3},
    NumberField{"import_2", [](const H& house) { return house.imported(1); }, 3},
    NumberField{"export_1", [](const H& house) { return house.exported(0); }, 3},
    NumberField{"export_2", [](const H& house) { return house.exported(1); }, 3},
    NumberField{"power_import", [](const H& house) { return positive(house.net_power()); }, 3},
    NumberField{"power_export", [](const H& house) { return negative(house.net_power()); }, 3},
    NumberField{"power_import_l1", &import_of<0>, 3},
    NumberField{"power_import_l2", &import_of<1>, 3},
    NumberField{"power_import_l3", &import_of<2>, 3},
    NumberField{"power_export_l1", &export_of<0>, 3},
    NumberField{"power_export_l2", &export_of<1>, 3},
    NumberField{"power_export_l3", &export_of<2>, 3},
    NumberField{"voltage_l1", &voltage_of<0>, 1},
    NumberField{"voltage_l2", &voltage_of<1>, 1},
    NumberField{"voltage_l3", &voltage_of<2>, 1},
    NumberField{"current_l1", &current_of<0>, 2},
    NumberField{"current_l2", &current_of<1>, 2},
    NumberField{"current_l3", &current_of<2>, 2},
    NumberField{"demand", [](const H& house) { return house.demand(); }, 3},
    NumberField{"peak", [](const H& house) { return house.month_peak().power; }, 3},
    NumberField{"gas", [](const H& house) { return house.gas(); }, 3},
    NumberField{"water", [](const H& house) { return house.water(); }, 3},
    NumberField{"failures", [](const H& house) { return house.failures(); }, 0},
    NumberField{"long_failures", [](const H& house) { return house.long_failures(); }, 0},
};

// (n)(0-0:96.7.19)(end)(seconds*s)...; most recent first. Source    DSMR P1 5.0.2 sec 6.12
void append_failure_log(std::string& text, const Scene& scene) {
  const auto& outages = scene.house.outages();
  text += '(';
  append_number(text, static_cast<std::int64_t>(outages.size()), 0, 1, 0);
  text += ")(0-0:96.7.19)";
  for (const auto& outage : outages) {
    text += '(';
    append_stamp(text, outage.end);
    text += ")(";
    append_number(text, outage.duration, 0, 10, 0);
    text += "*s)";
  }
}

// (n)(1-0:1.6.0)(1-0:1.6.0)(month)(time)(value*kW)...; oldest first. Source    meters.md a.2
void append_peak_history(std::string& text, const Scene& scene) {
  const auto& history = scene.house.peak_history();
  text += '(';
  append_number(text, static_cast<std::int64_t>(history.size()), 0, 1, 0);
  text += ")(1-0:1.6.0)(1-0:1.6.0)";
  for (const auto& peak : history) {
    text += '(';
    append_stamp(text, peak.month_end);
    text += ")(";
    append_stamp(text, peak.when);
    text += ")(";
    append_number(text, peak.power, 3, 2, 3);
    text += "*kW)";
  }
}

// What Sagemcom and Luxembourg's meters print for a gas meter that was never read (meters.md g.3).
void append_gas_clock(std::string& text, const Scene& scene) {
  if (scene.gas_unset) {
    text += "632525252525S";
  } else {
    append_stamp(text, scene.house.volume_time());
  }
}

void append_gas_clock_12(std::string& text, const Scene& scene) {
  if (scene.gas_unset) {
    text += "632525252525";
  } else {
    append_stamp_without_letter(text, scene.house.volume_time());
  }
}

struct TextField {
  std::string_view name{};
  void (*append)(std::string&, const Scene&){};
};

constexpr std::array texts{
    TextField{"clock",
              [](std::string& text, const Scene& scene) { append_stamp(text, scene.house.now()); }},
    TextField{"peak_clock",
              [](std::string& text, const Scene& scene) {
                append_stamp(text, scene.house.month_peak().when);
              }},
    TextField{"gas_clock", &append_gas_clock},
    TextField{"water_clock",
              [](std::string& text, const Scene& scene) {
                append_stamp(text, scene.house.volume_time());
              }},
    TextField{"gas_clock_12", &append_gas_clock_12},
    TextField{"tariff",
              [](std::string& text, const Scene& scene) {
                text += scene.house.tariff() == 0 ? "0001" : "0002";
              }},
    TextField{"failure_log", &append_failure_log},
    TextField{"peak_history", &append_peak_history},
    TextField{"id", [](std::string& text, const Scene& scene) { text += scene.id; }},
    TextField{"gas_id", [](std::string& text, const Scene& scene) { text += scene.gas_id; }},
    TextField{"water_id", [](std::string& text, const Scene& scene) { text += scene.water_id; }},
    TextField{"number", [](std::string& text, const Scene& scene) { text += scene.number; }},
};

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

void append_padded(std::string& text, std::int64_t value, int digits) {
  std::array<char, 24> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  const auto size = static_cast<int>(end - buffer.data());
  for (int i = size; i < digits; ++i) text += '0';
  text.append(buffer.data(), static_cast<std::size_t>(size));
}

}  // namespace

void append_number(std::string& text, std::int64_t value, int native_decimals, int digits,
                   int decimals) {
  if (decimals < native_decimals) {
    const std::int64_t cut = power_of_ten(native_decimals - decimals);
    value = (value + cut / 2) / cut;
  } else {
    value *= power_of_ten(decimals - native_decimals);
  }
  const std::int64_t one = power_of_ten(decimals);
  append_padded(text, value / one, digits);
  if (decimals > 0) {
    text += '.';
    append_padded(text, value % one, decimals);
  }
}

Template::Template(std::string_view text) {
  while (!text.empty()) {
    const auto open = text.find('{');
    Part part;
    part.literal = text.substr(0, open);
    if (open == std::string_view::npos) {
      text = {};
    } else {
      const auto close = text.find('}', open);
      set_field(part, text.substr(open + 1, close - open - 1));
      text.remove_prefix(close + 1);
    }
    parts_.push_back(part);
  }
}

void Template::set_field(Part& part, std::string_view field) {
  const auto space = field.find(' ');
  const auto name = field.substr(0, space);
  for (const auto& known : texts) {
    if (known.name == name) part.text = known.append;
  }
  for (const auto& known : numbers) {
    if (known.name != name || space == std::string_view::npos) continue;
    part.number = known.value;
    part.native_decimals = known.native_decimals;
    part.digits = field.at(space + 1) - '0';
    part.decimals = field.at(space + 3) - '0';
    part.of_gas = name == "gas";
  }
  if (part.text == nullptr && part.number == nullptr) {
    throw std::logic_error{"no such simulator field: " + std::string{field}};
  }
}

void Template::append(std::string& telegram, const Scene& scene) const {
  for (const auto& part : parts_) {
    telegram += part.literal;
    if (part.number != nullptr) {
      const bool unread = part.of_gas && scene.gas_unset;
      append_number(telegram, unread ? 0 : part.number(scene.house), part.native_decimals,
                    part.digits, part.decimals);
    } else if (part.text != nullptr) {
      part.text(telegram, scene);
    }
  }
}

}  // namespace p1meter::simulator
