// SPDX-License-Identifier: Apache-2.0
// Framing: where telegrams begin and end in a stream of bytes.
#include "p1meter/framing/framer.hpp"

#include <algorithm>
#include <utility>

#include "framing/assembly.hpp"
#include "framing/ending.hpp"
#include "framing/header.hpp"
#include "framing/link_frame.hpp"

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

/// A byte that no plain text has: a binary frame may begin near it.
constexpr bool is_strange(char c) noexcept { return (static_cast<unsigned char>(c) & 0x80U) != 0; }

/// Anything that could begin or end a telegram? A whole window is a loop of known length, which
/// becomes a few vector instructions.
bool shows_mark(std::string_view text) noexcept {
  const auto is_mark = [](char c) { return c == '!' || c == '/' || is_strange(c); };
  if (text.size() < window) return std::ranges::any_of(text, is_mark);
  std::uint8_t found = 0;
  for (std::size_t i = 0; i < window; ++i) {
    found = static_cast<std::uint8_t>(found | std::uint8_t{is_mark(text[i])});
  }
  return found != 0;
}

bool shows_strange(std::string_view text) noexcept {
  unsigned char any = 0;
  for (const char c : text) any = static_cast<unsigned char>(any | static_cast<unsigned char>(c));
  return (any & 0x80U) != 0;
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
Framer::~Framer() = default;
Framer::Framer(Framer&&) noexcept = default;
Framer& Framer::operator=(Framer&&) noexcept = default;

void Framer::push(std::string_view bytes) {
  patient_ = true;
  if (begin_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    buffer_offset_ += begin_;
    if (inside_) {
      line_ -= begin_;
      searched_ -= begin_;
      hunted_ -= begin_;
      counted_ -= begin_;
    }
    claimed_ -= std::min(claimed_, begin_);
    damaged_ -= std::min(damaged_, begin_);
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
  if (auto frame = take_frame(true)) return frame;
  if (inside_ && has_lines()) return close_without_end();
  if (assembly_) {
    if (auto frame = assembly_->unfinished()) {
      assembly_->give_up();
      static_cast<void>(assembly_->take_dropped());
      return complete(frame);
    }
  }
  if (suspect_end_ != 0) truncate(ProblemCode::hcs_mismatch, suspect_at_);
  suspect_end_ = 0;
  forget();
  return std::nullopt;
}

void Framer::reset() { forget(); }

bool Framer::inside_frame() const noexcept {
  if (inside_ || awaits_binary()) return true;
  return line_start_ && begin_ < buffer_.size() && is_header_start(buffer_[begin_]);
}

bool Framer::awaits_binary() const noexcept {
  if (assembly_ && assembly_->pending()) return true;
  if (inside_) return undecided_;
  const std::size_t kept = std::max(begin_, claimed_);
  if (kept >= buffer_.size()) return false;
  // A text's header may take its time, unless something binary waits behind it.
  return is_link_start(buffer_[begin_]) ||
         std::ranges::any_of(view(kept, buffer_.size()), is_strange);
}

void Framer::stop_waiting() {
  patient_ = false;
  drop_parts();
}

/// The parts that came of an APDU are not followed by the others.
void Framer::drop_parts() noexcept {
  if (!assembly_ || !assembly_->pending()) return;
  assembly_->give_up();
  if (const auto dropped = assembly_->take_dropped())
    truncate(dropped->code, dropped->stream_offset);
}

std::vector<Dropped> Framer::take_dropped() { return std::exchange(dropped_, {}); }

std::optional<Frame> Framer::take_frame(bool at_end) {
  while (true) {
    if (!inside_) {
      const Found found = find_start(at_end);
      if (found == Found::nothing) return std::nullopt;
      if (found == Found::binary) {
        if (auto frame = take_link_frame()) return frame;
        continue;
      }
    }
    if (pass_plain_lines(at_end)) return std::nullopt;
    undecided_ = begins_ciphered_body() && !pass_ciphered_body(at_end);
    if (undecided_) return std::nullopt;
    const auto line_end = next_line_end(at_end);
    const Found found = find_binary_within(line_end.value_or(buffer_.size()), at_end);
    undecided_ = found == Found::nothing;
    if (undecided_) return std::nullopt;
    if (found == Found::binary) continue;
    if (line_end.value_or(buffer_.size()) - begin_ > frame_limit_) {
      drop_oversized();
      continue;
    }
    if (!line_end) return std::nullopt;
    if (begins_anew()) {
      truncate(ProblemCode::no_end, buffer_offset_ + begin_);
      start_at(line_);
      continue;
    }
    if (auto frame = close_if_ended(*line_end)) return frame;
    go_to_line(*line_end);
  }
}

// ---- between telegrams ----

/// Goes to the next byte that begins something, or that may turn out to.
Framer::Found Framer::find_start(bool at_end) {
  std::optional<std::size_t> perhaps;  // the end of the input cuts a header off here
  for (std::size_t i = begin_; i < buffer_.size(); ++i) {
    if (is_header_start(buffer_[i])) {
      const auto header = judge_header(view(i, buffer_.size()));
      const bool line_start = i == begin_ ? line_start_ : starts_line_after(buffer_[i - 1]);
      if (header.kind == Kind::incomplete) {
        const auto rest = view(i, buffer_.size());
        const bool given_up = at_end || (!patient_ && std::ranges::any_of(rest, is_strange));
        if (!given_up) {
          skip_to(i);
          return Found::nothing;
        }
        if (!perhaps) perhaps = i;
      } else if (header.kind == Kind::certain || (header.kind == Kind::possible && line_start)) {
        const Found hidden = find_binary_in_header(i, header.size, at_end);
        if (hidden == Found::binary) continue;
        if (hidden == Found::nothing) {
          skip_to(i);
          return Found::nothing;
        }
        const auto start =
            header.kind == Kind::certain ? i : certain_header_within(i, i + header.size);
        skip_to(start);
        start_at(start);
        return Found::text;
      }
    } else if (is_link_start(buffer_[i])) {
      if (suspect_end_ != 0 && buffer_offset_ + i == suspect_end_ &&
          link_of(buffer_[i]) == Link::hdlc) {
        truncate(ProblemCode::hcs_mismatch, suspect_at_);
        suspect_end_ = 0;
      }
      const Found found = judge_binary(i, at_end);
      if (found == Found::text) continue;
      skip_to(i);
      return found;
    }
  }
  skip_to(at_end && perhaps ? *perhaps : buffer_.size());
  return Found::nothing;
}

/// Noise that looks like a header ends at a line feed inside the binary frame behind it. binary: a
/// sound one begins there; nothing: it may; text: there is none.
Framer::Found Framer::find_binary_in_header(std::size_t begin, std::size_t size,
                                            bool at_end) const noexcept {
  using Verdict = LinkVerdict::Kind;
  if (std::ranges::none_of(view(begin, begin + size), is_strange)) return Found::text;
  for (std::size_t i = begin + 1; i < begin + size; ++i) {
    if (!is_link_start(buffer_[i])) continue;
    const auto verdict =
        judge_link_frame(view(i, buffer_.size()), frame_limit_, at_end || !patient_);
    const bool undecided = verdict.kind == Verdict::incomplete || verdict.kind == Verdict::awaited;
    if (undecided && !at_end && patient_) return Found::nothing;
    if (verdict.kind == Verdict::whole && !verdict.frame.fault) return Found::binary;
  }
  return Found::text;
}

/// Does a link frame begin here? nothing: it may; text: no.
Framer::Found Framer::judge_binary(std::size_t position, bool at_end) {
  using Verdict = LinkVerdict::Kind;
  const auto rest = view(position, buffer_.size());
  LinkVerdict verdict = judge_link_frame(rest, frame_limit_, at_end || !patient_);
  const bool within_damaged = position < damaged_;
  if (verdict.kind == Verdict::doubtful) suspect(position, verdict.frame);
  const bool bare = link_of(rest.front()) == Link::none;
  if (within_damaged && bare) return Found::text;  // it has no check: only the outer frame's counts
  if (verdict.kind == Verdict::incomplete || verdict.kind == Verdict::awaited) {
    if (!at_end && patient_) return Found::nothing;
    if (verdict.kind == Verdict::incomplete || within_damaged) return Found::text;
    if (!at_end) {
      truncate(ProblemCode::no_end, buffer_offset_ + position);
      return Found::text;
    }
    verdict.frame = {.link = link_of(rest.front()), .size = rest.size(), .cut = true};
  } else if (verdict.kind == Verdict::broken) {
    const ProblemCode reason = verdict.frame.fault.value_or(ProblemCode::no_end);
    if (!within_damaged) truncate(reason, buffer_offset_ + position);
    return Found::text;
  } else if (verdict.kind != Verdict::whole || (within_damaged && verdict.frame.fault)) {
    return Found::text;
  }
  if (!link_) link_ = std::make_unique<LinkFrame>();
  *link_ = verdict.frame;
  return Found::binary;
}

/// Something of an HDLC frame's shape whose header check is wrong. It claims nothing, for noise can
/// look so; it is reported when its end flag comes and nothing else began before.
void Framer::suspect(std::size_t position, const LinkFrame& frame) noexcept {
  const std::uint64_t at = buffer_offset_ + position;
  if (at < suspect_end_ || position < damaged_) return;
  suspect_at_ = at + frame.fault_at;
  suspect_end_ = at + frame.size - 1;
}

/// The link frame at begin_: gives the APDU that it completes.
std::optional<Frame> Framer::take_link_frame() {
  const LinkFrame link = *link_;
  const auto bytes = view(begin_, begin_ + link.size);
  const std::uint64_t offset = buffer_offset_ + begin_;
  const std::size_t end = begin_ + link.size;
  // The flag that ends an HDLC frame may open the next.
  const bool damaged = link.fault || link.cut;
  const std::size_t resume = damaged ? begin_ + 1 : link.link == Link::hdlc ? end - 1 : end;
  claimed_ = std::max(claimed_, end);
  suspect_end_ = 0;
  if (damaged) damaged_ = std::max(damaged_, end);
  begin_ = resume;
  line_start_ = true;
  if (link.size > frame_limit_) {
    ++counters_.oversized;
    drop_parts();
    return std::nullopt;
  }
  if (!assembly_) assembly_ = std::make_unique<Assembly>(frame_limit_);
  auto frame = assembly_->add(link, bytes, offset);
  if (const auto dropped = assembly_->take_dropped())
    truncate(dropped->code, dropped->stream_offset);
  if (assembly_->take_oversized()) ++counters_.oversized;
  return complete(frame);
}

std::optional<Frame> Framer::complete(std::optional<Frame> assembled) noexcept {
  if (assembled) ++counters_.frames;
  return assembled;
}

/// A stray '/' may stand in front of the true header: "//ISK5...". Else `from`.
std::size_t Framer::certain_header_within(std::size_t from, std::size_t to) const noexcept {
  for (std::size_t i = from + 1; i < to; ++i) {
    if (is_header_start(buffer_[i]) && judge_header(view(i, to)).kind == Kind::certain) return i;
  }
  return from;
}

// ---- inside a text ----

void Framer::start_at(std::size_t position) noexcept {
  const auto header = judge_header(view(position, buffer_.size()));
  inside_ = true;
  begin_ = position;
  go_to_line(position + header.size);
  undecided_ = false;
  body_ = {};
  hunted_ = line_;
  suspect_end_ = 0;
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

bool Framer::begins_ciphered_body() const noexcept {
  return body_.size == 0 && mask_ == 0xFF && line_ + 1 < buffer_.size() && buffer_[line_] == '\0' &&
         is_strange(buffer_[line_ + 1]);
}

/// Goes behind the ciphered body that begins at line_, if there is one. False: more bytes are
/// needed to tell, or for it to be whole.
bool Framer::pass_ciphered_body(bool at_end) {
  using Verdict = LinkVerdict::Kind;
  const auto verdict = judge_ciphered_body(view(line_, buffer_.size()), frame_limit_);
  if (verdict.kind == Verdict::incomplete || verdict.kind == Verdict::awaited) {
    return at_end || !patient_;
  }
  if (verdict.kind != Verdict::whole) return true;
  body_ = {static_cast<std::uint32_t>(line_ - begin_), verdict.frame.size};
  go_to_line(line_ + verdict.frame.size);
  hunted_ = line_;
  marked_ = true;
  return true;
}

/// Looks for a sound binary frame from the current line up to `end`: the text broke off before it.
/// text: there is none; nothing: more bytes are needed to tell.
Framer::Found Framer::find_binary_within(std::size_t end, bool at_end) {
  using Verdict = LinkVerdict::Kind;
  if (mask_ != 0xFF) return Found::text;
  // Where the telegram gets too long is decided by its bytes alone, not by how they came.
  end = std::min(end, begin_ + frame_limit_ - std::min(frame_limit_, telling_bytes));
  const std::size_t lookback = std::min(telling_bytes, line_ - begin_ - 1);
  const std::size_t begin = std::max(hunted_, line_ - lookback);
  const bool plain = begin >= end || !shows_strange(view(begin, end));
  for (std::size_t i = begin; !plain && i < end; ++i) {
    if (!is_link_start(buffer_[i])) continue;
    if (std::ranges::none_of(view(i, std::min(i + telling_bytes, end)), is_strange)) continue;
    const auto verdict =
        judge_link_frame(view(i, buffer_.size()), frame_limit_, at_end || !patient_);
    const bool sound = verdict.kind == Verdict::whole && !verdict.frame.fault;
    const bool undecided = verdict.kind == Verdict::incomplete || verdict.kind == Verdict::awaited;
    if (undecided && !at_end && patient_) {
      hunted_ = i;
      return Found::nothing;
    }
    if (!sound) continue;
    truncate(ProblemCode::no_end, buffer_offset_ + begin_);
    inside_ = false;
    claimed_ = std::max(claimed_, i);
    begin_ = i;
    return Found::binary;
  }
  hunted_ = std::max(hunted_, end - std::min(end, telling_bytes));
  return Found::text;
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
      truncate(ProblemCode::no_end, buffer_offset_ + begin_);
      begin_ = later->begin;
      body_ = {};
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
  if (body_.size > 0) {
    body_piece_ = {0, body_.at};
    frame.apdu = frame.bytes.substr(body_.at, body_.size);
    frame.pieces = {&body_piece_, 1};
  }
  frame.stream_offset = buffer_offset_ + begin_;
  frame.stream_end = buffer_offset_ + end;
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

void Framer::truncate(ProblemCode code, std::uint64_t stream_offset) noexcept {
  ++counters_.truncated;
  constexpr std::size_t most = 32;
  if (dropped_.size() < most) dropped_.push_back({code, stream_offset});
}

void Framer::skip_to(std::size_t position) noexcept {
  if (position == begin_) return;
  const std::size_t unclaimed = std::max(begin_, std::min(claimed_, position));
  counters_.skipped_bytes += position - unclaimed;
  line_start_ = starts_line_after(buffer_[position - 1]);
  begin_ = position;
}

void Framer::forget() noexcept {
  drop_parts();
  const bool outside = !inside_ && std::max(begin_, claimed_) < buffer_.size();
  const bool begun = outside && (is_link_start(buffer_[begin_]) ||
                                 (line_start_ && is_header_start(buffer_[begin_])));
  if (inside_ || begun) {
    truncate(ProblemCode::no_end, buffer_offset_ + begin_);
    begin_ = buffer_.size();
  }
  skip_to(buffer_.size());
  inside_ = false;
  line_start_ = true;
}

}  // namespace p1meter
