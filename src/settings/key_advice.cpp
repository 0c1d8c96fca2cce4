// SPDX-License-Identifier: Apache-2.0
// Settings: what to do about the keys of meters that encrypt, in words.
#include "settings/key_advice.hpp"

namespace p1meter::settings {

std::string key_advice(ProblemCode fault, const KeyNames& names) {
  const std::string decryption{names.decryption};
  const std::string authentication{names.authentication};
  switch (fault) {
    case ProblemCode::key_missing:
      return "the meter ciphers its telegrams: ask your grid operator for the decryption key of "
             "the customer interface and give it as " +
             decryption;
    case ProblemCode::key_wrong:
      return "the decryption key does not open this meter's telegrams: compare " + decryption +
             " with what the grid operator sent, and the meter's number with the one on the letter";
    case ProblemCode::tag_mismatch:
      return "the decryption key is right, but the authentication tag is not: ask your grid "
             "operator for the authentication key (GAK, AK) and give it as " +
             authentication;
    default:
      return "a ciphered telegram cannot be opened";
  }
}

}  // namespace p1meter::settings
