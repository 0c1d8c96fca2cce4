// SPDX-License-Identifier: Apache-2.0
// Pipeline: the way from bytes to due readings takes no memory from the heap.
#include <gtest/gtest.h>

#include "p1meter/pipeline/meter_pipeline.hpp"
#include "settings/settings.hpp"
#include "support/allocations.hpp"
#include "support/telegram_files.hpp"

namespace p1meter {
namespace {

class NoSink final : public Sink {
 public:
  void accept(const Delivery& delivery) override { due += delivery.due.size(); }
  std::size_t due{};
};

class AWholeTelegram : public testing::TestWithParam<std::string_view> {};

TEST_P(AWholeTelegram, costs_no_allocation_after_the_first_few) {
  const std::string text = test::data_file(GetParam());
  const ObisTable table = settings::make_obis_table();
  const settings::ReadingRules rules = settings::load_text("", "empty.yaml").settings.readings;
  MeterPipeline pipeline{table, {}, [&](const KeyInfo& key) { return rules.policy(key); }};
  NoSink sink;
  pipeline.add_sink(sink);
  milliseconds now{};
  const auto run = [&](int count) {
    for (int i = 0; i < count; ++i) {
      now += seconds{1};
      const Moment moment{now, Instant{now}};
      pipeline.run_timers_before(moment);
      for (std::size_t at = 0; at < text.size(); at += 64) {
        pipeline.feed(std::string_view{text}.substr(at, 64), moment);
      }
    }
  };
  run(30);
  const std::size_t due_before = sink.due;

  EXPECT_EQ(test::allocations_during([&] { run(300); }), 0U);
  EXPECT_EQ(pipeline.counters().telegrams, 330U);
  EXPECT_GT(sink.due, due_before);
}

INSTANTIATE_TEST_SUITE_P(Telegrams, AWholeTelegram, testing::ValuesIn(test::whole_telegrams),
                         [](const auto& each) {
                           return std::string{each.param.substr(0, each.param.find('.'))};
                         });

}  // namespace
}  // namespace p1meter
