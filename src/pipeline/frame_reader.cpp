// SPDX-License-Identifier: Apache-2.0
// Pipeline: a frame with its verdict becomes a telegram.
#include "p1meter/pipeline/frame_reader.hpp"

#include <algorithm>
#include <utility>

#include "p1meter/decoding/decode.hpp"
#include "p1meter/values/apdu.hpp"
#include "pipeline/frame_offset.hpp"

namespace p1meter {
namespace {

void report(Telegram& telegram, ProblemCode code, std::size_t offset, std::string_view text = {}) {
  telegram.problems.push_back(
      {.code = code, .offset = static_cast<std::uint32_t>(offset), .text = text});
}

/// Moves the places of what was decoded from content that begins at `base` of the APDU.
void move_offsets(Telegram& telegram, std::span<const Piece> pieces, std::uint32_t base) noexcept {
  const auto move_all = [&telegram](auto place) {
    for (CosemObject& object : telegram.objects) object.offset = place(object.offset);
    for (ListItem& item : telegram.items) item.offset = place(item.offset);
    for (Problem& problem : telegram.problems) problem.offset = place(problem.offset);
  };
  if (pieces.size() == 1) {  // nearly always
    const std::uint32_t by = frame_offset(pieces, base);
    move_all([by](std::uint32_t offset) { return offset + by; });
  } else {
    move_all([&](std::uint32_t offset) { return frame_offset(pieces, base + offset); });
  }
}

void read_text(const Frame& frame, Telegram& telegram) {
  decode_text(frame.bytes.substr(0, frame.body_size), telegram);
  telegram.frame = frame.bytes;
  telegram.integrity = frame.integrity;
  telegram.checksum = frame.checksum;
  if (!frame.ended) report(telegram, ProblemCode::no_end, frame.body_size);
  if (frame.integrity == Integrity::bad) {
    const auto code =
        frame.line_ends_changed ? ProblemCode::line_ends_changed : ProblemCode::crc_mismatch;
    report(telegram, code, frame.body_size - 1, frame.bytes.substr(frame.body_size - 1));
  }
}

/// Of two verdicts on one telegram: one that failed counts, then one that was right.
Integrity both(Integrity outer, Integrity inner) noexcept {
  if (outer == Integrity::bad || inner == Integrity::bad) return Integrity::bad;
  return outer == Integrity::ok || inner == Integrity::ok ? Integrity::ok : Integrity::absent;
}

Integrity integrity_of(const Deciphered& opened) noexcept {
  if (opened.tag == TagCheck::right) return Integrity::ok;
  const bool failed = opened.problem && *opened.problem != ProblemCode::key_missing;
  return failed ? Integrity::bad : Integrity::absent;
}

}  // namespace

FrameReader::FrameReader(std::shared_ptr<const ListLayouts> layouts,
                         std::optional<DecipherKeys> keys)
    : layouts_{layouts ? std::move(layouts) : std::make_shared<const ListLayouts>()},
      decipherer_{std::move(keys)} {}

void FrameReader::read(const Frame& frame, Telegram& telegram) {
  if (frame.kind == Frame::Kind::text && frame.apdu.empty()) return read_text(frame, telegram);
  telegram.clear();
  telegram.protocol = Protocol::dlms;
  telegram.integrity = frame.integrity;
  read_apdu(frame, telegram);
  telegram.link = frame.link;
  telegram.frame = frame.bytes;
  if (frame.fault) telegram.problems.push_back(*frame.fault);
  if (!frame.ended) report(telegram, ProblemCode::no_end, frame.bytes.size());
  if (frame.kind == Frame::Kind::text) read_header(frame, telegram);
}

/// What a text whose body is ciphered says in plain: who it is, and its checksum.
void FrameReader::read_header(const Frame& frame, Telegram& telegram) {
  telegram.protocol = Protocol::dsmr;
  telegram.checksum = frame.checksum;
  const std::string_view header = frame.bytes.substr(1);
  telegram.identification = header.substr(0, header.find_first_of("\r\n"));
  if (frame.integrity == Integrity::bad) {
    report(telegram, ProblemCode::crc_mismatch, frame.body_size - 1);
  }
}

void FrameReader::read_apdu(const Frame& frame, Telegram& telegram) {
  const std::string_view apdu = frame.apdu;
  if (apdu.empty()) {
    if (!frame.fault && frame.ended) report(telegram, ProblemCode::apdu_unknown, 0);
    return;
  }
  if (apdu.front() != apdu_tag::ciphering && frame.kind == Frame::Kind::apdu)
    return read_content(frame, apdu, 0, telegram);

  const Deciphered opened = decipherer_.decipher(apdu, telegram.plain);
  const bool encrypted = (opened.ciphering.security & glo::encrypted) != 0;
  telegram.integrity = both(frame.integrity, integrity_of(opened));
  if (!telegram.plain.empty()) {
    read_content(frame, {telegram.plain.data(), telegram.plain.size()}, opened.content, telegram);
  }
  telegram.encrypted = encrypted;
  telegram.ciphering = opened.ciphering;
  telegram.ciphering->authenticated = opened.tag == TagCheck::right;
  // Octets at random can look like a telegram's beginning; they never hold an object.
  const bool says_nothing = telegram.objects.empty() && telegram.items.empty();
  if (encrypted && !opened.problem && opened.tag != TagCheck::right && says_nothing) {
    telegram.integrity = Integrity::bad;
    telegram.problems.clear();
    report(telegram, ProblemCode::key_wrong, frame_offset(frame.pieces, opened.content));
  }
  if (opened.problem) report(telegram, *opened.problem, frame_offset(frame.pieces, opened.offset));
}

void FrameReader::read_content(const Frame& frame, std::string_view content, std::uint32_t base,
                               Telegram& telegram) {
  if (content.front() == '/') {
    read_inner_text(content, telegram);
  } else if (frame.kind == Frame::Kind::text) {
    inner_lines_.assign(content);  // for decoding empties `telegram.plain`
    const Integrity verdict = telegram.integrity;
    decode_text(inner_lines_, telegram);
    telegram.integrity = verdict;
  } else {
    decode_notification(content, *layouts_, telegram);
  }
  move_offsets(telegram, frame.pieces, base);
}

/// The text is copied into a framer of its own, so that decoding it may empty `telegram.plain`.
void FrameReader::read_inner_text(std::string_view text, Telegram& telegram) {
  if (!inner_ || text.size() > inner_limit_) {
    inner_limit_ = std::max(text.size(), default_frame_limit);
    inner_ = std::make_unique<Framer>(inner_limit_);
    inner_pushed_ = 0;
  }
  inner_->reset();
  inner_->push(text);
  const std::uint64_t begin = std::exchange(inner_pushed_, inner_pushed_ + text.size());
  auto frame = inner_->next();
  if (!frame) frame = inner_->finish();
  const Integrity outer = telegram.integrity;
  if (!frame || frame->kind != Frame::Kind::text) {
    report(telegram, ProblemCode::no_end, text.size());
    return;
  }
  read_text(*frame, telegram);
  telegram.integrity = both(outer, telegram.integrity);
  const auto skipped = static_cast<std::uint32_t>(frame->stream_offset - begin);
  for (CosemObject& object : telegram.objects) object.offset += skipped;
  for (Problem& problem : telegram.problems) problem.offset += skipped;
}

}  // namespace p1meter
