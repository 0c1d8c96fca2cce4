// SPDX-License-Identifier: Apache-2.0
// Framing: a text telegram from its header to its checksum.
#include <algorithm>

#include "framing/ending.hpp"
#include "framing/header.hpp"
#include "framing/link_frame.hpp"
#include "p1meter/framing/crc16.hpp"
#include "p1meter/framing/framer.hpp"

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

/// Does a window hold anything that could begin or end a telegram? A loop of known length becomes a
/// few vector instructions.
template <std::size_t size>
bool shows_mark(const char* window) noexcept {
  std::uint8_t found = 0;  // bit 7 counts: '!' and '/' set it, and strange bytes have it
  for (std::size_t i = 0; i < size; ++i) {
    const char c = window[i];
    const std::uint8_t mark = c == '!' || c == '/' ? 0x80 : 0;
    found = static_cast<std::uint8_t>(found | mark | static_cast<std::uint8_t>(c));
  }
  return (found & 0x80U) != 0;
}

/// How many bytes have no such mark before them or among them, at least.
std::size_t plain_bytes(std::string_view text) noexcept {
  constexpr std::size_t wide = 64;
  constexpr std::size_t narrow = 16;
  std::size_t at = 0;
  while (text.size() - at >= wide && !shows_mark<wide>(text.data() + at)) at += wide;
  if (text.size() - at >= wide) return at;
  while (text.size() - at >= narrow && !shows_mark<narrow>(text.data() + at)) at += narrow;
  if (text.size() - at >= narrow) return at;
  const auto rest = text.substr(at);
  return std::ranges::any_of(rest, [](char c) { return shows_mark<1>(&c); }) ? at : text.size();
}

bool shows_strange(std::string_view text) noexcept {
  unsigned char any = 0;
  for (const char c : text) any = static_cast<unsigned char>(any | static_cast<unsigned char>(c));
  return (any & 0x80U) != 0;
}

