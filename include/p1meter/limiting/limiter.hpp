// SPDX-License-Identifier: Apache-2.0
// Limiting: which readings are due. Includes values only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
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
  Unit raw_unit{Unit::none};  // of those digits
};

/// Decides for every key of one meter which values go out, by the seven rules of the rate limit.
///
/// Time is the steady clock of Moment, handed in and never going backwards. The caller asks
/// next_decision() when to call decide_held() (live: a timer; replay: before the next telegram, for
/// all instants before it, in order). At the end of a replay the same two calls let out what is
/// still held, each at its own time, so that two outputs are never closer than the interval.
///
/// Cost      a few nanoseconds per value; allocates nothing for keys it has seen
/// Source    docs/configuration.md, "How often readings are published"
class Limiter {
 public:
  using PolicyOf = std::function<LimitPolicy(KeyId)>;
  using Batch = std::vector<DueReading>;
  /// policy_of is asked once per key, when its first value comes, and again by reload(). Limiters
  /// of one thread may share the memory of a batch; what one gave is then gone with the next call
  /// of any of them.
  explicit Limiter(PolicyOf policy_of, std::shared_ptr<Batch> batch = std::make_shared<Batch>());
  ~Limiter();
  Limiter(const Limiter&) = delete;
  Limiter(Limiter&&) = delete;
  Limiter& operator=(const Limiter&) = delete;
  Limiter& operator=(Limiter&&) = delete;

  /// One telegram's readings join their windows and are decided. Gives those that are due, in the
  /// order given. Of two values for one key in one telegram the first counts.
  [[nodiscard]] std::span<const DueReading> offer(std::span<const Reading> readings,
                                                  milliseconds now);

  /// The earliest instant at which something that only the interval holds back may go out.
  /// Cost      linear in the keys after a change, else constant
  [[nodiscard]] std::optional<milliseconds> next_decision() const noexcept;
  /// Decides what the interval has held back until `now`. `now` = one of next_decision()'s answers
  /// gives that instant's batch, in the order of the keys.
  [[nodiscard]] std::span<const DueReading> decide_held(milliseconds now);

  /// First telegram after an offline spell: empties all windows, keeps last outputs.
  void empty_windows();
  /// Another equipment id: everything starts afresh.
  void start_afresh();
  /// The same for one key: its next value goes out at once.
  void start_afresh(KeyId key);
  /// The key went stale, readers see null now: its window and last output go, so that its next
  /// value counts as changed; the interval since that output is still kept.
  void retire(KeyId key);
  /// New rules: last outputs stay, the windows of keys whose policy changed are emptied.
  void reload(PolicyOf policy_of);

  /// The last output of a key, borrowed until the next call; none before the first.
  [[nodiscard]] std::optional<DueReading> last_output(KeyId key) const;
  /// The rule that holds for a key. Valid until the next call.
  [[nodiscard]] const LimitPolicy& policy(KeyId key);

 private:
  class KeyState;

  KeyState& state_of(KeyId key);
  KeyState& create_state(KeyId key);
  std::uint16_t intern(const LimitPolicy& policy);
  void put_out(KeyId key);
  void hold_until(KeyId key, milliseconds deadline);

  PolicyOf policy_of_;
  std::vector<LimitPolicy> policies_{};  // the distinct ones; keys share them
  std::vector<std::unique_ptr<KeyState>>
      states_{};  // by key; each stays in place, because what is due borrows from it
  std::vector<milliseconds> deadlines_;  // by key; far future: nothing is held
  std::shared_ptr<Batch> due_;
  std::uint32_t telegram_{};  // counts offers
  mutable bool earliest_known_{true};
  mutable milliseconds earliest_;
};

}  // namespace p1meter
