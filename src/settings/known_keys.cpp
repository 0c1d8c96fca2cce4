// SPDX-License-Identifier: Apache-2.0
// Settings: every key that an OBIS table can give.
#include "settings/known_keys.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "p1meter/mapping/computed_keys.hpp"
#include "p1meter/values/glob.hpp"
#include "settings/glob.hpp"

namespace p1meter::settings {
namespace {

constexpr int most_devices = 4;   // of one kind: an M-Bus has four channels
constexpr int most_numbers = 64;  // of group E: beyond, no key is told apart by it

std::vector<std::string> numbers(int first, int last) {
  std::vector<std::string> texts;
  for (int number = first; number <= std::min(last, first + most_numbers); ++number) {
    texts.push_back(std::to_string(number));
  }
  return texts;
}

/// "gas", "gas2", ..., and "mbus1" for kinds without a name.
std::vector<std::string> media(const std::optional<Device>& only) {
  std::vector<std::string> words;
  for (const auto device :
       {Device::gas, Device::water, Device::heat, Device::cooling, Device::submeter}) {
    if (only && *only != device) continue;
    words.emplace_back(device_name(device));
    for (int number = 2; number <= most_devices; ++number) {
      words.push_back(std::string{device_name(device)} + std::to_string(number));
    }
  }
  for (int channel = 1; channel <= most_devices; ++channel) {
    words.push_back("mbus" + std::to_string(channel));
  }
  return words;
}

std::vector<std::string> fillings(std::string_view placeholder, const ObisEntry& entry) {
  if (placeholder == "{medium}") return media(entry.only_for);
  if (placeholder == "{number}") return {"", "2", "3", "4"};
  if (placeholder == "{e}") return numbers(entry.pattern.e.first, entry.pattern.e.last);
  if (entry.pattern.b_is_channel) return numbers(1, most_devices);
  return numbers(entry.pattern.b.first, entry.pattern.b.last);
}

/// All texts that a template can become.
std::vector<std::string> fill(const ObisEntry& entry) {
  std::vector<std::string> all{entry.key};
  for (const std::string_view placeholder : {"{medium}", "{number}", "{channel}", "{e}"}) {
    if (entry.key.find(placeholder) == std::string::npos) continue;
    const auto words = fillings(placeholder, entry);
    std::vector<std::string> next;
    for (const auto& one : all) {
      const auto at = one.find(placeholder);
      for (const auto& word : words) {
        next.push_back(std::string{one}.replace(at, placeholder.size(), word));
      }
    }
    all = std::move(next);
  }
  return all;
}

}  // namespace

KnownKeys::KnownKeys(ObisTable table) : table_(std::move(table)) {
  for (const auto& entry : table_.entries()) {
    if (entry.form == ValueForm::ignored) continue;
    for (auto& key : fill(entry)) {
      keys_.emplace(key, Known{key, entry.kind, entry.unit});
    }
  }
  for (const KeyInfo& info : computed_keys()) {
    keys_.emplace(info.key, Known{info.key, info.kind, info.unit});
  }
}

std::vector<KnownKeys::Known> KnownKeys::by_key(std::string_view key) const {
  std::vector<Known> found;
  const auto [first, last] = keys_.equal_range(key);
  for (auto next = first; next != last; ++next) found.push_back(next->second);
  return found;
}

std::vector<KnownKeys::Known> KnownKeys::by_obis(const Obis& obis) const {
  std::vector<Known> found;
  for (const auto& entry : table_.entries()) {
    if (entry.form == ValueForm::ignored || !entry.pattern.matches(obis)) continue;
    for (auto& key : fill(entry)) found.push_back({std::move(key), entry.kind, entry.unit});
  }
  return found;
}

bool KnownKeys::any_matches(std::string_view glob) const {
  const auto patterns = expand_braces(glob).value_or(std::vector<std::string>{});
  return std::any_of(keys_.begin(), keys_.end(), [&](const auto& known) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
      return matches_glob(pattern, known.first);
    });
  });
}

std::vector<std::string_view> KnownKeys::names() const {
  std::vector<std::string_view> names;
  for (const auto& [key, known] : keys_) {
    if (names.empty() || names.back() != key) names.emplace_back(key);
  }
  return names;
}

}  // namespace p1meter::settings
