// SPDX-License-Identifier: Apache-2.0
// When Home Assistant is told what: news, what has vanished, and the way from one form to the
// other.
#include "adapters/mqtt/announcer.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "support/fake_meter.hpp"

namespace p1meter::mqtt {
namespace {

using namespace std::chrono_literals;
using settings::Discovery;
using test::FakeMeter;

constexpr const char* device_form = "homeassistant/device/p1meter_514bd1caccac/config";
constexpr const char* single_form = "homeassistant/sensor/p1meter_514bd1caccac/power_import/config";
constexpr const char* moving = R"({"migrate_discovery": true})";

class AnAnnouncer : public testing::Test {
 protected:
  AnAnnouncer() {
    meter_.plate.equipment_id = "M1";
    // Only what the readings yield, so that the messages can be counted.
    mqtt_.events.enabled = mqtt_.statistics.enabled = mqtt_.status.enabled = false;
  }
  Announcer& announcer() {
    if (!announcer_)
      announcer_.emplace(DiscoveryContext{home_assistant_, mqtt_, "p1meter", "1"}, enabled_);
    return *announcer_;
  }
  std::vector<Message> announced() {
    std::vector<Message> out;
    announcer().announce(meter_, topics_, out);
    return out;
  }
  std::vector<Message> after_telegram(milliseconds now = {}, bool replaced = false) {
    Telegram telegram;
    telegram.protocol = protocol_;
    MappedTelegram mapped;
    mapped.equipment_id = meter_.plate.equipment_id;
    mapped.meter_changed = replaced;
    std::vector<Message> out;
    announcer().accept(
        {.meter = meter_, .now = {now, {}}, .telegram = &telegram, .mapped = &mapped}, topics_,
        out);
    return out;
  }
  static std::vector<std::string> topics_of(const std::vector<Message>& messages) {
    std::vector<std::string> topics;
    for (const Message& message : messages) topics.push_back(*message.topic);
    return topics;
  }
  std::vector<std::string> retained() {
    std::vector<std::string> topics;
    announcer().list_retained(topics);
    return topics;
  }

