// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the client id.
// OpenSSL's newer interface loads its providers, 1.7 MB of resident memory for one small digest.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <array>
#include <openssl/sha.h>

#include "adapters/mqtt/mqtt_sink.hpp"

namespace p1meter::mqtt {

std::string derive_client_id(std::string_view machine_id, std::string_view configuration_path,
                             std::string_view base_topic, std::string_view role) {
  SHA256_CTX context;
  SHA256_Init(&context);
  for (const auto part : {machine_id, configuration_path, base_topic, role}) {
    SHA256_Update(&context, part.data(), part.size());
    SHA256_Update(&context, "", 1);  // a zero, so that no two different lists of parts read alike
  }
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256_Final(hash.data(), &context);

  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t hashed_bytes = 6;
  std::string id{"p1meter-"};
  for (std::size_t i = 0; i < hashed_bytes; ++i) {
    id += digits[hash.at(i) >> 4U];
    id += digits[hash.at(i) & 0xFU];
  }
  return id;
}

}  // namespace p1meter::mqtt
