// SPDX-License-Identifier: Apache-2.0
// Settings: the meters section.
#include <map>
#include <utility>

#include "settings/apply.hpp"
#include "settings/loading.hpp"

namespace p1meter::settings {
namespace {

constexpr std::size_t most_meters = 1000;

Place place_of(const YamlNode& map, std::string_view key) {
  const YamlNode* value = map.find(key);
  return value != nullptr ? value->place : map.place;
}

/// One of a meter's keys: how it may be given.
struct CipherKeyNames {
  std::string_view key{};
  std::string_view file{};
  std::optional<CipherKey> CipherSettings::*value{};
  std::string Remaining::*written{};
};

constexpr CipherKeyNames cipher_key_names[] = {
    {"decryption_key", "decryption_key_file", &CipherSettings::decryption_key,
     &Remaining::decryption_key},
    {"authentication_key", "authentication_key_file", &CipherSettings::authentication_key,
     &Remaining::authentication_key},
};

/// Who pastes a key where a path belongs must not find it in the log.
bool may_be_a_key(const std::string& path) {
  return path.find_first_of("/.") == std::string::npos || parse_cipher_key(path).has_value();
}

void read_cipher_key_file(const SecretFile& file, std::optional<CipherKey>& key, Loading& loading) {
  auto text = read_secret_file(file, loading);
  if (!text) return;
  auto parsed = parse_cipher_key(*text);
  wipe(text->data(), text->size());
  if (parsed) {
    key = *std::move(parsed);
  } else {
    loading.faults.add(file.place, file.key,
                       "the file holds no key: expected " + std::move(parsed).error());
  }
}

void load_cipher_key(const CipherKeyNames& names, const YamlNode& map, const std::string& path,
                     MeterSettings& meter, Loading& loading) {
  auto& key = meter.cipher.*names.value;
  if (key && loading.readable_by_all) {
    loading.faults.warn_of_readable_file(
        loading.faults.file(), place_of(map, names.key), join_path(path, names.key),
        "everybody on this machine can read this file; " + std::string{names.file} +
            ", or chmod o-r, keeps the key private");
  }
  const std::string written = std::exchange(loading.rest.*names.written, {});
  if (written.empty()) return;
  const Place place = place_of(map, names.file);
  const std::string file = join_path(path, names.file);
  if (key) {
    loading.faults.add(place, file,
                       std::string{names.key} + " and " + std::string{names.file} +
                           " are both given, expected one of them");
    return;
  }
  constexpr std::size_t longest = 256;  // bytes
  read_cipher_key_file({written, file, place, longest, may_be_a_key(written)}, key, loading);
}

/// All that serves decryption needs its key.
void check_cipher(const YamlNode& map, const std::string& path, Loading& loading) {
  if (map.find("decryption_key") != nullptr || map.find("decryption_key_file") != nullptr) return;
  for (const std::string_view key :
       {"authentication_key", "authentication_key_file", "verify_tag"}) {
    if (map.find(key) == nullptr) continue;
    loading.faults.warn(place_of(map, key), join_path(path, key),
                        "has no effect without decryption_key or decryption_key_file");
  }
}

void load_meter(const YamlNode& map, const std::string& path, Loading& loading) {
  MeterSettings meter;
  Cursor at = loading.cursor();
  at.meter = &meter;
  apply_section(map, "meters[]", path, at, loading.faults,
                [&](std::string_view section, const YamlNode& value, const std::string& shown) {
                  apply_section(value, section, shown, at, loading.faults);
                });
  for (const auto& names : cipher_key_names) load_cipher_key(names, map, path, meter, loading);
  check_cipher(map, path, loading);
  if (meter.live && !std::holds_alternative<SimulatorSource>(meter.source)) {
    loading.faults.warn(place_of(map, "live"), join_path(path, "live"),
                        "has no effect, for the source is no simulator");
  }
  loading.settings.meters.push_back(std::move(meter));
}

/// What one program can read only once at a time: a device. Empty for what can be shared.
std::string device_of(const MeterSettings& meter) {
  if (std::holds_alternative<AutoSource>(meter.source)) return "auto";
  const auto* serial = std::get_if<SerialSource>(&meter.source);
  return serial != nullptr ? serial->device : std::string{};
}

/// "meters[0] at p1meter.yaml:3:7": a meter that another one collides with.
std::string named_at(const YamlNode& list, std::size_t meter, std::string_view option,
                     const Loading& loading) {
  return item_path("meters", meter) + " at " +
         to_string(loading.faults.file(), place_of(list.items[meter], option));
}

void check_devices(const YamlNode& list, Loading& loading) {
  std::map<std::string, std::size_t> devices;
  for (std::size_t i = 0; i < loading.settings.meters.size(); ++i) {
    const std::string device = device_of(loading.settings.meters[i]);
    if (device.empty()) continue;
    const auto [other, fresh] = devices.emplace(device, i);
    if (fresh) continue;
    loading.faults.add(place_of(list.items[i], "source"),
                       join_path(item_path("meters", i), "source"),
                       "two meters read " + (device == "auto" ? "source 'auto'" : device) + ": " +
                           named_at(list, other->second, "source", loading) +
                           " and this one, expected a cable of its own for each");
  }
}

/// Two meters must differ in their names.
void check_names(const YamlNode& list, Loading& loading) {
  std::map<std::string, std::size_t> names;
  for (std::size_t i = 0; i < loading.settings.meters.size(); ++i) {
    const auto& meter = loading.settings.meters[i];
    const YamlNode* written = list.items[i].find("name");
    if (written != nullptr && written->text != meter.name) continue;  // refused already
    const auto [other, fresh] = names.emplace(meter.name, i);
    if (fresh) continue;
    loading.faults.add(place_of(list.items[i], "name"), join_path(item_path("meters", i), "name"),
                       "two meters are named '" + meter.name + "': " +
                           named_at(list, other->second, "name", loading) + " and this one");
  }
}

}  // namespace

void load_meters(const YamlNode& list, Loading& loading) {
  if (!expect_kind(list, YamlNode::Kind::list, "meters", loading.faults)) return;
  if (list.kind == YamlNode::Kind::null) return;
  if (list.items.size() > most_meters) {
    loading.faults.add(list.place, "meters",
                       "more than " + std::to_string(most_meters) + " meters");
    return;
  }
  loading.settings.meters.clear();
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    load_meter(list.items[i], item_path("meters", i), loading);
  }
  if (list.items.empty()) {
    loading.faults.add(list.place, "meters",
                       "found an empty list, expected a meter (or no 'meters' at all)");
  }
  check_names(list, loading);
  check_devices(list, loading);
}

}  // namespace p1meter::settings
