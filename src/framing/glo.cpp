// SPDX-License-Identifier: Apache-2.0
// Framing: a general-glo-ciphering APDU that comes without a link layer (Luxembourg, Steiermark).
#include <algorithm>

#include "framing/link_frame.hpp"

namespace p1meter {
namespace {

using Kind = LinkVerdict::Kind;

constexpr std::size_t title_size = 8;
constexpr std::size_t counter_size = 4;
constexpr std::size_t tag_size = 12;

/// The envelope has no check of its own, so that only what meters send is believed.
bool is_known_security(std::uint8_t security) noexcept {
  constexpr std::uint8_t authenticated_or_encrypted = 0x30;
  constexpr std::uint8_t last_suite = 2;
  return (security & ~(authenticated_or_encrypted | 0x0FU)) == 0 &&
         (security & 0x0FU) <= last_suite;
}

/// Ciphered bytes look random: among so many one has bit 7 set but once in 2^32. Text that damage
/// made look like an envelope has none.
constexpr std::size_t random_bytes = 32;

bool looks_ciphered(std::string_view text) noexcept {
  return std::ranges::any_of(text,
                             [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
}

/// What an envelope without encryption can hold: a data-notification, blocks, or a text telegram.
bool looks_plain(std::string_view apdu) noexcept {
  return apdu.front() == '\x0F' || apdu.front() == '\xE0' || apdu.front() == '/';
}

/// From the length on, which stands at `length_at`.
LinkVerdict judge_envelope(std::string_view bytes, std::size_t length_at,
                           std::size_t limit) noexcept {
  if (bytes.size() <= length_at) return {Kind::incomplete};
  const std::uint8_t form = octet(bytes, length_at);
  if (form >= 0x80 && form != 0x81 && form != 0x82) return {};
  const auto length = read_axdr_length(bytes.substr(length_at));
  if (!length || bytes.size() <= length_at + length->size) return {Kind::incomplete};
  const std::size_t begin = length_at + length->size;
  const std::uint8_t security = octet(bytes, begin);
  const bool has_tag = (security & 0x10U) != 0;
  const std::size_t least = 1 + counter_size + (has_tag ? tag_size : 0);
  if (!is_known_security(security)) return {};
  const std::size_t size = begin + length->value;
  if (length->value <= least || size > limit) {
    LinkVerdict verdict{Kind::broken};
    verdict.frame.fault = ProblemCode::cipher_malformed;
    return verdict;
  }
  const bool encrypted = (security & 0x20U) != 0;
  const std::size_t text = begin + 1 + counter_size;
  const std::size_t telling = std::min(encrypted ? random_bytes : 1, length->value - least);
  if (bytes.size() < text + telling) return {Kind::incomplete};
  const auto sample = bytes.substr(text, telling);
  if (!(encrypted ? looks_ciphered(sample) : looks_plain(sample))) return {};
  if (bytes.size() < size) return {Kind::awaited};
  LinkVerdict verdict{Kind::whole};
  verdict.frame.size = size;
  verdict.frame.part_end = size;
  return verdict;
}

}  // namespace

LinkVerdict judge_glo(std::string_view bytes, std::size_t limit) noexcept {
  if (bytes.size() >= 2 && octet(bytes, 1) != title_size) return {};
  return judge_envelope(bytes, 2 + title_size, limit);
}

LinkVerdict judge_ciphered_body(std::string_view bytes, std::size_t limit) noexcept {
  constexpr std::uint8_t two_octets = 0x82;
  if (octet(bytes, 0) != 0) return {};
  if (bytes.size() >= 2 && octet(bytes, 1) != two_octets) return {};
  return judge_envelope(bytes, 1, limit);
}

}  // namespace p1meter
