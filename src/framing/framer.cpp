// SPDX-License-Identifier: Apache-2.0
// Framing: where telegrams begin and end in a stream of bytes.
#include "p1meter/framing/framer.hpp"

#include <algorithm>
#include <array>

#include "framing/ending.hpp"
#include "framing/header.hpp"

namespace p1meter {
namespace {

using Kind = HeaderVerdict::Kind;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// "1-0:1", the beginning of an object: whatever parenthesis was open has been forgotten.
bool begins_like_code(std::string_view text) noexcept {
  std::size_t i = 0;
  for (const char separator : {'-', ':'}) {
    const std::size_t group = i;
    while (i < text.size() && i < group + 3 && is_digit(text[i])) ++i;
    if (i == group || i >= text.size() || text[i] != separator) return false;
    ++i;
  }
  return i < text.size() && is_digit(text[i]);
}

constexpr std::size_t window = 64;  // bytes that are judged together

/// Anything that could begin or end a telegram? A whole window is a loop of known length, which
/// becomes a few vector instructions.
bool shows_mark(std::string_view text) noexcept {
  if (text.size() < window) {
    constexpr char even_slash = '\xAF';
    return std::ranges::any_of(std::array{'!', '/', even_slash}, [&](char mark) {
      return text.find(mark) != std::string_view::npos;
    });
  }
  const auto is_mark = [](char c) { return c == '!' || is_header_start(c); };
  std::uint8_t found = 0;
  for (std::size_t i = 0; i < window; ++i) {
    found = static_cast<std::uint8_t>(found | std::uint8_t{is_mark(text[i])});
  }
  return found != 0;
}

/// Clears bit 7 of every byte; true if it was everywhere the parity that the first byte promises.
bool clear_parity(char* begin, char* end) noexcept {
  const bool even = has_even_parity(*begin);
  const bool right = std::all_of(begin, end, [&](char c) { return has_even_parity(c) == even; });
  std::transform(begin, end, begin,
                 [](char c) { return static_cast<char>(static_cast<unsigned char>(c) & 0x7FU); });
  return right;
}

}  // namespace

struct Framer::Hidden {
  std::size_t begin;
  ChecksumVerdict verdict;
};

Framer::Framer(std::size_t frame_limit) : frame_limit_{frame_limit} {}

void Framer::push(std::string_view bytes) {
  if (begin_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    buffer_offset_ += begin_;
    if (inside_) {
      line_ -= begin_;
      searched_ -= begin_;
      counted_ -= begin_;
    }
    begin_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

std::optional<Frame> Framer::next() {
  // The answer to nearly every chunk, without the rest.
  if (inside_ && pass_plain_lines(false)) return std::nullopt;
  return take_frame(false);
}

std::optional<Frame> Framer::finish() {
  auto frame = take_frame(true);
  if (!frame && inside_ && has_lines()) frame = close_without_end();
  forget();
  return frame;
}

void Framer::reset() { forget(); }

bool Framer::inside_frame() const noexcept {
  const bool header_begun =
      line_start_ && begin_ < buffer_.size() && is_header_start(buffer_[begin_]);
  return inside_ || header_begun;
}

std::optional<Frame> Framer::take_frame(bool at_end) {
  while (inside_ || find_start()) {
    if (pass_plain_lines(at_end)) return std::nullopt;
    const auto line_end = next_line_end(at_end);
    if (line_end.value_or(buffer_.size()) - begin_ > frame_limit_) {
      drop_oversized();
      continue;
    }
    if (!line_end) return std::nullopt;
    if (begins_anew()) {
      ++counters_.truncated;
      start_at(line_);
      continue;
    }
    if (auto frame = close_if_ended(*line_end)) return frame;
    go_to_line(*line_end);
  }
  return std::nullopt;
}

bool Framer::find_start() {
  for (std::size_t i = begin_; i < buffer_.size(); ++i) {
    if (!is_header_start(buffer_[i])) continue;
    const auto header = judge_header(view(i, buffer_.size()));
    const bool line_start = i == begin_ ? line_start_ : starts_line_after(buffer_[i - 1]);
    if (header.kind == Kind::incomplete) {
      skip_to(i);
      return false;
    }
    if (header.kind == Kind::certain || (header.kind == Kind::possible && line_start)) {
      const auto start =
          header.kind == Kind::certain ? i : certain_header_within(i, i + header.size);
      skip_to(start);
      start_at(start);
      return true;
    }
  }
  skip_to(buffer_.size());
  return false;
}

/// A stray '/' may stand in front of the true header: "//ISK5...". Else `from`.
std::size_t Framer::certain_header_within(std::size_t from, std::size_t to) const noexcept {
  for (std::size_t i = from + 1; i < to; ++i) {
    if (is_header_start(buffer_[i]) && judge_header(view(i, to)).kind == Kind::certain) return i;
  }
  return from;
}

void Framer::start_at(std::size_t position) noexcept {
  const auto header = judge_header(view(position, buffer_.size()));
  inside_ = true;
  begin_ = position;
  go_to_line(position + header.size);
  counted_ = line_ - 1;  // the header's line feed: a code may follow it
  open_parentheses_ = 0;
  mask_ = header.parity == Parity::none ? 0xFF : 0x7F;
  // A plain line feed counts in any case: damage can make a header look like odd parity.
  line_feeds_ = header.parity == Parity::odd ? "\x8A\n" : "\n";
}

void Framer::go_to_line(std::size_t position) noexcept {
  line_ = position;
  searched_ = position;
  marked_ = false;
}

/// A line without '!' and '/' neither ends a telegram nor begins one, and nearly all are such: they
/// are passed together, a window at a time, which bounds what is looked at again behind a mark.
/// True when nothing else is left to look at. Otherwise line_ is the first line that counts.
bool Framer::pass_plain_lines(bool at_end) noexcept {
  if (mask_ != 0xFF || marked_) return false;
  const bool within_limit = buffer_.size() - begin_ <= frame_limit_;
  while (within_limit && searched_ < buffer_.size()) {
    const auto fresh = view(searched_, std::min(searched_ + window, buffer_.size()));
    if (shows_mark(fresh)) break;
    searched_ += fresh.size();
  }
  if (within_limit && !at_end && searched_ == buffer_.size()) return true;
  marked_ = true;
  const auto feed = view(line_, searched_).rfind('\n');
  if (feed != std::string_view::npos) line_ += feed + 1;
  return false;
}

/// The position behind the current line's line feed.
std::optional<std::size_t> Framer::next_line_end(bool at_end) noexcept {
  const auto unsearched = view(searched_, buffer_.size());
  const bool plain = line_feeds_.size() == 1;
  const std::size_t found = plain ? unsearched.find('\n') : unsearched.find_first_of(line_feeds_);
  if (found != std::string_view::npos) return searched_ + found + 1;
  searched_ = buffer_.size();
  if (at_end && line_ < buffer_.size()) return buffer_.size();
  return std::nullopt;
}

bool Framer::begins_anew() const noexcept {
  return is_header_start(buffer_[line_]) &&
         judge_header(view(line_, buffer_.size())).kind == Kind::certain;
}

std::optional<Frame> Framer::close_if_ended(std::size_t line_end) {
  const auto line = view(line_, line_end);
  const std::size_t bang = find_bang(line, mask_);
  if (bang == std::string_view::npos) return std::nullopt;
  const Ending ending = read_ending(line.substr(bang), mask_);
  const bool beyond_doubt = bang == 0 && ending.well_formed;
  if (!beyond_doubt && inside_parentheses(line_ + bang)) return std::nullopt;  // '!' in a text

  const std::size_t body_end = line_ + bang + 1;
  const std::size_t end = line_ + bang + ending.size;
  const bool parity_wrong = mask_ == 0x7F && !clear_parity(&buffer_[begin_], &buffer_[end - 1] + 1);
  if (ending.checksum != Ending::Checksum::given || parity_wrong) {
    Frame frame = give_away(end, body_end);
    const bool damaged = ending.checksum == Ending::Checksum::damaged || parity_wrong;
    frame.integrity = damaged ? Integrity::bad : Integrity::absent;
    return frame;
  }
  auto verdict = judge_checksum(view(begin_, body_end), ending.value);
  if (verdict.rule == ChecksumRule::none) {
    if (const auto later = whole_telegram_within(body_end, ending.value)) {
      ++counters_.truncated;
      begin_ = later->begin;
      verdict = later->verdict;
    }
  }
  Frame frame = give_away(end, body_end);
  frame.checksum = verdict.rule;
  frame.integrity = verdict.rule == ChecksumRule::none ? Integrity::bad : Integrity::ok;
  frame.line_ends_changed = verdict.line_ends_changed;
  return frame;
}

/// A telegram that broke off in the middle of a line hides the next one's header there. The last
/// header counts if the checksum fits from it on.
std::optional<Framer::Hidden> Framer::whole_telegram_within(std::size_t body_end,
                                                            std::uint16_t sent) const noexcept {
  for (std::size_t i = body_end - 1; i > begin_; --i) {
    if (buffer_[i] != '/' || judge_header(view(i, body_end)).kind != Kind::certain) continue;
    const auto verdict = judge_checksum(view(i, body_end), sent);
    if (verdict.rule == ChecksumRule::none) return std::nullopt;
    return Hidden{i, verdict};
  }
  return std::nullopt;
}

Frame Framer::close_without_end() noexcept {
  const bool parity_wrong =
      mask_ == 0x7F && !clear_parity(&buffer_[begin_], buffer_.data() + buffer_.size());
  Frame frame = give_away(buffer_.size(), buffer_.size());
  frame.ended = false;
  if (parity_wrong) frame.integrity = Integrity::bad;
  return frame;
}

Frame Framer::give_away(std::size_t end, std::size_t body_end) noexcept {
  Frame frame;
  frame.bytes = view(begin_, end);
  frame.body_size = body_end - begin_;
  frame.stream_offset = buffer_offset_ + begin_;
  ++counters_.frames;
  inside_ = false;
  begin_ = end;
  line_start_ = starts_line_after(buffer_[end - 1]);
  return frame;
}

/// Counts each byte once a telegram, and only where a '!' asks for it.
bool Framer::inside_parentheses(std::size_t position) noexcept {
  for (; counted_ < position; ++counted_) {
    const auto c =
        static_cast<unsigned char>(static_cast<unsigned char>(buffer_[counted_]) & mask_);
    if (c == '(') {
      ++open_parentheses_;
    } else if (c == ')') {
      open_parentheses_ = std::max(0, open_parentheses_ - 1);
    } else if (c == '\n' && begins_like_code(view(counted_ + 1, position))) {
      open_parentheses_ = 0;
    }
  }
  return open_parentheses_ > 0;
}

/// Anything visible behind the header?
bool Framer::has_lines() const noexcept {
  const auto header = judge_header(view(begin_, buffer_.size()));
  const auto rest = view(begin_ + header.size, buffer_.size());
  return std::ranges::any_of(rest, [](char c) { return !starts_line_after(c) && c != ' '; });
}

/// Gives up a telegram at the line that crosses the limit, which may be the next one's header.
void Framer::drop_oversized() noexcept {
  ++counters_.oversized;
  inside_ = false;
  begin_ = line_;
  line_start_ = true;
}

void Framer::skip_to(std::size_t position) noexcept {
  if (position == begin_) return;
  counters_.skipped_bytes += position - begin_;
  line_start_ = starts_line_after(buffer_[position - 1]);
  begin_ = position;
}

void Framer::forget() noexcept {
  if (inside_frame()) {
    ++counters_.truncated;
    begin_ = buffer_.size();
  }
  skip_to(buffer_.size());
  inside_ = false;
  line_start_ = true;
}

}  // namespace p1meter
