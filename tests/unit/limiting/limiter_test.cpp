// SPDX-License-Identifier: Apache-2.0
// Limiting: each rule by example. Times are seconds on the limiter's clock.
#include "p1meter/limiting/limiter.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "support/allocations.hpp"

namespace p1meter {
namespace {

using std::chrono::seconds;

std::string text_of(const Value& value) {
  if (const auto* number = std::get_if<Decimal>(&value)) return to_string(*number);
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string{*text};
  if (const auto* rows = std::get_if<std::span<const ListRow>>(&value)) {
    return std::to_string(rows->size()) + " rows";
  }
  return "null";
}

/// What went out, as "value" or "key=value" texts for easy comparison.
std::vector<std::string> texts(std::span<const DueReading> due) {
  std::vector<std::string> result;
  for (const DueReading& reading : due) result.push_back(text_of(reading.value));
  return result;
}

using Out = std::vector<std::string>;
const Out nothing{};

Reading number(std::string_view digits, KeyId key = 0) {
  return {.key = key, .value = *parse_decimal(digits), .raw = digits};
}

Reading text(std::string_view content, KeyId key = 0) {
  return {.key = key, .value = content, .raw = content};
}

Reading stamped(std::string_view digits, int second) {
  Reading reading = number(digits);
  reading.time = MeterTime{Instant{seconds{second}}, 0, TimeCertainty::exact};
  return reading;
}

/// A limiter whose keys all have one policy.
struct OneRule {
  explicit OneRule(LimitPolicy policy) : limiter{[policy](KeyId) { return policy; }} {}

  Out at(int second, const Reading& reading) {
    return texts(limiter.offer({&reading, 1}, seconds{second}));
  }
  Out timer(int second) { return texts(limiter.decide_held(seconds{second})); }

