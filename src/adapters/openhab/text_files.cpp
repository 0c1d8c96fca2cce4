// SPDX-License-Identifier: Apache-2.0
// openHAB adapter: .things, .items and .sitemap, as every version reads them.
#include <string>
#include <string_view>

#include "adapters/openhab/model.hpp"

namespace p1meter::openhab {
namespace {

std::string header(std::string_view about) {
  return "// " + std::string{signature} + ": " + std::string{about} +
         "\n// Write it anew after a change of p1meter's configuration; changes made here are lost "
         "then.\n\n";
}

std::string joined(const std::vector<std::string>& words, bool in_quotes) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += ", ";
    out += in_quotes ? with_quotes(word) : word;
  }
  return out;
}

/// '[' would begin the format.
std::string item_label(const Point& point) {
  std::string label;
  for (const char c : point.label) label += c == '[' ? '(' : c == ']' ? ')' : c;
  if (!point.format.empty()) label += " [" + point.format + "]";
  return with_quotes(label);
}

std::string channel_line(const Point& point) {
  std::string line = "    Type " + point.type + " : " + point.channel + " " +
                     with_quotes(point.label) + " [ stateTopic=" + with_quotes(point.topic);
  if (!point.unit.empty()) line += ", unit=" + with_quotes(point.unit);
  return line + " ]\n";
}

std::string item_line(const Thing& thing, const Point& point) {
  std::string type = "String";
  if (point.type == "number") {
    type = "Number" + (point.dimension.empty() ? "" : ":" + point.dimension);
  } else if (point.type == "datetime") {
    type = "DateTime";
  }
  std::string line = type + " " + point.item + " " + item_label(point) + " <" + point.icon + "> (" +
                     joined(point.groups, false) + ") [" + joined(point.tags, true) +
                     "] { channel=" + with_quotes(thing.uid + ":" + point.channel);
  if (!point.unit.empty()) line += ", unit=" + with_quotes(point.unit);
  return line + " }\n";
}

constexpr std::string_view persistence_advice =
    "// Persistence, as a suggestion.\n"
    "// rrd4j.persist, for curves of measurements:\n"
    "//   Strategies { everyMinute : \"0 * * * * ?\" }\n"
    "//   Items { gP1_Measurements* : strategy = everyChange, everyMinute }\n"
    "// influxdb.persist or jdbc.persist, for registers, which rrd4j would average:\n"
    "//   Items { gP1_Counters* : strategy = everyChange, restoreOnStartup }\n";

}  // namespace

std::string write_things(const Installation& installation, const std::vector<Thing>& things) {
  const Broker& broker = installation.broker;
  std::string out = header("the broker and a Thing for each meter. For $OPENHAB_CONF/things.");
  out +=
      "// The broker as p1meter reaches it: openHAB may need another address. Add its password if "
      "it asks for one.\n";
  out += "Bridge " + std::string{bridge_uid} +
         " \"MQTT broker\" [ host=" + with_quotes(broker.host) +
         ", port=" + std::to_string(broker.port) + ", secure=" + (broker.secure ? "true" : "false");
  if (!broker.username.empty()) out += ", username=" + with_quotes(broker.username);
  // Else it would have everything twice: what Home Assistant is told is for both.
  out += ", enableDiscovery=false ]\n";
  for (const Thing& thing : things) {
    out += "\nThing " + thing.uid + " " + with_quotes(thing.label) + " (" +
           std::string{bridge_uid} + ")";
    if (!thing.daemon_topic.empty()) {
      out += " [ availabilityTopic=" + with_quotes(thing.daemon_topic) +
             ", payloadAvailable=" + with_quotes(installation.online) +
             ", payloadNotAvailable=" + with_quotes(installation.offline) + " ]";
    }
    out += " {\n  Channels:\n";
    for (const Equipment& equipment : thing.equipment) {
      for (const Point& point : equipment.points) out += channel_line(point);
    }
    out += "}\n";
  }
  return out;
}

std::string write_items(const std::vector<Thing>& things) {
  std::string out = header("an Item for each value. For $OPENHAB_CONF/items.");
  out += "Group " + std::string{measurements_group} + " \"Measurements of smart meters\" <line>\n";
  out += "Group " + std::string{counters_group} + " \"Registers of smart meters\" <line>\n";
  for (const Thing& thing : things) {
    for (const Equipment& equipment : thing.equipment) {
      out += "\nGroup " + equipment.group + " " + with_quotes(equipment.label) + " <" +
             equipment.icon + "> [" + with_quotes(equipment.tag) + "]\n";
      for (const Point& point : equipment.points) out += item_line(thing, point);
    }
  }
  return out + "\n" + std::string{persistence_advice};
}

std::string write_sitemap(const std::vector<Thing>& things) {
  std::string out = header("a page of all values. For $OPENHAB_CONF/sitemaps.");
  out += "sitemap p1meter label=\"Smart meter\" {\n";
  const auto frame = [&out](const std::string& label, const Equipment& equipment, bool diagnostic) {
    std::string lines;
    for (const Point& point : equipment.points) {
      if (point.diagnostic == diagnostic) lines += "    Text item=" + point.item + "\n";
    }
    if (lines.empty()) return;
    out += "  Frame label=" + with_quotes(label) + " {\n" + lines + "  }\n";
  };
  for (const Thing& thing : things) {
    for (const Equipment& equipment : thing.equipment) frame(equipment.label, equipment, false);
    for (const Equipment& equipment : thing.equipment) {
      frame(equipment.label + ": details", equipment, true);
    }
  }
  return out + "}\n";
}

}  // namespace p1meter::openhab
