// SPDX-License-Identifier: Apache-2.0
// openHAB adapter: the same in openHAB 5's YAML.
#include <string>
#include <string_view>

#include "adapters/openhab/model.hpp"

namespace p1meter::openhab {
namespace {

std::string entry(int depth, std::string_view key, const std::string& value) {
  return std::string(static_cast<std::size_t>(depth) * 2, ' ') + std::string{key} + ": " + value +
         "\n";
}
std::string begin(int depth, std::string_view key) {
  return std::string(static_cast<std::size_t>(depth) * 2, ' ') + std::string{key} + ":\n";
}
std::string list(const std::vector<std::string>& words) {
  std::string out{"["};
  for (const auto& word : words) {
    if (out.size() > 1) out += ", ";
    out += word;
  }
  return out + "]";
}

std::string bridge(const Broker& broker) {
  std::string out = begin(1, bridge_uid);
  out += entry(2, "isBridge", "true");
  out += entry(2, "label", "\"MQTT broker\"");
  out += begin(2, "config");
  out += entry(3, "host", with_quotes(broker.host));
  out += entry(3, "port", std::to_string(broker.port));
  out += entry(3, "secure", broker.secure ? "true" : "false");
  if (!broker.username.empty()) out += entry(3, "username", with_quotes(broker.username));
  out += entry(3, "enableDiscovery", "false");
  return out;
}

std::string channel(const Point& point) {
  std::string out = begin(3, point.channel);
  out += entry(4, "type", point.type);
  out += entry(4, "label", with_quotes(point.label));
  out += begin(4, "config");
  out += entry(5, "stateTopic", with_quotes(point.topic));
  if (!point.unit.empty()) out += entry(5, "unit", with_quotes(point.unit));
  return out;
}

std::string thing_text(const Installation& installation, const Thing& thing) {
  std::string out = begin(1, thing.uid);
  out += entry(2, "bridge", std::string{bridge_uid});
  out += entry(2, "label", with_quotes(thing.label));
  if (!thing.daemon_topic.empty()) {
    out += begin(2, "config");
    out += entry(3, "availabilityTopic", with_quotes(thing.daemon_topic));
    out += entry(3, "payloadAvailable", with_quotes(installation.online));
    out += entry(3, "payloadNotAvailable", with_quotes(installation.offline));
  }
  out += begin(2, "channels");
  for (const Equipment& equipment : thing.equipment) {
    for (const Point& point : equipment.points) out += channel(point);
  }
  return out;
}

std::string group(std::string_view name, const std::string& label, const std::string& icon,
                  const std::string& tag) {
  std::string out = begin(1, name);
  out += entry(2, "type", "Group");
  out += entry(2, "label", with_quotes(label));
  out += entry(2, "icon", icon);
  if (!tag.empty()) out += entry(2, "tags", list({tag}));
  return out;
}

std::string item(const Thing& thing, const Point& point) {
  std::string out = begin(1, point.item);
  const bool number = point.type == "number";
  out += entry(2, "type", number ? "Number" : point.type == "datetime" ? "DateTime" : "String");
  if (!point.dimension.empty()) out += entry(2, "dimension", point.dimension);
  out += entry(2, "label", with_quotes(point.label));
  if (!point.format.empty()) out += entry(2, "format", with_quotes(point.format));
  out += entry(2, "icon", point.icon);
  out += entry(2, "groups", list(point.groups));
  out += entry(2, "tags", list(point.tags));
  if (!point.unit.empty()) out += entry(2, "unit", with_quotes(point.unit));
  out += entry(2, "channel", with_quotes(thing.uid + ":" + point.channel));
  return out;
}

}  // namespace

std::string write_yaml(const Installation& installation, const std::vector<Thing>& things) {
  std::string out =
      "# " + std::string{signature} +
      ": Things and Items in the form of openHAB 5. For $OPENHAB_CONF/yaml.\n"
      "# It takes the place of p1meter.things and p1meter.items: use one or the other.\n"
      "# Write it anew after a change of p1meter's configuration; changes made here are lost "
      "then.\n"
      "# The broker as p1meter reaches it: openHAB may need another address. Add its password if "
      "it "
      "asks for one.\n"
      "version: 1\n\n";
  out += begin(0, "things") + bridge(installation.broker);
  for (const Thing& thing : things) out += thing_text(installation, thing);
  out += "\n" + begin(0, "items");
  out += group(measurements_group, "Measurements of smart meters", "line", "");
  out += group(counters_group, "Registers of smart meters", "line", "");
  for (const Thing& thing : things) {
    for (const Equipment& equipment : thing.equipment) {
      out += group(equipment.group, equipment.label, equipment.icon, equipment.tag);
      for (const Point& point : equipment.points) out += item(thing, point);
    }
  }
  return out;
}

}  // namespace p1meter::openhab