/// Stoen's meters also print X-25's octets in the order of HDLC, the low one first.
ChecksumVerdict judge_ciphered_checksum(std::string_view text, std::uint16_t sent) noexcept {
  const auto swapped = static_cast<std::uint16_t>(sent << 8U | sent >> 8U);
  if (crc16_x25(text) == swapped) return {.rule = ChecksumRule::x25};
  return judge_checksum(text, sent);
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

void Framer::start_at(std::size_t position) noexcept {
  const auto header = judge_header(view(position, buffer_.size()));
  text_.emplace();
  begin_ = position;
  go_to_line(position + header.size);
  text_->hunted = text_->line;
  suspect_end_ = 0;
  text_->counted = text_->line - 1;  // the header's line feed: a code may follow it
  text_->mask = header.parity == Parity::none ? 0xFF : 0x7F;
  // A plain line feed counts in any case: damage can make a header look like odd parity.
  text_->line_feeds = header.parity == Parity::odd ? "\x8A\n" : "\n";
}

void Framer::go_to_line(std::size_t position) noexcept {
  text_->line = position;
  text_->searched = position;
  text_->marked = false;
}

/// A line without '!' and '/' neither ends a telegram nor begins one, and nearly all are such: they
/// are passed together, a window at a time, which bounds what is looked at again behind a mark.
/// True when nothing else is left to look at. Otherwise line is the first line that counts.
bool Framer::pass_plain_lines(bool at_end) noexcept {
  if (text_->mask != 0xFF || text_->marked) return false;
  const bool within_limit = buffer_.size() - begin_ <= frame_limit_;
  if (within_limit) text_->searched += plain_bytes(view(text_->searched, buffer_.size()));
  if (within_limit && !at_end && text_->searched == buffer_.size()) return true;
  text_->marked = true;
  const auto feed = view(text_->line, text_->searched).rfind('\n');
  if (feed != std::string_view::npos) text_->line += feed + 1;
  return false;
}

/// The position behind the current line's line feed.
std::optional<std::size_t> Framer::next_line_end(bool at_end) noexcept {
  const auto unsearched = view(text_->searched, buffer_.size());
  const bool plain = text_->line_feeds.size() == 1;
  const std::size_t found =
      plain ? unsearched.find('\n') : unsearched.find_first_of(text_->line_feeds);
  if (found != std::string_view::npos) return text_->searched + found + 1;
  text_->searched = buffer_.size();
  if (at_end && text_->line < buffer_.size()) return buffer_.size();
  return std::nullopt;
}

bool Framer::begins_ciphered_body() const noexcept {
  return text_->body_size == 0 && text_->mask == 0xFF && text_->line + 1 < buffer_.size() &&
         buffer_[text_->line] == '\0' && is_strange(buffer_[text_->line + 1]);
}

/// Goes behind the ciphered body that begins at line, if there is one. False: more bytes are
/// needed to tell, or for it to be whole.
bool Framer::pass_ciphered_body(bool at_end) {
  using Verdict = LinkVerdict::Kind;
  const auto verdict = judge_ciphered_body(view(text_->line, buffer_.size()), frame_limit_);
  if (verdict.kind == Verdict::incomplete || verdict.kind == Verdict::awaited) {
    return at_end || !patient_;
  }
  if (verdict.kind != Verdict::whole) return true;
  text_->body_at = text_->line - begin_;
  text_->body_size = verdict.frame.size;
  go_to_line(text_->line + verdict.frame.size);
  text_->hunted = text_->line;
  text_->marked = true;
  return true;
}

/// Looks for a sound binary frame from the current line up to `end`: the text broke off before it.
/// text: there is none; nothing: more bytes are needed to tell.
Framer::Found Framer::find_binary_within(std::size_t end, bool at_end) {
  using Verdict = LinkVerdict::Kind;
  if (text_->mask != 0xFF) return Found::text;
  // Where the telegram gets too long is decided by its bytes alone, not by how they came.
  end = std::min(end, begin_ + frame_limit_ - std::min(frame_limit_, telling_bytes));
  const std::size_t lookback = std::min(telling_bytes, text_->line - begin_ - 1);
  const std::size_t begin = std::max(text_->hunted, text_->line - lookback);
  const bool plain = begin >= end || !shows_strange(view(begin, end));
  for (std::size_t i = begin; !plain && i < end; ++i) {
    if (!is_link_start(buffer_[i])) continue;
    if (std::ranges::none_of(view(i, std::min(i + telling_bytes, end)), is_strange)) continue;
    const auto verdict =
        judge_link_frame(view(i, buffer_.size()), frame_limit_, at_end || !patient_);
    const bool sound = verdict.kind == Verdict::whole && !verdict.frame.fault;
    const bool undecided = verdict.kind == Verdict::incomplete || verdict.kind == Verdict::awaited;
    if (undecided && !at_end && patient_) {
      text_->hunted = i;
      return Found::nothing;
    }
    if (!sound) continue;
    truncate(ProblemCode::no_end, buffer_offset_ + begin_);
    text_.reset();
    claimed_ = std::max(claimed_, i);
    begin_ = i;
    return Found::binary;
  }
  text_->hunted = std::max(text_->hunted, end - std::min(end, telling_bytes));
  return Found::text;
}

bool Framer::begins_anew() const noexcept {
  return is_header_start(buffer_[text_->line]) &&
         judge_header(view(text_->line, buffer_.size())).kind == Kind::certain;
}

std::optional<Frame> Framer::close_if_ended(std::size_t line_end) {
  const auto line = view(text_->line, line_end);
  const std::size_t bang = find_bang(line, text_->mask);
  if (bang == std::string_view::npos) return std::nullopt;
  const Ending ending = read_ending(line.substr(bang), text_->mask);
  const bool beyond_doubt = bang == 0 && ending.well_formed;
  if (!beyond_doubt && inside_parentheses(text_->line + bang))
    return std::nullopt;  // '!' in a text

  const std::size_t body_end = text_->line + bang + 1;
  const std::size_t end = text_->line + bang + ending.size;
  const bool parity_wrong =
      text_->mask == 0x7F && !clear_parity(&buffer_[begin_], &buffer_[end - 1] + 1);
  if (ending.checksum != Ending::Checksum::given || parity_wrong) {
    Frame frame = give_away(end, body_end);
    const bool damaged = ending.checksum == Ending::Checksum::damaged || parity_wrong;
    frame.integrity = damaged ? Integrity::bad : Integrity::absent;
    return frame;
  }
  const auto text = view(begin_, body_end);
  auto verdict = text_->body_size > 0 ? judge_ciphered_checksum(text, ending.value)
                                      : judge_checksum(text, ending.value);
  if (verdict.rule == ChecksumRule::none) {
    if (const auto later = whole_telegram_within(body_end, ending.value)) {
      truncate(ProblemCode::no_end, buffer_offset_ + begin_);
      begin_ = later->begin;
      text_->body_size = 0;
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
      text_->mask == 0x7F && !clear_parity(&buffer_[begin_], buffer_.data() + buffer_.size());
  Frame frame = give_away(buffer_.size(), buffer_.size());
  frame.ended = false;
  if (parity_wrong) frame.integrity = Integrity::bad;
  return frame;
}

Frame Framer::give_away(std::size_t end, std::size_t body_end) noexcept {
  Frame frame;
  frame.bytes = view(begin_, end);
  frame.body_size = body_end - begin_;
  if (text_->body_size > 0) {
    body_piece_ = {0, static_cast<std::uint32_t>(text_->body_at)};
    frame.apdu = frame.bytes.substr(text_->body_at, text_->body_size);
    frame.pieces = {&body_piece_, 1};
  }
  frame.stream_offset = buffer_offset_ + begin_;
  frame.stream_end = buffer_offset_ + end;
  ++counters_.frames;
  text_.reset();
  begin_ = end;
  line_start_ = starts_line_after(buffer_[end - 1]);
  return frame;
}

/// Counts each byte once a telegram, and only where a '!' asks for it.
bool Framer::inside_parentheses(std::size_t position) noexcept {
  for (; text_->counted < position; ++text_->counted) {
    const auto c = static_cast<unsigned char>(static_cast<unsigned char>(buffer_[text_->counted]) &
                                              text_->mask);
    if (c == '(') {
      ++text_->open_parentheses;
    } else if (c == ')') {
      text_->open_parentheses = std::max(0, text_->open_parentheses - 1);
    } else if (c == '\n' && begins_like_code(view(text_->counted + 1, position))) {
      text_->open_parentheses = 0;
    }
  }
  return text_->open_parentheses > 0;
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
  begin_ = text_->line;
  text_.reset();
  line_start_ = true;
}

}  // namespace p1meter
