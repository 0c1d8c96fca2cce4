// SPDX-License-Identifier: Apache-2.0
// Pipeline: meters that encrypt and authenticate, over many telegrams.
#include "adapters/simulator/ciphering.hpp"

#include <functional>
#include <gtest/gtest.h>

#include "recorded_meter.hpp"
#include "support/apdu_builder.hpp"
#include "support/link_frames.hpp"

namespace p1meter::test {
namespace {

constexpr std::uint8_t encrypted = 0x20;
constexpr std::uint8_t authenticated_and_encrypted = 0x30;
constexpr simulator::Key key{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr simulator::Key authentication_key{9, 9, 9};

PipelineOptions with_keys() {
  return {.keys = DecipherKeys{.encryption = CipherKey{key},
                               .authentication = CipherKey{authentication_key}}};
}

/// A push list of one power, in an envelope.
std::string envelope(std::uint32_t counter, int watts,
                     std::uint8_t security = authenticated_and_encrypted) {
  const auto list = dlms::notification(dlms::array(
      {dlms::entry("1-0:1.7.0", dlms::u32(static_cast<std::uint64_t>(watts)), 0, dlms::watt)}));
  return simulator::general_glo_ciphering({.security = security,
                                           .system_title = "TST\1\2\3\4\5",
                                           .key = key,
                                           .authentication_key = authentication_key},
                                          counter, list);
}

/// The envelope as it is when the bit that announces its tag is lost.
std::string with_hidden_tag(std::string envelope) {
  const auto security = envelope.find(static_cast<char>(authenticated_and_encrypted), 10);
  envelope[security] = static_cast<char>(encrypted);
  return envelope;
}

class ACipheringMeter : public testing::Test {
 protected:
  std::size_t feed(std::string_view bytes) {
    now_ += seconds{10};
    return meter.pipeline.feed(bytes, at(now_));
  }
  std::string power() const { return meter.current("power_import"); }

  RecordedMeter meter{LimitPolicy{}, with_keys()};

 private:
  milliseconds now_{};
};

TEST_F(ACipheringMeter, whose_counter_falls_is_read_on_and_each_fall_counts_once) {
  EXPECT_EQ(feed(hdlc(envelope(100, 1))), 1U);
  EXPECT_EQ(feed(hdlc(envelope(101, 2))), 1U);
  EXPECT_EQ(meter.pipeline.counters().counter_fell, 0U);

  EXPECT_EQ(feed(hdlc(envelope(5, 3))), 1U);
  EXPECT_EQ(power(), "3");
  EXPECT_EQ(feed(hdlc(envelope(6, 4))), 1U);
  EXPECT_EQ(feed(hdlc(envelope(7, 5))), 1U);
  EXPECT_EQ(meter.pipeline.counters().counter_fell, 1U);

  EXPECT_EQ(feed(hdlc(envelope(7, 6))), 1U) << "sent again";
  EXPECT_EQ(feed(hdlc(envelope(1, 7))), 1U);
  EXPECT_EQ(power(), "7");
  EXPECT_EQ(meter.pipeline.counters().counter_fell, 3U);
  EXPECT_EQ(meter.pipeline.counters().telegrams, 7U);
}

TEST_F(ACipheringMeter, whose_telegrams_had_tags_is_not_believed_without) {
  const auto bare = [](const std::string& apdu) { return apdu; };
  const auto in_hdlc = [](const std::string& apdu) { return hdlc(apdu); };
  const auto in_mbus = [](const std::string& apdu) { return mbus(apdu); };
  for (const auto& link :
       {std::function<std::string(const std::string&)>{bare}, {in_hdlc}, {in_mbus}}) {
    RecordedMeter other{LimitPolicy{}, with_keys()};
    EXPECT_EQ(other.pipeline.feed(link(envelope(1, 1)), at(seconds{1})), 1U);
    EXPECT_EQ(other.pipeline.feed(link(with_hidden_tag(envelope(2, 2))), at(seconds{2})), 0U);
    EXPECT_EQ(other.pipeline.feed(link(envelope(3, 3, encrypted)), at(seconds{3})), 0U);
    EXPECT_EQ(other.current("power_import"), "1");
    EXPECT_EQ(other.pipeline.counters().crc_errors, 2U);
    EXPECT_EQ(other.pipeline.feed(link(envelope(4, 4)), at(seconds{4})), 1U);
    EXPECT_EQ(other.current("power_import"), "4");
  }
}

TEST_F(ACipheringMeter, whose_text_had_tags_is_not_believed_without_although_its_checksum_fits) {
  const auto text = telegram().with("1-0:1.7.0", "(00.193*kW)").text();
  const auto enclosed = [&](std::uint32_t counter) {
    return simulator::general_glo_ciphering({.security = authenticated_and_encrypted,
                                             .system_title = "TST\1\2\3\4\5",
                                             .key = key,
                                             .authentication_key = authentication_key},
                                            counter, text);
  };
  EXPECT_EQ(feed(enclosed(1)), 1U);
  EXPECT_EQ(feed(with_hidden_tag(enclosed(2))), 0U);
  EXPECT_EQ(meter.pipeline.counters().crc_errors, 1U);
}

TEST_F(ACipheringMeter, whose_text_has_no_tag_is_believed_by_its_first_checksum_rule_alone) {
  const auto enclosed = [](std::uint32_t counter, const TelegramBuilder& text) {
    return simulator::general_glo_ciphering(
        {.security = encrypted, .system_title = "TST\1\2\3\4\5", .key = key}, counter, text.text());
  };
  EXPECT_EQ(feed(enclosed(1, telegram().with("1-0:1.7.0", "(00.001*kW)"))), 1U);

  EXPECT_EQ(feed(enclosed(2, telegram().with("1-0:1.7.0", "(00.002*kW)").with_x25())), 0U);
  EXPECT_EQ(meter.pipeline.counters().crc_errors, 1U);
  EXPECT_EQ(feed(enclosed(3, telegram().with("1-0:1.7.0", "(00.003*kW)"))), 1U);
  EXPECT_EQ(power(), "3");
}

TEST_F(ACipheringMeter, that_never_had_tags_needs_none_where_its_link_is_checked) {
  EXPECT_EQ(feed(hdlc(envelope(2, 2, encrypted))), 1U);
  EXPECT_EQ(power(), "2");
  EXPECT_EQ(feed(hdlc(envelope(3, 3, encrypted)).substr(12)), 0U);  // what damage leaves: no link
  EXPECT_EQ(power(), "2");
}

TEST_F(ACipheringMeter, that_nothing_vouches_for_is_not_believed) {
  EXPECT_EQ(feed(envelope(1, 1, encrypted)), 0U);
  EXPECT_EQ(meter.pipeline.counters().crc_errors, 1U);
}

TEST_F(ACipheringMeter, may_be_followed_by_one_without_tags_when_the_keys_are_new) {
  EXPECT_EQ(feed(hdlc(envelope(1, 1))), 1U);
  EXPECT_EQ(feed(hdlc(envelope(2, 2, encrypted))), 0U);

  meter.pipeline.reload({.keys = DecipherKeys{.encryption = CipherKey{key}}},
                        [](const KeyInfo&) { return LimitPolicy{}; });

  EXPECT_EQ(feed(hdlc(envelope(3, 3, encrypted))), 1U);
}

/// A list of Aidon's kind of a meter by number.
std::string list_of(std::string_view id, std::uint64_t watt_hours, bool exports) {
  const auto number = dlms::structure({dlms::obis("0-0:96.1.0"), dlms::visible_string(id)});
  const auto energy = dlms::entry("1-0:1.8.0", dlms::u32(watt_hours), 0, dlms::watt_hour);
  const auto power = dlms::entry("1-0:2.7.0", dlms::u32(7), 0, dlms::watt);
  return hdlc(dlms::notification(exports ? dlms::array({number, energy, power})
                                         : dlms::array({number, energy})));
}

TEST(ABinaryMeter, that_was_exchanged_starts_afresh) {
  RecordedMeter meter{{.interval = std::chrono::minutes{5}, .on_change = true}};
  ASSERT_EQ(meter.pipeline.feed(list_of("7359992890941742", 5'000'000, true), at(seconds{0})), 1U);
  EXPECT_EQ(meter.current("energy_import_total"), "5000.000");

  ASSERT_EQ(meter.pipeline.feed(list_of("7359992890949999", 12, false), at(seconds{1})), 1U);

  EXPECT_EQ(meter.current("energy_import_total"), "0.012") << "at once, whatever the interval";
  EXPECT_EQ(meter.current("equipment_id"), "7359992890949999");
  EXPECT_EQ(meter.current("power_export"), "nothing");
  EXPECT_EQ(meter.last().gone, Texts{"power_export"});
}

}  // namespace
}  // namespace p1meter::test
