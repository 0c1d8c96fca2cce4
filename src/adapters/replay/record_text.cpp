// SPDX-License-Identifier: Apache-2.0
// Replay adapter: the record format, read and written (docs/record-format.md).
#include <algorithm>
#include <charconv>

#include "adapters/replay/formats.hpp"

namespace p1meter {
namespace replay {
namespace {

constexpr std::size_t line_limit = 80;

// "2024-10-27T00:30:05.123Z 64": nothing when it is not so.
std::optional<std::size_t> parse_size(std::string_view text) {
  std::size_t size = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), size);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
  if (size == 0 || size > chunk_limit) return std::nullopt;
  return size;
}

}  // namespace

std::optional<CaptureChunk> RecordText::next(ByteReader& reader) {
  if (!begun_ && !read_first_line(reader)) over_ = true;
  begun_ = true;
  if (over_) return std::nullopt;
  const auto header = read_header(reader);
  if (!header || !read_bytes(reader, header->size)) over_ = true;
  if (!header || bytes_.empty()) return std::nullopt;
  return CaptureChunk{bytes_, header->received};
}

bool RecordText::read_first_line(ByteReader& reader) {
  const Line line = read_line(reader);
  if (line == Line::whole && line_ + '\n' == record_first_line) return true;
  if (line_.starts_with(record_mark)) {
    fail(0, "a record of another version than 1: " + line_);
  } else {
    fail(0, "not a record: its first line is not \"p1meter-record 1\"");
  }
  return false;
}

// The next chunk's header. A last line that is cut off ends the record, as a power failure leaves
// it.
std::optional<RecordText::Header> RecordText::read_header(ByteReader& reader) {
  while (reader.look().starts_with('#')) skip_comment(reader);
  const std::uint64_t offset = reader.offset();
  const Line line = read_line(reader);
  if (line == Line::cut) return std::nullopt;
  const std::string_view text = line_;
  const auto space = text.find(' ');
  const auto received = parse_instant(text.substr(0, space));
  const auto size =
      space == std::string_view::npos ? std::nullopt : parse_size(text.substr(space + 1));
  if (line == Line::too_long || !received || !size) {
    fail(offset, "expected a time and a number of bytes from 1 to 65536");
    return std::nullopt;
  }
  return Header{*received, *size};
}

RecordText::Line RecordText::read_line(ByteReader& reader) {
  line_.clear();
  while (!reader.at_end()) {
    const std::string_view text = reader.look();
    const auto end = text.find('\n');
    const auto size = std::min(end, text.size());
    if (line_.size() + size > line_limit) return Line::too_long;
    line_.append(text.substr(0, size));
    if (end != std::string_view::npos) {
      reader.take(end + 1);
      return Line::whole;
    }
    reader.take(size);
  }
  return Line::cut;
}

// False when the record ends here or goes wrong after these bytes, which are good all the same.
bool RecordText::read_bytes(ByteReader& reader, std::size_t size) {
  bytes_.clear();
  while (bytes_.size() < size && !reader.at_end()) {
    const auto piece = reader.look().substr(0, size - bytes_.size());
    bytes_.append(piece);
    reader.take(piece.size());
  }
  const std::string_view after = reader.look();
  if (after.empty()) return false;
  if (after.front() != '\n') {
    fail(reader.offset(), "expected a line feed after the " + std::to_string(size) + " bytes");
    return false;
  }
  reader.take(1);
  return true;
}

void RecordText::skip_comment(ByteReader& reader) {
  while (!reader.at_end()) {
    const std::string_view text = reader.look();
    const auto end = text.find('\n');
    if (end != std::string_view::npos) {
      reader.take(end + 1);
      return;
    }
    reader.take(text.size());
  }
}

void RecordText::fail(std::uint64_t offset, const std::string& what) {
  error_ = "offset " + std::to_string(offset) + ": " + what;
}

}  // namespace replay

RecordWriter::RecordWriter(std::ostream& output) : output_{output} {
  output_ << replay::record_first_line;
}

void RecordWriter::write(std::string_view bytes, Instant received) {
  TimeBuffer buffer{};
  while (!bytes.empty()) {
    const auto chunk = bytes.substr(0, replay::chunk_limit);
    output_ << write_time(received, buffer) << ' ' << std::to_string(chunk.size()) << '\n';
    output_.write(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    output_ << '\n';
    bytes.remove_prefix(chunk.size());
  }
}

}  // namespace p1meter
