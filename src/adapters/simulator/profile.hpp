// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: the kinds of meters, as data.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/simulator/dlms_list.hpp"
#include "adapters/simulator/household.hpp"
#include "adapters/simulator/link_writer.hpp"
#include "adapters/simulator/simulator.hpp"

namespace p1meter::simulator {

/// What follows the '!' of a text telegram.
enum class Checksum : std::uint8_t { none, arc, x25 };

/// A kind of meter: what it sends, and how its house behaves. Either text or lists.
///
/// Text      a telegram as text with fields in braces, in parts that begin with a line each, so
/// that
///           meters can share them. Lines end with CR LF. The telegram ends before '!'
/// Grammar   field = "{" name [ " " digits "." decimals ] "}"; the names are in field.cpp and
///           quantity.cpp. A number is zero padded to `digits` before the point and rounded to
///           `decimals` after it
/// Lists     the first that is due is sent; the last one always is
struct Profile {
  SimulatorProfile face{};
  std::array<std::string_view, 4> text{};
  Checksum checksum{Checksum::none};
  std::span<const ListForm> lists{};
  LinkForm link{};
  std::uint8_t security{};   // of general-glo-ciphering; 0: not encrypted
  std::string_view maker{};  // three letters: begin the system title
  TariffRule tariffs{TariffRule::dutch};
  bool three_phases{true};
  std::int64_t power_step{1};  // W
  seconds volume_step{300};
  Zone zone{};

  [[nodiscard]] bool is_text() const noexcept { return lists.empty(); }
  /// The parts of the text in one.
  [[nodiscard]] std::string whole_text() const {
    std::string whole;
    for (const auto part : text) whole += part;
    return whole;
  }
};

[[nodiscard]] std::span<const Profile> text_profiles() noexcept;
[[nodiscard]] std::span<const Profile> binary_profiles() noexcept;
/// Null when there is none of this name.
[[nodiscard]] const Profile* find_profile(std::string_view name) noexcept;

// Test keys, as they stand in the project's documents. Luxembourg's operator publishes its own.
inline constexpr std::string_view test_key = "000102030405060708090A0B0C0D0E0F";
inline constexpr std::string_view test_authentication_key = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
inline constexpr std::string_view luxembourg_authentication_key =
    "00112233445566778899AABBCCDDEEFF";

}  // namespace p1meter::simulator
