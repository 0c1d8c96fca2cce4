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

#include "adapters/simulator/ciphering.hpp"
#include "p1meter/decoding/decipher.hpp"
#include "p1meter/framing/framer.hpp"
#include "simulated_frame.hpp"

namespace {

using Octets = std::vector<unsigned char>;

constexpr std::size_t tag_size = 12;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

/// A telegram that was encrypted and authenticated (security control 30), with its keys.
struct Encrypted {
  std::string apdu{};
  p1meter::DecipherKeys keys;
};

/// What OpenSSL is told about it.
struct Parts {
  Octets iv{};      // system title, counter
  Octets header{};  // security control, authentication key
  Octets content{};
  Octets tag{};

  explicit Parts(const Encrypted& telegram) {
    std::vector<char> plain;
    const auto opened = p1meter::Decipherer{telegram.keys}.decipher(telegram.apdu, plain);
    const auto append = [&](Octets& octets, std::size_t begin, std::size_t size) {
      const auto part = telegram.apdu.substr(begin, size);
      octets.insert(octets.end(), part.begin(), part.end());
    };
    append(iv, 2, 8);
    append(iv, opened.content - 4, 4);
    append(header, opened.content - 5, 1);
    const auto authentication = telegram.keys.authentication->octets();
    header.insert(header.end(), authentication.begin(), authentication.end());
    append(content, opened.content, plain.size());
    append(tag, opened.end - tag_size, tag_size);
  }
};

void set_bytes(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void run_openssl(benchmark::State& state, const Encrypted& telegram) {
  Parts parts{telegram};
  const Context context{EVP_CIPHER_CTX_new()};
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  EVP_DecryptInit_ex2(context.get(), cipher, telegram.keys.encryption.octets().data(), nullptr,
                      nullptr);
  EVP_CIPHER_free(cipher);
  const auto size = static_cast<int>(parts.content.size());
  Octets plain(parts.content.size());
  const std::array<OSSL_PARAM, 2> tag{
      OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, parts.tag.data(), tag_size),
      OSSL_PARAM_construct_end()};
  for (auto _ : state) {
    int done = 0;
    EVP_DecryptInit_ex2(context.get(), nullptr, nullptr, parts.iv.data(), nullptr);
    EVP_DecryptUpdate(context.get(), nullptr, &done, parts.header.data(),
                      static_cast<int>(parts.header.size()));
    EVP_DecryptUpdate(context.get(), plain.data(), &done, parts.content.data(), size);
    EVP_CIPHER_CTX_set_params(context.get(), tag.data());
    if (EVP_DecryptFinal_ex(context.get(), plain.data() + done, &done) != 1) {
      state.SkipWithError("tag");
      break;
    }
    benchmark::DoNotOptimize(plain.data());
    benchmark::ClobberMemory();
  }
  if (plain[0] != 0x0F) state.SkipWithError("deciphering");
  set_bytes(state, plain.size());
}

void run_decipherer(benchmark::State& state, const Encrypted& telegram) {
  p1meter::Decipherer decipherer{telegram.keys};
  std::vector<char> plain;
  for (auto _ : state) {
    const auto deciphered = decipherer.decipher(telegram.apdu, plain);
    if (deciphered.tag != p1meter::TagCheck::right) {
      state.SkipWithError("tag");
      break;
    }
    benchmark::DoNotOptimize(plain.data());
    benchmark::ClobberMemory();
  }
  set_bytes(state, plain.size());
}

/// The envelope of a simulated meter's telegram.
Encrypted simulated(std::string_view profile) {
  p1meter::Framer framer;
  framer.push(p1meter::bench::simulated_frame(profile));
  return {std::string{framer.next().value().apdu}, p1meter::bench::simulated_keys(profile).value()};
}

/// As long as a text telegram of Luxembourg.
Encrypted luxembourg() {
  namespace simulator = p1meter::simulator;
  const simulator::Ciphering ciphering{.system_title = "SAG\x45\x01\x02\x03\x04"};
  std::string plain(1'200, '\x02');
  plain.replace(0, 6, std::string{"\x0F\0\0\0\0\0", 6});
  const p1meter::CipherKey zeros{ciphering.key};
  return {simulator::general_glo_ciphering(ciphering, 42, plain),
          {.encryption = zeros, .authentication = zeros}};
}

const bool registered = [] {
  for (const auto& [name, telegram] :
       {std::pair<std::string, Encrypted>{"kamstrup", simulated("kamstrup-dk")},
        std::pair<std::string, Encrypted>{"luxembourg", luxembourg()}}) {
    benchmark::RegisterBenchmark(("gcm/" + name).c_str(), run_openssl, telegram);
    benchmark::RegisterBenchmark(("decipher/" + name).c_str(), run_decipherer, telegram);
  }
  return true;
}();

}  // namespace
