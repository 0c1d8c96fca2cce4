// SPDX-License-Identifier: Apache-2.0
// Framing: which kind of link frame begins here?
#include "framing/link_frame.hpp"

namespace p1meter {

LinkVerdict judge_link_frame(std::string_view bytes, std::size_t limit, bool last_chance) noexcept {
  switch (octet(bytes, 0)) {
    case 0x7E:
      return judge_hdlc(bytes);
    case 0x68:
      return judge_mbus(bytes, last_chance);
    case 0xDB:
      return judge_glo(bytes, limit);
    default:
      return {};
  }
}

std::optional<AxdrLength> read_axdr_length(std::string_view bytes) noexcept {
  if (bytes.empty()) return std::nullopt;
  const std::uint8_t first = octet(bytes, 0);
  if (first < 0x80) return AxdrLength{first, 1};
  const std::size_t count = first & 0x7FU;
  if (count < 1 || count > 4 || bytes.size() <= count) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = 1; i <= count; ++i) value = value << 8U | octet(bytes, i);
  return AxdrLength{value, count + 1};
}

}  // namespace p1meter
