// SPDX-License-Identifier: Apache-2.0
// Limiting: what the limiter knows of one key, and the rules for one value. Includes values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

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

  explicit KeyState(std::uint16_t policy) : policy_{policy} {}

  /// A value arrives and is decided. Borrows from `reading` only during the call.
  [[nodiscard]] Verdict join(const LimitPolicy& policy, const Reading& reading, milliseconds now);
  /// Puts out what a hold verdict has kept.
  void release(const LimitPolicy& policy, milliseconds now);

  void empty_window() noexcept;
  /// Forgets the output's value, not its time.
  void retire() noexcept;
  void start_afresh() noexcept;

  /// True when this is the first value of the given telegram.
  [[nodiscard]] bool first_in(std::uint32_t telegram) noexcept;
  [[nodiscard]] bool has_output() const noexcept { return has_output_; }
  [[nodiscard]] DueReading output(KeyId key) const;
  [[nodiscard]] milliseconds free_at(const LimitPolicy& policy) const noexcept;

  [[nodiscard]] std::uint16_t policy() const noexcept { return policy_; }
  void set_policy(std::uint16_t policy) noexcept { policy_ = policy; }

 private:
  /// A value that goes out or may go out.
  struct Candidate {
    Value value{};
    std::optional<MeterTime> time{};
    std::string_view raw{};
  };
  /// The same, owned.
  struct Kept {
    OwnedValue value{};
    std::optional<MeterTime> time{};
    std::string raw{};

    void keep(const Candidate& candidate);
    [[nodiscard]] Candidate view() const;
  };

  void add_to_window(const LimitPolicy& policy, const Reading& reading);
  [[nodiscard]] bool aggregates(const LimitPolicy& policy) const noexcept;
  [[nodiscard]] Candidate collected(const LimitPolicy& policy) const;
  [[nodiscard]] bool changed(const LimitPolicy& policy, const Candidate& candidate) const;
  void put_out(const Candidate& candidate, milliseconds now);

  Kept output_{};
  Kept held_{};            // the window's newest value, when it is held and not aggregated
  Collector collector_{};  // the window's numbers, when they are aggregated
  milliseconds output_at_{};
  std::uint32_t window_{};    // how many values
  std::uint32_t telegram_{};  // that brought the newest value
  std::uint16_t policy_;
  bool has_output_{};    // output_ counts
  bool has_been_out_{};  // output_at_ counts
  bool refreshing_{};    // a value of the window arrived when refresh had passed
  bool all_numbers_{true};
};

}  // namespace p1meter
