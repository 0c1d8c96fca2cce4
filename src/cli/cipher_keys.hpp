// SPDX-License-Identifier: Apache-2.0
// CLI: keys of meters that encrypt, as options give them.
#pragma once

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

}  // namespace p1meter::cli
