// SPDX-License-Identifier: Apache-2.0
// Pipeline: rules for readings, as far as they fit a key.
#include "pipeline/fit_policy.hpp"

#include <gtest/gtest.h>

namespace p1meter {
namespace {

const LimitPolicy from_a_glob{.interval = seconds{10},
                              .deadband = Deadband{{5, 0}, true},
                              .aggregate = Aggregate::mean,
                              .every = 3};

TEST(APolicy, stays_whole_for_what_can_be_averaged) {
  for (const auto kind : {ReadingKind::instantaneous, ReadingKind::average, ReadingKind::setting}) {
    EXPECT_EQ(fit_policy(from_a_glob, kind), from_a_glob);
  }
}

TEST(APolicy, loses_its_aggregate_for_registers_and_counters) {
  for (const auto kind : {ReadingKind::cumulative, ReadingKind::counter}) {
    LimitPolicy expected = from_a_glob;
    expected.aggregate = Aggregate::last;
    EXPECT_EQ(fit_policy(from_a_glob, kind), expected);
  }
}

TEST(APolicy, loses_aggregate_and_deadband_for_texts_states_and_lists) {
  for (const auto kind : {ReadingKind::text, ReadingKind::info, ReadingKind::state,
                          ReadingKind::time, ReadingKind::failure_log, ReadingKind::peak_history}) {
    const LimitPolicy expected{.interval = seconds{10}, .every = 3};
    EXPECT_EQ(fit_policy(from_a_glob, kind), expected);
  }
}

}  // namespace
}  // namespace p1meter
