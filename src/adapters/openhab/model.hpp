// SPDX-License-Identifier: Apache-2.0
// openHAB adapter: what all its files speak of.
#pragma once

#include <string>
#include <vector>

#include "adapters/openhab/openhab.hpp"

namespace p1meter::openhab {

/// A channel of a Thing and the Item that is linked to it.
struct Point {
  std::string channel{};  // "power_import"
  std::string item{};     // "P1_home_power_import"
  std::string label{};
  std::string topic{};
  std::string type{};       // of the channel: number, string, datetime
  std::string dimension{};  // of a number: "Power"; empty: none
  std::string unit{};       // as openHAB spells it
  std::string format{};     // "%.0f %unit%"; empty: as it is
  std::string icon{};
  std::vector<std::string> groups{};
  std::vector<std::string> tags{};
  bool diagnostic{};
};

/// Something that stands in the house: the electricity meter, or a device behind it.
struct Equipment {
  std::string group{};  // "gP1_home_gas"
  std::string label{};
  std::string icon{};
  std::string tag{};
  std::vector<Point> points{};
};

struct Thing {
  std::string uid{};  // "mqtt:topic:p1meter:home"
  std::string label{};
  std::string daemon_topic{};
  std::vector<Equipment> equipment{};  // the electricity meter first
};

inline constexpr std::string_view bridge_uid = "mqtt:broker:p1meter";
inline constexpr std::string_view measurements_group = "gP1_Measurements";
inline constexpr std::string_view counters_group = "gP1_Counters";

[[nodiscard]] std::vector<Thing> make_things(const Installation& installation);

/// "text" with quotes, as strings are written in all of the files.
[[nodiscard]] std::string with_quotes(std::string_view text);

[[nodiscard]] std::string write_things(const Installation& installation,
                                       const std::vector<Thing>& things);
[[nodiscard]] std::string write_items(const std::vector<Thing>& things);
[[nodiscard]] std::string write_sitemap(const std::vector<Thing>& things);
[[nodiscard]] std::string write_yaml(const Installation& installation,
                                     const std::vector<Thing>& things);

/// What every file begins with, behind the comment sign.
inline constexpr std::string_view signature = "Written by p1meter openhab";

}  // namespace p1meter::openhab
