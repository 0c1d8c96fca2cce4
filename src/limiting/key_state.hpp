// SPDX-License-Identifier: Apache-2.0
// Limiting: what the limiter knows of one key, and the rules for one value. Includes values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "limiting/collector.hpp"
#include "p1meter/limiting/limiter.hpp"

namespace p1meter {

/// One key: its last output and the window of values since. The numbers in comments are those of
/// the rules in DESIGN section 5.
class Limiter::KeyState {
 public:
  enum class Verdict : std::uint8_t {
    rest,  // nothing to say
    hold,  // only the interval holds it back: ask again at free_at()
    due,   // has been put out: see output()
  };

  explicit KeyState(std::uint16_t policy) noexcept : policy_{policy} {}

  /// A value arrives and is decided. Borrows from `reading` only during the call.
  [[nodiscard]] Verdict join(const LimitPolicy& policy, const Reading& reading, milliseconds now);
  /// Puts out what a hold verdict has kept.
  void release(const LimitPolicy& policy, milliseconds now);

  void empty_window() noexcept;
  /// Forgets the output's value, not its time.
  void retire() noexcept;
  void start_afresh() noexcept;

  /// True when this is the first value of the given telegram.
  [[nodiscard]] bool first_in(std::uint32_t telegram) noexcept {
    return std::exchange(telegram_, telegram) != telegram;
  }
  [[nodiscard]] bool has_output() const noexcept { return has_output_; }
  [[nodiscard]] DueReading output(KeyId key) const;
  [[nodiscard]] milliseconds free_at(const LimitPolicy& policy) const noexcept {
    return output_at_ + policy.interval;
  }

  [[nodiscard]] std::uint16_t policy() const noexcept { return policy_; }
  void set_policy(std::uint16_t policy) noexcept { policy_ = policy; }

 private:
  /// A value that went out, or that may.
  struct Kept {
    std::optional<MeterTime> time{};
    OwnedValue value{};
    std::string raw{};

    void keep(const Value& new_value, const std::optional<MeterTime>& new_time,
              std::string_view new_raw);
  };

  void add_to_window(const LimitPolicy& policy, const Reading& reading);
  [[nodiscard]] bool aggregates(const LimitPolicy& policy) const noexcept;
  [[nodiscard]] bool changed(const LimitPolicy& policy, const Value& value,
                             const std::optional<MeterTime>& time) const;
  void put_out(const Value& value, const std::optional<MeterTime>& time, std::string_view raw,
               milliseconds now);

  // What every value looks at comes first and shares a cache line.
  milliseconds output_at_{};
  std::uint32_t window_{};    // how many values
  std::uint32_t telegram_{};  // that brought the newest value
  std::uint16_t policy_;
  bool has_output_{};    // output_ counts
  bool has_been_out_{};  // output_at_ counts
  bool refreshing_{};    // a value of the window arrived when refresh had passed
  bool all_numbers_{true};
  Kept output_{};
  Collector collector_{};  // the window's numbers, when they are aggregated
  Kept held_{};            // the window's newest value, when it is held and not aggregated
};

}  // namespace p1meter
