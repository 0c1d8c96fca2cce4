// SPDX-License-Identifier: Apache-2.0
// Fuzzing: any bytes in any chunks through framing and decoding.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "p1meter/decoding/decode.hpp"
#include "p1meter/framing/crc16.hpp"
#include "p1meter/framing/framer.hpp"
#include "support/telegram_builder.hpp"

namespace {

using p1meter::Frame;

void require(bool condition) {
  if (!condition) std::abort();
}

bool lies_within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// What holds for every telegram, whatever the bytes.
void check_decoding(std::string_view text, p1meter::Telegram& telegram) {
  p1meter::decode_text(text, telegram);
  require(lies_within(telegram.identification, text) && lies_within(telegram.version, text));
  for (const auto& object : telegram.objects) {
    require(lies_within(object.raw, text) && lies_within(object.text, object.raw));
    require(object.offset < text.size());
    require(object.first_row + object.row_count <= telegram.rows.size());
    if (object.number)
      require(p1meter::to_string(*object.number).size() < p1meter::decimal_text_size);
    if (object.time)
      static_cast<void>(p1meter::to_string(p1meter::place(*object.time, p1meter::Zone{})));
  }
  for (const auto& row : telegram.rows) require(lies_within(row.text, text));
  for (const auto& problem : telegram.problems) {
    require(problem.offset <= text.size() && lies_within(problem.text, text));
  }
}

void check_frame(const Frame& frame, p1meter::Telegram& telegram) {
  require(frame.bytes.starts_with('/') && frame.body_size <= frame.bytes.size());
  const auto body = frame.bytes.substr(0, frame.body_size);
  require(!frame.ended || body.ends_with('!'));
  const bool ok = frame.integrity == p1meter::Integrity::ok;
  require(ok == (frame.checksum != p1meter::ChecksumRule::none));
  if (ok) {
    const bool arc = frame.checksum == p1meter::ChecksumRule::arc;
    const auto digits = frame.bytes.substr(frame.body_size);
    const auto sent =
        static_cast<unsigned>(std::strtoul(std::string{digits.substr(0, 4)}.c_str(), nullptr, 16));
    const unsigned computed =
        arc ? p1meter::test::plain_crc16_arc(body) : p1meter::test::plain_crc16_x25(body);
    const unsigned low_first = (computed & 0xFFU) << 8U | computed >> 8U;
    require(sent == computed || (!frame.apdu.empty() && sent == low_first));
  }
  check_decoding(body, telegram);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // The first byte chooses the chunks, the rest is the stream.
  const std::size_t chunk = std::size_t{1} + data[0];
  const std::string_view stream{reinterpret_cast<const char*>(data) + 1, size - 1};
  p1meter::Framer framer{1024};
  p1meter::Telegram telegram;
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;
  const auto use = [&](const Frame& frame) {
    ++frames;
    require(frame.bytes.size() <= 1024);
    if (frame.kind != Frame::Kind::text)
      return;  // what a link frame promises: fuzz_hdlc, fuzz_mbus
    bytes += frame.bytes.size();
    check_frame(frame, telegram);
  };
  for (std::size_t at = 0; at < stream.size(); at += chunk) {
    framer.push(stream.substr(at, chunk));
    while (const auto frame = framer.next()) use(*frame);
  }
  while (const auto frame = framer.finish()) use(*frame);
  const auto& counters = framer.counters();
  require(counters.frames == frames && bytes + counters.skipped_bytes <= stream.size());
  require(!framer.inside_frame());
  check_decoding(stream, telegram);  // and without framing, as a caller might
  return 0;
}
