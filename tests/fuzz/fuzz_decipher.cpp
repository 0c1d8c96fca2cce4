// SPDX-License-Identifier: Apache-2.0
// Fuzzing: any bytes as an encrypted telegram.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/decoding/decipher.hpp"

namespace {

using p1meter::Deciphered;
using p1meter::ProblemCode;
using p1meter::TagCheck;

void require(bool condition) {
  if (!condition) std::abort();
}

p1meter::DecipherKeys keys(bool verify) {
  return {.encryption = *p1meter::parse_cipher_key("000102030405060708090A0B0C0D0E0F"),
          .authentication = *p1meter::parse_cipher_key("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
          .verify_tag = verify};
}

/// What holds whatever the bytes.
void check(const Deciphered& result, std::string_view apdu, std::string_view plain, bool verify) {
  require(result.offset <= apdu.size() && result.end <= apdu.size());
  const auto title = result.ciphering.system_title;
  require(title.empty() || (title.size() == 8 && title.data() >= apdu.data() &&
                            title.data() + 8 <= apdu.data() + apdu.size()));
  if (result.problem == ProblemCode::cipher_malformed) require(plain.empty());
  if (!result.problem || result.problem == ProblemCode::tag_mismatch) {
    const bool has_tag = (result.ciphering.security & 0x10U) != 0;
    require(!plain.empty() && result.content + plain.size() + (has_tag ? 12 : 0) == result.end);
  } else {
    require(plain.empty());
  }
  require(result.tag != TagCheck::right || !result.problem);
  require(result.tag != TagCheck::wrong || verify);
  require(result.tag != TagCheck::unchecked || !verify);
}

/// Without a tag the same key turns what it has opened back again.
void check_way_back(p1meter::Decipherer& decipherer, const Deciphered& result,
                    std::string_view apdu, std::string_view plain) {
  std::string back{apdu};
  back.replace(result.content, plain.size(), plain);
  std::vector<char> again;
  const auto returned = decipherer.decipher(back, again);
  require(!returned.problem || returned.problem == ProblemCode::key_wrong ||
          returned.problem == ProblemCode::security_unknown);
  if (!returned.problem) {
    require(std::string_view(again.data(), again.size()) ==
            apdu.substr(result.content, plain.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static p1meter::Decipherer verifying{keys(true)};
  static p1meter::Decipherer lenient{keys(false)};
  static p1meter::Decipherer without_keys;
  static std::vector<char> kept;
  const std::string_view apdu{reinterpret_cast<const char*>(data), size};

  for (auto* decipherer : {&verifying, &lenient, &without_keys}) {
    const auto result = decipherer->decipher(apdu, kept);
    const std::string_view plain{kept.data(), kept.size()};
    check(result, apdu, plain, decipherer != &lenient);
    if (!decipherer->has_keys()) require(result.tag == TagCheck::absent);
    const bool only_encrypted = (result.ciphering.security & 0x30U) == 0x20U;
    if (!result.problem && only_encrypted) {
      check_way_back(*decipherer, result, apdu, std::string{plain});
    }
  }
  return 0;
}
