// SPDX-License-Identifier: Apache-2.0
// CLI: the predecessors' configuration in our words.
#include <algorithm>
#include <map>
#include <utility>

#include "cli/predecessor.hpp"
#include "settings/known_keys.hpp"
#include "settings/reading_kinds.hpp"
#include "settings/value_type.hpp"

namespace p1meter::cli {
namespace {

using settings::FaultList;
using settings::KnownKeys;
using settings::yaml_text;

constexpr std::string_view opening =
    "# Converted by p1meter convert. What is different from before:\n"
    "# - Values are exact. W were cut to whole watts before, and sometimes lost one; sums of "
    "floating-point\n"
    "#   numbers had digits like 233.25000000000006. A mean has as many decimals as the values it "
    "is made of.\n"
    "# - kWh and m³ keep all their decimals: 100.000, which was 100.0 before.\n"
    "# - Telegrams with a wrong checksum are not used, and noise on the line ends nothing.\n"
    "# - p1meter publishes p1meter/status, p1meter/home/status, p1meter/home/state and "
    "p1meter/statistics besides.\n"
    "# - A value with a time of its own (gas) has that on <its topic>_time.\n"
    "# - The client id was \"smartmeter\"; p1meter has one of its own, so both may run at once.\n";

/// A mean of registers means nothing: p1meter gives the last value instead.
bool takes_mean(const std::vector<KnownKeys::Known>& readings) {
  return std::ranges::any_of(readings, [](const KnownKeys::Known& known) {
    return settings::takes_aggregate(known.kind);
  });
}

/// What their programs published as the meter's characters: all without a unit that they knew.
bool is_text(const std::vector<KnownKeys::Known>& readings) {
  return std::ranges::none_of(readings, [](const KnownKeys::Known& known) {
    return known.unit != Unit::none || settings::takes_aggregate(known.kind);
  });
}

/// Logs have no characters of their own: they are published as a list.
bool is_list(const std::vector<KnownKeys::Known>& readings) {
  return std::ranges::any_of(readings, [](const KnownKeys::Known& known) {
    return known.kind == ReadingKind::failure_log || known.kind == ReadingKind::peak_history;
  });
}

/// Counts as numbers that only rise; a text, a state or an id is none.
bool is_number(const std::vector<KnownKeys::Known>& readings) {
  return std::ranges::any_of(readings,
                             [](const KnownKeys::Known& known) { return is_register(known.kind); });
}

bool says_gas(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text.find("gas") != std::string::npos;
}

/// The register of an M-Bus meter that the user calls gas. Meters differ in channel and code
/// (24.2.1 or 24.2.3), and p1meter tells gas by the device's type.
bool is_gas(const PredecessorReading& reading) {
  const Obis& code = reading.code;
  const bool mbus = code.a() == 0 && code.c() == 24 && code.d() == 2;
  return mbus && (says_gas(reading.topic) || says_gas(reading.description));
}

/// Where p1meter finds the value without being told: behind the time, in the second group.
std::uint32_t usual_field(const Obis& code) {
  const bool mbus = code.a() == 0 && code.c() == 24 && (code.d() == 2 || code.d() == 3);
  const bool peak = code == Obis{1, 0, 1, 6, 0};
  return mbus || peak ? 2 : 1;
}

class Converter {
 public:
  Converter(const PredecessorConfig& config, FaultList& faults)
      : config_{config}, faults_{faults}, known_{settings::make_obis_table()} {}

  std::string convert() {
    text_ = opening;
    write_meter();
    write_mqtt();
    if (config_.debug) text_ += "\nlog:\n  level: debug\n";
    text_ +=
        "\nreadings:\n"
        "  # Only what is listed below is published, and only when its count of readings is full.\n"
        "  default: {publish: false, interval: 0s, refresh: off, on_change: false, aggregate: "
        "last}\n";
    for (const PredecessorReading& reading : config_.readings) write_reading(reading);
    return std::move(text_);
  }

 private:
  void warn(const PredecessorReading& reading, std::string message) {
    faults_.warn(reading.place, settings::join_path("obis", reading.code_text), std::move(message));
  }

  void write_meter() {
    text_ += "\nmeters:\n  - name: home\n    source: " + yaml_text("serial:" + config_.device) +
             "\n    serial: {baud: " + std::to_string(config_.baud) +
             ", data_bits: 8, parity: none, stop_bits: 1}\n";
  }

  void write_mqtt() {
    text_ += "\nmqtt:\n";
    text_ += config_.host.empty()
                 ? "  # No broker was named, and without one nothing is published: fill it in.\n"
                   "  # host: 192.168.1.10\n"
                 : "  host: " + yaml_text(config_.host) + "\n";
    text_ += "  port: 1883\n";
    if (!config_.username.empty()) text_ += "  username: " + yaml_text(config_.username) + "\n";
    if (!config_.password.empty()) {
      text_ +=
          "  # Everybody who can read this file can read the password; password_file takes it from "
          "another one.\n  password: " +
          yaml_text(config_.password) + "\n";
      faults_.warn(config_.password_place, "mqtt_password",
                   "is written into the new configuration: keep that readable for the service "
                   "alone, or use password_file");
    }
    text_ += "  topics:\n    keys: {qos: 0, retain: false}\n";
  }

