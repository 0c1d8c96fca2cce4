// SPDX-License-Identifier: Apache-2.0
// Decoding: general-glo-ciphering. The one file of the pure rooms that calls a library: AES-GCM is
// not for writing oneself.
#include "p1meter/decoding/decipher.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <utility>

#include "p1meter/values/apdu.hpp"
#include "p1meter/values/octets.hpp"

namespace p1meter {
namespace {

using glo::authenticated;
using glo::counter_size;
using glo::encrypted;
using glo::tag_size;
using glo::title_size;

constexpr std::size_t iv_size = title_size + counter_size;

/// Luxembourg's, printed in its specification: Luxmetering P1 1.1.3, section 3.2.5.
constexpr std::array<unsigned char, CipherKey::size> public_authentication_key{
    0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF};

/// The same memory as OpenSSL wants it: every octet may be read and written as an unsigned char.
const unsigned char* octets(std::string_view bytes) {
  const void* const memory = bytes.data();
  return static_cast<const unsigned char*>(memory);
}
unsigned char* octets(std::vector<char>& bytes) {
  void* const memory = bytes.data();
  return static_cast<unsigned char*>(memory);
}

/// The parts of an envelope, as views into the APDU.
struct Envelope {
  std::string_view title{};
  std::string_view counter{};
  std::string_view content{};
  std::string_view tag{};
};

/// Reads an envelope from its first octet on. A problem's offset is where the reading stopped.
class EnvelopeReader {
 public:
  EnvelopeReader(std::string_view apdu, Deciphered& result) : apdu_{apdu}, result_{result} {}

  /// False: result has the problem.
  bool read(Envelope& envelope) {
    if (!read_title(envelope) || !read_length()) return false;
    if (!has(1 + counter_size)) return malformed();
    const unsigned security = octet(apdu_, at_);
    result_.ciphering.security = static_cast<std::uint8_t>(security);
    envelope.counter = apdu_.substr(at_ + 1, counter_size);
    result_.ciphering.counter = big_endian(envelope.counter);
    if ((security & glo::compressed) != 0 || (security & glo::suite_bits) > glo::last_suite) {
      result_.problem = ProblemCode::security_unknown;
      result_.offset = static_cast<std::uint32_t>(at_);
      return false;
    }
    at_ += 1 + counter_size;
    result_.content = static_cast<std::uint32_t>(at_);
    const std::size_t behind = (security & authenticated) != 0 ? tag_size : 0;
    if (!has(behind + 1)) return malformed();  // an empty telegram is none
    envelope.content = apdu_.substr(at_, apdu_.size() - at_ - behind);
    envelope.tag = apdu_.substr(apdu_.size() - behind);
    return true;
  }

 private:
  [[nodiscard]] bool has(std::size_t count) const { return apdu_.size() - at_ >= count; }

  bool malformed() {
    result_.problem = ProblemCode::cipher_malformed;
    result_.offset = static_cast<std::uint32_t>(at_);
    return false;
  }

  bool read_title(Envelope& envelope) {
    if (!has(1)) return malformed();
    if (apdu_[at_] == apdu_tag::ciphering) ++at_;
    if (!has(1)) return malformed();
    const std::size_t size = octet(apdu_, at_);
    if (size != 0 && (size != title_size || at_ == 0)) return malformed();
    if (!has(1 + size)) return malformed();
    envelope.title = apdu_.substr(at_ + 1, size);
    result_.ciphering.system_title = envelope.title;
    at_ += 1 + size;
    return true;
  }

  /// Takes off what follows the envelope.
  bool read_length() {
    constexpr std::size_t longest = 3;  // 82 and two octets
    const AxdrLength length = read_axdr_length(apdu_.substr(at_));
    if (length.size > longest || !length.is_within(apdu_.size() - at_)) return malformed();
    if (!has(length.size + length.value)) return malformed();
    at_ += length.size;
    apdu_ = apdu_.substr(0, at_ + length.value);
    result_.end = static_cast<std::uint32_t>(apdu_.size());
    return true;
  }

  std::string_view apdu_;
  Deciphered& result_;
  std::size_t at_{};
};

bool is_text(char c) { return (c >= ' ' && c <= '~') || c == '\r' || c == '\n'; }

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
struct FreeCipher {
  void operator()(EVP_CIPHER* cipher) const noexcept { EVP_CIPHER_free(cipher); }
};

}  // namespace

/// AES-128-GCM with keys that stay: a telegram sets the IV only.
class Decipherer::Cipher {
 public:
  explicit Cipher(const DecipherKeys& keys)
      : context_{EVP_CIPHER_CTX_new()}, verify_tag_{keys.verify_tag} {
    const std::unique_ptr<EVP_CIPHER, FreeCipher> kind{
        EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr)};
    ready_ = context_ && kind &&
             EVP_DecryptInit_ex2(context_.get(), kind.get(), keys.encryption.octets().data(),
                                 nullptr, nullptr) == 1;
    auto* const behind_security = header_.data() + 1;
    if (keys.authentication) {
      std::copy_n(keys.authentication->octets().begin(), CipherKey::size, behind_security);
    } else {
      std::copy_n(public_authentication_key.begin(), CipherKey::size, behind_security);
    }
  }
  ~Cipher() { OPENSSL_cleanse(header_.data(), header_.size()); }
  Cipher(const Cipher&) = delete;
  Cipher(Cipher&&) = delete;
  Cipher& operator=(const Cipher&) = delete;
  Cipher& operator=(Cipher&&) = delete;

