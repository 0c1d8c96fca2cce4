// SPDX-License-Identifier: Apache-2.0
// Limiting: the limiter beside a naive model that keeps every sample, on random schedules.
#include <algorithm>
#include <cstdlib>
#include <gtest/gtest.h>
#include <map>
#include <ostream>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "p1meter/limiting/limiter.hpp"
#include "support/random_seed.hpp"

namespace p1meter {
namespace {

/// A number in thousandths that was sent with so many decimals (0..3), or, with -1, no number.
struct Sample {
  std::int64_t thousandths{};
  int decimals{};
  int own_time{};
  bool refresh_had_passed{};
};

struct Output {
  KeyId key{};
  std::string digits{};
  int own_time{};
  friend auto operator<=>(const Output&, const Output&) = default;
};
[[maybe_unused]] std::ostream& operator<<(std::ostream& out, const Output& output) {
  return out << output.key << '=' << output.digits << '@' << output.own_time;
}

std::string digits_of(std::int64_t thousandths, int decimals) {
  if (decimals < 0) return "none";
  for (int i = decimals; i < 3; ++i) thousandths /= 10;
  return to_string(Decimal{thousandths, static_cast<std::int8_t>(-decimals)});
}

// ---- the model: docs/configuration.md read aloud, with every sample kept ---------------------
struct Model {
  LimitPolicy policy{};
  std::vector<Sample> window{};
  bool has_output{};
  Sample output{};
  std::int64_t output_at{};

  [[nodiscard]] Sample candidate() const {
    const bool numbers = std::ranges::all_of(window, [](auto& s) { return s.decimals >= 0; });
    const auto less = [](auto& a, auto& b) { return a.thousandths < b.thousandths; };
    const auto at_most = [](auto& a, auto& b) { return a.thousandths <= b.thousandths; };
    if (policy.aggregate == Aggregate::last || !numbers) return window.back();
    if (policy.aggregate == Aggregate::max)
      return *std::max_element(window.begin(), window.end(), at_most);
    if (policy.aggregate == Aggregate::min)
      return *std::min_element(window.rbegin(), window.rend(), less);
    Sample mean{.own_time = window.back().own_time};
    for (auto& sample : window) mean.decimals = std::max(mean.decimals, sample.decimals);
    for (auto& sample : window) mean.thousandths += sample.thousandths;
    std::int64_t unit = static_cast<std::int64_t>(window.size());
    for (int i = mean.decimals; i < 3; ++i) unit *= 10;
    std::int64_t whole = std::abs(mean.thousandths) / unit;
    const std::int64_t twice_rest = std::abs(mean.thousandths) % unit * 2;
    if (twice_rest > unit || (twice_rest == unit && whole % 2 == 1)) ++whole;
    if (mean.thousandths < 0) whole = -whole;
    for (int i = mean.decimals; i < 3; ++i) whole *= 10;
    mean.thousandths = whole;
    return mean;
  }
  [[nodiscard]] bool changed(const Sample& value) const {
    if (!has_output || value.own_time != output.own_time) return true;
    if ((value.decimals < 0) != (output.decimals < 0)) return true;
    if (value.thousandths == output.thousandths) return false;
    if (!policy.deadband) return true;
    const auto difference = std::abs(value.thousandths - output.thousandths);
    const auto amount = policy.deadband->amount.mantissa;  // whole thousandths, or whole percent
    return policy.deadband->percent ? difference * 100 >= amount * std::abs(output.thousandths)
                                    : difference >= amount;
  }
  bool decide(std::int64_t now) {
    if (window.empty()) return false;
    const Sample value = candidate();
    const bool interval_passed = !has_output || now - output_at >= policy.interval.count();
    const bool only_changes = policy.on_change || policy.deadband;
    const bool refreshed = window.back().refresh_had_passed;
    const bool due =
        refreshed || (window.size() >= policy.every && (!only_changes || changed(value)));
    if (!interval_passed || !due) return false;
    output = value;
    output_at = now;
    has_output = true;
    window.clear();
    return true;
  }
  bool offer(Sample value, std::int64_t now) {
    value.refresh_had_passed =
        has_output && policy.refresh && now - output_at >= policy.refresh->count();
    window.push_back(value);
    return decide(now);
  }
};
// -----------------------------------------------------------------------------------------------

constexpr KeyId key_count = 6;

class Schedule {
 public:
  explicit Schedule(std::uint32_t seed)
      : random_{seed}, limiter_{[this](KeyId key) { return models_[key].policy; }} {
    for (Model& model : models_) model.policy = any_policy();
  }

  void run(int steps) {
    for (int step = 0; step < steps && !testing::Test::HasFailure(); ++step) {
      SCOPED_TRACE("step " + std::to_string(step));
      now_ += pick({0, 1, 1, 1, 2, 5});
      decide_before_now();
      switch (any(40)) {
        case 0:
          limiter_.empty_windows();
          for (Model& model : models_) model.window.clear();
          break;
        case 1:
          reload();
          break;
        case 2:
          limiter_.start_afresh();
          for (Model& model : models_) model = Model{model.policy};
          break;
        default:
          offer();
      }
    }
  }
  [[nodiscard]] std::size_t outputs() const { return outputs_; }

