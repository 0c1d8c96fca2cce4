// SPDX-License-Identifier: Apache-2.0
// Daemon: one meter on the read loop, with a simulated source.
#include "daemon/meter_runner.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace p1meter::daemon {
namespace {

using std::chrono::hours;

class AMeterRunner : public testing::Test {
 protected:
  AMeterRunner() {
    runner.start();
    // Every step of the loop is the simulator's timer or the pipeline's: a telegram comes at once.
    for (int steps = 0; !runner.pipeline().last_telegram() && steps < 10; ++steps) {
      context.run_one_for(seconds{10});
    }
  }
  ~AMeterRunner() override { runner.stop(); }

  settings::Settings settings =
      settings::load_text("meters: [{name: home, source: simulator:dsmr5}]", "test").settings;
  ObisTable table{settings::make_obis_table()};
  boost::asio::io_context context{1};
  MeterRunner runner{context, settings.meters.front(), settings.readings, table, std::nullopt};
};

TEST_F(AMeterRunner, makes_progress_until_a_silence_goes_unnoticed) {
  ASSERT_TRUE(runner.pipeline().last_telegram());
  const Moment last = *runner.pipeline().last_telegram();
  const milliseconds limit = runner.pipeline().offline_limit();

  EXPECT_TRUE(runner.makes_progress(last));
  EXPECT_TRUE(runner.makes_progress({last.steady + 2 * limit, last.wall}));
  // Nobody has run the timer that would have noticed.
  EXPECT_FALSE(runner.makes_progress({last.steady + 2 * limit + seconds{1}, last.wall}));
}

TEST_F(AMeterRunner, does_not_mind_a_wall_clock_that_is_set) {
  ASSERT_TRUE(runner.pipeline().last_telegram());
  const Moment last = *runner.pipeline().last_telegram();

  EXPECT_TRUE(runner.makes_progress({last.steady + seconds{1}, last.wall + hours{24 * 365}}));
  EXPECT_TRUE(runner.makes_progress({last.steady + seconds{1}, last.wall - hours{24 * 365}}));
}

}  // namespace
}  // namespace p1meter::daemon
