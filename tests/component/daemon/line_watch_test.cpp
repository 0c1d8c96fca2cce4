// SPDX-License-Identifier: Apache-2.0
// Daemon: which errors on a serial line are news, and what the log says about them.
#include "daemon/line_watch.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "adapters/log/line.hpp"
#include "adapters/log/log.hpp"

namespace p1meter::daemon {
namespace {

using namespace std::chrono_literals;
using News = LineWatch::News;

LineErrors framing(std::uint64_t count) { return {.framing = count}; }

TEST(ALineWatch, says_nothing_of_a_clean_line) {
  LineWatch watch;
  for (milliseconds now{}; now < 24h; now += 10s) {
    ASSERT_EQ(watch.look({}, true, now), News::none);
  }
}

TEST(ALineWatch, bears_the_errors_of_one_look_as_plugging_in_makes_them) {
  LineWatch watch;
  EXPECT_EQ(watch.look(framing(3), true, 0s), News::none);
  for (milliseconds now = 10s; now < 24h; now += 10s) {
    ASSERT_EQ(watch.look(framing(3), true, now), News::none);
  }
}

TEST(ALineWatch, tells_once_when_errors_go_on_and_once_when_they_end) {
  LineWatch watch;
  EXPECT_EQ(watch.look(framing(1), true, 0s), News::none);
  EXPECT_EQ(watch.look(framing(2), true, 10s), News::errors_come);
  EXPECT_EQ(watch.look(framing(9), true, 20s), News::none);
  EXPECT_EQ(watch.look(framing(9), true, 59min), News::none);
  EXPECT_EQ(watch.look(framing(9), true, 20s + 1h), News::errors_ended);
  EXPECT_EQ(watch.look(framing(9), true, 30s + 1h), News::none);
  EXPECT_EQ(watch.look(framing(10), true, 2h), News::none);
  EXPECT_EQ(watch.look(framing(11), true, 2h + 10s), News::errors_come);
}

TEST(ALineWatch, takes_two_errors_hours_apart_for_chance) {
  LineWatch watch;
  EXPECT_EQ(watch.look(framing(1), true, 0s), News::none);
  EXPECT_EQ(watch.look(framing(2), true, 1h), News::none);
  EXPECT_EQ(watch.look(framing(3), true, 3h), News::none);
}

TEST(ALineWatch, expects_errors_while_settings_are_tried_but_not_for_ever) {
  LineWatch watch;
  std::uint64_t count = 0;
  milliseconds now{};
  for (; now < 3min; now += 10s) {
    ASSERT_EQ(watch.look(framing(++count), false, now), News::none);
  }
  EXPECT_EQ(watch.look(framing(++count), false, now), News::none);
  EXPECT_EQ(watch.look(framing(++count), false, now + 10s), News::errors_come);
}

TEST(ALineWatch, forgets_the_errors_of_a_search_that_has_found_its_settings) {
  LineWatch watch;
  EXPECT_EQ(watch.look(framing(20), false, 0s), News::none);
  EXPECT_EQ(watch.look(framing(40), false, 10s), News::none);
  EXPECT_EQ(watch.look(framing(40), true, 20s), News::none);
  EXPECT_EQ(watch.look(framing(41), true, 30s), News::none);
  EXPECT_EQ(watch.look(framing(42), true, 40s), News::errors_come);
}

TEST(TheLineNews, say_what_to_do_and_how_many) {
  std::vector<std::string> lines;
  log::set_reader(
      log::ReaderPlace::topic, log::Level::debug,
      [&](log::Level, const log::Line& line) { lines.push_back(log::line_text(line)); });

  log_line_news(News::none, "line-news", {});
  log_line_news(News::errors_come, "line-news",
                {.framing = 1, .parity = 2, .breaks = 3, .overruns = 4});
  log_line_news(News::errors_come, "line-news", {.framing = 5});
  log_line_news(News::errors_ended, "line-news", {});

  log::remove_reader(log::ReaderPlace::topic);
  ASSERT_EQ(lines.size(), 2U) << "a repeat is left out";
  EXPECT_NE(lines[0].find("cable"), std::string::npos);
  EXPECT_NE(lines[0].find("meter=line-news framing=1 parity=2 breaks=3 overruns=4"),
            std::string::npos)
      << lines[0];
  EXPECT_EQ(lines[1], "no errors on the serial line for an hour meter=line-news");
}

}  // namespace
}  // namespace p1meter::daemon
