// SPDX-License-Identifier: Apache-2.0
// Decoding: what a meter has ciphered. Includes values only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "p1meter/values/cipher_key.hpp"
#include "p1meter/values/problem.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter {

/// What the authentication tag said. absent: the envelope carries none, or no key allows to check
/// it. unchecked: it does not fit, and nobody minds (DecipherKeys::verify_tag is false).
enum class TagCheck : std::uint8_t { absent, right, wrong, unchecked };

/// An envelope, opened or not.
struct Deciphered {
  Ciphering ciphering{};  // as far as it could be read; views into the APDU
  TagCheck tag{TagCheck::absent};
  std::uint32_t content{};  // where the ciphertext begins in the APDU
  std::uint32_t end{};      // where the envelope ends; what follows was not looked at
  std::optional<ProblemCode> problem{};
  std::uint32_t offset{};  // of the problem in the APDU
};

/// Opens the envelope in which meters send what they cipher (general-glo-ciphering), by
/// AES-128-GCM.
///
///     DB 08 53595354454D4944 81E7 30 0000002A ...         ...
///     |  |title, 8 octets    |    |  |counter |ciphertext |tag, 12 octets, with security 10 and 30
///     |  |of the title       |    |security control
///     |tag of the APDU       |length of all that follows: nn, 81 nn or 82 nnnn
///
/// A title of no octets, with or without DB in front, stands for eight zero octets (Stoen, PL).
///
/// Input     security control: 10 authenticated, 20 encrypted, in any combination, 40 (the
///           broadcast key) and suites 0 to 2, which all mean AES-128-GCM on these ports
/// Problems  cipher_malformed: no such envelope, or cut.
///           security_unknown: compressed, another suite, or suite 2 that AES-128 does not open.
///           key_missing: ciphered, and there are no keys.
///           key_wrong: what comes out is no telegram (looks_like_telegram) and no tag vouches for
///           it. tag_mismatch: it is one, but the tag does not fit: wrong authentication key, or
///           damaged. Every telegram with a problem but the last leaves `plain` empty
/// Owns      keys and cipher, made when the first ciphered telegram comes: a daemon without keys
///           never starts OpenSSL, which costs megabytes. Both are wiped on destruction
/// Cost      allocates for the first telegram and when `plain` grows
/// Source    Green Book, general-glo-ciphering and figure 29; NIST SP 800-38D; Luxmetering P1 1.1.3
class Decipherer {
 public:
  /// Without keys: reads the envelope only.
  Decipherer() noexcept;
  explicit Decipherer(std::optional<DecipherKeys> keys) noexcept;
  ~Decipherer();
  Decipherer(Decipherer&&) noexcept;
  Decipherer& operator=(Decipherer&&) noexcept;
  Decipherer(const Decipherer&) = delete;
  Decipherer& operator=(const Decipherer&) = delete;

  /// `plain` becomes what was inside; it may be kept and given again.
  [[nodiscard]] Deciphered decipher(std::string_view apdu, std::vector<char>& plain);

  [[nodiscard]] bool has_keys() const noexcept { return keys_.has_value(); }

 private:
  class Cipher;

  std::optional<DecipherKeys> keys_{};
  std::unique_ptr<Cipher> cipher_{};
};

/// The rule by which a wrong key is told from a wrong tag: a data-notification (0F) with a
/// date-time in one of its forms, a block of a transfer (E0), another envelope (DB 08), or eight
/// octets of text. Octets at random look like one about once in two hundred times.
[[nodiscard]] bool looks_like_telegram(std::string_view plain) noexcept;

}  // namespace p1meter
