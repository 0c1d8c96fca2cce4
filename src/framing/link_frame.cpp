// SPDX-License-Identifier: Apache-2.0
// Framing: which kind of link frame begins here?
#include "framing/link_frame.hpp"

namespace p1meter {

LinkVerdict judge_link_frame(std::string_view bytes, std::size_t limit, bool last_chance) noexcept {
  switch (bytes.front()) {
    case '\x7E':
      return judge_hdlc(bytes);
    case '\x68':
      return judge_mbus(bytes, last_chance);
    case apdu_tag::ciphering:
      return judge_glo(bytes, limit);
    default:
      return {};
  }
}

}  // namespace p1meter
