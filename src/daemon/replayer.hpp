// SPDX-License-Identifier: Apache-2.0
// Daemon: a capture through one meter's pipeline, on the capture's own clock.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <string>

#include "adapters/replay/capture.hpp"
#include "p1meter/framing/framer.hpp"
#include "p1meter/pipeline/frame_reader.hpp"
#include "p1meter/pipeline/meter_pipeline.hpp"

namespace p1meter::daemon {

/// Feeds a capture into a pipeline and gives every byte its time: the record's receive time, else
/// the time in the telegram, else 10 s after the telegram before. The limits see only this clock,
/// so the speed changes nothing.
///
/// Use       begin, step until it gives nothing, end_pass; again from begin on; then finish
class Replayer {
 public:
  /// What one step did.
  struct Progress {
    milliseconds clock{};       // the replay clock now
    std::uint64_t bytes{};      // of the capture's content, so far
    std::uint64_t telegrams{};  // believed, so far
  };

  /// `follow_time`: the replay clock also stands in for now in receive times. `options` are the
  /// pipeline's: with its zone, layouts and keys telegrams' times are found. The pipeline must
  /// outlive the replayer.
  Replayer(MeterPipeline& pipeline, const PipelineOptions& options, bool follow_time);

  /// Starts a (further) pass over a capture; its clock goes on where the pass before ended.
  void begin(std::istream& input);
  /// Feeds up to and including the next telegram (or record). Nothing at the end of the capture.
  [[nodiscard]] std::optional<Progress> step();
  /// The capture is at its end: a last telegram that lacks its own is used. Left out where a pass
  /// was broken off, for then it was the capture's reader who cut it.
  Progress end_pass();
  /// After the last pass: held values go out.
  void finish();

  /// Why the capture could not be read to its end, if so.
  [[nodiscard]] std::optional<std::string> error() const;
  /// Where a capture that was taken for raw bytes, but is nearly hex text, is none.
  [[nodiscard]] std::optional<std::string> hex_fault() const;

 private:
  [[nodiscard]] std::optional<Progress> feed(std::string_view bytes, milliseconds at);
  [[nodiscard]] std::optional<Progress> step_raw();
  [[nodiscard]] std::optional<Progress> feed_rest();
  [[nodiscard]] milliseconds time_of(const Frame& frame);
  [[nodiscard]] milliseconds shifted(milliseconds stamp);
  [[nodiscard]] Moment moment(milliseconds clock) const;

  MeterPipeline& pipeline_;
  std::optional<Zone> zone_;
  bool follow_time_;
  std::optional<CaptureReader> reader_{};
  Framer framer_;  // finds the telegrams' ends, and so their times; the pipeline frames anew
  FrameReader frame_reader_;
  Telegram scratch_{};
  std::string pending_{};  // bytes of the capture, from used_ on not yet fed
  std::size_t used_{};
  std::uint64_t pending_start_{};  // stream offset of pending_'s first byte, as framer_ counts
  std::optional<milliseconds> clock_{};
  std::optional<milliseconds> shift_{
      milliseconds{0}};  // added to stamps; none until a further pass shows its first
  Progress progress_{};
};

}  // namespace p1meter::daemon
