// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: valid telegrams of a plausible household.
#include "adapters/simulator/simulator.hpp"

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include "adapters/simulator/field.hpp"
#include "adapters/simulator/household.hpp"
#include "adapters/simulator/profile.hpp"
#include "adapters/simulator/random.hpp"
#include "p1meter/framing/crc16.hpp"

namespace p1meter {

using simulator::append_number;
using simulator::find_profile;
using simulator::Household;
using simulator::Profile;
using simulator::random_between;
using simulator::random_bits;

namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::uint64_t fault_stream = 1000;

std::string hex(std::string_view text) {
  std::string result;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    result += hex_digits[byte >> 4U];
    result += hex_digits[byte & 15U];
  }
  return result;
}

void append_checksum(std::string& telegram, std::uint16_t value) {
  for (int shift = 12; shift >= 0; shift -= 4) {
    telegram += hex_digits[static_cast<unsigned>(value >> static_cast<unsigned>(shift)) & 15U];
  }
}

std::string ten_digits(std::uint32_t number) {
  std::string text;
  append_number(text, number, 0, 10, 0);
  return text;
}

struct FaultName {
  std::string_view name{};
  SimulatorFault fault{};
};
constexpr std::array fault_names{
    FaultName{"none", SimulatorFault::none},
    FaultName{"crc", SimulatorFault::crc},
    FaultName{"truncate", SimulatorFault::truncate},
    FaultName{"noise", SimulatorFault::noise},
    FaultName{"no_crc", SimulatorFault::no_crc},
    FaultName{"power_failure", SimulatorFault::power_failure},
    FaultName{"gas_unset", SimulatorFault::gas_unset},
};

const Profile& required_profile(const std::string& name) {
  const auto* profile = find_profile(name);
  if (profile == nullptr) throw std::invalid_argument{"no simulator profile " + name};
  return *profile;
}

}  // namespace

std::span<const SimulatorProfile> simulator_profiles() noexcept {
  static const auto faces = [] {
    std::vector<SimulatorProfile> list;
    for (const auto& profile : simulator::profiles()) list.push_back(profile.face);
    return list;
  }();
  return faces;
}

std::optional<SimulatorFault> parse_simulator_fault(std::string_view name) noexcept {
  for (const auto& entry : fault_names) {
    if (entry.name == name) return entry.fault;
  }
  return std::nullopt;
}

struct Simulator::Impl {
  explicit Impl(SimulatorOptions simulator_options)
      : options{std::move(simulator_options)},
        profile{required_profile(options.profile)},
        text{profile.text},
        seed{random_bits(options.seed, 0, options.number)},
        house{{.seed = seed,
               .start = options.start,
               .tariffs = profile.tariffs,
               .three_phases = profile.three_phases,
               .power_step = profile.power_step,
               .volume_step = profile.volume_step}},
        number{ten_digits(options.number)},
        id{hex("E0047" + number + "24")},
        gas_id{hex("G0025" + number + "24")},
        water_id{hex("W0011" + number + "24")},
        period{options.period.value_or(profile.face.period)} {}

  std::string_view next() {
    if (count > 0) house.advance(options.start + period * count);
    const auto draw = random_bits(seed, fault_stream, static_cast<std::uint64_t>(count));
    ++count;
    const bool faulty = options.fault != SimulatorFault::none && draw % 10 == 0;
    telegram.clear();
    write(faulty ? options.fault : SimulatorFault::none, draw / 10);
    return telegram;
  }

  void write(SimulatorFault fault, std::uint64_t draw) {
    if (fault == SimulatorFault::power_failure) {
      house.fail_power(random_between(draw, 1, 3600));
    }
    if (fault == SimulatorFault::noise) append_noise(draw);
    const std::size_t begin = telegram.size();
    text.append(telegram, {.house = house,
                           .id = id,
                           .gas_id = gas_id,
                           .water_id = water_id,
                           .number = number,
                           .gas_unset = fault == SimulatorFault::gas_unset});
    telegram += '!';
    append_end(fault, crc16_arc(std::string_view{telegram}.substr(begin)));
    if (fault == SimulatorFault::truncate) {
      const auto size = static_cast<std::int64_t>(telegram.size());
      telegram.resize(static_cast<std::size_t>(random_between(draw, 1, size - 8)));
    }
  }

  // A profile without checksum gets a wrong one by the fault "crc".
  void append_end(SimulatorFault fault, std::uint16_t checksum) {
    if (fault == SimulatorFault::crc) {
      append_checksum(telegram, static_cast<std::uint16_t>(checksum ^ 0x0100U));
    } else if (profile.checksum && fault != SimulatorFault::no_crc) {
      append_checksum(telegram, checksum);
    }
    telegram += "\r\n";
  }

  // What a line catches between two telegrams: any bytes but '/', which would be a beginning.
  void append_noise(std::uint64_t draw) {
    const auto size = random_between(draw, 1, 200);
    for (std::int64_t i = 0; i < size; ++i) {
      const auto byte = static_cast<unsigned char>(
          random_bits(draw, fault_stream, static_cast<std::uint64_t>(i)));
      telegram += byte == '/' ? '.' : static_cast<char>(byte);
    }
  }

  SimulatorOptions options;
  const Profile& profile;
  simulator::Template text;
  std::uint64_t seed;
  Household house;
  std::string number;
  std::string id;
  std::string gas_id;
  std::string water_id;
  milliseconds period;
  std::int64_t count{};
  std::string telegram{};
};

Simulator::Simulator(SimulatorOptions options)
    : impl_{std::make_unique<Impl>(std::move(options))} {}
Simulator::~Simulator() = default;

std::string_view Simulator::next() { return impl_->next(); }
Instant Simulator::time() const noexcept { return impl_->house.now(); }
milliseconds Simulator::period() const noexcept { return impl_->period; }

}  // namespace p1meter
