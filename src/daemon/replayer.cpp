// SPDX-License-Identifier: Apache-2.0
// Daemon: a capture through one meter's pipeline, on the capture's own clock.
#include "daemon/replayer.hpp"

#include <algorithm>

#include "daemon/clock.hpp"

namespace p1meter::daemon {
namespace {

/// DSMR 2 and 3 meters, the ones whose telegrams carry no time, send every 10 s.
constexpr milliseconds gap_without_times = std::chrono::seconds{10};
constexpr Zone central_european{};

/// Bytes without a telegram's end that are fed on rather than kept: noise, or one endless telegram.
constexpr std::size_t pending_limit = 4 * default_frame_limit;

}  // namespace

Replayer::Replayer(MeterPipeline& pipeline, const PipelineOptions& options, bool follow_time)
    : pipeline_{pipeline},
      zone_{options.mapper.zone},
      follow_time_{follow_time},
      frame_reader_{options.workbench ? options.workbench->layouts : nullptr, options.keys} {}

void Replayer::begin(std::istream& input) {
  reader_.emplace(input);
  if (clock_) shift_.reset();
}

std::optional<Replayer::Progress> Replayer::step() {
  if (auto fed = step_raw()) return fed;
  while (const auto chunk = reader_->next()) {
    if (chunk->received) return feed(chunk->bytes, shifted(chunk->received->time_since_epoch()));
    pending_.erase(0, used_);
    pending_start_ += used_;
    used_ = 0;
    pending_.append(chunk->bytes);
    framer_.push(chunk->bytes);
    if (auto fed = step_raw()) return fed;
  }
  return feed_rest();
}

std::optional<Replayer::Progress> Replayer::step_raw() {
  if (const auto frame = framer_.next()) {
    const milliseconds at = time_of(*frame);
    // A sound frame may lie inside a damaged one, whose bytes have gone before.
    const std::uint64_t frame_end = std::max(frame->stream_end, pending_start_) - pending_start_;
    const std::size_t end = std::max(used_, static_cast<std::size_t>(frame_end));
    const std::string_view piece = std::string_view{pending_}.substr(used_, end - used_);
    used_ = end;
    return feed(piece, at);
  }
  if (pending_.size() - used_ <= pending_limit) return std::nullopt;
  const std::string_view piece = std::string_view{pending_}.substr(used_);
  used_ = pending_.size();
  return feed(piece, clock_.value_or(milliseconds{0}));
}

/// What follows the last whole telegram: perhaps one that lacks its end.
std::optional<Replayer::Progress> Replayer::feed_rest() {
  const std::string_view rest = std::string_view{pending_}.substr(used_);
  used_ = pending_.size();
  if (rest.empty()) return std::nullopt;
  const auto frame = framer_.finish();
  const milliseconds at = frame ? time_of(*frame) : clock_.value_or(milliseconds{0});
  return feed(rest, at);
}

std::optional<Replayer::Progress> Replayer::feed(std::string_view bytes, milliseconds at) {
  // A meter clock that was set back does not turn the replay back.
  clock_ = std::max(clock_.value_or(at), at);
  const Moment now = moment(*clock_);
  pipeline_.run_timers_before(now);
  progress_.telegrams += pipeline_.feed(bytes, now);
  progress_.bytes += bytes.size();
  progress_.clock = *clock_;
  return progress_;
}

Replayer::Progress Replayer::end_pass() {
  progress_.telegrams += pipeline_.finish(moment(clock_.value_or(milliseconds{0})));
  return progress_;
}

void Replayer::finish() { pipeline_.flush(moment(clock_.value_or(milliseconds{0}))); }

Moment Replayer::moment(milliseconds clock) const {
  return {.steady = clock, .wall = follow_time_ ? Instant{clock} : live_now().wall};
}

milliseconds Replayer::time_of(const Frame& frame) {
  frame_reader_.read(frame, scratch_);
  if (scratch_.time) {
    return shifted(
        place(*scratch_.time, zone_.value_or(central_european)).instant.time_since_epoch());
  }
  return clock_ ? *clock_ + gap_without_times : live_now().wall.time_since_epoch();
}

milliseconds Replayer::shifted(milliseconds stamp) {
  if (!shift_) shift_ = *clock_ + gap_without_times - stamp;
  return stamp + *shift_;
}

std::optional<std::string> Replayer::error() const {
  return reader_ ? reader_->error() : std::nullopt;
}

std::optional<std::string> Replayer::hex_fault() const {
  return reader_ ? reader_->hex_fault() : std::nullopt;
}

}  // namespace p1meter::daemon
