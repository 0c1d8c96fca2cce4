// SPDX-License-Identifier: Apache-2.0
// Values: keys of AES-128.
#include "p1meter/values/cipher_key.hpp"

#include <algorithm>
#include <array>

namespace p1meter {
namespace {

constexpr std::size_t digits_of_a_key = 2 * CipherKey::size;
constexpr std::string_view white_space = " \t\r\n";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // editors put it before a file's text

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool separates(char c) { return c == ' ' || c == ':' || c == '-' || c == '\t'; }

bool is_printable_ascii(char c) { return c >= ' ' && c <= '~'; }

/// Octets of a key while they are read.
struct Draft {
  std::array<unsigned char, CipherKey::size> octets{};

  Draft() = default;
  Draft(const Draft&) = delete;
  Draft(Draft&&) = delete;
  Draft& operator=(const Draft&) = delete;
  Draft& operator=(Draft&&) = delete;
  ~Draft() { wipe(octets.data(), octets.size()); }
};

bool begins_with_prefix(std::string_view text) {
  return text.starts_with("0x") || text.starts_with("0X");
}

/// Fills the draft with the first 32 digits and says how many there are; nothing when anything but
/// digits, separators and an 0x in front of octets is there.
std::optional<std::size_t> read_digits(std::string_view text, Draft& draft) {
  std::size_t count = 0;
  bool group_begins = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (separates(text[i])) {
      group_begins = true;
      continue;
    }
    if (group_begins && count % 2 == 0 && begins_with_prefix(text.substr(i))) {
      ++i;
      group_begins = false;
      continue;
    }
    group_begins = false;
    const int digit = hex_digit(text[i]);
    if (digit < 0) return std::nullopt;
    if (count < digits_of_a_key) {
      auto& octet = draft.octets[count / 2];
      octet = static_cast<unsigned char>(octet * 16U + static_cast<unsigned>(digit));
    }
    ++count;
  }
  return count;
}

}  // namespace

void wipe(void* memory, std::size_t size) noexcept {
  auto* const octets = static_cast<volatile unsigned char*>(memory);
  for (std::size_t i = 0; i < size; ++i) octets[i] = 0;
}

CipherKey::CipherKey(std::span<const unsigned char, size> octets) noexcept {
  std::copy(octets.begin(), octets.end(), octets_.begin());
}

CipherKey::CipherKey(CipherKey&& other) noexcept : octets_{other.octets_} {
  wipe(other.octets_.data(), size);
}

CipherKey& CipherKey::operator=(CipherKey&& other) noexcept {
  if (this == &other) return *this;
  octets_ = other.octets_;
  wipe(other.octets_.data(), size);
  return *this;
}

CipherKey::~CipherKey() { wipe(octets_.data(), size); }

Result<CipherKey, std::string> parse_cipher_key(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  text = trimmed(text);
  Draft draft;
  if (text.size() == CipherKey::size && std::all_of(text.begin(), text.end(), is_printable_ascii)) {
    std::copy(text.begin(), text.end(), draft.octets.begin());
    return CipherKey{draft.octets};
  }
  const auto digits = read_digits(text, draft);
  if (digits == digits_of_a_key) return CipherKey{draft.octets};
  if (digits) return tl::unexpected{"32 hex digits, not " + std::to_string(*digits)};
  return tl::unexpected{"32 hex digits or 16 ASCII characters, not " + std::to_string(text.size()) +
                        " characters of another kind"};
}

}  // namespace p1meter