  /// Deciphers and checks. `plain`: what came out, right or wrong.
  void open(const Envelope& envelope, Deciphered& result, std::vector<char>& plain) {
    const unsigned security = result.ciphering.security;
    if (!begin(envelope, security) || !run(envelope, security, plain)) {
      result.problem = ProblemCode::security_unknown;
      result.offset = result.content;
      return;
    }
    if (!envelope.tag.empty()) {
      result.tag = fits(envelope.tag) ? TagCheck::right
                   : verify_tag_      ? TagCheck::wrong
                                      : TagCheck::unchecked;
    }
    if (result.tag == TagCheck::right) return;
    if (!looks_like_telegram({plain.data(), plain.size()})) {
      const bool other_cipher =
          (security & glo::suite_bits) == glo::last_suite;  // AES-256, by the standard
      result.problem = other_cipher ? ProblemCode::security_unknown : ProblemCode::key_wrong;
      result.offset = result.content;
    } else if (result.tag == TagCheck::wrong) {
      result.problem = ProblemCode::tag_mismatch;
      result.offset = result.end - static_cast<std::uint32_t>(tag_size);
    }
  }

 private:
  /// False: OpenSSL cannot do it (its configuration may forbid ciphers).
  bool begin(const Envelope& envelope, unsigned security) {
    if (!ready_) return false;
    header_[0] = static_cast<unsigned char>(security);
    std::array<unsigned char, iv_size> iv{};
    std::copy(envelope.title.begin(), envelope.title.end(), iv.begin());
    std::copy(envelope.counter.begin(), envelope.counter.end(), iv.begin() + title_size);
    if (EVP_DecryptInit_ex2(context_.get(), nullptr, nullptr, iv.data(), nullptr) != 1)
      return false;
    return envelope.tag.empty() || authenticate(header_.data(), header_.size());
  }

  /// Octets that the tag covers and that are not ciphered.
  bool authenticate(const unsigned char* bytes, std::size_t count) {
    int done = 0;
    return EVP_DecryptUpdate(context_.get(), nullptr, &done, bytes, static_cast<int>(count)) == 1;
  }

  bool run(const Envelope& envelope, unsigned security, std::vector<char>& plain) {
    if ((security & encrypted) == 0) {
      plain.assign(envelope.content.begin(), envelope.content.end());
      return authenticate(octets(envelope.content), envelope.content.size());
    }
    plain.resize(envelope.content.size());
    int done = 0;
    return EVP_DecryptUpdate(context_.get(), octets(plain), &done, octets(envelope.content),
                             static_cast<int>(envelope.content.size())) == 1;
  }

  /// Whether the tag fits all that was given.
  bool fits(std::string_view tag) {
    std::array<unsigned char, tag_size> expected{};
    std::copy(tag.begin(), tag.end(), expected.begin());
    // what EVP_CTRL_AEAD_SET_TAG does too, at twice the price
    const std::array<OSSL_PARAM, 2> given{
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, expected.data(), tag_size),
        OSSL_PARAM_construct_end()};
    std::array<unsigned char, CipherKey::size> nothing{};
    int done = 0;
    return EVP_CIPHER_CTX_set_params(context_.get(), given.data()) == 1 &&
           EVP_DecryptFinal_ex(context_.get(), nothing.data(), &done) == 1;
  }

  std::unique_ptr<EVP_CIPHER_CTX, FreeContext> context_;
  bool ready_{};
  bool verify_tag_;
  std::array<unsigned char, 1 + CipherKey::size> header_{};  // security control, AK
};

Decipherer::Decipherer() noexcept = default;
Decipherer::Decipherer(std::optional<DecipherKeys> keys) noexcept : keys_{std::move(keys)} {}
Decipherer::~Decipherer() = default;
Decipherer::Decipherer(Decipherer&&) noexcept = default;
Decipherer& Decipherer::operator=(Decipherer&&) noexcept = default;

Deciphered Decipherer::decipher(std::string_view apdu, std::vector<char>& plain) {
  Deciphered result;
  Envelope envelope;
  if (!EnvelopeReader{apdu, result}.read(envelope)) {
    plain.clear();
    return result;
  }
  const bool is_encrypted = (result.ciphering.security & encrypted) != 0;
  if (!is_encrypted && (!keys_ || envelope.tag.empty())) {
    plain.assign(envelope.content.begin(), envelope.content.end());
    return result;
  }
  if (keys_) {
    if (!cipher_) cipher_ = std::make_unique<Cipher>(*keys_);
    cipher_->open(envelope, result, plain);
  } else {
    result.problem = ProblemCode::key_missing;
    result.offset = result.content;
  }
  if (result.problem && result.problem != ProblemCode::tag_mismatch) plain.clear();
  return result;
}

bool looks_like_telegram(std::string_view plain) noexcept {
  constexpr std::size_t date_time_at = 5;  // behind 0F and the invoke-id
  constexpr std::size_t judged = 8;
  if (plain.starts_with(apdu_tag::notification) && plain.size() > date_time_at) {
    const unsigned form = octet(plain, date_time_at);
    return form == 0x00 || form == 0x0C || form == 0x09 || form == 0x19;
  }
  if (plain.starts_with(apdu_tag::block_transfer) || plain.starts_with("\xDB\x08")) return true;
  return plain.size() >= judged && std::all_of(plain.begin(), plain.begin() + judged, is_text);
}

}  // namespace p1meter
