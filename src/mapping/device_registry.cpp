// SPDX-License-Identifier: Apache-2.0
// Mapping: which M-Bus device stands behind which channel, and its number.
#include "mapping/device_registry.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

namespace p1meter::mapping {
namespace {

constexpr std::uint8_t exchange_after = 3;  // telegrams in a row without the former id
constexpr std::size_t most_devices = 64;    // remembered; a real meter has up to four at a time

std::string identity_of(Device device, std::string_view id, std::uint8_t channel) {
  std::string identity{device_name(device)};
  identity += '/';
  if (id.empty()) return identity + "channel " + std::to_string(channel);
  return identity.append(id);
}

bool is_channel_identity(std::string_view identity) noexcept {
  return identity.find("/channel ") != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Device device_of_identity(std::string_view identity) noexcept {
  for (const Device device :
       {Device::gas, Device::water, Device::heat, Device::cooling, Device::submeter}) {
    if (identity.starts_with(device_name(device)) &&
        identity.substr(device_name(device).size()).starts_with('/')) {
      return device;
    }
  }
  return Device::other;
}

/// A meter that was read at some time: its value is a number with a time that is one.
bool was_read(const CosemObject* value) noexcept {
  return value != nullptr && value->number && value->time && !value->time_unset;
}

/// Days since the epoch of a value's time; long ago when it was never read.
int day_of(const CosemObject* value) noexcept {
  if (!was_read(value)) return 0;
  const std::chrono::year_month_day date{std::chrono::year{value->time->year},
                                         std::chrono::month{value->time->month},
                                         std::chrono::day{value->time->day}};
  return static_cast<int>(std::chrono::sys_days{date}.time_since_epoch().count());
}

}  // namespace

DeviceRegistry::DeviceRegistry(MapperMemory& memory, bool by_channel)
    : memory_{memory}, by_channel_{by_channel} {
  for (const auto& [identity, number] : memory_.device_numbers) {
    const Device device = device_of_identity(identity);
    if (!has_medium(device) || number == 0) continue;
    const auto channel = memory_.device_channels.find(identity);
    const bool known_channel =
        channel != memory_.device_channels.end() && channel->second < channel_count;
    known_.push_back({.identity = identity,
                      .ref = {device, number},
                      .channel = known_channel ? channel->second : std::uint8_t{0}});
  }
}

void DeviceRegistry::forget() {
  known_.clear();
  last_ = {};
  channels_ = {};
  unchanged_telegrams_ = 0;
  store();
}

bool DeviceRegistry::unchanged(const Sightings& sightings) const noexcept {
  for (std::size_t i = 1; i < channel_count; ++i) {
    const ChannelSighting& now = sightings[i];
    const Last& before = last_[i];
    if (now.type != before.type || now.has_id != before.has_id || now.id != before.id) return false;
    if ((now.value != nullptr) != before.present && !now.has_id && !now.type) return false;
    if (now.id.empty() && was_read(now.value) != before.read) return false;
  }
  return true;
}

void DeviceRegistry::update(const Sightings& sightings) {
  exchanged_.clear();
  if (!unchanged(sightings)) {
    unchanged_telegrams_ = 0;
  } else if (unchanged_telegrams_ > exchange_after) {
    return;
  }
  ++unchanged_telegrams_;
  for (std::uint8_t channel = 1; channel < channel_count; ++channel) identify(channel, sightings);
  for (Known& known : known_) {
    const bool present = std::ranges::any_of(last_, [&known](const Last& last) {
      return last.present && last.identity == known.identity;
    });
    if (present) {
      known.absent = 0;
    } else if (known.absent < exchange_after) {
      ++known.absent;
    }
  }
  settle_newcomers(sightings);
}

/// A line that is missing from one telegram (damaged, perhaps) leaves the channel what it was.
Device DeviceRegistry::kind_of(std::uint8_t channel, const ChannelSighting& sighting) const {
  if (sighting.type) return device_of_type(*sighting.type);
  if (sighting.has_id && !sighting.id.empty()) {
    for (const Known& known : known_) {
      if (std::string_view{known.identity}.substr(device_name(known.ref.device).size() + 1) ==
          trimmed(sighting.id)) {
        return known.ref.device;
      }
    }
  }
  return last_[channel].device;
}

void DeviceRegistry::identify(std::uint8_t channel, const Sightings& sightings) {
  const ChannelSighting& sighting = sightings[channel];
  Last& last = last_[channel];
  const Device device = kind_of(channel, sighting);
  const bool same_kind = device == last.device;
  const auto id = trimmed(sighting.id);
  last.present = sighting.type || sighting.has_id || sighting.value != nullptr;
  last.type = sighting.type;
  last.has_id = sighting.has_id;
  last.id = sighting.id;
  last.read = was_read(sighting.value);
  if (!last.present) return;
  last.device = device;
  if (!has_medium(device)) {
    last.identity.clear();
  } else if (!id.empty()) {
    last.identity = identity_of(device, id, channel);
  } else if (sighting.has_id || !same_kind || last.identity.empty()) {
    // without an id it is a device only when it has been read, or was one before
    last.identity = identity_of(device, {}, channel);
    if (!was_read(sighting.value) && find(last.identity) == nullptr) last.identity.clear();
  }
  for (std::uint8_t other = 1; other < channel && !last.identity.empty(); ++other) {
    if (last_[other].present && last_[other].identity == last.identity) {
      last.identity = identity_of(device, {}, channel);  // one id twice: anonymised, or a fault
    }
  }
}

void DeviceRegistry::settle_newcomers(const Sightings& sightings) {
  struct Rank {
    bool without_id;
    bool old;
    std::uint8_t channel;
  };
  std::array<Rank, channel_count - 1> order{};
  int newest = 0;
  for (const ChannelSighting& sighting : sightings)
    newest = std::max(newest, day_of(sighting.value));
  for (std::uint8_t channel = 1; channel < channel_count; ++channel) {
    const bool old = day_of(sightings[channel].value) < newest - 1;
    order[channel - 1U] = {is_channel_identity(last_[channel].identity), old, channel};
  }
  std::ranges::sort(order, {}, [](const Rank& rank) {
    return std::tuple{rank.without_id, rank.old, rank.channel};
  });
  const bool some = std::ranges::any_of(last_, &Last::present);
  for (const Rank& rank : order) settle(rank.channel);
  if (some) store();
}

void DeviceRegistry::settle(std::uint8_t channel) {
  const Last& last = last_[channel];
  if (!last.present) return;
  ChannelDevice& result = channels_[channel];
  result = {
      .ref = {last.identity.empty() && has_medium(last.device) ? Device::other : last.device, 1},
      .held_back = false};
  if (last.identity.empty()) return;
  Known* known = find(last.identity);
  if (known == nullptr) {
    Known* const former = former_on(channel, last.device);
    if (former == nullptr) {
      if (known_.size() >= most_devices) {
        std::erase_if(known_, [](const Known& old) { return old.channel == 0; });
      }
      if (known_.size() >= most_devices) {
        result.ref = {Device::other, 1};
        return;
      }
      known_.push_back({.identity = last.identity, .ref = {last.device, next_number(last.device)}});
      known = &known_.back();
    } else if (by_channel_ || former->absent >= exchange_after ||
               is_channel_identity(former->identity)) {
      exchanged_.push_back(former->ref);
      former->identity = last.identity;
      former->absent = 0;
      known = former;
    } else {
      result.held_back = true;
      return;
    }
  }
  take_channel(*known, channel);
  result.ref = known->ref;
}

DeviceRegistry::Known* DeviceRegistry::find(std::string_view identity) noexcept {
  const auto found = std::ranges::find(known_, identity, &Known::identity);
  return found == known_.end() ? nullptr : &*found;
}

DeviceRegistry::Known* DeviceRegistry::former_on(std::uint8_t channel, Device device) noexcept {
  const auto found = std::ranges::find_if(known_, [channel, device](const Known& known) {
    return known.channel == channel && known.ref.device == device && known.absent > 0;
  });
  return found == known_.end() ? nullptr : &*found;
}

std::uint8_t DeviceRegistry::next_number(Device device) const noexcept {
  std::uint8_t highest = 0;
  for (const Known& known : known_) {
    if (known.ref.device == device) highest = std::max(highest, known.ref.number);
  }
  return static_cast<std::uint8_t>(highest + 1);
}

void DeviceRegistry::take_channel(Known& known, std::uint8_t channel) {
  for (Known& other : known_) {
    if (&other != &known && other.channel == channel && other.absent > 0) other.channel = 0;
  }
  known.channel = channel;
}

void DeviceRegistry::store() {
  std::map<std::string, std::uint8_t> numbers;
  std::map<std::string, std::uint8_t> channels;
  for (const Known& known : known_) {
    numbers[known.identity] = known.ref.number;
    if (known.channel != 0) channels[known.identity] = known.channel;
  }
  if (memory_.device_numbers != numbers) memory_.device_numbers = std::move(numbers);
  if (memory_.device_channels != channels) memory_.device_channels = std::move(channels);
}

}  // namespace p1meter::mapping
