// SPDX-License-Identifier: Apache-2.0
// Mapping: which M-Bus device stands behind which channel, and its number.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/key_template.hpp"
#include "p1meter/mapping/mapper.hpp"

namespace p1meter::mapping {

inline constexpr std::size_t channel_count = 5;  // index 0 is not used: channels are 1..4

/// What one telegram says of one M-Bus channel.
struct ChannelSighting {
  std::optional<std::int64_t> type{};  // 0-n:24.1.0; none: no such line, or no number in it
  bool has_id{};                       // 0-n:96.1.0 or .1 was there
  std::string_view id{};               // its characters as sent; empty: the channel is free or dead
  const CosemObject* value{};          // 0-n:24.2.x or 24.3.x
};
using Sightings = std::array<ChannelSighting, channel_count>;

/// Who is behind a channel in this telegram.
struct ChannelDevice {
  DeviceRef ref{Device::other, 1};
  bool held_back{};  // a new id: whether it replaces the former one is not yet known
};

/// Numbers the M-Bus devices of a kind by equipment id, in the order of first sight.
///
/// A new id on a channel whose former id of that kind is absent from three telegrams in a row is an
/// exchange and takes its number; until that is known its values are held back.
/// Cost      allocates nothing while nothing changes
class DeviceRegistry {
 public:
  /// by_channel: nothing is held back, for no earlier numbering has to be kept.
  DeviceRegistry(MapperMemory& memory, bool by_channel);

  void update(const Sightings& sightings);
  [[nodiscard]] const ChannelDevice& behind(std::uint8_t channel) const noexcept {
    return channels_[channel];
  }
  /// Devices that this telegram showed to be others than before, under the same number.
  [[nodiscard]] std::span<const DeviceRef> exchanged() const noexcept { return exchanged_; }
  /// Another electricity meter, where no numbering has to be kept.
  void forget();

 private:
  struct Known {
    std::string identity{};  // "gas/<equipment id>", the key in the memory
    DeviceRef ref{};
    std::uint8_t channel{};  // 0: another device has taken its channel
    std::uint8_t absent{};   // telegrams in a row without it, up to exchange_after
  };
  /// What was last made of a channel, to tell quickly that nothing changed.
  struct Last {
    std::optional<std::int64_t> type{};
    bool has_id{};
    std::string id{};
    std::string identity{};  // of the device there; empty: none
    Device device{Device::other};
    bool present{};  // the telegram spoke of it
    bool read{};     // and its value had been read
  };

  [[nodiscard]] bool unchanged(const Sightings& sightings) const noexcept;
  void identify(std::uint8_t channel, const Sightings& sightings);
  [[nodiscard]] Device kind_of(std::uint8_t channel, const ChannelSighting& sighting) const;
  void settle_newcomers(const Sightings& sightings);
  void settle(std::uint8_t channel);
  [[nodiscard]] Known* find(std::string_view identity) noexcept;
  [[nodiscard]] Known* former_on(std::uint8_t channel, Device device) noexcept;
  [[nodiscard]] std::uint8_t next_number(Device device) const noexcept;
  void take_channel(Known& known, std::uint8_t channel);
  void store();

  MapperMemory& memory_;
  bool by_channel_;
  std::vector<Known> known_{};
  std::array<Last, channel_count> last_{};
  std::array<ChannelDevice, channel_count> channels_{};
  std::uint8_t unchanged_telegrams_{};
  std::vector<DeviceRef> exchanged_{};
};

}  // namespace p1meter::mapping
