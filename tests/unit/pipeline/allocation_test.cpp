// SPDX-License-Identifier: Apache-2.0
// Pipeline: the way from bytes to due readings takes no memory from the heap.
#include <cstdio>
#include <gtest/gtest.h>

#include "p1meter/framing/crc16.hpp"
#include "p1meter/pipeline/frame_reader.hpp"
#include "p1meter/pipeline/meter_pipeline.hpp"
#include "settings/settings.hpp"
#include "support/allocations.hpp"
#include "support/apdu_builder.hpp"
#include "support/link_frames.hpp"
#include "support/telegram_files.hpp"

namespace p1meter {
namespace {

class NoSink final : public Sink {
 public:
  void accept(const Delivery& delivery) override { due += delivery.due.size(); }
  std::size_t due{};
};

/// Other digits in every value, of the same length, and a checksum that fits. A meter without one
/// keeps its values: registers that jump would be held back.
void change_values(std::string& text, int round) {
  const std::size_t end = text.rfind('!');
  if (end + 5 > text.size()) return;
  bool unit_follows = false;
  for (std::size_t i = end; i-- > 0;) {
    if (text[i] == '*') unit_follows = true;
    if (text[i] == '(' || text[i] == '\n') unit_follows = false;
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (unit_follows && digit && text[i - 1] != '(')
      text[i] = static_cast<char>('0' + (round + static_cast<int>(i)) % 10);
  }
  char checksum[5];
  std::snprintf(checksum, sizeof checksum, "%04X", unsigned{crc16_arc({text.data(), end + 1})});
  text.replace(end + 1, 4, checksum);
}

class AWholeTelegram : public testing::TestWithParam<std::string_view> {};

TEST_P(AWholeTelegram, costs_no_allocation_after_the_first_few) {
  std::string text = test::data_file(GetParam());
  const ObisTable table = settings::make_obis_table();
  const settings::ReadingRules rules = settings::load_text("", "empty.yaml").settings.readings;
  MeterPipeline pipeline{table, {}, [&](const KeyInfo& key) { return rules.policy(key); }};
  NoSink sink;
  pipeline.add_sink(sink);
  milliseconds now{};
  const auto run = [&](int count) {
    for (int i = 0; i < count; ++i) {
      now += seconds{1};
      change_values(text, i);
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

/// A worked example of our own: one envelope with tag.
std::string envelope() {
  return test::hex_octets(
      "DB085453540102030405 2E 30 0000002A 19EFE8617264E7F6CB92688DEDA7EAE5BF79866CE2422A083AFA"
      "8C16F7 C46B0C88DF84F1F33B1074CA");
}

TEST(AFrameReader, asks_for_no_memory_after_the_first_frame) {
  using test::dlms::notification;
  const std::string list = notification(test::dlms::swedish_list());
  const std::string blocks = test::hdlc(test::block(list.substr(0, 300), 1, false)) +
                             test::hdlc(test::block(list.substr(300), 2, true));
  const DecipherKeys keys{.encryption = *parse_cipher_key("000102030405060708090A0B0C0D0E0F"),
                          .authentication = *parse_cipher_key("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF")};
  for (const std::string& bytes : {test::hdlc(list), blocks, test::mbus(list),
                                   test::hdlc(envelope()), test::mbus(envelope(), 30)}) {
    Framer framer;
    FrameReader reader{{}, keys};
    Telegram telegram;
    std::size_t sound = 0;
    const auto run = [&](int count) {
      for (int i = 0; i < count; ++i) {
        for (std::size_t at = 0; at < bytes.size(); at += 64) {
          framer.push(std::string_view{bytes}.substr(at, 64));
          while (const auto frame = framer.next()) {
            reader.read(*frame, telegram);
            if (telegram.integrity == Integrity::ok && !telegram.objects.empty()) ++sound;
          }
        }
      }
    };
    run(2);  // the second stands behind what is left of the first: its end flag

    EXPECT_EQ(test::allocations_during([&] { run(100); }), 0U);
    EXPECT_EQ(sound, 102U);
  }
}

}  // namespace
}  // namespace p1meter
