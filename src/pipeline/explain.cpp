// SPDX-License-Identifier: Apache-2.0
// Pipeline: how each byte of a frame was understood.
#include "p1meter/pipeline/explain.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "p1meter/decoding/outline.hpp"
#include "p1meter/framing/outline.hpp"
#include "p1meter/values/apdu.hpp"
#include "pipeline/frame_offset.hpp"

namespace p1meter {
namespace {

// ---- trees

void insert_at(Outline& outline, std::size_t index, Outline lines) {
  outline.insert(outline.begin() + static_cast<std::ptrdiff_t>(index),
                 std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

/// Moves lines to where the octets that they describe begin.
void shift(Outline& lines, std::size_t offset, std::size_t depth) {
  for (OutlineLine& line : lines) {
    line.offset += static_cast<std::uint32_t>(offset);
    line.depth = static_cast<std::uint16_t>(line.depth + depth);
  }
}

/// Describes the inside of a line.
void put_into(Outline& outline, std::size_t host, Outline lines) {
  shift(lines, outline[host].offset, std::size_t{outline[host].depth} + 1);
  insert_at(outline, host + 1, std::move(lines));
}

/// The last line with exactly these octets, if any.
std::optional<std::size_t> find_line(const Outline& outline, std::size_t offset, std::size_t size) {
  for (std::size_t i = outline.size(); i-- > 0;) {
    if (outline[i].offset == offset && outline[i].octets.size() == size) return i;
  }
  return std::nullopt;
}

// ---- places

/// From places in the APDU to places in the frame.
void move_to_frame(Outline& lines, std::span<const Piece> pieces) {
  for (OutlineLine& line : lines) {
    const std::uint32_t begin = frame_offset(pieces, line.offset);
    if (line.size > 0) line.size = frame_offset(pieces, line.offset + line.size - 1) + 1 - begin;
    line.offset = begin;
  }
}

// ---- what came of it

void append_number(std::string& text, const Decimal& number, Unit unit) {
  DecimalBuffer buffer;
  text += write_decimal(number, buffer);
  if (unit != Unit::none) text.append(" ").append(unit_text(unit));
}

std::string text_of(const MeterClock& clock) {
  // A clock is shown as the meter stated it: a zone is for the mapping.
  TimeBuffer buffer;
  const MeterTime local = place({.year = clock.year,
                                 .month = clock.month,
                                 .day = clock.day,
                                 .hour = clock.hour,
                                 .minute = clock.minute,
                                 .second = clock.second},
                                std::nullopt);
  return std::string{write_time(local, buffer)};
}

/// A DLMS object's value; empty when it has none.
std::string value_of(const CosemObject& object) {
  std::string text;
  if (object.number) {
    append_number(text, *object.number, object.unit);
    if (object.scale_unknown) text += " of unknown scale";
  } else if (object.time) {
    text = text_of(*object.time);
  } else if (!object.text.empty()) {
    text = "\"" + outline_text(object.text) + "\"";
  }
  return text;
}

std::string value_of(const Reading& reading) {
  std::string text;
  if (const auto* number = std::get_if<Decimal>(&reading.value)) {
    append_number(text, *number, reading.unit);
  } else if (const auto* words = std::get_if<std::string_view>(&reading.value)) {
    text = "\"" + outline_text(*words) + "\"";
  } else if (const auto* rows = std::get_if<std::span<const ListRow>>(&reading.value)) {
    text = counted(rows->size(), "row");
  } else {
    text = "no value";
  }
  TimeBuffer buffer;
  if (reading.time) text.append(" at ").append(write_time(*reading.time, buffer));
  return text;
}

/// The readings that an object became; why it became none, where that is known.
std::string outcome_of(const CosemObject& object, std::string_view shown,
                       const MappedTelegram& mapped, const KeyCatalogue& keys) {
  std::string text;
  for (const Reading& reading : mapped.readings) {
    if (reading.obis != object.obis) continue;
    text.append(text.empty() ? "  ->  " : ", ").append(keys[reading.key].key);
    const std::string value = value_of(reading);
    if (value != shown) text.append(" = ").append(value);
  }
  if (!text.empty()) return text;
  const bool unscaled = std::ranges::any_of(mapped.problems, [&](const Problem& problem) {
    return problem.code == ProblemCode::scale_unknown && problem.obis == object.obis;
  });
  if (unscaled) return "  ->  no reading: nobody says in what power of ten it counts";
  const bool unknown =
      std::ranges::find(mapped.unknown, object.obis, &UnknownObject::obis) != mapped.unknown.end();
  return unknown ? "  ->  no reading: the OBIS table has no key for this code" : "";
}

void name_objects(Outline& outline, const Telegram& telegram, const MappedTelegram& mapped,
                  const KeyCatalogue& keys) {
  for (const CosemObject& object : telegram.objects) {
    const auto line = std::find_if(outline.rbegin(), outline.rend(), [&](const OutlineLine& other) {
      return other.offset == object.offset && other.size > 0;
    });
    if (line == outline.rend()) continue;
    std::string value;
    if (telegram.protocol == Protocol::dlms) {
      value = value_of(object);
      line->text.append("  ").append(to_string(object.obis));
      if (!value.empty()) line->text.append(" = ").append(value);
    }
    line->text += outcome_of(object, value, mapped, keys);
  }
}

/// The line that a problem is about: the last that begins there, else the smallest around it.
std::optional<std::size_t> line_at(const Outline& outline, std::uint32_t offset) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const OutlineLine& line = outline[i];
    const bool around = line.offset <= offset && offset - line.offset < line.size;
    if (!around) continue;
    const bool begins = line.offset == offset;
    const bool begins_better = begins || (found && outline[*found].offset != offset);
    if (!found || (begins_better && (begins || line.size <= outline[*found].size))) found = i;
  }
  return found;
}

void place_problems(Outline& outline, std::span<const Problem> problems) {
  for (const Problem& problem : problems) {
    OutlineLine remark{.offset = problem.offset, .text = "! "};
    remark.text += problem_name(problem.code);
    if (problem.obis) remark.text += " " + to_string(*problem.obis);
    const auto line = line_at(outline, problem.offset);
    if (line) {
      remark.depth = static_cast<std::uint16_t>(outline[*line].depth + 1);
      outline.insert(outline.begin() + static_cast<std::ptrdiff_t>(*line) + 1, std::move(remark));
    } else {
      outline.push_back(std::move(remark));
    }
  }
}

}  // namespace

Explainer::Explainer(std::optional<DecipherKeys> keys) : decipherer_{std::move(keys)} {}

Outline Explainer::describe_text(const Frame& frame) {
  Outline outline = outline_frame(frame);
  const auto lines = std::ranges::find(outline, undescribed_lines, &OutlineLine::text);
  if (lines == outline.end()) return outline;
  const auto index = static_cast<std::size_t>(lines - outline.begin());
  const std::size_t end = lines->offset + lines->size;
  outline.erase(lines);
  insert_at(outline, index,
            frame.apdu.empty()
                ? outline_text_lines(frame.bytes.substr(0, frame.body_size), frame.ended)
                : describe_around_body(frame, end));
  return outline;
}

/// The lines behind the header up to `end`, of which one is no line but an envelope.
Outline Explainer::describe_around_body(const Frame& frame, std::size_t end) {
  const std::size_t body = frame.pieces.front().frame_offset;
  Outline outline = outline_text_lines(frame.bytes.substr(0, body), false);
  OutlineWriter writer{frame.bytes.substr(body, end - body), outline, body};
  const std::size_t host = outline.size();
  writer.take(frame.apdu.size(), "ciphered body, " + counted(frame.apdu.size(), "octet"));
  put_into(outline, host, describe_envelope(frame.apdu, Inside::lines));
  writer.take(writer.left().size(), "behind the ciphered body");
  return outline;
}

Outline Explainer::explain(const Frame& frame, const Telegram& telegram,
                           const MappedTelegram& mapped, const KeyCatalogue& keys) {
  Outline outline = frame.kind == Frame::Kind::text ? describe_text(frame) : describe_apdu(frame);
  name_objects(outline, telegram, mapped, keys);
  place_problems(outline, telegram.problems);
  place_problems(outline, mapped.problems);
  return outline;
}

Outline Explainer::describe_apdu(const Frame& frame) {
  Outline outline = outline_frame(frame);
  // A cut frame without link layer is its own APDU, as far as it goes.
  const bool bare = frame.link == Link::none && frame.apdu.empty();
  const auto apdu = bare ? frame.bytes : frame.apdu;
  if (apdu.empty()) return outline;
  if (bare || frame.pieces.size() == 1) {
    const std::size_t at = bare ? 0 : frame.pieces.front().frame_offset;
    if (const auto host = find_line(outline, at, apdu.size())) {
      put_into(outline, *host, describe_content(apdu));
      return outline;
    }
  }
  const std::size_t joined = outline.size();
  outline.push_back({.offset = 0,
                     .size = static_cast<std::uint32_t>(apdu.size()),
                     .again = true,
                     .text = "APDU, " + counted(apdu.size(), "octet") + " of the frames above",
                     .octets = apdu});
  put_into(outline, joined, describe_content(apdu));
  Outline lines{outline.begin() + static_cast<std::ptrdiff_t>(joined), outline.end()};
  outline.resize(joined);
  move_to_frame(lines, frame.pieces);
  insert_at(outline, joined, std::move(lines));
  return outline;
}

Outline Explainer::describe_content(std::string_view octets) {
  switch (octets.front()) {
    case apdu_tag::ciphering:
      return describe_envelope(octets, Inside::apdu);
    case apdu_tag::notification:
      return outline_notification(octets);
    case '/':
      return describe_inner_text(octets);
    default:
      break;
  }
  Outline outline;
  OutlineWriter{octets, outline}.take(octets.size(), "no APDU that is known");
  return outline;
}

Outline Explainer::describe_envelope(std::string_view apdu, Inside what) {
  const Deciphered opened = decipherer_.decipher(apdu, plain_);
  Outline outline = outline_envelope(apdu, opened);
  if (plain_.empty()) return outline;
  const std::string_view plain{plain_.data(), plain_.size()};
  const auto host = find_line(outline, opened.content, plain.size());
  if (!host) return outline;
  // One envelope within another is not opened: nobody sends that, and it could go on for ever.
  Outline inside;
  if (plain.front() == '/' || (what == Inside::apdu && plain.front() != apdu_tag::ciphering)) {
    inside = describe_content(plain);
  } else if (what == Inside::lines) {
    inside = outline_text_lines(plain, false);
  }
  if ((opened.ciphering.security & glo::encrypted) != 0) {
    shift(inside, 0, 1);
    inside.insert(inside.begin(), {.size = static_cast<std::uint32_t>(plain.size()),
                                   .text = "deciphered, " + counted(plain.size(), "octet"),
                                   .octets = plain});
  }
  put_into(outline, *host, std::move(inside));
  return outline;
}

/// By a framer of its own: a text inside an envelope has its own checksum.
Outline Explainer::describe_inner_text(std::string_view text) {
  inner_ = std::make_unique<Framer>();
  inner_->push(text);
  auto frame = inner_->next();
  if (!frame) frame = inner_->finish();
  Outline outline;
  OutlineWriter writer{text, outline};
  if (frame && frame->kind == Frame::Kind::text) {
    frame->apdu = {};  // a ciphered body would be one envelope within another: not opened
    writer.take(static_cast<std::size_t>(frame->stream_offset), "in front of the telegram");
    writer.append(describe_text(*frame), frame->bytes.size());
  }
  writer.take(writer.left().size(), frame ? "behind the telegram" : "no telegram");
  return outline;
}

}  // namespace p1meter
