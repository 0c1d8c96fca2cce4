// SPDX-License-Identifier: Apache-2.0
// Pipeline: how each byte of a frame was understood. Includes the pure rooms only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "p1meter/decoding/decipher.hpp"
#include "p1meter/framing/framer.hpp"
#include "p1meter/mapping/mapper.hpp"
#include "p1meter/values/cipher_key.hpp"
#include "p1meter/values/outline.hpp"
#include "p1meter/values/reading.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter {

/// Joins what framing, decoding and mapping know of a frame to one tree:
///
/// - link frames with their fields, down to the APDU. One that several link frames carry stands
///   behind them once more (`again`), its elements at the places where they really lie
/// - the envelope, with what was deciphered inside the ciphertext's line; one that is a text's body
///   (Stoen) among the lines around it
/// - every element; where an object came of it, its code, value, and reading
/// - every problem at its place, as a remark that begins with "! "
///
/// For people who look at one telegram: it decodes and deciphers by itself and allocates freely.
///
/// Owns      the lines' octets are borrowed from the frame and from this explainer: valid until the
///           next explain
class Explainer {
 public:
  explicit Explainer(std::optional<DecipherKeys> keys = std::nullopt);

  /// telegram and mapped    what FrameReader and Mapper made of the same frame
  [[nodiscard]] Outline explain(const Frame& frame, const Telegram& telegram,
                                const MappedTelegram& mapped, const KeyCatalogue& keys);

 private:
  enum class Inside : std::uint8_t { apdu, lines };  // what an envelope holds, unless a whole text

  [[nodiscard]] Outline describe_text(const Frame& frame);
  [[nodiscard]] Outline describe_around_body(const Frame& frame, std::size_t end);
  [[nodiscard]] Outline describe_apdu(const Frame& frame);
  [[nodiscard]] Outline describe_content(std::string_view octets);
  [[nodiscard]] Outline describe_envelope(std::string_view apdu, Inside what);
  [[nodiscard]] Outline describe_inner_text(std::string_view text);

  Decipherer decipherer_;
  std::vector<char> plain_{};
  std::unique_ptr<Framer> inner_{};  // the octets of a text inside an envelope live here
};

}  // namespace p1meter
