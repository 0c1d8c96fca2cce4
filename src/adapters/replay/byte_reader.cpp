// SPDX-License-Identifier: Apache-2.0
// Replay adapter: a stream as a window of bytes that moves on, and its offset.
#include "adapters/replay/byte_reader.hpp"

#include <algorithm>
#include <exception>
#include <streambuf>

namespace p1meter::replay {
namespace {

constexpr std::size_t window_size = 65536;
using Traits = std::char_traits<char>;

}  // namespace

ByteReader::ByteReader(std::istream& input) : input_{input}, window_(window_size) {
  if (!input.good() && !input.eof()) error_ = "cannot be read";
  ended_ = !input.good();
}

std::string_view ByteReader::look() {
  if (begin_ == end_ && !ended_) static_cast<void>(read_more());
  return {window_.data() + begin_, end_ - begin_};
}

bool ByteReader::read_more() {
  if (ended_) return false;
  if (begin_ > 0) {
    std::copy(window_.begin() + static_cast<std::ptrdiff_t>(begin_),
              window_.begin() + static_cast<std::ptrdiff_t>(end_), window_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == window_.size()) return false;
  // A file buffer throws when the system refuses to read on; a stream would only say "bad".
  try {
    const std::size_t size = read_into_window();
    end_ += size;
    ended_ = size == 0;
  } catch (const std::exception& failure) {
    ended_ = true;
    error_ = "offset " + std::to_string(offset_ + end_) + ": cannot be read on: " + failure.what();
  }
  return !ended_;
}

// The first byte may have to be waited for, the others are taken only as far as they are there.
std::size_t ByteReader::read_into_window() {
  std::streambuf& buffer = *input_.rdbuf();
  const auto first = buffer.sbumpc();
  if (Traits::eq_int_type(first, Traits::eof())) return 0;
  window_[end_] = Traits::to_char_type(first);
  const auto room = static_cast<std::streamsize>(window_.size() - end_ - 1);
  const auto more = std::min(buffer.in_avail(), room);
  if (more <= 0) return 1;
  return 1 + static_cast<std::size_t>(buffer.sgetn(window_.data() + end_ + 1, more));
}

void ByteReader::take(std::size_t size) {
  begin_ += size;
  offset_ += size;
}

}  // namespace p1meter::replay
