// SPDX-License-Identifier: Apache-2.0
// Settings: what to do about the keys of meters that encrypt, in words.
#pragma once

#include <string>
#include <string_view>

#include "p1meter/values/problem.hpp"

namespace p1meter::settings {

/// What a user calls the two keys: "'decryption_key'" in a file, "--key" on the command line.
struct KeyNames {
  std::string_view decryption{};
  std::string_view authentication{};
};

/// What follows from key_missing, key_wrong or tag_mismatch for the meter's owner, as a sentence
/// without its full stop. Another fault's says only that the telegram stays closed.
[[nodiscard]] std::string key_advice(ProblemCode fault, const KeyNames& names);

}  // namespace p1meter::settings
