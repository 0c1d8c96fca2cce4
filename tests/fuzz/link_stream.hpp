// SPDX-License-Identifier: Apache-2.0
// Fuzzing: any bytes in any chunks through framing and the frame reader, for streams of link
// frames.
//
// An input is three chunk sizes, each less one and used in turn, an octet of options, and the
// stream. Options: 01 for a line that falls silent behind every chunk.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/framing/framer.hpp"
#include "p1meter/pipeline/frame_reader.hpp"
#include "settings/settings.hpp"
#include "support/telegram_builder.hpp"

// Of libFuzzer: changes `size` octets, of which there is room for `room`.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t room);

namespace p1meter::test {

inline constexpr std::size_t input_head = 4;
/// Above the longest HDLC frame, and below what an input's parts can add up to.
inline constexpr std::size_t fuzz_frame_limit = 2100;

inline void require(bool condition) {
  if (!condition) std::abort();
}

/// What a reader made of a frame, in octets that can be compared. Reads every view to its end, so
/// that one that points to freed memory is found.
class Digest {
 public:
  explicit Digest(const Telegram& telegram) {
    add(static_cast<unsigned>(telegram.protocol), static_cast<unsigned>(telegram.link),
        static_cast<unsigned>(telegram.integrity), static_cast<unsigned>(telegram.checksum),
        telegram.encrypted);
    add(telegram.frame, telegram.identification, telegram.version, telegram.layout);
    add(telegram.time);
    for (const CosemObject& object : telegram.objects) add(object);
    for (const ObjectRow& row : telegram.rows) {
      add(row.stamp);
      add(row.time);
      add(row.number);
      add(row.text, row.unset);
    }
    for (const ListItem& item : telegram.items) {
      add(item.position, item.type, item.value, item.offset);
    }
    if (telegram.ciphering) {
      add(telegram.ciphering->system_title, telegram.ciphering->security,
          telegram.ciphering->counter);
    }
    for (const Problem& problem : telegram.problems) {
      add(static_cast<unsigned>(problem.code), problem.offset, problem.text);
    }
  }

  friend bool operator==(const Digest&, const Digest&) = default;

 private:
  template <class... Values>
  void add(const Values&... values) {
    (add_one(values), ...);
  }
  void add_one(std::string_view text) {
    add_one(std::uint64_t{text.size()});
    octets_.append(text);
  }
  void add_one(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8)
      octets_.push_back(static_cast<char>(value >> shift));
  }
  void add(const std::optional<MeterClock>& clock) {
    octets_ += clock ? to_string(place(*clock, Zone{})) : "-";
  }
  void add(const std::optional<Decimal>& number) { octets_ += number ? to_string(*number) : "-"; }
  void add(const CosemObject& object) {
    add(object.obis.packed(), object.offset, object.raw, object.text, object.first_row,
        object.row_count);
    add(static_cast<unsigned>(object.unit), object.has_unit, object.unit_known, object.time_unset,
        object.time_malformed, object.scale_unknown);
    add(object.number);
    add(object.time);
  }

  std::string octets_{};
};

/// The parts of an APDU lie where they are said to.
inline void check_pieces(const Frame& frame) {
  for (std::size_t i = 0; i < frame.pieces.size(); ++i) {
    const Piece& piece = frame.pieces[i];
    const bool is_last = i + 1 == frame.pieces.size();
    const std::size_t end = is_last ? frame.apdu.size() : frame.pieces[i + 1].apdu_offset;
    require(i > 0 || piece.apdu_offset == 0);
    require(piece.apdu_offset <= end && end <= frame.apdu.size());
    require(piece.frame_offset <= frame.bytes.size());
    const std::string_view part = frame.apdu.substr(piece.apdu_offset, end - piece.apdu_offset);
    require(frame.bytes.substr(piece.frame_offset).starts_with(part));
  }
  require(frame.apdu.empty() || !frame.pieces.empty());
}

/// Every HDLC frame of what passed as sound has a check sequence that fits, by another code.
inline void check_hdlc_sums(std::string_view bytes) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  while (!bytes.empty()) {
    const std::size_t length = (octet(1) & 0x07U) << 8U | octet(2);
    require(bytes.size() >= length + 2 && bytes[0] == '\x7E' && bytes[length + 1] == '\x7E');
    const unsigned sent = octet(length - 1) | unsigned{octet(length)} << 8U;
    require(plain_crc16_x25(bytes.substr(1, length - 2)) == sent);
    bytes.remove_prefix(length + 2);
  }
}

/// Likewise for M-Bus: sums. A length may lack its carry.
inline void check_mbus_sums(std::string_view bytes) {
  constexpr std::size_t around = 6;  // start and end
  const auto fits = [&](std::size_t length) {
    if (bytes.size() < length + around || bytes[length + around - 1] != '\x16') return false;
    unsigned sum = 0;
    for (const char c : bytes.substr(4, length)) sum += static_cast<unsigned char>(c);
    return (sum & 0xFFU) == static_cast<unsigned char>(bytes[length + 4]);
  };
  while (!bytes.empty()) {
    require(bytes.size() >= around && bytes[0] == '\x68' && bytes[1] == bytes[2]);
    std::size_t length = static_cast<unsigned char>(bytes[1]);
    if (!fits(length)) length += 256;
    require(fits(length));
    bytes.remove_prefix(length + around);
  }
}

