// SPDX-License-Identifier: Apache-2.0
// Pipeline: a frame with its verdict becomes a telegram.
#include "p1meter/pipeline/read_frame.hpp"

#include "p1meter/decoding/decode.hpp"

namespace p1meter {

void read_frame(const Frame& frame, Telegram& telegram) {
  decode_text(frame.bytes.substr(0, frame.body_size), telegram);
  telegram.frame = frame.bytes;
  telegram.integrity = frame.integrity;
  telegram.checksum = frame.checksum;

  const auto body_size = static_cast<std::uint32_t>(frame.body_size);
  const auto report = [&](ProblemCode code, std::uint32_t offset, std::string_view text = {}) {
    telegram.problems.push_back({.code = code, .offset = offset, .text = text});
  };
  if (!frame.ended) report(ProblemCode::no_end, body_size);
  if (frame.integrity == Integrity::bad) {
    report(frame.line_ends_changed ? ProblemCode::line_ends_changed : ProblemCode::crc_mismatch,
           body_size - 1, frame.bytes.substr(frame.body_size - 1));
  }
}

}  // namespace p1meter
