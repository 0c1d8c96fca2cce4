// SPDX-License-Identifier: Apache-2.0
// Framing: where telegrams begin and end in a stream of bytes.
#include "p1meter/framing/framer.hpp"

#include <algorithm>
#include <utility>

#include "framing/assembly.hpp"
#include "framing/header.hpp"
#include "framing/link_frame.hpp"

namespace p1meter {
namespace {

using Kind = HeaderVerdict::Kind;

}  // namespace

Framer::Framer(std::size_t frame_limit) : frame_limit_{frame_limit} {}
Framer::~Framer() = default;
Framer::Framer(Framer&&) noexcept = default;
Framer& Framer::operator=(Framer&&) noexcept = default;

void Framer::push(std::string_view bytes) {
  patient_ = true;
  if (begin_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
    buffer_offset_ += begin_;
    if (text_) {
      text_->line -= begin_;
      text_->searched -= begin_;
      text_->hunted -= begin_;
      text_->counted -= begin_;
    }
    claimed_ -= std::min(claimed_, begin_);
    damaged_ -= std::min(damaged_, begin_);
    begin_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

std::optional<Frame> Framer::next() {
  // The answer to nearly every chunk, without the rest.
  if (text_ && pass_plain_lines(false)) return std::nullopt;
  return take_frame(false);
}

std::optional<Frame> Framer::finish() {
  if (auto frame = take_frame(true)) return frame;
  if (text_ && has_lines()) return close_without_end();
  if (assembly_) {
    if (auto frame = assembly_->unfinished()) {
      assembly_->give_up();
      static_cast<void>(assembly_->take_dropped());
      ++counters_.frames;
      return frame;
    }
  }
  if (suspect_end_ != 0) truncate(ProblemCode::hcs_mismatch, suspect_at_);
  suspect_end_ = 0;
  forget();
  return std::nullopt;
}

void Framer::reset() { forget(); }

bool Framer::inside_frame() const noexcept {
  if (text_ || awaits_binary()) return true;
  return line_start_ && begin_ < buffer_.size() && is_header_start(buffer_[begin_]);
}

bool Framer::awaits_binary() const noexcept {
  if (assembly_ && assembly_->pending()) return true;
  if (text_) return text_->undecided;
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
    if (!text_) {
      const Found found = find_start(at_end);
      if (found == Found::nothing) return std::nullopt;
      if (found == Found::binary) {
        if (auto frame = take_link_frame()) return frame;
        continue;
      }
    }
    if (pass_plain_lines(at_end)) return std::nullopt;
    text_->undecided = begins_ciphered_body() && !pass_ciphered_body(at_end);
    if (text_->undecided) return std::nullopt;
    const auto line_end = next_line_end(at_end);
    const Found found = find_binary_within(line_end.value_or(buffer_.size()), at_end);
    if (found == Found::binary) continue;
    text_->undecided = found == Found::nothing;
    if (text_->undecided) return std::nullopt;
    if (line_end.value_or(buffer_.size()) - begin_ > frame_limit_) {
      drop_oversized();
      continue;
    }
    if (!line_end) return std::nullopt;
    if (begins_anew()) {
      truncate(ProblemCode::no_end, buffer_offset_ + begin_);
      start_at(text_->line);
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
  if (frame) ++counters_.frames;
  return frame;
}

/// A stray '/' may stand in front of the true header: "//ISK5...". Else `from`.
std::size_t Framer::certain_header_within(std::size_t from, std::size_t to) const noexcept {
  for (std::size_t i = from + 1; i < to; ++i) {
    if (is_header_start(buffer_[i]) && judge_header(view(i, to)).kind == Kind::certain) return i;
  }
  return from;
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
  const bool outside = !text_ && std::max(begin_, claimed_) < buffer_.size();
  const bool begun = outside && (is_link_start(buffer_[begin_]) ||
                                 (line_start_ && is_header_start(buffer_[begin_])));
  if (text_ || begun) {
    truncate(ProblemCode::no_end, buffer_offset_ + begin_);
    begin_ = buffer_.size();
  }
  skip_to(buffer_.size());
  text_.reset();
  line_start_ = true;
}

}  // namespace p1meter