  void write_reading(const PredecessorReading& reading) {
    if (!reading.description.empty()) text_ += "  # " + reading.description + "\n";
    const auto readings = known_.by_obis(reading.code);
    if (!reading.publish) return write_unpublished(reading, readings.empty());
    if (!reading.average && !reading.count) {
      text_ += "  # It had neither average nor count, so it was never published.\n";
      return write_unpublished(reading, readings.empty());
    }
    const std::string why_not = why_impossible(reading, readings);
    if (!why_not.empty()) {
      warn(reading, "cannot be carried over: " + why_not);
      text_ += "  # " + reading.code_text + ": left out, " + why_not + "\n";
      return;
    }
    warn_of_differences(reading, readings);
    write_rule(reading, readings);
  }

  void write_unpublished(const PredecessorReading& reading, bool unknown) {
    const std::string line = "\"" + to_string(reading.code) + "\": {publish: false}\n";
    text_ += unknown ? "  # " + line : "  " + line;  // only codes of the table may be named
  }

  std::string why_impossible(const PredecessorReading& reading,
                             const std::vector<KnownKeys::Known>& readings) {
    constexpr Obis clock{0, 0, 1, 0, 0};
    if (reading.code == clock) return "the meter's time is `timestamp` in p1meter/home/state";
    if (readings.empty()) return "p1meter knows no such code; an entry under `obis` gives it a key";
    if (reading.value_field > usual_field(reading.code)) {
      return "value_field " + std::to_string(reading.value_field) +
             " is no place where p1meter looks for this code's value";
    }
    const std::string topic = whole_topic(reading);
    if (topic.find_first_of("+#") != std::string::npos) return "no topic may hold '+' or '#'";
    const auto [taken, fresh] = topics_.emplace(topic, reading.code_text);
    if (!fresh) return "its topic is that of " + taken->second;
    return {};
  }

  void warn_of_differences(const PredecessorReading& reading,
                           const std::vector<KnownKeys::Known>& readings) {
    if (reading.average && reading.count) {
      warn(reading,
           "has average and count, which shared one counter; average is taken, count is left out");
    }
    if (reading.value_field < usual_field(reading.code)) {
      warn(reading, "value_field " + std::to_string(reading.value_field) +
                        " was the time of the value; now the value itself is published");
    }
    if (reading.average && !takes_mean(readings)) {
      warn(reading, is_text(readings)
                        ? "average of a text ended the program; now its last value is published"
                        : "is no value that rises and falls: its last value takes the place of "
                          "the average");
    } else if (is_list(readings)) {
      warn(reading, "was published as the meter's characters; now it is a list");
    }
  }

  void write_rule(const PredecessorReading& reading,
                  const std::vector<KnownKeys::Known>& readings) {
    const bool mean = reading.average && takes_mean(readings);
    const std::uint32_t every = reading.average ? *reading.average : *reading.count;
    if (reading.average && !mean) {
      text_ += is_number(readings) ? "  # A register takes its last value, not a mean.\n"
                                   : "  # A text has no mean: its last value is published.\n";
    }
    std::string rule = "{publish: true, topic: " + yaml_text(whole_topic(reading)) +
                       ", every: " + std::to_string(every) +
                       ", aggregate: " + (mean ? "mean" : "last");
    const Unit unit = readings.front().unit;
    if (family_of(unit) == UnitFamily::power) rule += ", unit: W";
    if (family_of(unit) == UnitFamily::energy) rule += ", unit: kWh";
    if (is_text(readings) && !is_list(readings)) rule += ", payload: raw";  // with leading zeros
    text_ += "  " + name_of(reading) + ": " + rule + "}\n";
  }

  /// The code; of the first gas meter the key, which finds it on whichever channel it is.
  std::string name_of(const PredecessorReading& reading) {
    std::string code = to_string(reading.code);
    if (!is_gas(reading) || gas_written_) return "\"" + code + "\"";
    gas_written_ = true;
    text_ += "  # Gas on whichever channel and with whichever code; it was " + code + ".\n";
    return "gas_volume";
  }

  [[nodiscard]] std::string whole_topic(const PredecessorReading& reading) const {
    return config_.base_topic + "/" + reading.topic;
  }

  const PredecessorConfig& config_;
  FaultList& faults_;
  KnownKeys known_;
  std::map<std::string, std::string> topics_{};  // topic -> the code that has it
  bool gas_written_{};
  std::string text_{};
};

}  // namespace

std::string convert_predecessor(const PredecessorConfig& config, FaultList& faults) {
  return Converter{config, faults}.convert();
}

}  // namespace p1meter::cli
