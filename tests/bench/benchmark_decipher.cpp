// SPDX-License-Identifier: Apache-2.0
// Benchmarks: opening an encrypted telegram.
//
// gcm/T is the yardstick: what OpenSSL alone needs for the same octets, called as cheaply as it can
// be (the key set once, the IV per telegram). decipher/T is the decipherer with all it does around
// that, and is judged by its ratio to gcm/T in the same run.
#include <array>
#include <benchmark/benchmark.h>
#include <memory>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string>
#include <vector>

#include "p1meter/decoding/decipher.hpp"

namespace {

using Octets = std::vector<unsigned char>;

constexpr std::size_t tag_size = 12;
const p1meter::DecipherKeys keys{
    .encryption = *p1meter::parse_cipher_key("000102030405060708090A0B0C0D0E0F"),
    .authentication = *p1meter::parse_cipher_key("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF")};

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

/// A data-notification that was encrypted and authenticated (security control 30).
struct Encrypted {
  Octets title{'K', 'A', 'M', 0x45, 1, 2, 3, 4};
  std::array<unsigned char, 4> counter{0, 0, 0, 42};
  Octets header{0x30};  // security control, authentication key
  Octets content{};
  std::array<unsigned char, tag_size> tag{};

  explicit Encrypted(std::size_t size) : content(size) {
    header.insert(header.end(), keys.authentication->octets().begin(),
                  keys.authentication->octets().end());
    Octets plain(size, 0x02);
    std::fill_n(plain.begin(), 6, static_cast<unsigned char>(0));
    plain[0] = 0x0F;
    const Context context{EVP_CIPHER_CTX_new()};
    const auto nonce = iv();
    int done = 0;
    EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, keys.encryption.octets().data(),
                       nonce.data());
    EVP_EncryptUpdate(context.get(), nullptr, &done, header.data(),
                      static_cast<int>(header.size()));
    EVP_EncryptUpdate(context.get(), content.data(), &done, plain.data(), static_cast<int>(size));
    EVP_EncryptFinal_ex(context.get(), plain.data(), &done);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, tag.data());
  }

  [[nodiscard]] std::array<unsigned char, 12> iv() const {
    std::array<unsigned char, 12> octets{};
    std::copy(title.begin(), title.end(), octets.begin());
    std::copy(counter.begin(), counter.end(), octets.begin() + 8);
    return octets;
  }

  [[nodiscard]] std::string apdu() const {
    const std::size_t length = 5 + content.size() + tag_size;
    std::string bytes = "\xDB\x08";
    bytes.append(title.begin(), title.end());
    bytes += '\x82';
    bytes += static_cast<char>(length >> 8U);
    bytes += static_cast<char>(length & 0xFFU);
    bytes += '\x30';
    bytes.append(counter.begin(), counter.end());
    bytes.append(content.begin(), content.end());
    bytes.append(tag.begin(), tag.end());
    return bytes;
  }
};

void set_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void run_openssl(benchmark::State& state, std::size_t size) {
  Encrypted telegram{size};
  const Context context{EVP_CIPHER_CTX_new()};
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  EVP_DecryptInit_ex2(context.get(), cipher, keys.encryption.octets().data(), nullptr, nullptr);
  EVP_CIPHER_free(cipher);
  Octets plain(size);
  const auto iv = telegram.iv();
  const std::array<OSSL_PARAM, 2> tag{
      OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, telegram.tag.data(), tag_size),
      OSSL_PARAM_construct_end()};
  for (auto _ : state) {
    int done = 0;
    EVP_DecryptInit_ex2(context.get(), nullptr, nullptr, iv.data(), nullptr);
    EVP_DecryptUpdate(context.get(), nullptr, &done, telegram.header.data(),
                      static_cast<int>(telegram.header.size()));
    EVP_DecryptUpdate(context.get(), plain.data(), &done, telegram.content.data(),
                      static_cast<int>(size));
    EVP_CIPHER_CTX_set_params(context.get(), tag.data());
    if (EVP_DecryptFinal_ex(context.get(), plain.data() + done, &done) != 1) {
      state.SkipWithError("tag");
      break;
    }
    benchmark::DoNotOptimize(plain.data());
    benchmark::ClobberMemory();
  }
  if (plain[0] != 0x0F) state.SkipWithError("deciphering");
  set_bytes(state, size);
}

void run_decipherer(benchmark::State& state, std::size_t size) {
  const std::string apdu = Encrypted{size}.apdu();
  p1meter::Decipherer decipherer{keys};
  std::vector<char> plain;
  for (auto _ : state) {
    const auto deciphered = decipherer.decipher(apdu, plain);
    if (deciphered.tag != p1meter::TagCheck::right) {
      state.SkipWithError("tag");
      break;
    }
    benchmark::DoNotOptimize(plain.data());
    benchmark::ClobberMemory();
  }
  set_bytes(state, size);
}

/// As long as the lists of Kamstrup's meters, and as a text telegram of Luxembourg.
const bool registered = [] {
  for (const auto& [name, size] :
       {std::pair{"kamstrup", std::size_t{300}}, std::pair{"luxembourg", std::size_t{1'200}}}) {
    benchmark::RegisterBenchmark((std::string{"gcm/"} + name).c_str(), run_openssl, size);
    benchmark::RegisterBenchmark((std::string{"decipher/"} + name).c_str(), run_decipherer, size);
  }
  return true;
}();

}  // namespace
