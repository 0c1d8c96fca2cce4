// SPDX-License-Identifier: Apache-2.0
// Links: opening, probing and reopening of one byte source, as a state machine.
#include "p1meter/links/link_machine.hpp"

#include <algorithm>
#include <utility>

namespace p1meter::link {
namespace {

// After as many probe times with bytes and no telegram, a settled line is another meter's.
constexpr int barren_limit = 3;

char parity_letter(Parity parity) {
  switch (parity) {
    case Parity::even:
      return 'E';
    case Parity::odd:
      return 'O';
    case Parity::none:
      break;
  }
  return 'N';
}

std::string silence_text(milliseconds silence) {
  const auto whole = std::chrono::duration_cast<seconds>(silence);
  if (whole.count() > 0) return "no telegram for " + std::to_string(whole.count()) + " s";
  return "no telegram for " + std::to_string(silence.count()) + " ms";
}

}  // namespace

std::string to_string(const LineSettings& line) {
  return std::to_string(line.baud) + ' ' + std::to_string(line.data_bits) +
         parity_letter(line.parity) + std::to_string(line.stop_bits);
}

LinkMachine::LinkMachine(LinkSettings settings) : settings_{std::move(settings)} {}

Step LinkMachine::resume(const Event& event) {
  if (phase_ == Phase::finished) return finish();
  return std::visit([this](const auto& happened) { return handle(happened); }, event);
}

void LinkMachine::set_silence(milliseconds silence) { settings_.silence = silence; }

std::optional<LineSettings> LinkMachine::settled() const { return settled_; }

Step LinkMachine::handle(const Started& /*event*/) {
  return phase_ == Phase::idle ? open() : unchanged();
}

Step LinkMachine::handle(const Opened& /*event*/) {
  if (phase_ != Phase::opening) return unchanged();
  telegram_since_open_ = false;
  barren_windows_ = 0;
  busy_retry_ = {};
  Step step = read();
  if (told_ != Told::connected && !hold_back_) {
    told_ = Told::connected;
    step.change = Change::connected;
  }
  return step;
}

Step LinkMachine::handle(const OpenFailed& event) {
  if (phase_ != Phase::opening) return unchanged();
  if (event.line_refused && has_choice()) {
    next_line();
  } else {
    // A device that was away and is back is news, whatever its last connection brought.
    hold_back_ = false;
  }
  if (!event.busy) busy_retry_ = {};
  Step step = wait(event.busy ? pause_while_busy() : settings_.retry);
  if (told_ != Told::down) {
    step.change = told_ == Told::connected ? Change::lost : Change::absent;
    step.reason = event.reason;
    told_ = Told::down;
  }
  return step;
}

Step LinkMachine::handle(const Lost& event) {
  if (phase_ != Phase::reading) return unchanged();
  hold_back_ = !telegram_since_open_;
  return lose(event.reason);
}

Step LinkMachine::handle(const Ended& /*event*/) {
  return phase_ == Phase::reading ? finish() : unchanged();
}

Step LinkMachine::handle(const TelegramSeen& /*event*/) {
  if (phase_ != Phase::reading) return unchanged();
  telegram_since_open_ = true;
  hold_back_ = false;
  barren_windows_ = 0;
  Change change = told_ == Told::connected ? Change::none : Change::connected;
  told_ = Told::connected;
  if (!settings_.probe.empty()) {
    if (has_choice() && !locked_) change = Change::settled;
    locked_ = true;
    told_probing_ = false;
    settled_ = settings_.probe[line_];
  }
  Step step = read();
  step.change = change;
  return step;
}

Step LinkMachine::handle(const TimerFired& event) {
  if (phase_ == Phase::waiting) return open();
  if (phase_ == Phase::reading) return deadline_passed(event.bytes_came);
  return unchanged();
}

Step LinkMachine::handle(const StopRequested& /*event*/) { return finish(); }

Step LinkMachine::deadline_passed(bool bytes_came) {
  if (has_choice() && !locked_) return try_next_line();
  if (settings_.silence) {
    hold_back_ = true;
    return lose(silence_text(*settings_.silence));
  }
  barren_windows_ = bytes_came ? barren_windows_ + 1 : 0;
  if (has_choice() && barren_windows_ >= barren_limit) {
    locked_ = false;
    return try_next_line();
  }
  return read();
}

Step LinkMachine::try_next_line() {
  next_line();
  Step step = open();
  if (!told_probing_) {
    told_probing_ = true;
    step.change = Change::probing;
  }
  return step;
}

void LinkMachine::next_line() {
  line_ = (line_ + 1) % settings_.probe.size();
  locked_ = false;
}

Step LinkMachine::lose(std::string reason) {
  Step step = settings_.once ? finish() : wait(settings_.retry);
  if (!locked_) line_ = 0;
  if (told_ == Told::connected) {
    told_ = Told::down;
    step.change = Change::lost;
    step.reason = std::move(reason);
  }
  return step;
}

Step LinkMachine::open() {
  phase_ = Phase::opening;
  return {.action = Open{settings_.probe.empty() ? LineSettings{} : settings_.probe[line_]}};
}

Step LinkMachine::read() {
  phase_ = Phase::reading;
  if (has_choice() && !locked_) return {.action = Read{settings_.probe_time}};
  if (settings_.silence) return {.action = Read{settings_.silence}};
  if (has_choice()) return {.action = Read{settings_.probe_time}};
  return {.action = Read{}};
}

Step LinkMachine::wait(milliseconds delay) {
  phase_ = Phase::waiting;
  delay_ = delay;
  return {.action = Wait{delay}};
}

milliseconds LinkMachine::pause_while_busy() {
  const milliseconds pause = std::max(busy_retry_, settings_.retry);
  busy_retry_ = std::min(2 * pause, settings_.longest_retry);
  return pause;
}

Step LinkMachine::finish() {
  phase_ = Phase::finished;
  return {.action = Finish{}};
}

Step LinkMachine::unchanged() {
  switch (phase_) {
    case Phase::reading:
      return read();
    case Phase::waiting:
      return wait(delay_);
    case Phase::finished:
      return finish();
    case Phase::idle:
    case Phase::opening:
      break;
  }
  return open();
}

}  // namespace p1meter::link
