// SPDX-License-Identifier: Apache-2.0
// Pipeline: the first half of the way, from bytes to believed readings.
#include "pipeline/intake.hpp"

#include <algorithm>
#include <utility>

namespace p1meter {

Intake::Intake(const ObisTable& table, const PipelineOptions& options, const MeterMemory& memory,
               std::shared_ptr<Workbench> workbench)
    : table_{table},
      crc_{options.crc},
      frame_limit_{options.frame_limit},
      framer_{options.frame_limit},
      reader_{workbench->layouts, options.keys},
      integrity_{options.crc, memory.checksum},
      workbench_{std::move(workbench)},
      mapper_{std::make_unique<Mapper>(table, options.mapper, memory.mapper, workbench_->mapping)} {
  for (const KeyInfo& info : memory.keys) mapper_->remember(info);
}

bool Intake::next(Moment now) {
  bool believed = false;
  while (!believed) {
    const auto frame = framer_.next();
    if (!frame) break;
    believed = take(*frame, now);
  }
  return believed;
}

bool Intake::finish(Moment now) {
  while (const auto frame = framer_.finish()) {
    if (take(*frame, now)) return true;
  }
  return false;
}

void Intake::reset() { framer_.reset(); }

void Intake::reload(const PipelineOptions& options) {
  crc_ = options.crc;
  integrity_.set_mode(options.crc);
  integrity_.forget_protection();
  plausibility_ = {};
  invocation_counter_.reset();
  reader_ = FrameReader{workbench_->layouts, options.keys};
  if (std::exchange(frame_limit_, options.frame_limit) != options.frame_limit) {
    reset();
    framing_before_ = counters().framing;
    noise_ = 0;
    framer_ = Framer{frame_limit_};
  }
  auto mapper =
      std::make_unique<Mapper>(table_, options.mapper, mapper_->memory(), workbench_->mapping);
  for (std::size_t key = 0; key < mapper_->keys().size(); ++key) {
    mapper->remember(mapper_->keys()[static_cast<KeyId>(key)]);
  }
  mapper_ = std::move(mapper);
  mapped_ = {};
}

bool Intake::take(const Frame& frame, Moment now) {
  Telegram& telegram = workbench_->telegram;
  reader_.read(frame, telegram);
  const bool damaged = frame.fault || !frame.ended;  // then the cipher is not to blame
  if (telegram.ciphering && !damaged) note_cipher_fault(telegram);
  const bool says_nothing = telegram.objects.empty() && telegram.items.empty();
  const bool closed = telegram.ciphering && (says_nothing || cipher_fault_);
  if (closed && !damaged) {
    ++counters_.undeciphered;
    return false;
  }
  const auto verdict = integrity_.judge(telegram);
  if (verdict == IntegrityRule::Verdict::refused) {
    ++counters_.crc_errors;
    return false;
  }
  if (says_nothing && telegram.protocol == Protocol::dlms) {
    counters_.problems += telegram.problems.size();
    return false;
  }
  if (telegram.ciphering) watch_counter(telegram);
  mapped_ = mapper_->map(telegram, now.wall);
  if (verdict != IntegrityRule::Verdict::checked && mapped_.readings.empty()) {
    noise_ += frame.bytes.size();
    return false;
  }
  if (verdict == IntegrityRule::Verdict::tolerated) ++counters_.unchecked;
  if (verdict != IntegrityRule::Verdict::checked) {
    hold_back_doubtful(now.steady);
  } else if (crc_ == CrcMode::off) {  // the next one may be bad
    plausibility_.believe(mapper_->keys(), mapped_.readings, now.steady);
  }
  ++counters_.telegrams;
  counters_.unknown_objects = mapped_.unknown.size();
  counters_.problems += telegram.problems.size() + mapped_.problems.size();
  return true;
}

void Intake::note_cipher_fault(const Telegram& telegram) noexcept {
  const auto is_of_cipher = [](const Problem& problem) {
    return problem.code >= ProblemCode::key_missing;  // the last block of the list
  };
  const auto found = std::ranges::find_if(telegram.problems, is_of_cipher);
  cipher_fault_.reset();
  if (found != telegram.problems.end()) cipher_fault_ = found->code;
}

/// A counter that does not rise is a telegram that was sent again, or a meter that lost its count:
/// worth a look, no reason to drop readings.
/// Source    Luxmetering P1 1.1.3: it grows by one with each frame
void Intake::watch_counter(const Telegram& telegram) noexcept {
  const std::uint32_t counter = telegram.ciphering->counter;
  const auto before = std::exchange(invocation_counter_, counter);
  if (before && counter <= *before) ++counters_.counter_fell;
}

/// Takes registers that no meter can have sent out of the mapped telegram.
void Intake::hold_back_doubtful(milliseconds now) {
  const auto sieved = plausibility_.sieve(mapper_->keys(), mapped_.readings, now);
  if (sieved.held.empty()) return;
  counters_.held_back += sieved.held.size();
  const auto& objects = telegram().objects;
  problems_.assign(mapped_.problems.begin(), mapped_.problems.end());
  for (const Reading& held : sieved.held) {
    const auto object = std::ranges::find_if(
        objects, [&](const CosemObject& each) { return held.obis == each.obis; });
    problems_.push_back({.code = ProblemCode::value_held_back,
                         .offset = object == objects.end() ? 0 : object->offset,
                         .obis = held.obis,
                         .text = held.raw});
  }
  mapped_.readings = sieved.kept;
  mapped_.problems = problems_;
}

MeterCounters Intake::counters() const noexcept {
  MeterCounters all = counters_;
  const FramingCounters& now = framer_.counters();
  all.framing = {.frames = framing_before_.frames + now.frames,
                 .skipped_bytes = framing_before_.skipped_bytes + now.skipped_bytes + noise_,
                 .truncated = framing_before_.truncated + now.truncated,
                 .oversized = framing_before_.oversized + now.oversized};
  return all;
}

}  // namespace p1meter
