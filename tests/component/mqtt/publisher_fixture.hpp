// SPDX-License-Identifier: Apache-2.0
// Tests: an MqttSink with a thread that answers its callbacks as the daemon's read loop does.
#pragma once

#include <condition_variable>
#include <functional>
#include <gtest/gtest.h>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/mqtt/mqtt_sink.hpp"
#include "support/fake_meter.hpp"
#include "support/process.hpp"

namespace p1meter::test {

/// A sink and what it reported. The test's own thread is the read loop: it calls run_posted() while
/// it waits.
class TestPublisher {
 public:
  struct Setup {
    settings::MqttSettings mqtt{};
    std::string client_id{"p1meter-test"};
    std::string base_topic{"p1meter"};
    bool daemon_topics{true};
    std::optional<settings::HomeAssistantSettings> home_assistant{};
    std::function<void(mqtt::Received)> received{};  // on the publisher's thread
    settings::ReadingRules rules{};
    std::function<void(mqtt::TakenBack)> taken_back{};  // on the publisher's thread
  };

  static settings::MqttSettings at(std::uint16_t port, const std::string& host = "127.0.0.1") {
    settings::MqttSettings mqtt;
    mqtt.brokers.push_back({host, port});
    return mqtt;
  }

  /// A configuration of the test's own, published to a broker of the test's own.
  static Setup configured(const std::string& yaml, std::uint16_t port) {
    auto loaded = settings::load_text(yaml, "test.yaml");
    for (const auto& fault : loaded.faults) ADD_FAILURE() << to_string(fault);
    Setup setup{.mqtt = loaded.settings.mqtt};
    setup.mqtt.brokers = {{"127.0.0.1", port}};
    setup.base_topic = setup.mqtt.base_topic;
    setup.rules = std::move(loaded.settings.readings);
    return setup;
  }

  explicit TestPublisher(const settings::MqttSettings& mqtt) : TestPublisher{Setup{.mqtt = mqtt}} {}
  explicit TestPublisher(const Setup& setup)
      : rules_{setup.rules},
        sink_{setup.mqtt,
              {setup.client_id, setup.base_topic, setup.daemon_topics, setup.home_assistant},
              rules_,
              {.changed =
                   [this](const mqtt::StateChange& change) {
                     const std::lock_guard lock{mutex_};
                     changes_.push_back(change);
                   },
               .connected =
                   [this] {
                     const std::lock_guard lock{mutex_};
                     ++to_announce_;
                   },
               .received = setup.received,
               .taken_back = setup.taken_back}} {}

  mqtt::MqttSink& sink() { return sink_; }
  FakeMeter& meter() { return meter_; }
  void start() { sink_.start(); }

  /// Announces after connects, as the read loop would.
  void run_posted() {
    {
      const std::lock_guard lock{mutex_};
      if (to_announce_ == 0) return;
      to_announce_ = 0;
    }
    sink_.announce(meter_);
    sink_.announced();
  }
  /// Waits for a condition while the read loop goes on.
  template <class Condition>
  [[nodiscard]] bool eventually(Condition condition, Clock::duration patience = 10s) {
    return test::eventually(
        [&] {
          run_posted();
          return condition();
        },
        patience);
  }
  [[nodiscard]] bool connects(Clock::duration patience = 10s) {
    return eventually([&] { return sink_.statistics().connected; }, patience);
  }
  void deliver() { meter_.deliver(sink_); }

  using Kind = mqtt::StateChange::Kind;
  [[nodiscard]] std::vector<mqtt::StateChange> changes() {
    const std::lock_guard lock{mutex_};
    return changes_;
  }
  [[nodiscard]] std::vector<mqtt::StateChange> changes(Kind kind) {
    auto all = changes();
    std::erase_if(all, [&](const auto& change) { return change.kind != kind; });
    return all;
  }
  /// The newest text of a kind, once there is one.
  [[nodiscard]] std::string reason(Kind kind, Clock::duration patience = 15s) {
    if (!eventually([&] { return !changes(kind).empty(); }, patience)) return "(none came)";
    return changes(kind).back().text;
  }

 private:
  std::mutex mutex_{};
  std::vector<mqtt::StateChange> changes_{};
  int to_announce_{};
  FakeMeter meter_{};
  settings::ReadingRules rules_;
  mqtt::MqttSink sink_;
};

}  // namespace p1meter::test
