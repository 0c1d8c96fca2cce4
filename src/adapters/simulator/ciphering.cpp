// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: encryption as meters do it, with test keys that are no secret.
#include "adapters/simulator/ciphering.hpp"

#include <memory>
#include <openssl/evp.h>
#include <stdexcept>
#include <vector>

#include "adapters/simulator/axdr.hpp"
#include "p1meter/values/apdu.hpp"

namespace p1meter::simulator {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};

void require(int result) {
  if (result != 1) throw std::runtime_error{"AES-128-GCM is not to be had from OpenSSL"};
}

std::vector<unsigned char> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

void append(std::string& text, const std::vector<unsigned char>& bytes) {
  text.append(bytes.begin(), bytes.end());
}

}  // namespace

std::string general_glo_ciphering(const Ciphering& ciphering, std::uint32_t counter,
                                  std::string_view plain) {
  const bool with_tag = (ciphering.security & glo::authenticated) != 0;
  std::string header;  // security and counter
  append_big_endian(header, ciphering.security, 1);
  append_big_endian(header, counter, 4);
  const auto vector = bytes_of(std::string{ciphering.system_title} + header.substr(1));

  const std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context{EVP_CIPHER_CTX_new()};
  require(EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, ciphering.key.data(),
                             vector.data()));
  int written = 0;
  if (with_tag) {
    std::vector<unsigned char> also{ciphering.security};
    also.insert(also.end(), ciphering.authentication_key.begin(),
                ciphering.authentication_key.end());
    require(EVP_EncryptUpdate(context.get(), nullptr, &written, also.data(),
                              static_cast<int>(also.size())));
  }
  const auto input = bytes_of(plain);
  std::vector<unsigned char> output(input.size());
  require(EVP_EncryptUpdate(context.get(), output.data(), &written, input.data(),
                            static_cast<int>(input.size())));
  std::array<unsigned char, 16> rest{};
  require(EVP_EncryptFinal_ex(context.get(), rest.data(), &written));
  std::vector<unsigned char> tag(with_tag ? glo::tag_size : 0);
  if (with_tag) {
    require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag.size()),
                                tag.data()));
  }

  std::string bytes{apdu_tag::ciphering, static_cast<char>(ciphering.system_title.size())};
  bytes += ciphering.system_title;
  append_length(bytes, header.size() + output.size() + tag.size());
  bytes += header;
  append(bytes, output);
  append(bytes, tag);
  return bytes;
}

}  // namespace p1meter::simulator
