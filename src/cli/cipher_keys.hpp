// SPDX-License-Identifier: Apache-2.0
// CLI: keys of meters that encrypt, as options give them.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "p1meter/values/cipher_key.hpp"
#include "p1meter/values/result.hpp"

namespace p1meter::cli {

/// Reads the value of --key or --auth-key: the key as parse_cipher_key() takes it, or @FILE, a file
/// (or pipe) with the key on its only line, which other users of the machine do not see in its list
/// of processes.
///
/// Errors    what to say behind the option's name: "expected 32 hex digits, not 31". Neither the
///           value nor the file's name is repeated, for that may be a key by mistake
[[nodiscard]] Result<CipherKey, std::string> read_cipher_key(const std::string& value);

/// The values of --key and --auth-key while they wait to be read.
struct GivenKeys {
  struct Value {
    std::string text{};
    bool given{};  // it may be given and empty
  };
  Value key{};
  Value auth_key{};

  GivenKeys() = default;
  GivenKeys(const GivenKeys&) = delete;
  GivenKeys(GivenKeys&&) noexcept = default;
  GivenKeys& operator=(const GivenKeys&) = delete;
  GivenKeys& operator=(GivenKeys&&) noexcept = default;
  ~GivenKeys() { forget(); }
  /// Wipes both.
  void forget() noexcept;
};

/// Takes the keys out of the program's arguments, where '*' take their place: the list of processes
/// shows them no longer, and what reads the command line makes no copies of them.
///
/// arguments    argv, whose characters are changed
[[nodiscard]] GivenKeys take_keys(std::span<char* const> arguments);

/// Reads and wipes them. Output    nothing when none is given. Errors    a sentence
[[nodiscard]] Result<std::optional<DecipherKeys>, std::string> read_keys(GivenKeys& given);

}  // namespace p1meter::cli
