// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: encryption as meters do it, with test keys that are no secret.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace p1meter::simulator {

using Key = std::array<unsigned char, 16>;

struct Ciphering {
  std::uint8_t security{0x30};      // 10: authenticated, 20: encrypted. Low four bits: suite
  std::string_view system_title{};  // eight bytes
  Key key{};
  Key authentication_key{};  // used when authenticated
};

/// general-glo-ciphering: DB, system title, length, security, frame counter, ciphertext, tag of
/// twelve bytes when authenticated. AES-128-GCM.
/// Source    Green Book 9.2.7
[[nodiscard]] std::string general_glo_ciphering(const Ciphering& ciphering, std::uint32_t counter,
                                                std::string_view plain);

}  // namespace p1meter::simulator
