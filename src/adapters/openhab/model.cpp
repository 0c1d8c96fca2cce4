// SPDX-License-Identifier: Apache-2.0
// openHAB adapter: keys become channels and items.
#include "adapters/openhab/model.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "json/json_text.hpp"

namespace p1meter::openhab {
namespace {

/// How openHAB shows values of a family. Apparent and reactive power are powers there.
struct Dimension {
  UnitFamily family;
  std::string_view name;
  std::string_view property;  // of the semantic model; empty: it has none for this
  int decimals;               // of the family's unit without a prefix
};
constexpr std::array dimensions{
    Dimension{UnitFamily::power, "Power", "Power", 0},
    Dimension{UnitFamily::energy, "Energy", "Energy", 0},
    Dimension{UnitFamily::reactive_power, "Power", "Power", 0},
    Dimension{UnitFamily::reactive_energy, "Energy", "Energy", 0},
    Dimension{UnitFamily::apparent_power, "Power", "Power", 0},
    Dimension{UnitFamily::apparent_energy, "Energy", "Energy", 0},
    Dimension{UnitFamily::current, "ElectricCurrent", "Current", 2},
    Dimension{UnitFamily::voltage, "ElectricPotential", "Voltage", 1},
    Dimension{UnitFamily::frequency, "Frequency", "Frequency", 2},
    Dimension{UnitFamily::volume, "Volume", "", 3},
    Dimension{UnitFamily::heat, "Energy", "Energy", 0},
    Dimension{UnitFamily::second, "Time", "Duration", 0},
    Dimension{UnitFamily::minute, "Time", "Duration", 0},
    Dimension{UnitFamily::hour, "Time", "Duration", 0},
    Dimension{UnitFamily::angle, "Angle", "", 1},
    Dimension{UnitFamily::temperature, "Temperature", "Temperature", 1},
    Dimension{UnitFamily::ratio, "Dimensionless", "", 1},
};

const Dimension* dimension_of(Unit unit) {
  const auto found = std::ranges::find(dimensions, family_of(unit), &Dimension::family);
  return found == dimensions.end() ? nullptr : &*found;
}

/// openHAB's spelling, where it is another than ours.
std::string openhab_unit(Unit unit) {
  if (unit == Unit::litre) return "l";
  if (unit == Unit::degree) return "°";
  return std::string{unit_text(unit)};
}

/// A watt is shown whole, a kilowatt with three decimals, a megawatt with six.
int decimals_of(const Dimension& dimension, Unit unit) {
  constexpr int most = 6;
  if (family_of(unit) == UnitFamily::heat) return 3;  // whatever heat meters count in
  return std::clamp(dimension.decimals + power_of_ten(unit), 0, most);
}

bool is_number(const KeyInfo& key) {
  switch (key.kind) {
    case ReadingKind::cumulative:
    case ReadingKind::counter:
    case ReadingKind::instantaneous:
    case ReadingKind::average:
    case ReadingKind::setting:
      return true;
    case ReadingKind::failure_log:
    case ReadingKind::peak_history:
      return false;  // lists, as compact JSON
    default:
      return key.unit != Unit::none;
  }
}

std::string_view property_of(const KeyInfo& key, const Dimension& dimension) {
  if (dimension.family == UnitFamily::volume) {
    if (key.device == Device::gas) return "Gas";
    if (key.device == Device::water) return "Water";
  }
  return dimension.property;
}

std::string_view icon_of(Device device) {
  switch (device) {
    case Device::gas:
      return "gas";
    case Device::water:
      return "water";
    case Device::heat:
    case Device::cooling:
      return "temperature";
    default:
      return "energy";
  }
}

/// Tags of equipment that the semantic model has since openHAB 5.
std::string_view equipment_tag(Device device) {
  switch (device) {
    case Device::electricity:
    case Device::submeter:
      return "ElectricMeter";
    case Device::gas:
      return "GasMeter";
    case Device::water:
      return "WaterMeter";
    default:
      return "Sensor";
  }
}

/// A meter's name in names of items, which hold letters, digits and '_' only.
std::string name_in_items(std::string_view meter) {
  std::string name;
  for (const char c : meter) name += c == '-' ? '_' : c;
  return name;
}

std::string device_label(const KeyInfo& key) {
  std::string label{device_name(key.device)};
  if (label.empty()) return "Device";
  label.front() = static_cast<char>(label.front() - 'a' + 'A');
  if (key.device != Device::submeter) label += " meter";
  if (key.device_number > 1) label += " " + std::to_string(key.device_number);
  return label;
}

class Builder {
 public:
  Thing thing(const Installation& installation, const Meter& meter) {
    const bool several = installation.meters.size() > 1;
    const std::string of_meter = several ? " " + meter.name : "";
    item_start_ = "P1_" + name_in_items(meter.name) + "_";
    group_ = unique("gP1_" + name_in_items(meter.name));
    Thing thing{.uid = "mqtt:topic:p1meter:" + meter.name,
                .label = "Smart meter" + of_meter,
                .daemon_topic = meter.daemon_topic};
    thing.equipment.push_back(
        {.group = group_, .label = thing.label, .icon = "energy", .tag = "ElectricMeter"});
    if (!meter.status_topic.empty()) thing.equipment[0].points.push_back(status_of(meter));
    for (const Scalar& scalar : meter.scalars) {
      Equipment& equipment = equipment_of(scalar.key, of_meter, thing);
      equipment.points.push_back(point(scalar, equipment.group));
      if (scalar.time_topic.empty()) continue;
      equipment.points.push_back(time_point(scalar, equipment.group));
    }
    return thing;
  }

