// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: short names made from long ones.
// OpenSSL's newer interface loads its providers, 1.7 MB of resident memory for one small digest.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "adapters/mqtt/digest.hpp"

#include <array>
#include <openssl/sha.h>

namespace p1meter::mqtt {

std::string short_digest(std::initializer_list<std::string_view> parts) {
  SHA256_CTX context;
  SHA256_Init(&context);
  for (const std::string_view part : parts) {
    SHA256_Update(&context, part.data(), part.size());
    SHA256_Update(&context, "", 1);
  }
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256_Final(hash.data(), &context);

  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t hashed_bytes = 6;
  std::string text;
  for (std::size_t i = 0; i < hashed_bytes; ++i) {
    text += digits[hash.at(i) >> 4U];
    text += digits[hash.at(i) & 0xFU];
  }
  return text;
}

}  // namespace p1meter::mqtt