  settings::HomeAssistantSettings home_assistant_{};
  settings::MqttSettings mqtt_{};
  bool enabled_{true};
  Protocol protocol_{Protocol::dsmr};
  FakeMeter meter_{};
  MeterTopics topics_{mqtt_, {"p1meter", "p1meter"}, {"home", {}}};
  std::optional<Announcer> announcer_{};
};

TEST_F(AnAnnouncer, tells_of_a_meter_that_it_knows) {
  meter_.set("power_import", "1");
  const auto messages = announced();
  ASSERT_EQ(topics_of(messages), std::vector<std::string>{device_form});
  EXPECT_TRUE(messages.front().retain);
  EXPECT_EQ(messages.front().qos, 1);
}

std::vector<Message> of_program(Announcer& announcer) {
  std::vector<Message> out;
  announcer.announce_program(out);
  return out;
}

std::vector<Message> of_update(Announcer& announcer) {
  std::vector<Message> out;
  announcer.announce_update(out);
  return out;
}

bool has_update(const Message& message) {
  return message.payload.find(R"("update":{"platform":"update")") != std::string::npos;
}

TEST_F(AnAnnouncer, tells_of_an_update_once_a_newest_version_is_known) {
  mqtt_.statistics.enabled = true;
  const auto before = of_program(announcer());
  ASSERT_EQ(before.size(), 1U);
  EXPECT_FALSE(has_update(before.front())) << before.front().payload;

  const auto news = of_update(announcer());
  ASSERT_EQ(news.size(), 1U);
  EXPECT_TRUE(has_update(news.front())) << news.front().payload;
  EXPECT_EQ(*news.front().topic, *before.front().topic);

  EXPECT_TRUE(of_update(announcer()).empty()) << "it is no news any more";
  EXPECT_TRUE(has_update(of_program(announcer()).front()));
}

TEST_F(AnAnnouncer, tells_of_an_update_in_the_single_form) {
  mqtt_.statistics.enabled = true;
  home_assistant_.discovery = Discovery::single;
  of_program(announcer());

  const auto news = of_update(announcer());

  EXPECT_EQ(topics_of(news),
            std::vector<std::string>{"homeassistant/update/p1meter_program_p1meter/update/config"});
}

TEST_F(AnAnnouncer, keeps_the_update_that_an_earlier_run_has_announced) {
  mqtt_.statistics.enabled = true;
  for (const char* topic : {"homeassistant/device/p1meter_program_p1meter/config#update update",
                            "homeassistant/update/p1meter_program_p1meter/update/config"}) {
    announcer_.reset();
    announcer().connected({"homeassistant/device/p1meter_program_p1meter/config", topic});
    EXPECT_TRUE(has_update(of_program(announcer()).back())) << topic;
  }
}

TEST_F(AnAnnouncer, tells_of_no_update_without_statistics_or_discovery) {
  of_program(announcer());
  EXPECT_TRUE(of_update(announcer()).empty());
  enabled_ = false;
  mqtt_.statistics.enabled = true;
  announcer_.reset();
  EXPECT_TRUE(of_update(announcer()).empty());
}

TEST_F(AnAnnouncer, waits_for_the_first_reading) {
  EXPECT_TRUE(announced().empty());
  meter_.set("power_import", "1");
  EXPECT_EQ(after_telegram().size(), 1U);
}

TEST_F(AnAnnouncer, tells_of_a_key_that_comes_later_and_of_nothing_twice) {
  meter_.set("power_import", "1");
  EXPECT_EQ(after_telegram().size(), 1U);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(after_telegram().empty());
  meter_.set("power_export", "1");
  const auto messages = after_telegram();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_NE(messages.front().payload.find("power_export"), std::string::npos);
}

TEST_F(AnAnnouncer, tells_everything_anew_when_asked_although_nothing_changed) {
  meter_.set("power_import", "1");
  EXPECT_EQ(announced().size(), 1U);
  EXPECT_EQ(announced().size(), 1U);
}

TEST_F(AnAnnouncer, takes_a_meter_by_its_name_when_a_text_shows_no_id) {
  meter_.plate.equipment_id.clear();
  meter_.set("power_import", "1");
  EXPECT_TRUE(announced().empty()) << "its id may still come";
  EXPECT_EQ(topics_of(after_telegram()),
            std::vector<std::string>{"homeassistant/device/p1meter_home/config"});
}

TEST_F(AnAnnouncer, waits_a_minute_for_the_id_of_a_meter_that_sends_several_lists) {
  protocol_ = Protocol::dlms;
  meter_.plate.equipment_id.clear();
  meter_.set("power_import", "1");
  EXPECT_TRUE(after_telegram(1s).empty());
  EXPECT_TRUE(after_telegram(59s).empty());
  EXPECT_EQ(after_telegram(61s).size(), 1U);
}

TEST_F(AnAnnouncer, knows_from_an_earlier_run_that_a_meter_sends_no_id) {
  meter_.plate.equipment_id.clear();
  meter_.set("power_import", "1");
  announcer().connected({"homeassistant/device/p1meter_home/config"});
  EXPECT_EQ(announced().size(), 1U) << "else its entities would be taken back at the start";
}

TEST_F(AnAnnouncer, takes_the_former_meter_back_when_another_is_connected) {
  meter_.set("power_import", "1");
  EXPECT_EQ(announced().size(), 1U);
  meter_.plate.equipment_id = "M2";

  const auto messages = after_telegram({}, true);

  ASSERT_EQ(messages.size(), 2U);
  EXPECT_NE(*messages[0].topic, device_form);
  EXPECT_EQ(*messages[1].topic, device_form);
  EXPECT_EQ(messages[1].payload, "");
}

TEST_F(AnAnnouncer, announces_of_the_former_meters_keys_what_the_new_one_sends) {
  const auto named = [](const std::vector<Message>& messages) {
    return std::ranges::any_of(messages, [](const Message& message) {
      return message.payload.find("power_export") != std::string::npos;
    });
  };
  meter_.set("power_import", "1");
  meter_.set("power_export", "1");
  EXPECT_TRUE(named(announced()));
  meter_.plate.equipment_id = "M2";
  meter_.hide("power_export");
  EXPECT_FALSE(named(after_telegram({}, true)));

  meter_.show("power_export");
  bool came = false;
  for (int telegram = 0; telegram < 16; ++telegram) came = came || named(after_telegram());
  EXPECT_TRUE(came) << "within sixteen telegrams";
}

TEST_F(AnAnnouncer, gives_two_meters_with_one_equipment_id_an_id_each) {
  meter_.set("power_import", "1");
  EXPECT_EQ(announced().size(), 1U);
  FakeMeter second{"cellar"};
  second.plate.equipment_id = "M1";
  second.set("power_import", "1");
  std::vector<Message> out;
  announcer().announce(second, MeterTopics{mqtt_, {"p1meter", "p1meter"}, {"cellar", {}}}, out);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_NE(*out.front().topic, device_form);
}

TEST_F(AnAnnouncer, is_silent_where_nothing_is_to_be_announced) {
  enabled_ = false;
  meter_.set("power_import", "1");
  EXPECT_TRUE(announced().empty());
  EXPECT_TRUE(after_telegram().empty());
  EXPECT_TRUE(retained().empty());
}

TEST_F(AnAnnouncer, is_silent_without_the_state_that_its_templates_read) {
  mqtt_.state.enabled = false;
  meter_.set("power_import", "1");
  EXPECT_TRUE(announced().empty());
}

// ---- what has vanished

TEST_F(AnAnnouncer, names_a_vanished_component_once_more_before_it_goes) {
  meter_.set("power_import", "1");
  meter_.set("power_export", "1");
  EXPECT_EQ(announced().size(), 1U);
  meter_.hide("power_export");

  const auto messages = announced();

  ASSERT_EQ(messages.size(), 2U);
  EXPECT_TRUE(messages[0].step);
  EXPECT_NE(messages[0].payload.find(R"("power_export":{"platform":"sensor"})"), std::string::npos);
  EXPECT_EQ(messages[1].payload.find("power_export"), std::string::npos);
}

TEST_F(AnAnnouncer, takes_back_what_an_earlier_run_announced) {
  meter_.set("power_import", "1");
  announcer().connected({device_form});
  EXPECT_EQ(announced().size(), 1U);
  std::vector<Message> out;

  const auto plain = announcer().take_back(
      {std::string{device_form} + "#sensor power_export", "p1meter/home/power_export"}, out);

  EXPECT_EQ(plain, std::vector<std::string>{"p1meter/home/power_export"});
  ASSERT_EQ(out.size(), 2U);
  EXPECT_NE(out[0].payload.find(R"("power_export":{"platform":"sensor"})"), std::string::npos);
  EXPECT_EQ(out[1].payload.find("power_export"), std::string::npos);
}

TEST_F(AnAnnouncer, remembers_topics_and_components) {
  meter_.set("power_import", "1");
  EXPECT_EQ(announced().size(), 1U);
  EXPECT_EQ(retained(), (std::vector<std::string>{
                            device_form, std::string{device_form} + "#sensor power_import"}));
}

// ---- from one form to the other

TEST_F(AnAnnouncer, moves_entities_of_the_single_form_before_it_announces_their_device) {
  meter_.set("power_import", "1");
  announcer().connected({single_form, "p1meter/home/state"});

  const auto messages = announced();

  ASSERT_EQ(topics_of(messages), (std::vector<std::string>{single_form, device_form}));
  EXPECT_EQ(messages[0].payload, moving);
  EXPECT_TRUE(messages[0].step) << "the empty message that follows must not take its place";
  EXPECT_EQ(announced().size(), 1U) << "once";
}

TEST_F(AnAnnouncer, moves_a_device_before_it_announces_its_entities_one_by_one) {
  home_assistant_.discovery = Discovery::single;
  meter_.set("power_import", "1");
  meter_.set("power_export", "1");
  announcer().connected({device_form});

  const auto messages = announced();

  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(*messages[0].topic, device_form);
  EXPECT_EQ(messages[0].payload, moving);
  EXPECT_EQ(*messages[1].topic, single_form);
}

TEST_F(AnAnnouncer, leaves_devices_alone_that_are_not_its_own) {
  meter_.set("power_import", "1");
  announcer().connected({"homeassistant/sensor/p1meter_another/power_import/config"});
  EXPECT_EQ(topics_of(announced()), std::vector<std::string>{device_form});
}

}  // namespace
}  // namespace p1meter::mqtt