inline void check_frame(const Frame& frame, std::string_view stream) {
  require(!frame.bytes.empty() && frame.bytes.size() <= fuzz_frame_limit);
  require(frame.stream_offset < frame.stream_end && frame.stream_end <= stream.size());
  if (frame.kind == Frame::Kind::text) return;
  require(frame.bytes.front() == stream[frame.stream_offset]);
  require(frame.bytes.back() == stream[frame.stream_end - 1]);
  require(frame.apdu.size() <= frame.bytes.size());
  check_pieces(frame);
  if (frame.fault) require(frame.fault->offset <= frame.bytes.size());
  require(!frame.fault || frame.integrity == Integrity::bad);
  require(frame.ended || frame.integrity == Integrity::bad);
  const bool sound = frame.integrity == Integrity::ok;
  if (sound && frame.link == Link::hdlc) check_hdlc_sums(frame.bytes);
  if (sound && frame.link == Link::mbus) check_mbus_sums(frame.bytes);
  if (sound) require(frame.link != Link::none);
}

inline void check_telegram(const Telegram& telegram, std::string_view frame) {
  require(telegram.frame.data() == frame.data() && telegram.frame.size() == frame.size());
  for (const CosemObject& object : telegram.objects) {
    require(object.offset < frame.size());
    require(std::size_t{object.first_row} + object.row_count <= telegram.rows.size());
  }
  for (const ListItem& item : telegram.items) require(item.offset < frame.size());
  for (const Problem& problem : telegram.problems) require(problem.offset <= frame.size());
}

/// Reads every frame twice, the second time over what the first has left.
class Reading {
 public:
  void read(const Frame& frame) {
    for (FrameReader* reader : {&with_key_, &without_}) {
      reader->read(frame, telegram_);
      check_telegram(telegram_, frame.bytes);
      const Digest first{telegram_};
      reader->read(frame, telegram_);
      require(first == Digest{telegram_});
    }
  }

 private:
  static std::shared_ptr<const ListLayouts> layouts() {
    static const auto shipped = std::make_shared<const ListLayouts>(settings::make_list_layouts());
    return shipped;
  }
  /// A wrong tag passes: what the key makes of changed octets is to be decoded too.
  static DecipherKeys keys() {
    return {.encryption = *parse_cipher_key("000102030405060708090A0B0C0D0E0F"),
            .authentication = *parse_cipher_key("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"),
            .verify_tag = false};
  }

  FrameReader with_key_{layouts(), keys()};
  FrameReader without_{};
  Telegram telegram_{};
};

/// What of a stream must not depend on its chunks.
struct Outcome {
  std::vector<std::string> frames{};
  std::array<std::uint64_t, 4> counters{};
  std::vector<std::pair<ProblemCode, std::uint64_t>> dropped{};

  friend bool operator==(const Outcome&, const Outcome&) = default;

  void add(const Frame& frame) {
    std::string& text = frames.emplace_back(frame.bytes);
    text.append(1, static_cast<char>(frame.kind)).append(1, static_cast<char>(frame.integrity));
    text.append(frame.ended ? "ended" : "cut").append(frame.apdu);
    for (const std::uint64_t value : {std::uint64_t{frame.body_size}, frame.stream_offset,
                                      frame.stream_end, std::uint64_t{frame.pieces.size()}}) {
      text.append(" ").append(std::to_string(value));
    }
    if (frame.fault)
      text.append(problem_name(frame.fault->code)).append(std::to_string(frame.fault->offset));
  }
};

/// How a stream arrives.
struct Arrival {
  std::array<std::size_t, 3> chunks{};  // sizes, in turn
  bool silences{};                      // after each chunk the line is silent for a second
};

inline Outcome run_stream(std::string_view stream, const Arrival& arrival) {
  Framer framer{fuzz_frame_limit};
  Reading reading;
  Outcome outcome;
  const auto use = [&](const Frame& frame) {
    check_frame(frame, stream);
    reading.read(frame);
    outcome.add(frame);
  };
  std::size_t turn = 0;
  for (std::size_t at = 0; at < stream.size();) {
    const auto chunk = stream.substr(at, arrival.chunks[turn++ % arrival.chunks.size()]);
    at += chunk.size();
    framer.push(chunk);
    while (const auto frame = framer.next()) use(*frame);
    if (!arrival.silences) continue;
    framer.stop_waiting();
    while (const auto frame = framer.next()) use(*frame);
  }
  while (const auto frame = framer.finish()) use(*frame);
  require(!framer.inside_frame() && !framer.awaits_binary());
  const FramingCounters& counters = framer.counters();
  require(counters.frames == outcome.frames.size() && counters.skipped_bytes <= stream.size());
  outcome.counters = {counters.frames, counters.skipped_bytes, counters.truncated,
                      counters.oversized};
  for (const Dropped& dropped : framer.take_dropped()) {
    require(dropped.stream_offset <= stream.size());
    outcome.dropped.emplace_back(dropped.code, dropped.stream_offset);
  }
  return outcome;
}

inline void check_link_stream(const std::uint8_t* data, std::size_t size) {
  if (size <= input_head) return;
  Arrival arrival;
  for (std::size_t i = 0; i < arrival.chunks.size(); ++i)
    arrival.chunks[i] = std::size_t{1} + data[i];
  arrival.silences = (data[input_head - 1] & 1U) != 0;
  const std::string_view stream{reinterpret_cast<const char*>(data) + input_head,
                                size - input_head};
  const Outcome whole =
      run_stream(stream, {.chunks = {stream.size(), stream.size(), stream.size()}});
  const Outcome chunked = run_stream(stream, arrival);
  require(arrival.silences || chunked == whole);
}

/// Changes an input; `seal` then puts right the sums of frames, for chance never does. One change
/// in four is left as it is.
template <class Seal>
std::size_t mutate_link_stream(std::uint8_t* data, std::size_t size, std::size_t room,
                               unsigned seed, Seal seal) {
  size = LLVMFuzzerMutate(data, size, room);
  if (seed % 4 != 0 && size > input_head) {
    seal(reinterpret_cast<char*>(data) + input_head, size - input_head);
  }
  return size;
}

}  // namespace p1meter::test
