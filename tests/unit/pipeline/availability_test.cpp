// SPDX-License-Identifier: Apache-2.0
// Pipeline: is the meter there.
#include "pipeline/availability.hpp"

#include <gtest/gtest.h>

namespace p1meter {
namespace {

TEST(AMeter, is_offline_from_the_start_to_its_first_telegram) {
  Availability meter{milliseconds{0}};

  EXPECT_FALSE(meter.online());
  EXPECT_FALSE(meter.deadline());
  EXPECT_FALSE(meter.expire(seconds{1000}));
  EXPECT_TRUE(meter.telegram_came(seconds{1000}));
  EXPECT_TRUE(meter.online());
  EXPECT_FALSE(meter.telegram_came(seconds{1001}));
}

TEST(AMeter, goes_offline_after_200_seconds_while_its_period_is_unknown) {
  Availability meter{milliseconds{0}};
  meter.telegram_came(seconds{0});
  EXPECT_EQ(meter.deadline(), seconds{200});
  meter.telegram_came(seconds{1});

  EXPECT_EQ(meter.deadline(), seconds{201}) << "one gap is not enough";
  EXPECT_FALSE(meter.expire(seconds{201} - milliseconds{1}));
  EXPECT_TRUE(meter.expire(seconds{201}));
  EXPECT_FALSE(meter.online());
  EXPECT_FALSE(meter.expire(seconds{300}));
}

TEST(AMeter, uses_the_remembered_period_until_it_has_two_gaps) {
  Availability meter{seconds{10}};
  EXPECT_EQ(meter.limit(), seconds{30});
  meter.telegram_came(seconds{0});
  meter.telegram_came(seconds{60});
  EXPECT_EQ(meter.limit(), seconds{30});
  meter.telegram_came(seconds{120});
  EXPECT_EQ(meter.limit(), seconds{180});
}

TEST(AMeter, is_given_ten_seconds_at_least) {
  Availability meter{milliseconds{0}};
  for (int second = 0; second <= 8; ++second) meter.telegram_came(seconds{second});

  EXPECT_EQ(meter.period(), seconds{1});
  EXPECT_EQ(meter.limit(), seconds{10});
  EXPECT_TRUE(meter.period_settled());
}

TEST(AMeter, has_the_median_of_its_last_eight_gaps_as_period) {
  Availability meter{milliseconds{0}};
  milliseconds now{0};
  meter.telegram_came(now);
  for (const int gap : {500, 500, 10, 10, 10, 10, 10, 11, 300, 400}) {  // the first two go
    now += seconds{gap};
    meter.telegram_came(now);
  }
  EXPECT_EQ(meter.period(), seconds{10});
  now += seconds{20};
  meter.telegram_came(now);
  now += seconds{20};
  meter.telegram_came(now);  // 10 10 10 11 20 20 300 400

  EXPECT_EQ(meter.period(), milliseconds{15'500}) << "the mean of the two in the middle";
  EXPECT_EQ(meter.limit(), 3 * milliseconds{15'500});
}

}  // namespace
}  // namespace p1meter
