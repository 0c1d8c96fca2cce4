// SPDX-License-Identifier: Apache-2.0
// Source adapter: where `source: auto` looks for a serial port.
#include "adapters/source/serial_places.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <system_error>
#include <vector>

namespace p1meter {
namespace {

namespace fs = std::filesystem;

// The names in a folder that begin with `prefix` and lead to something, by what they lead to.
std::map<fs::path, fs::path> list_ports(const fs::path& folder, std::string_view prefix) {
  std::map<fs::path, fs::path> ports;
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    if (!entry->path().filename().string().starts_with(prefix)) continue;
    std::error_code dangling;
    const fs::path device = fs::canonical(entry->path(), dangling);
    if (dangling || fs::is_directory(device, dangling)) continue;
    auto& name = ports[device];
    if (name.empty() || entry->path() < name) name = entry->path();
  }
  return ports;
}

std::string join(const std::map<fs::path, fs::path>& ports) {
  std::vector<std::string> names;
  names.reserve(ports.size());
  for (const auto& [device, name] : ports) names.push_back(name.string());
  std::sort(names.begin(), names.end());
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

Result<std::string, std::string> find_serial_port(const SerialPlaces& places) {
  auto ports = list_ports(places.devices, "p1meter");
  if (ports.empty()) ports = list_ports(places.by_id, "");
  if (ports.size() == 1) return ports.begin()->second.string();
  if (ports.empty()) {
    return tl::unexpected("no serial port found: none named " + places.devices.string() +
                          "/p1meter* and none in " + places.by_id.string());
  }
  return tl::unexpected("several serial ports, choose one with `source`: " + join(ports));
}

}  // namespace p1meter