  Limiter limiter;
};

TEST(ALimiter, lets_everything_out_when_no_rule_is_set) {
  OneRule rule{{}};

  EXPECT_EQ(rule.at(0, number("1.500")), Out{"1.500"});
  EXPECT_EQ(rule.at(0, number("1.500")), Out{"1.500"});
  EXPECT_EQ(rule.at(1, text("hello")), Out{"hello"});
}

TEST(ALimiter, publishes_nothing_of_a_key_that_is_not_published) {
  OneRule rule{{.publish = false}};

  EXPECT_EQ(rule.at(0, number("1")), nothing);
  EXPECT_FALSE(rule.limiter.last_output(0));
  EXPECT_FALSE(rule.limiter.next_decision());
}

TEST(ALimiter, holds_a_change_until_the_interval_has_passed) {
  OneRule rule{{.interval = seconds{10}, .on_change = true}};

  EXPECT_EQ(rule.at(0, number("1")), Out{"1"});
  EXPECT_EQ(rule.at(3, number("2")), nothing);
  EXPECT_EQ(rule.at(4, number("3")), nothing);
  EXPECT_EQ(rule.limiter.next_decision(), seconds{10});
  EXPECT_EQ(rule.timer(10), Out{"3"});
  EXPECT_FALSE(rule.limiter.next_decision());
  EXPECT_EQ(rule.at(19, number("4")), nothing);
  EXPECT_EQ(rule.at(20, number("5")), Out{"5"}) << "at equal times the telegram joins first";
}

TEST(ALimiter, forgets_a_held_change_that_was_taken_back) {
  OneRule rule{{.interval = seconds{10}, .on_change = true}};

  EXPECT_EQ(rule.at(0, number("1")), Out{"1"});
  EXPECT_EQ(rule.at(3, number("2")), nothing);
  EXPECT_EQ(rule.at(4, number("1.0")), nothing);
  EXPECT_FALSE(rule.limiter.next_decision());
  EXPECT_EQ(rule.timer(10), nothing);
}

TEST(ALimiter, holds_an_unchanged_value_too_when_changes_do_not_matter) {
  OneRule rule{{.interval = seconds{10}}};

  EXPECT_EQ(rule.at(0, number("1")), Out{"1"});
  EXPECT_EQ(rule.at(3, number("1")), nothing);
  EXPECT_EQ(rule.limiter.next_decision(), seconds{10});
  EXPECT_EQ(rule.timer(10), Out{"1"});
  EXPECT_EQ(rule.timer(20), nothing) << "an empty window is never published";
}

TEST(ALimiter, counts_from_the_instant_a_late_timer_really_decided) {
  OneRule rule{{.interval = seconds{10}}};

  EXPECT_EQ(rule.at(0, number("1")), Out{"1"});
  EXPECT_EQ(rule.at(3, number("2")), nothing);
  EXPECT_EQ(rule.timer(12), Out{"2"});
  EXPECT_EQ(rule.at(21, number("3")), nothing);
  EXPECT_EQ(rule.limiter.next_decision(), seconds{22});
}

TEST(ALimiter, gives_every_instant_its_own_batch) {
  Limiter limiter{[](KeyId key) { return LimitPolicy{.interval = seconds{key == 1 ? 20 : 10}}; }};
  const std::vector<Reading> telegram{number("1", 0), number("2", 1), number("3", 2)};

  EXPECT_EQ(texts(limiter.offer(telegram, seconds{0})), (Out{"1", "2", "3"}));
  EXPECT_EQ(texts(limiter.offer(telegram, seconds{1})), nothing);
  EXPECT_EQ(limiter.next_decision(), seconds{10});
  EXPECT_EQ(texts(limiter.decide_held(seconds{10})), (Out{"1", "3"}));
  EXPECT_EQ(limiter.next_decision(), seconds{20});
  EXPECT_EQ(texts(limiter.decide_held(seconds{20})), Out{"2"});
  EXPECT_FALSE(limiter.next_decision());
}

TEST(ALimiter, refreshes_an_unchanged_value_when_one_arrives) {
  OneRule rule{{.interval = seconds{10}, .refresh = seconds{60}, .on_change = true}};

  EXPECT_EQ(rule.at(0, number("1")), Out{"1"});
  EXPECT_EQ(rule.at(59, number("1")), nothing);
  EXPECT_FALSE(rule.limiter.next_decision()) << "refresh has no timer";
  EXPECT_EQ(rule.at(60, number("1")), Out{"1"});
  EXPECT_EQ(rule.at(119, number("1")), nothing);
}

TEST(ALimiter, refreshes_never_sooner_than_the_interval) {
  OneRule rule{{.interval = seconds{10}, .refresh = seconds{4}, .on_change = true}};

  EXPECT_EQ(rule.at(0, number("1")), Out{"1"});
  EXPECT_EQ(rule.at(3, number("1")), nothing);
  EXPECT_FALSE(rule.limiter.next_decision());
  EXPECT_EQ(rule.at(5, number("1")), nothing);
  EXPECT_EQ(rule.limiter.next_decision(), seconds{10});
  EXPECT_EQ(rule.timer(10), Out{"1"});
}

TEST(ALimiter, refreshes_whatever_the_window_holds) {
  OneRule rule{{.refresh = seconds{60}, .every = 100}};

  for (int second = 0; second < 99; ++second) ASSERT_EQ(rule.at(0, number("1")), nothing);
  EXPECT_EQ(rule.at(0, number("7")), Out{"7"});
  EXPECT_EQ(rule.at(60, number("8")), Out{"8"});
}

TEST(ALimiter, waits_for_so_many_values_the_first_time_too) {
  OneRule rule{{.aggregate = Aggregate::mean, .every = 3}};

  EXPECT_EQ(rule.at(0, number("1")), nothing);
  EXPECT_EQ(rule.at(1, number("2")), nothing);
  EXPECT_EQ(rule.at(2, number("6")), Out{"3"});
  EXPECT_EQ(rule.at(3, number("6")), nothing);
  EXPECT_EQ(rule.at(4, number("6")), nothing);
  EXPECT_EQ(rule.at(5, number("6")), Out{"6"});
}

TEST(ALimiter, ignores_a_change_within_an_absolute_deadband) {
  OneRule rule{{.deadband = Deadband{{5, -1}, false}}};

  EXPECT_EQ(rule.at(0, number("10")), Out{"10"});
  EXPECT_EQ(rule.at(1, number("10.49")), nothing);
  EXPECT_EQ(rule.at(2, number("9.51")), nothing);
  EXPECT_EQ(rule.at(3, number("10.50")), Out{"10.50"}) << "by the deadband or more";
  EXPECT_EQ(rule.at(4, number("10.00")), Out{"10.00"});
}

TEST(ALimiter, takes_a_deadband_in_percent_of_the_last_output) {
  OneRule rule{{.deadband = Deadband{{10, 0}, true}}};

  EXPECT_EQ(rule.at(0, number("-2.000")), Out{"-2.000"});
  EXPECT_EQ(rule.at(1, number("-2.199")), nothing);
  EXPECT_EQ(rule.at(2, number("-2.200")), Out{"-2.200"});
  EXPECT_EQ(rule.at(3, number("-1.981")), nothing);
  EXPECT_EQ(rule.at(4, number("-1.980")), Out{"-1.980"});
}

TEST(ALimiter, needs_a_difference_even_where_the_deadband_is_nothing) {
  OneRule rule{{.deadband = Deadband{{10, 0}, true}}};

  EXPECT_EQ(rule.at(0, number("0")), Out{"0"});
  EXPECT_EQ(rule.at(1, number("0.000")), nothing) << "10 % of nothing is nothing";
  EXPECT_EQ(rule.at(2, number("0.001")), Out{"0.001"});
}

TEST(ALimiter, sees_a_change_of_the_values_own_time) {
  OneRule rule{{.on_change = true}};

  EXPECT_EQ(rule.at(0, stamped("5.000", 100)), Out{"5.000"});
  EXPECT_EQ(rule.at(1, stamped("5.000", 100)), nothing);
  EXPECT_EQ(rule.at(2, stamped("5.000", 400)), Out{"5.000"});
  EXPECT_EQ(rule.limiter.last_output(0)->time->instant, Instant{seconds{400}});
}

TEST(ALimiter, tells_text_null_and_lists_apart) {
  OneRule rule{{.on_change = true, .deadband = Deadband{{5, 0}, false}}};
  const std::vector<ListRow> rows{{.value = Decimal{3, 0}}};

  EXPECT_EQ(rule.at(0, text("a")), Out{"a"});
  EXPECT_EQ(rule.at(1, text("a")), nothing);
  EXPECT_EQ(rule.at(2, text("b")), Out{"b"});
  EXPECT_EQ(rule.at(3, {.value = std::monostate{}}), Out{"null"});
  EXPECT_EQ(rule.at(4, {.value = std::monostate{}}), nothing);
  EXPECT_EQ(rule.at(5, {.value = std::span<const ListRow>{rows}}), Out{"1 rows"});
  EXPECT_EQ(rule.at(6, {.value = std::span<const ListRow>{rows}}), nothing);
}

TEST(ALimiter, gives_a_mean_the_finest_resolution_of_its_inputs) {
  OneRule rule{{.interval = seconds{10}, .aggregate = Aggregate::mean}};

  EXPECT_EQ(rule.at(0, number("0.10")), Out{"0.10"});
  EXPECT_EQ(rule.at(1, number("1")), nothing);
  EXPECT_EQ(rule.at(2, number("0.2500")), nothing);
  EXPECT_EQ(rule.at(3, number("2.5")), nothing);
  EXPECT_EQ(rule.timer(10), Out{"1.2500"});
  EXPECT_EQ(rule.limiter.last_output(0)->raw, "");
}

TEST(ALimiter, rounds_a_mean_half_to_even) {
  const auto mean_of = [](std::vector<std::string_view> numbers) {
    OneRule rule{
        {.aggregate = Aggregate::mean, .every = static_cast<std::uint32_t>(numbers.size())}};
    Out out;
    for (const auto digits : numbers) out = rule.at(0, number(digits));
    return out;
  };

  EXPECT_EQ(mean_of({"0.1", "0.2"}), Out{"0.2"});  // 0.15
  EXPECT_EQ(mean_of({"0.2", "0.3"}), Out{"0.2"});  // 0.25
  EXPECT_EQ(mean_of({"-0.2", "-0.3"}), Out{"-0.2"});
  EXPECT_EQ(mean_of({"-0.3", "-0.4"}), Out{"-0.4"});
  EXPECT_EQ(mean_of({"1", "1", "2"}), Out{"1"});
  EXPECT_EQ(mean_of({"1", "2", "2"}), Out{"2"});
  EXPECT_EQ(mean_of({"1", "-1"}), Out{"0"});
}

TEST(ALimiter, sums_the_greatest_numbers_without_overflow) {
  OneRule rule{{.aggregate = Aggregate::mean, .every = 1000}};
  const auto greatest = number("-999999999999999999");

  for (int count = 1; count < 1000; ++count) ASSERT_EQ(rule.at(0, greatest), nothing);
  EXPECT_EQ(rule.at(0, greatest), Out{"-999999999999999999"});
}

TEST(ALimiter, takes_the_newest_where_no_decimal_holds_the_mean) {
  OneRule rule{{.aggregate = Aggregate::mean, .every = 2}};

  EXPECT_EQ(rule.at(0, number("999999999999999999")), nothing);
  EXPECT_EQ(rule.at(0, number("0.000000000000000001")), Out{"0.000000000000000001"});
  EXPECT_EQ(rule.at(0, number("0.000000000000000001")), nothing);
  EXPECT_EQ(rule.at(0, number("999999999999999999")), Out{"999999999999999999"});
}

TEST(ALimiter, takes_the_least_or_the_greatest_of_the_window) {
  OneRule least{{.interval = seconds{10}, .aggregate = Aggregate::min}};
  OneRule greatest{{.interval = seconds{10}, .aggregate = Aggregate::max}};
  for (OneRule* rule : {&least, &greatest}) {
    EXPECT_EQ(rule->at(0, number("9")), Out{"9"});
    EXPECT_EQ(rule->at(1, number("-2.50")), nothing);
    EXPECT_EQ(rule->at(2, number("3.5")), nothing);
    EXPECT_EQ(rule->at(3, number("0")), nothing);
  }

  EXPECT_EQ(least.timer(10), Out{"-2.50"});
  EXPECT_EQ(greatest.timer(10), Out{"3.5"});
}

TEST(ALimiter, takes_the_newest_when_a_window_holds_more_than_numbers) {
  OneRule rule{{.interval = seconds{10}, .aggregate = Aggregate::mean}};

  EXPECT_EQ(rule.at(0, number("4")), Out{"4"});
  EXPECT_EQ(rule.at(1, number("8")), nothing);
  EXPECT_EQ(rule.at(2, {.value = std::monostate{}}), nothing);
  EXPECT_EQ(rule.timer(10), Out{"null"});
}

TEST(ALimiter, compares_the_windows_aggregate_with_the_last_output) {
  OneRule rule{{.interval = seconds{10}, .on_change = true, .aggregate = Aggregate::mean}};

  EXPECT_EQ(rule.at(0, number("4")), Out{"4"});
  EXPECT_EQ(rule.at(1, number("2")), nothing);
  EXPECT_EQ(rule.limiter.next_decision(), seconds{10});
  EXPECT_EQ(rule.at(2, number("6")), nothing);
  EXPECT_FALSE(rule.limiter.next_decision()) << "the mean is the last output again";
}

TEST(ALimiter, starts_with_empty_windows_after_an_offline_spell) {
  OneRule rule{{.interval = seconds{10}, .aggregate = Aggregate::mean}};

  EXPECT_EQ(rule.at(0, number("4")), Out{"4"});
  EXPECT_EQ(rule.at(1, number("100")), nothing);
  rule.limiter.empty_windows();
  EXPECT_FALSE(rule.limiter.next_decision());
  EXPECT_EQ(rule.at(9, number("6")), nothing);
  EXPECT_EQ(rule.timer(10), Out{"6"});
}

TEST(ALimiter, keeps_last_outputs_and_unchanged_windows_over_a_reload) {
  const LimitPolicy slow{.interval = seconds{10}};
  const LimitPolicy slower{.interval = seconds{20}};
  Limiter limiter{[&](KeyId) { return slow; }};
  const std::vector<Reading> first{number("1", 0), number("2", 1)};
  const std::vector<Reading> second{number("3", 0), number("4", 1)};
  EXPECT_EQ(texts(limiter.offer(first, seconds{0})), (Out{"1", "2"}));
  EXPECT_EQ(texts(limiter.offer(second, seconds{5})), nothing);

  limiter.reload([&](KeyId key) { return key == 0 ? slow : slower; });

  EXPECT_EQ(text_of(limiter.last_output(1)->value), "2");
  EXPECT_EQ(texts(limiter.decide_held(seconds{10})), Out{"3"});
  EXPECT_FALSE(limiter.next_decision()) << "the window of the other key was emptied";
  EXPECT_EQ(texts(limiter.offer(second, seconds{15})), nothing);
  EXPECT_EQ(limiter.next_decision(), seconds{20}) << "both, each by its own rule";
  EXPECT_EQ(texts(limiter.decide_held(seconds{20})), (Out{"3", "4"}));
}

TEST(ALimiter, starts_afresh_for_another_meter) {
  OneRule rule{{.interval = seconds{10}, .on_change = true}};
  EXPECT_EQ(rule.at(0, number("1")), Out{"1"});
  EXPECT_EQ(rule.at(1, number("2")), nothing);

  rule.limiter.start_afresh();

  EXPECT_FALSE(rule.limiter.last_output(0));
  EXPECT_FALSE(rule.limiter.next_decision());
  EXPECT_EQ(rule.at(2, number("1")), Out{"1"});
}

TEST(ALimiter, lets_a_retired_key_return_with_its_old_value) {
  OneRule rule{{.interval = seconds{10}, .refresh = seconds{300}, .on_change = true}};
  EXPECT_EQ(rule.at(0, number("1")), Out{"1"});
  EXPECT_EQ(rule.at(5, number("2")), nothing);

  rule.limiter.retire(0);

  EXPECT_FALSE(rule.limiter.last_output(0));
  EXPECT_FALSE(rule.limiter.next_decision());
  EXPECT_EQ(rule.at(8, number("1")), nothing) << "the interval still holds";
  EXPECT_EQ(rule.timer(10), Out{"1"});
}

TEST(ALimiter, counts_the_first_of_two_values_for_one_key) {
  OneRule rule{{}};
  const std::vector<Reading> telegram{text("first"), text("second and longer than the first")};

  EXPECT_EQ(texts(rule.limiter.offer(telegram, seconds{0})), Out{"first"});
}

TEST(ALimiter, keeps_the_meters_own_digits) {
  OneRule rule{{.interval = seconds{10}}};
  Reading reading = number("1.500");
  reading.raw = "001.500";
  reading.raw_unit = Unit::kilowatt;

  EXPECT_EQ(rule.at(0, reading), Out{"1.500"});
  EXPECT_EQ(rule.limiter.last_output(0)->raw, "001.500");
  EXPECT_EQ(rule.limiter.last_output(0)->raw_unit, Unit::kilowatt);
  reading.raw = "01.500";
  reading.raw_unit = Unit::watt;
  EXPECT_EQ(rule.at(1, reading), nothing);
  const DueReading released = rule.limiter.decide_held(seconds{10})[0];
  EXPECT_EQ(released.raw, "01.500");
  EXPECT_EQ(released.raw_unit, Unit::watt);
}

TEST(ALimiter, allocates_nothing_for_keys_it_has_seen) {
  Limiter limiter{[](KeyId key) {
    return LimitPolicy{.interval = seconds{key % 7},
                       .on_change = key % 2 == 0,
                       .aggregate = static_cast<Aggregate>(key % 4)};
  }};
  const std::string long_text(200, 'x');
  const std::string other_text(200, 'y');
  std::vector<Reading> telegram;
  for (KeyId key = 0; key < 60; ++key) telegram.push_back(number("1.234", key));
  telegram.push_back(text(long_text, 60));
  int second = 0;
  const auto run = [&](int count) {
    for (int i = 0; i < count; ++i, ++second) {
      telegram.back().value = std::string_view{i % 2 == 0 ? long_text : other_text};
      static_cast<void>(limiter.offer(telegram, seconds{second}));
      while (const auto next = limiter.next_decision()) {
        if (*next > seconds{second}) break;
        static_cast<void>(limiter.decide_held(*next));
      }
    }
  };
  run(20);

  EXPECT_EQ(test::allocations_during([&] { run(1000); }), 0U);
}

}  // namespace
}  // namespace p1meter
