// SPDX-License-Identifier: Apache-2.0
// Homie devices at a real mosquitto: in which order they introduce themselves, and what changes.
#include "adapters/mqtt/homie_sink.hpp"

#include <atomic>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/fake_meter.hpp"
#include "support/homie4.hpp"
#include "support/mosquitto.hpp"
#include "support/mqtt_subscriber.hpp"

namespace p1meter::test {
namespace {

using settings::HomieVersion;
using Texts = std::vector<std::string>;

class AHomieSink : public testing::TestWithParam<HomieVersion> {
 protected:
  void SetUp() override {
    settings::MqttSettings mqtt;
    mqtt.brokers.push_back({"127.0.0.1", broker_.port()});
    sink_ = std::make_unique<mqtt::HomieSink>(
        mqtt,
        mqtt::Identity{.client_id = "p1meter-homie",
                       .base_topic = root_,
                       .daemon_topics = false,
                       .presence = mqtt::homie_presence(root_)},
        GetParam(), rules_, mqtt::Callbacks{.connected = [this] { ++greetings_; }});
    meter_.go_online(true);
    meter_.deliver(*sink_);  // that it is online is no news any more
  }
  void connect() {
    sink_->start();
    ASSERT_TRUE(eventually([&] { return greetings_ > 0; }, 10s));
    greet();
  }
  void greet() {
    greetings_ = 0;
    sink_->announce(meter_, {});
    sink_->announced();
  }
  [[nodiscard]] bool version_5() const { return GetParam() == HomieVersion::v5; }
  [[nodiscard]] bool sees(const std::string& topic, const std::string& payload) {
    return subscriber_.sees(root_ + "/" + topic, payload);
  }
  [[nodiscard]] Texts payloads(const std::string& topic) {
    return subscriber_.payloads(root_ + "/" + topic);
  }
  /// Of the newest description, or of the attributes.
  [[nodiscard]] Texts properties() {
    Texts found;
    if (version_5()) {
      const auto all = payloads("$description");
      const auto json = nlohmann::ordered_json::parse(all.back());
      for (const auto& [id, property] : json["nodes"]["electricity"]["properties"].items())
        found.push_back(id);
      return found;
    }
    const std::string list = payloads("electricity/$properties").back();
    for (std::size_t at = 0; at < list.size();) {
      const auto end = std::min(list.find(',', at), list.size());
      found.push_back(list.substr(at, end - at));
      at = end + 1;
    }
    return found;
  }

