// SPDX-License-Identifier: Apache-2.0
// Limiting: which readings are due. Includes values only.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "p1meter/limiting/policy.hpp"
#include "p1meter/values/reading.hpp"

namespace p1meter {

/// One value that goes out now. Borrowed from the limiter: valid until its next call.
struct DueReading {
  KeyId key{};
  Value value{};
  std::optional<MeterTime> time{};  // the value's own time
  std::string_view
      raw{};  // the meter's digits of the last value; empty for aggregates and computed readings
};

/// Decides for every key of one meter which values go out, by the seven rules of the rate limit.
///
/// Time is the steady clock of Moment, handed in and never going backwards. The caller asks
/// next_decision() when to call decide_held() (live: a timer; replay: before the next telegram, for
/// all instants before it, in order). Cost      allocates nothing for keys it has seen
class Limiter {
 public:
  using PolicyOf = std::function<LimitPolicy(KeyId)>;
  /// policy_of is asked once per key, when its first value comes, and again after reload().
  explicit Limiter(PolicyOf policy_of);

  /// One telegram's readings join their windows and are decided. Gives those that are due, in the
  /// order given.
  [[nodiscard]] std::span<const DueReading> offer(std::span<const Reading> readings,
                                                  milliseconds now);

  /// The earliest instant at which something that only the interval holds back may go out.
  [[nodiscard]] std::optional<milliseconds> next_decision() const noexcept;
  /// Decides what the interval has held back until `now`. `now` = one of next_decision()'s answers
  /// gives that instant's batch.
  [[nodiscard]] std::span<const DueReading> decide_held(milliseconds now);
  /// End of a replay: every held window that has changed goes out.
  [[nodiscard]] std::span<const DueReading> flush(milliseconds now);

  /// First telegram after an offline spell: empties all windows, keeps last outputs.
  void empty_windows();
  /// Another equipment id: everything starts afresh.
  void start_afresh();
  /// New rules: last outputs stay, the windows of keys whose policy changed are emptied.
  void reload(PolicyOf policy_of);

  /// The last output of a key, borrowed until the next call; none before the first.
  [[nodiscard]] std::optional<DueReading> last_output(KeyId key) const;
  [[nodiscard]] const LimitPolicy& policy(KeyId key);
};

}  // namespace p1meter