 private:
  Equipment& equipment_of(const KeyInfo& key, const std::string& of_meter, Thing& thing) const {
    if (key.device == Device::electricity) return thing.equipment.front();
    const std::string group = group_ + "_" + device_word(key);
    const auto known = std::ranges::find(thing.equipment, group, &Equipment::group);
    if (known != thing.equipment.end()) return *known;
    return thing.equipment.emplace_back(Equipment{.group = group,
                                                  .label = device_label(key) + of_meter,
                                                  .icon = std::string{icon_of(key.device)},
                                                  .tag = std::string{equipment_tag(key.device)}});
  }

  Point status_of(const Meter& meter) {
    Point status;
    status.channel = "status";
    status.item = unique(item_start_ + "status");
    status.label = "Telegrams arrive";
    status.topic = meter.status_topic;
    status.type = "string";
    status.icon = "network";
    status.groups = {group_};
    status.tags = {"Status"};
    return status;
  }

  Point point(const Scalar& scalar, const std::string& group) {
    const KeyInfo& key = scalar.key;
    Point point;
    point.channel = key.key;
    point.item = unique(item_start_ + key.key);
    point.label = key.name.empty() ? key.key : key.name;
    point.topic = scalar.topic;
    point.groups = {group};
    point.diagnostic = key.diagnostic || key.kind >= ReadingKind::text;
    if (is_number(key)) {
      make_number(key, point);
    } else {
      point.type = key.kind == ReadingKind::time ? "datetime" : "string";
      point.icon = key.kind == ReadingKind::time ? "time" : "text";
      point.tags = {"Status"};
    }
    return point;
  }

  static void make_number(const KeyInfo& key, Point& point) {
    point.type = "number";
    point.icon = icon_of(key.device);
    point.tags = {key.kind == ReadingKind::setting ? "Status" : "Measurement"};
    const Dimension* dimension = dimension_of(key.unit);
    if (dimension == nullptr) {
      point.format = key.kind == ReadingKind::counter ? "%.0f" : "";
    } else {
      point.dimension = dimension->name;
      point.unit = openhab_unit(key.unit);
      point.format = "%." + std::to_string(decimals_of(*dimension, key.unit)) + "f %unit%";
      if (const auto property = property_of(key, *dimension); !property.empty()) {
        point.tags.emplace_back(property);
      }
    }
    const bool counts = is_register(key.kind) || key.state_class == "total_increasing";
    if (counts) {
      point.groups.emplace_back(counters_group);
    } else if (key.kind != ReadingKind::setting && key.kind != ReadingKind::info) {
      point.groups.emplace_back(measurements_group);
    }
  }

  Point time_point(const Scalar& scalar, const std::string& group) {
    Point point;
    point.channel = scalar.key.key + "_time";
    point.item = unique(item_start_ + scalar.key.key + "_time");
    point.label = (scalar.key.name.empty() ? scalar.key.key : scalar.key.name) + " time";
    point.topic = scalar.time_topic;
    point.type = "datetime";
    point.format = "%1$tF %1$tT";
    point.icon = "time";
    point.groups = {group};
    point.tags = {"Status", "Timestamp"};
    point.diagnostic = true;
    return point;
  }

  /// Two meters may differ by '-' and '_' alone.
  std::string unique(const std::string& wanted) {
    std::string name = wanted;
    for (int number = 2; !used_.insert(name).second; ++number) {
      name = wanted + "_" + std::to_string(number);
    }
    return name;
  }

  std::set<std::string> used_{};
  std::string item_start_{};
  std::string group_{};
};

}  // namespace

std::vector<Thing> make_things(const Installation& installation) {
  std::vector<Thing> things;
  Builder builder;
  for (const Meter& meter : installation.meters) {
    things.push_back(builder.thing(installation, meter));
  }
  return things;
}

std::string with_quotes(std::string_view text) {
  std::string out{"\""};
  json::append_escaped(out, text);
  return out + '"';
}

Files write_files(const Installation& installation) {
  const auto things = make_things(installation);
  return {.things = write_things(installation, things),
          .items = write_items(things),
          .sitemap = write_sitemap(things),
          .yaml = write_yaml(installation, things)};
}

bool is_ours(std::string_view text) noexcept {
  for (const std::string_view comment : {"// ", "# "}) {
    if (text.starts_with(comment) && text.substr(comment.size()).starts_with(signature)) {
      return true;
    }
  }
  return false;
}

}  // namespace p1meter::openhab