  const std::string root_{GetParam() == HomieVersion::v5 ? "homie/5/p1meter-home"
                                                         : "homie/p1meter-home"};
  Mosquitto broker_{};
  MqttSubscriber subscriber_{broker_.port()};
  std::atomic<int> greetings_{};
  FakeMeter meter_{};
  settings::ReadingRules rules_{};
  std::unique_ptr<mqtt::HomieSink> sink_{};
};

INSTANTIATE_TEST_SUITE_P(Versions, AHomieSink, testing::Values(HomieVersion::v4, HomieVersion::v5),
                         [](const auto& version) {
                           return version.param == HomieVersion::v4 ? "of_version_4"
                                                                    : "of_version_5";
                         });

TEST_P(AHomieSink, says_init_then_what_it_is_then_its_values_then_ready) {
  meter_.set("power_import", "193");
  meter_.set("voltage_l1", "231.2");
  connect();
  ASSERT_TRUE(sees("$state", "ready"));

  Texts order;
  for (const auto& message : subscriber_.messages()) {
    EXPECT_TRUE(message.retained) << message.topic;
    EXPECT_EQ(message.qos, 1) << message.topic;
    const std::string topic = message.topic.substr(root_.size() + 1);
    const std::string kind = topic == "$state"                      ? message.payload
                             : topic.starts_with("$alert")          ? ""
                             : topic.find('$') != std::string::npos ? "description"
                                                                    : "value";
    if (!kind.empty() && (order.empty() || order.back() != kind)) order.push_back(kind);
  }
  EXPECT_EQ(order, (Texts{"init", "description", "value", "ready"}));
  EXPECT_EQ(payloads("electricity/power-import"), Texts{"193"});
  EXPECT_EQ(properties(), (Texts{"power-import", "voltage-l1"}));
  if (!version_5()) {
    EXPECT_EQ(Homie4Judge::faults(subscriber_.messages(), root_), Texts{});
  }
}

TEST_P(AHomieSink, waits_in_init_for_a_meter_that_has_shown_nothing) {
  meter_.go_online(false);
  connect();
  ASSERT_TRUE(sees("$state", "init"));
  meter_.set("power_import", "193");
  meter_.go_online(true);
  meter_.deliver(*sink_);
  EXPECT_TRUE(sees("$state", "ready"));
  EXPECT_EQ(payloads("electricity/power-import"), Texts{"193"});
}

TEST_P(AHomieSink, publishes_a_value_that_is_due_and_nothing_else) {
  meter_.set("power_import", "193");
  connect();
  ASSERT_TRUE(sees("$state", "ready"));
  const auto before = subscriber_.messages().size();

  meter_.set("power_import", "194.50");
  meter_.deliver(*sink_);

  ASSERT_TRUE(sees("electricity/power-import", "194.50"));
  for (std::size_t i = before; i < subscriber_.messages().size(); ++i)
    EXPECT_EQ(subscriber_.messages()[i].topic, root_ + "/electricity/power-import");
}

TEST_P(AHomieSink, describes_a_key_that_comes_later_by_way_of_init) {
  meter_.set("power_import", "193");
  connect();
  ASSERT_TRUE(sees("$state", "ready"));

  meter_.set("power_export", "0");
  meter_.deliver(*sink_);

  ASSERT_TRUE(sees("electricity/power-export", "0"));
  ASSERT_TRUE(eventually(
      [&] {
        return payloads("$state") == Texts{"init", "ready", "init", "ready"};
      },
      5s));
  EXPECT_EQ(properties(), (Texts{"power-import", "power-export"}));
  if (version_5()) {
    const auto descriptions = payloads("$description");
    ASSERT_EQ(descriptions.size(), 2U);
    EXPECT_LT(nlohmann::json::parse(descriptions[0])["version"].get<std::int64_t>(),
              nlohmann::json::parse(descriptions[1])["version"].get<std::int64_t>());
  } else {
    EXPECT_EQ(Homie4Judge::faults(subscriber_.messages(), root_), Texts{});
  }
}

TEST_P(AHomieSink, describes_of_a_former_meters_keys_what_the_new_one_sends) {
  meter_.set("power_import", "193");
  meter_.set("power_export", "0");
  connect();
  ASSERT_TRUE(sees("$state", "ready"));
  EXPECT_EQ(properties(), (Texts{"power-import", "power-export"}));

  meter_.hide("power_export");
  MappedTelegram mapped;
  mapped.meter_changed = true;
  sink_->accept({.meter = meter_, .mapped = &mapped});
  ASSERT_TRUE(sees("electricity/power-export", ""));
  ASSERT_TRUE(eventually([&] { return payloads("$state").size() == 4; }, 5s));
  EXPECT_EQ(properties(), Texts{"power-import"});

  meter_.show("power_export");
  meter_.set("power_export", "5");
  meter_.deliver(*sink_);
  ASSERT_TRUE(sees("electricity/power-export", "5"));
  EXPECT_EQ(properties(), (Texts{"power-import", "power-export"}));
}

TEST_P(AHomieSink,
       describes_a_value_s_own_time_when_it_first_comes_and_expects_it_after_a_restart) {
  meter_.set("power_import", "193");
  connect();
  ASSERT_TRUE(sees("$state", "ready"));
  meter_.set("power_import", OwnedValue{*parse_decimal("1")},
             MeterTime{Instant{milliseconds{1'700'000'000'000}}, 60});
  meter_.deliver(*sink_);
  ASSERT_TRUE(sees("electricity/power-import-time", "2023-11-14T23:13:20+01:00"));
  EXPECT_EQ(properties(), (Texts{"power-import", "power-import-time"}));

  const auto left = sink_->retained_topics();
  const std::string time = root_ + "/electricity/power-import-time";
  EXPECT_EQ(std::count(left.begin(), left.end(), time), 1);
  meter_.set("power_import", OwnedValue{*parse_decimal("2")});
  sink_->stop(1s);
  SetUp();
  sink_->connected(left);
  sink_->announce(meter_, {});
  const auto again = sink_->retained_topics();
  EXPECT_EQ(std::count(again.begin(), again.end(), time), 1);
}

TEST_P(AHomieSink, keeps_the_version_of_a_description_that_is_the_same) {
  meter_.set("power_import", "193");
  connect();
  ASSERT_TRUE(sees("$state", "ready"));
  greet();
  ASSERT_TRUE(eventually(
      [&] {
        return payloads("$state") == Texts{"init", "ready", "init", "ready"};
      },
      5s));
  if (!version_5()) return;
  const auto descriptions = payloads("$description");
  ASSERT_EQ(descriptions.size(), 2U);
  EXPECT_EQ(descriptions[0], descriptions[1]);
}

TEST_P(AHomieSink, clears_a_value_that_is_gone) {
  meter_.set("power_import", "193");
  connect();
  ASSERT_TRUE(sees("electricity/power-import", "193"));
  meter_.deliver(*sink_);
  meter_.lose("power_import");
  meter_.deliver(*sink_);
  EXPECT_TRUE(sees("electricity/power-import", ""));
}

TEST_P(AHomieSink, clears_the_time_of_a_value_that_is_null_or_gone) {
  const MeterTime at{Instant{milliseconds{1'700'000'000'000}}, 60};
  const Texts told{"2023-11-14T23:13:20+01:00"};
  const std::string time = "electricity/power-import-time";
  meter_.set("power_import", OwnedValue{*parse_decimal("1")}, at);
  connect();
  ASSERT_TRUE(eventually([&] { return payloads(time) == told; }, 5s));

  meter_.set("power_import", OwnedValue{}, at);
  meter_.deliver(*sink_);
  EXPECT_TRUE(sees(time, ""));

  meter_.set("power_import", OwnedValue{*parse_decimal("2")}, at);
  meter_.deliver(*sink_);
  ASSERT_TRUE(eventually([&] { return payloads(time).back() == told.front(); }, 5s));
  meter_.lose("power_import");
  meter_.deliver(*sink_);
  EXPECT_TRUE(eventually([&] { return payloads(time).back().empty(); }, 5s));
}

TEST_P(AHomieSink, clears_what_is_no_longer_published) {
  meter_.set("power_import", "193");
  meter_.set("voltage_l1", "231.2");
  connect();
  ASSERT_TRUE(sees("$state", "ready"));
  meter_.hide("voltage_l1");
  greet();
  EXPECT_TRUE(sees("electricity/voltage-l1", ""));
  ASSERT_TRUE(eventually([&] { return payloads("$state").size() == 4; }, 5s));
  EXPECT_EQ(properties(), Texts{"power-import"});
  const auto left = sink_->retained_topics();
  EXPECT_EQ(std::count(left.begin(), left.end(), root_ + "/electricity/voltage-l1"), 0);
}

TEST_P(AHomieSink, shows_that_the_meter_is_silent) {
  meter_.set("power_import", "193");
  connect();
  ASSERT_TRUE(sees("$state", "ready"));
  meter_.go_online(false);
  meter_.deliver(*sink_);
  if (version_5()) {
    EXPECT_TRUE(sees("$alert/offline", "No valid telegrams arrive from the meter."));
  } else {
    EXPECT_TRUE(sees("$state", "alert"));
  }
  meter_.go_online(true);
  meter_.deliver(*sink_);
  EXPECT_TRUE(version_5() ? sees("$alert/offline", "") : sees("$state", "ready"));
  EXPECT_EQ(payloads("$state"),
            version_5() ? (Texts{"init", "ready"}) : (Texts{"init", "ready", "alert", "ready"}));
}

TEST_P(AHomieSink, says_goodbye_and_leaves_its_values) {
  meter_.set("power_import", "193");
  connect();
  ASSERT_TRUE(sees("$state", "ready"));
  sink_->stop(2s);
  EXPECT_TRUE(sees("$state", "disconnected"));
  EXPECT_EQ(payloads("electricity/power-import"), Texts{"193"});
}

TEST_P(AHomieSink, introduces_itself_anew_at_a_broker_that_was_away) {
  meter_.set("power_import", "193");
  connect();
  ASSERT_TRUE(sees("$state", "ready"));
  broker_.restart();
  MqttSubscriber again{broker_.port()};
  ASSERT_TRUE(eventually([&] { return greetings_ > 0; }, 10s));
  greet();
  ASSERT_TRUE(again.sees(root_ + "/$state", "ready"));
  const auto states = again.payloads(root_ + "/$state");
  ASSERT_GE(states.size(), 2U);
  EXPECT_EQ(states[states.size() - 2], "init");
}

TEST_P(AHomieSink, clears_a_device_by_its_state_first) {
  meter_.set("power_import", "193");
  connect();
  ASSERT_TRUE(sees("$state", "ready"));
  const auto before = subscriber_.messages().size();
  sink_->forget({root_ + "/electricity/power-import", root_ + "/$state"});
  ASSERT_TRUE(sees("electricity/power-import", ""));
  const auto messages = subscriber_.messages();
  ASSERT_GT(messages.size(), before);
  EXPECT_EQ(messages[before].topic, root_ + "/$state");
  EXPECT_EQ(messages[before].payload, "");
}

}  // namespace
}  // namespace p1meter::test
