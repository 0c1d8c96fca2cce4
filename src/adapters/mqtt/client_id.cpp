// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the client id.
#include <array>
#include <openssl/evp.h>

#include "adapters/mqtt/mqtt_sink.hpp"

namespace p1meter::mqtt {

std::string derive_client_id(std::string_view machine_id, std::string_view configuration_path,
                             std::string_view base_topic, std::string_view role) {
  std::string all;
  for (const auto part : {machine_id, configuration_path, base_topic, role}) {
    all += part;
    all += '\0';  // so that no two different lists of parts read alike
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size{};
  EVP_Digest(all.data(), all.size(), hash.data(), &size, EVP_sha256(), nullptr);

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
