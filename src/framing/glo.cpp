// SPDX-License-Identifier: Apache-2.0
// Framing: a general-glo-ciphering APDU that comes without a link layer (Luxembourg, Steiermark).
#include <algorithm>

#include "framing/link_frame.hpp"

namespace p1meter {
namespace {

using Kind = LinkVerdict::Kind;

using glo::counter_size;
using glo::title_size;

/// The envelope has no check of its own, so that only what meters send is believed.
bool is_known_security(std::uint8_t security) noexcept {
  constexpr unsigned known = glo::authenticated | glo::encrypted | unsigned{glo::suite_bits};
  return (security & ~known) == 0 && (security & glo::suite_bits) <= glo::last_suite;
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
  return apdu.front() == apdu_tag::notification || apdu.front() == apdu_tag::block_transfer ||
         apdu.front() == '/';
}

/// From the length on, which stands at `length_at`.
LinkVerdict judge_envelope(std::string_view bytes, std::size_t length_at,
                           std::size_t limit) noexcept {
  if (bytes.size() <= length_at) return {Kind::incomplete};
  constexpr std::size_t longest_length = 3;  // 82 and two octets
  const AxdrLength length = read_axdr_length(bytes.substr(length_at));
  if (length.size == 0 || length.size > longest_length) return {};
  if (bytes.size() <= length_at + length.size) return {Kind::incomplete};
  const std::size_t begin = length_at + length.size;
  const std::uint8_t security = octet(bytes, begin);
  const bool has_tag = (security & glo::authenticated) != 0;
  const std::size_t least = 1 + counter_size + (has_tag ? glo::tag_size : 0);
  if (!is_known_security(security)) return {};
  const std::size_t size = begin + length.value;
  if (length.value <= least || size > limit) {
    LinkVerdict verdict{Kind::broken};
    verdict.frame.fault = ProblemCode::cipher_malformed;
    return verdict;
  }
  const bool encrypted = (security & glo::encrypted) != 0;
  const std::size_t text = begin + 1 + counter_size;
  const std::size_t telling = std::min(encrypted ? random_bytes : 1, length.value - least);
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