 private:
  std::int64_t any(int count) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint32_t>(count));
  }
  std::int64_t pick(std::initializer_list<int> choice) {
    return *(choice.begin() + any(static_cast<int>(choice.size())));
  }
  LimitPolicy any_policy() {
    LimitPolicy policy{.publish = any(10) != 0,
                       .interval = milliseconds{pick({0, 1, 3, 10, 25})},
                       .on_change = any(2) == 0,
                       .aggregate = static_cast<Aggregate>(any(4)),
                       .every = static_cast<std::uint32_t>(pick({1, 1, 1, 2, 5}))};
    if (any(2) == 0) policy.refresh = milliseconds{pick({2, 8, 30})};
    if (any(3) == 0) policy.deadband = Deadband{{pick({0, 300, 1000}), -3}, false};
    if (any(4) == 0) policy.deadband = Deadband{{pick({0, 10, 50}), 0}, true};
    return policy;
  }
  Sample any_sample() {
    Sample sample{.decimals = static_cast<int>(any(4)), .own_time = any(6) == 0 ? 1 : 0};
    sample.thousandths = (any(9) - 4) * pick({100, 1000});
    if (sample.decimals < 3) sample.thousandths = sample.thousandths / 1000 * 1000;
    if (any(25) == 0) sample = {.thousandths = 0, .decimals = -1};
    return sample;
  }

  void offer() {
    std::vector<Reading> readings;
    std::vector<Output> expected;
    for (KeyId key = 0; key < key_count; ++key) {
      if (any(4) == 0) continue;
      const Sample sample = any_sample();
      readings.push_back(reading(key, sample));
      Model& model = models_[key];
      if (model.policy.publish && model.offer(sample, now_)) expected.push_back(output_of(key));
    }
    compare(expected, limiter_.offer(readings, milliseconds{now_}));
  }

  /// All instants at which a window may go out before the next telegram, in order.
  void decide_before_now() {
    std::map<std::int64_t, std::vector<Output>> expected;
    for (KeyId key = 0; key < key_count; ++key) {
      Model& model = models_[key];
      const std::int64_t at = model.output_at + model.policy.interval.count();
      if (at < now_ && model.has_output && model.decide(at)) expected[at].push_back(output_of(key));
    }
    for (const auto& [at, outputs] : expected) {
      const auto next = limiter_.next_decision();
      ASSERT_EQ(next, milliseconds{at});
      compare(outputs, limiter_.decide_held(*next));
    }
    const auto next = limiter_.next_decision();
    ASSERT_TRUE(!next || next->count() >= now_);
  }

  void reload() {
    for (Model& model : models_) {
      if (any(2) == 0) continue;
      const LimitPolicy policy = any_policy();
      if (policy != model.policy) model.window.clear();
      model.policy = policy;
    }
    limiter_.reload([this](KeyId key) { return models_[key].policy; });
  }

  static Reading reading(KeyId key, const Sample& sample) {
    Reading reading{.key = key};
    if (sample.decimals >= 0) {
      reading.value = *parse_decimal(digits_of(sample.thousandths, sample.decimals));
    }
    if (sample.own_time != 0) {
      reading.time = MeterTime{.instant = Instant{seconds{sample.own_time}}};
    }
    return reading;
  }
  [[nodiscard]] Output output_of(KeyId key) const {
    const Sample& output = models_[key].output;
    return {key, digits_of(output.thousandths, output.decimals), output.own_time};
  }

  void compare(const std::vector<Output>& expected, std::span<const DueReading> due) {
    std::vector<Output> actual;
    for (const DueReading& reading : due) {
      const auto* number = std::get_if<Decimal>(&reading.value);
      actual.push_back({reading.key, number != nullptr ? to_string(*number) : "none",
                        reading.time.has_value() ? 1 : 0});
    }
    EXPECT_EQ(expected, actual) << "at " << now_;
    outputs_ += actual.size();
  }

  std::mt19937 random_;
  std::array<Model, key_count> models_{};
  Limiter limiter_;
  std::int64_t now_{};
  std::size_t outputs_{};
};

TEST(ALimiter, agrees_with_the_naive_model_on_random_schedules) {
  const std::uint32_t seed = test::random_seed();
  std::size_t outputs = 0;

  for (std::uint32_t round = 0; round < 400 && !HasFailure(); ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
    Schedule schedule{seed + round};
    schedule.run(400);
    outputs += schedule.outputs();
  }

  EXPECT_GT(outputs, 100'000U) << "the schedules must make enough things due to mean anything";
}

}  // namespace
}  // namespace p1meter
