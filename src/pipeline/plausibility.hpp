// SPDX-License-Identifier: Apache-2.0
// Pipeline: registers that arrive without a checksum. Includes the pure rooms only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "p1meter/values/reading.hpp"

namespace p1meter {

/// Holds back registers that no meter can have sent.
///
/// Without a checksum a flipped bit or a lost digit looks like a value. A register (cumulative or
/// counter) is in order when it did not fall and did not rise faster, since its believed value was
/// first seen, than its ceiling and one unit of its last digit allow:
///
///   energy of the electricity meter   the telegram's fuse (A x 230 V x phases), else its limiter,
///                                     else 100 kW
///   volume                            100 m3/h
///   heat, cooling, submeters          1 MW
///   counters of events                one a second
///
/// M-Bus devices report by the hour, so that at least an hour counts for them. What is out of order
/// is held back until three telegrams in a row confirm it, each not lower than the one before and
/// not faster than ten times the ceiling: a meter that really carries more, or was exchanged, is
/// believed with a delay; noise never is. Computed registers made of a held one are held too.
/// Source    docs/meters.md, "Without a checksum" and "Computed readings"
class Plausibility {
 public:
  struct Sieved {
    std::span<const Reading> kept{};  // borrowed until the next call, or from `readings`
    std::span<const Reading> held{};  // borrowed until the next call
  };
  /// Looks at one telegram that was not checked. `keys` is the catalogue behind the readings.
  [[nodiscard]] Sieved sieve(const KeyCatalogue& keys, std::span<const Reading> readings,
                             milliseconds now);
  /// A checked telegram: its registers are believed.
  void believe(const KeyCatalogue& keys, std::span<const Reading> readings, milliseconds now);

 private:
  /// What a key means to this class, found once per key.
  enum class Role : std::uint8_t {
    unknown,
    other,
    plain_register,
    computed_register,
    fuse,
    limiter,          // W or VA
    current_limiter,  // A
    voltage,
    current,
  };
  /// What a telegram says of the electricity meter's connection.
  struct Connection {
    void note(Role role, const Decimal& value);
    [[nodiscard]] Decimal watts() const;

    std::optional<Decimal> fuses{};  // A, of all phases that have one
    std::optional<Decimal> limiter{};
    std::optional<Decimal> current_limiter{};
    int fuse_count{};
    int voltages{};
    int currents{};
  };
  struct Sighting {
    Decimal value{};
    milliseconds at{};  // when this value was first seen
  };
  struct Track {
    std::optional<Sighting> believed{};
    std::optional<Sighting> doubted{};  // the newest value of the row that may confirm itself
    std::uint8_t confirmations{};
  };

  [[nodiscard]] static Role role_of(const KeyInfo& info);
  void learn(const KeyCatalogue& keys, std::span<const Reading> readings);
  [[nodiscard]] Decimal connection_limit(std::span<const Reading> readings) const;
  [[nodiscard]] bool passes(const Reading& reading, const Decimal& limit, milliseconds now);
  [[nodiscard]] bool made_of_held(const KeyCatalogue& keys, const Reading& computed) const;

  std::vector<Role> roles_{};    // by key
  std::vector<Track> tracks_{};  // by key
  std::vector<Reading> kept_{};
  std::vector<Reading> held_{};
};

}  // namespace p1meter
