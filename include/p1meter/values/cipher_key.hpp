// SPDX-License-Identifier: Apache-2.0
// Values: shared by every room; includes the standard library only.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "p1meter/values/result.hpp"

namespace p1meter {

/// Overwrites memory in a way that the compiler does not leave out.
void wipe(void* memory, std::size_t size) noexcept;

/// A key of AES-128: what a meter's owner gets from the grid operator.
///
/// The octets are wiped when the key is destroyed, replaced or moved from. There is no way to a
/// text on purpose, so that no log, message or document shows a key by mistake.
class CipherKey {
 public:
  static constexpr std::size_t size = 16;  // octets

  explicit CipherKey(std::span<const unsigned char, size> octets) noexcept;
  CipherKey(const CipherKey&) noexcept = default;
  CipherKey(CipherKey&& other) noexcept;
  CipherKey& operator=(const CipherKey&) noexcept = default;
  CipherKey& operator=(CipherKey&& other) noexcept;
  ~CipherKey();

  /// Owns      a view into this key
  [[nodiscard]] std::span<const unsigned char, size> octets() const noexcept { return octets_; }

  friend bool operator==(const CipherKey&, const CipherKey&) = default;

 private:
  std::array<unsigned char, size> octets_{};
};

/// Reads a key as operators print it: 32 hex digits in either case, grouped as one likes by spaces,
/// colons and dashes, with or without 0x in front of it or of groups; or 16 printable ASCII
/// characters (Kaifa, PL). White space around it and a byte order mark before it do not count.
///
/// Errors    what follows "expected", never with a part of the key: "32 hex digits, not 31"
/// Source    docs/configuration.md, "Meters that encrypt"
/// Example   parse_cipher_key("36:c6:66:39 e48a8ca4-d6bc8b28-2a793bbb")
[[nodiscard]] Result<CipherKey, std::string> parse_cipher_key(std::string_view text);

/// What is needed to decipher and check a meter's telegrams.
struct DecipherKeys {
  CipherKey encryption;
  std::optional<CipherKey> authentication{};  // none: the public one of Luxembourg
  bool verify_tag{true};  // false: a wrong tag passes as one that was not checked

  friend bool operator==(const DecipherKeys&, const DecipherKeys&) = default;
};

}  // namespace p1meter
