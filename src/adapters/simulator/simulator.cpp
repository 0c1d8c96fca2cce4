// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: valid telegrams of a plausible household.
#include "adapters/simulator/simulator.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>
#include <vector>

#include "adapters/simulator/ciphering.hpp"
#include "adapters/simulator/field.hpp"
#include "adapters/simulator/household.hpp"
#include "adapters/simulator/profile.hpp"
#include "adapters/simulator/random.hpp"
#include "p1meter/framing/crc16.hpp"

namespace p1meter {

using simulator::append_number;
using simulator::Checksum;
using simulator::find_profile;
using simulator::Household;
using simulator::ListWriter;
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

simulator::Key key_of(std::string_view digits) {
  simulator::Key key{};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto nibble = static_cast<unsigned>(hex_digits.find(digits[i]));
    const unsigned before = key.at(i / 2);
    key.at(i / 2) = static_cast<unsigned char>(before << 4U | nibble);
  }
  return key;
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

// The maker's letters and five bytes of its own. Source    Green Book 4.3.4 (system title)
std::string system_title(std::string_view maker, std::uint32_t number) {
  std::string title{maker};
  title += '\x67';
  simulator::append_big_endian(title, number, 4);
  return title;
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

const Profile* simulator::find_profile(std::string_view name) noexcept {
  for (const auto profiles : {text_profiles(), binary_profiles()}) {
    for (const auto& profile : profiles) {
      if (profile.face.name == name) return &profile;
    }
  }
  return nullptr;
}

std::span<const SimulatorProfile> simulator_profiles() noexcept {
  static const auto faces = [] {
    std::vector<SimulatorProfile> list;
    for (const auto& profile : simulator::text_profiles()) list.push_back(profile.face);
    for (const auto& profile : simulator::binary_profiles()) list.push_back(profile.face);
    return list;
  }();
  return faces;
}

std::string why_refused(std::string_view name, SimulatorFault fault) {
  const Profile& profile = *find_profile(name);
  const auto says = [text = profile.whole_text()](std::string_view field) {
    return text.find(field) != std::string::npos;
  };
  if (fault == SimulatorFault::no_crc && !profile.is_text()) {
    return "frames of this meter are not without a checksum";
  }
  if (fault == SimulatorFault::gas_unset && !says("{gas ")) return "this meter shows no gas";
  if (fault == SimulatorFault::power_failure && !profile.is_text()) {
    return "this meter shows no power failures";
  }
  return {};
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
        text_with_fields{profile.whole_text()},
        text{text_with_fields},
        seed{random_bits(options.seed, 0, options.number)},
        house{{.seed = seed,
               .start = options.start,
               .tariffs = profile.tariffs,
               .three_phases = profile.three_phases,
               .power_step = profile.power_step,
               .volume_step = profile.volume_step,
               .zone = profile.zone}},
        number{ten_digits(options.number)},
        id{hex("E0047" + number + "24")},
        gas_id{hex("G0025" + number + "24")},
        water_id{hex("W0011" + number + "24")},
        title{system_title(profile.maker, options.number)},
        ciphering{.security = profile.security,
                  .system_title = title,
                  .key = key_of(profile.face.key),
                  .authentication_key = key_of(profile.face.authentication_key)},
        period{options.period.value_or(profile.face.period)} {
    for (const auto& form : profile.lists) lists.emplace_back(form);
  }

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
    gas_unset = fault == SimulatorFault::gas_unset;
    if (profile.is_text()) {
      telegram += enciphered(text_telegram(fault));
    } else {
      choose_list();
      telegram += link_frames(profile.link, enciphered(list->apdu(scene())));
      // The last byte but one belongs to the last frame's checksum.
      if (fault == SimulatorFault::crc) telegram[telegram.size() - 2] ^= 0x01;
    }
    if (fault == SimulatorFault::truncate) {
      const auto size = static_cast<std::int64_t>(telegram.size());
      telegram.resize(static_cast<std::size_t>(random_between(draw, 1, size - 8)));
    }
  }

  [[nodiscard]] simulator::Scene scene() const {
    return {.house = house,
            .id = id,
            .gas_id = gas_id,
            .water_id = water_id,
            .number = number,
            .gas_unset = gas_unset};
  }

  [[nodiscard]] std::string text_telegram(SimulatorFault fault) const {
    std::string plain;
    text.append(plain, scene());
    plain += '!';
    const std::uint16_t checksum =
        profile.checksum == Checksum::x25 ? crc16_x25(plain) : crc16_arc(plain);
    // A profile without checksum gets a wrong one by the fault "crc".
    if (fault == SimulatorFault::crc) {
      append_checksum(plain, static_cast<std::uint16_t>(checksum ^ 0x0100U));
    } else if (profile.checksum != Checksum::none && fault != SimulatorFault::no_crc) {
      append_checksum(plain, checksum);
    }
    plain += "\r\n";
    return plain;
  }

  // A meter's counter never falls, also when its simulation begins anew a second later.
  [[nodiscard]] std::string enciphered(std::string plain) const {
    if (profile.security == 0) return plain;
    const auto begin = std::chrono::floor<seconds>(options.start.time_since_epoch()).count();
    return general_glo_ciphering(ciphering, static_cast<std::uint32_t>(begin + count), plain);
  }

  // Lists stand in the profile with the rarest first.
  void choose_list() {
    const Instant from = house.now() - period;
    const auto is_due = [&](const ListWriter& each) { return each.due(from, house.now()); };
    const auto due = std::ranges::find_if(lists, is_due);
    list = due == lists.end() ? &lists.back() : &*due;
  }

  // What a line catches between two telegrams: any bytes but those with which one could begin.
  void append_noise(std::uint64_t draw) {
    constexpr std::string_view beginnings = "/\x7E\x68\xDB";
    const auto size = random_between(draw, 1, 200);
    for (std::int64_t i = 0; i < size; ++i) {
      const auto byte =
          static_cast<char>(random_bits(draw, fault_stream, static_cast<std::uint64_t>(i)));
      telegram += beginnings.find(byte) != std::string_view::npos ? '.' : byte;
    }
  }

  [[nodiscard]] std::vector<SimulatedValue> values() const {
    std::vector<SimulatedValue> found;
    if (profile.is_text()) text.list(found, scene());
    if (list != nullptr) list->list(found, scene());
    return found;
  }

  SimulatorOptions options;
  const Profile& profile;
  std::string text_with_fields;
  simulator::Template text;  // has views of it
  std::vector<ListWriter> lists{};
  const ListWriter* list{};  // of the last telegram
  std::uint64_t seed;
  Household house;
  std::string number;
  std::string id;
  std::string gas_id;
  std::string water_id;
  std::string title;
  simulator::Ciphering ciphering;
  milliseconds period;
  std::int64_t count{};
  bool gas_unset{};  // in the last telegram
  std::string telegram{};
};

Simulator::Simulator(SimulatorOptions options)
    : impl_{std::make_unique<Impl>(std::move(options))} {}
Simulator::~Simulator() = default;

std::string_view Simulator::next() { return impl_->next(); }
Instant Simulator::time() const noexcept { return impl_->house.now(); }
milliseconds Simulator::period() const noexcept { return impl_->period; }
std::vector<SimulatedValue> Simulator::values() const { return impl_->values(); }

}  // namespace p1meter
