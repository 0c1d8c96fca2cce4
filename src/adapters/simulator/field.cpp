// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: the fields of a profile's text, and how they are filled in.
#include "adapters/simulator/field.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

#include "adapters/simulator/local_time.hpp"
#include "p1meter/values/decimal.hpp"
#include "p1meter/values/obis.hpp"

namespace p1meter::simulator {
namespace {

// (n)(0-0:96.7.19)(end)(seconds*s)...; most recent first. Source    DSMR P1 5.0.2 sec 6.12
void append_failure_log(std::string& text, const Scene& scene) {
  const auto& outages = scene.house.outages();
  text += '(';
  append_number(text, static_cast<std::int64_t>(outages.size()), 0, 1, 0);
  text += ")(0-0:96.7.19)";
  for (const auto& outage : outages) {
    text += '(';
    append_stamp(text, outage.end, scene.house.zone());
    text += ")(";
    append_number(text, outage.duration, 0, 10, 0);
    text += "*s)";
  }
}

// (n)(1-0:1.6.0)(1-0:1.6.0)(month)(time)(value*kW)...; oldest first. Source    recordings
void append_peak_history(std::string& text, const Scene& scene) {
  const auto& history = scene.house.peak_history();
  text += '(';
  append_number(text, static_cast<std::int64_t>(history.size()), 0, 1, 0);
  text += ")(1-0:1.6.0)(1-0:1.6.0)";
  for (const auto& peak : history) {
    text += '(';
    append_stamp(text, peak.month_end, scene.house.zone());
    text += ")(";
    append_stamp(text, peak.when, scene.house.zone());
    text += ")(";
    append_number(text, peak.power, 3, 2, 3);
    text += "*kW)";
  }
}

// What Sagemcom and Luxembourg's meters print for a gas meter that was never read.
void append_gas_clock(std::string& text, const Scene& scene) {
  if (scene.gas_unset) {
    text += "632525252525S";
  } else {
    append_stamp(text, scene.house.volume_time(), scene.house.zone());
  }
}

void append_gas_clock_12(std::string& text, const Scene& scene) {
  if (scene.gas_unset) {
    text += "632525252525";
  } else {
    append_stamp_without_letter(text, scene.house.volume_time(), scene.house.zone());
  }
}

// (end)(kWh of 1.8.0 to 1.8.2, 2.8.0 to 2.8.2)(kvarh of 3.8.0 to 8.8.0)(kWh of 15.8.0)(kW of 1.6.0
// to 1.6.2, 2.6.0 to 2.6.2). Source    recordings of meters
void append_month_record(std::string& text, const Scene& scene) {
  const MonthRecord& month = scene.house.last_month();
  const auto append = [&text](std::int64_t value, int digits, std::string_view unit) {
    text += '(';
    append_number(text, value, 3, digits, 3);
    text += unit;
    text += ')';
  };
  const auto both = [](const auto& pair) { return pair[0] + pair[1]; };
  text += '(';
  append_stamp(text, month.end, scene.house.zone());
  text += ')';
  for (const auto& energy : {month.imported, month.exported}) {
    for (const auto value : {both(energy), energy[0], energy[1]}) append(value, 6, "*kWh");
  }
  append(month.reactive[0] + month.reactive[1], 6, "*kvarh");
  append(month.reactive[2] + month.reactive[3], 6, "*kvarh");
  for (const auto value : month.reactive) append(value, 6, "*kvarh");
  append(both(month.imported) + both(month.exported), 6, "*kWh");
  const std::int64_t peak = scene.house.peak_history().back().power;
  for (const auto value : {peak, peak, peak * 3 / 4}) append(value, 2, "*kW");
  for (const auto value : {peak / 2, peak / 2, peak / 4}) append(value, 2, "*kW");
}

void append_hex(std::string& text, std::string_view characters) {
  constexpr std::string_view hex_digits = "0123456789ABCDEF";
  for (const char character : characters) {
    const auto byte = static_cast<unsigned char>(character);
    text += hex_digits[byte >> 4U];
    text += hex_digits[byte & 15U];
  }
}

struct TextField {
  std::string_view name{};
  void (*append)(std::string&, const Scene&){};
  bool is_value{};  // rather than a time or a list
};

constexpr std::array texts{
    TextField{"clock",
              [](std::string& text, const Scene& scene) {
                append_stamp(text, scene.house.now(), scene.house.zone());
              }},
    TextField{"clock_12",
              [](std::string& text, const Scene& scene) {
                append_stamp_without_letter(text, scene.house.now(), scene.house.zone());
              }},
    TextField{"clock_long",
              [](std::string& text, const Scene& scene) {
                append_long_stamp(text, scene.house.now(), scene.house.zone());
              }},
    TextField{"date",
              [](std::string& text, const Scene& scene) {
                append_date(text, scene.house.now(), scene.house.zone());
              }},
    TextField{"time",
              [](std::string& text, const Scene& scene) {
                append_time_of_day(text, scene.house.now(), scene.house.zone());
              }},
    TextField{"peak_clock",
              [](std::string& text, const Scene& scene) {
                append_stamp(text, scene.house.month_peak().when, scene.house.zone());
              }},
    TextField{"gas_clock", &append_gas_clock},
    TextField{"water_clock",
              [](std::string& text, const Scene& scene) {
                append_stamp(text, scene.house.volume_time(), scene.house.zone());
              }},
    TextField{"gas_clock_12", &append_gas_clock_12},
    TextField{"failure_log", &append_failure_log},
    TextField{"peak_history", &append_peak_history},
    TextField{"month_record", &append_month_record},
    TextField{"id", [](std::string& text, const Scene& scene) { text += scene.id; }, true},
    TextField{"gas_id", [](std::string& text, const Scene& scene) { text += scene.gas_id; }, true},
    TextField{"water_id", [](std::string& text, const Scene& scene) { text += scene.water_id; },
              true},
    TextField{"number", [](std::string& text, const Scene& scene) { text += scene.number; }},
    TextField{"number_hex",
              [](std::string& text, const Scene& scene) { append_hex(text, scene.number); }},
};

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
  value = rescale(value, native_decimals, decimals);
  if (value < 0) text += '-';
  value = std::abs(value);
  const std::int64_t one = rescale(1, 0, decimals);
  append_padded(text, value / one, digits);
  if (decimals > 0) {
    text += '.';
    append_padded(text, value % one, decimals);
  }
}

Template::Template(std::string_view text) {
  std::string_view code;
  while (!text.empty()) {
    const auto open = text.find('{');
    Part part;
    part.literal = text.substr(0, open);
    if (const auto line = part.literal.rfind('\n'); line != std::string_view::npos) {
      const auto start = part.literal.substr(line + 1);
      // A line that begins with its value continues the one before.
      if (!start.starts_with('(')) code = start.substr(0, start.find('('));
    }
    part.code = code;
    if (open == std::string_view::npos) {
      text = {};
    } else {
      const auto close = text.find('}', open);
      set_field(part, text.substr(open + 1, close - open - 1), text.substr(close + 1));
      text.remove_prefix(close + 1);
    }
    parts_.push_back(part);
  }
}

void Template::set_field(Part& part, std::string_view field, std::string_view behind) {
  const auto space = field.find(' ');
  const auto name = field.substr(0, space);
  for (const auto& known : texts) {
    if (known.name != name) continue;
    part.text = known.append;
    part.text_is_value = known.is_value;
  }
  if (space != std::string_view::npos) part.quantity = find_quantity(name);
  if (part.quantity != nullptr) {
    part.digits = field.at(space + 1) - '0';
    part.decimals = field.at(space + 3) - '0';
    part.of_gas = name == "gas";
    part.unit = part.quantity->unit;
    if (behind.starts_with('*')) {
      part.unit = parse_unit(behind.substr(1, behind.find(')') - 1)).value_or(Unit::none);
    }
    part.native_decimals =
        part.quantity->decimals + power_of_ten(part.unit) - power_of_ten(part.quantity->unit);
  }
  if (part.text == nullptr && part.quantity == nullptr) {
    throw std::logic_error{"no such simulator field: " + std::string{field}};
  }
}

void Template::append(std::string& telegram, const Scene& scene) const {
  for (const auto& part : parts_) {
    telegram += part.literal;
    if (part.quantity != nullptr) {
      append_number(telegram, part.number(scene), part.native_decimals, part.digits, part.decimals);
    } else if (part.text != nullptr) {
      part.text(telegram, scene);
    }
  }
}

void Template::list(std::vector<SimulatedValue>& values, const Scene& scene) const {
  for (const auto& part : parts_) {
    const auto obis = parse_obis(part.code);
    if (!obis) continue;
    if (part.quantity != nullptr) {
      const Decimal shown{rescale(part.number(scene), part.native_decimals, part.decimals),
                          static_cast<std::int8_t>(-part.decimals)};
      values.push_back({to_string(*obis), to_string(shown), std::string{unit_text(part.unit)}});
    } else if (part.text_is_value) {
      std::string text;
      part.text(text, scene);
      values.push_back({to_string(*obis), text, {}});
    }
  }
}

}  // namespace p1meter::simulator
