// SPDX-License-Identifier: Apache-2.0
// Pipeline: a frame with its verdict becomes a telegram. Includes the pure rooms only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "p1meter/decoding/decipher.hpp"
#include "p1meter/decoding/list_layout.hpp"
#include "p1meter/framing/framer.hpp"
#include "p1meter/values/cipher_key.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter {

/// Decodes frames of one meter, deciphered where need be, and joins what all checks found: the
/// link's, the text's checksum, the authentication tag.
///
/// Integrity ok: every check that could be made was right; a tag may have stayed unchecked, for
/// want of a key or as the keys ask (verify_tag). bad: one was wrong, or what was deciphered is no
/// telegram. absent: there was none that could be made. Judges nothing.
///
/// Offsets of objects and problems count from the frame's first byte, also inside what was
/// deciphered: every octet of the text has its place in the ciphertext.
///
/// Owns      the telegram's views are into the frame's bytes, the telegram's own memory, or this
///           reader: valid until the next call of read
/// Cost      linear; allocates only until vectors have grown
class FrameReader {
 public:
  /// layouts: none means only lists that describe themselves have names.
  explicit FrameReader(std::shared_ptr<const ListLayouts> layouts = {},
                       std::optional<DecipherKeys> keys = std::nullopt);

  void read(const Frame& frame, Telegram& telegram);

 private:
  void read_apdu(const Frame& frame, Telegram& telegram);
  void read_content(const Frame& frame, std::string_view content, std::uint32_t base,
                    Telegram& telegram);
  static void read_header(const Frame& frame, Telegram& telegram);
  void read_inner_text(std::string_view text, Telegram& telegram);

  std::shared_ptr<const ListLayouts> layouts_;
  Decipherer decipherer_;
  std::string inner_lines_{};  // of a text whose body was ciphered
  std::size_t inner_limit_{};
  std::uint64_t inner_pushed_{};     // into inner_, in all
  std::unique_ptr<Framer> inner_{};  // for text inside an envelope: there since the first
};

}  // namespace p1meter
