// SPDX-License-Identifier: Apache-2.0
// Pipeline: the first half of the way, from bytes to believed readings. Includes the pure rooms
// only.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "p1meter/framing/framer.hpp"
#include "p1meter/mapping/mapper.hpp"
#include "p1meter/pipeline/frame_reader.hpp"
#include "p1meter/pipeline/meter_pipeline.hpp"
#include "pipeline/integrity.hpp"
#include "pipeline/plausibility.hpp"

namespace p1meter {

/// Turns one meter's bytes into telegrams that may be used, with names and values.
///
/// Use       push what arrived, then call next until it gives false
/// Owns      telegram() and mapped() are valid until the next call of push, next or finish
/// Cost      allocates nothing for telegrams whose objects it has seen before
class Intake {
 public:
  Intake(const ObisTable& table, const PipelineOptions& options, const MeterMemory& memory,
         std::shared_ptr<Workbench> workbench);

  void push(std::string_view bytes) { framer_.push(bytes); }
  /// The next telegram that is believed; false when there is none yet.
  [[nodiscard]] bool next(Moment now);
  /// The input has ended: the same for what lacks its end. Call it to exhaustion.
  [[nodiscard]] bool finish(Moment now);
  /// Forgets a half telegram.
  void reset();
  /// True while bytes wait for the rest of a binary frame.
  [[nodiscard]] bool awaits_binary() const noexcept { return framer_.awaits_binary(); }
  /// The line was silent: what was awaited is given up. Call next to exhaustion after it.
  void stop_waiting() { framer_.stop_waiting(); }
  /// New options. Keys keep their ids.
  void reload(const PipelineOptions& options);

  [[nodiscard]] const Telegram& telegram() const noexcept { return workbench_->telegram; }
  [[nodiscard]] const MappedTelegram& mapped() const noexcept { return mapped_; }
  [[nodiscard]] const Mapper& mapper() const noexcept { return *mapper_; }
  [[nodiscard]] ChecksumRule checksum() const noexcept { return integrity_.pinned(); }
  [[nodiscard]] MeterCounters counters() const noexcept;
  [[nodiscard]] std::optional<ProblemCode> cipher_fault() const noexcept { return cipher_fault_; }

 private:
  [[nodiscard]] bool take(const Frame& frame, Moment now);
  void note_cipher_fault(const Telegram& telegram) noexcept;
  void watch_counter(const Telegram& telegram) noexcept;
  void hold_back_doubtful(milliseconds now);

  const ObisTable& table_;
  CrcMode crc_;
  std::size_t frame_limit_;
  Framer framer_;
  FrameReader reader_;
  std::optional<ProblemCode> cipher_fault_{};
  std::optional<std::uint32_t> invocation_counter_{};  // of the newest telegram that was deciphered
  std::uint64_t noise_{};             // bytes that looked like a telegram and said nothing
  FramingCounters framing_before_{};  // of the framers that a reload has replaced
  IntegrityRule integrity_;
  std::shared_ptr<Workbench> workbench_;
  std::unique_ptr<Mapper> mapper_;
  MappedTelegram mapped_{};
  Plausibility plausibility_{};
  std::vector<Problem> problems_{};  // the mapper's and those of values held back
  MeterCounters counters_{};
};

}  // namespace p1meter
