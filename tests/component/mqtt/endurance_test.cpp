// SPDX-License-Identifier: Apache-2.0
// Memory after very many connections is that after a few.
#include <atomic>
#include <fstream>
#include <gtest/gtest.h>
#include <list>
#include <malloc.h>
#include <optional>
#include <unistd.h>

#include "adapters/mqtt/publisher.hpp"
#include "support/mosquitto.hpp"
#include "support/process.hpp"
#include "support/sanitizers.hpp"
#include "support/tcp_proxy.hpp"

namespace p1meter::mqtt {
namespace {

using namespace std::chrono_literals;
using test::eventually;

constexpr long allowed_growth = 1024 * 1024;  // bytes

/// Bytes of this process that lie in memory.
long resident() {
  malloc_trim(0);
  long pages = 0;
  std::ifstream{"/proc/self/statm"} >> pages >> pages;
  return pages * sysconf(_SC_PAGESIZE);
}

/// Publishers that come back at once after each loss. Several, because Paho needs a second to
/// notice that it is connected.
class ThePublishers : public testing::Test {
 protected:
  void SetUp() override {
    if (test::slow_build) GTEST_SKIP() << "sanitizers keep freed memory";
  }
  void publish_to(std::uint16_t port, int publishers) {
    settings::MqttSettings mqtt;
    mqtt.brokers.push_back({"127.0.0.1", port});
    mqtt.version = settings::MqttVersion::v5;
    for (int i = 0; i < publishers; ++i) {
      auto& one = publishers_.emplace_back();
      one.publisher.emplace(
          mqtt,
          Identity{.client_id = "p1meter-endures-" + std::to_string(i), .base_topic = "p1meter"},
          Callbacks{.connected = [&one] { ++one.connections; }},
          ConnectPlan::Pauses{.shortest = 1ms, .longest = 20ms, .quick = 1ms});
      one.publisher->start();
    }
  }
  /// Waits until each has connected so many times, and has published what it has.
  void wait_for_connections(int number) {
    for (auto& one : publishers_) {
      ASSERT_TRUE(eventually([&] { return one.connections >= number; }, 20s)) << number;
      one.publisher->announced();
      put_some(*one.publisher);
    }
    for (auto& one : publishers_) EXPECT_TRUE(one.publisher->drain(10s));
  }
  static void put_some(Publisher& publisher) {
    std::vector<Message> batch;
    for (int i = 0; i < 20; ++i) {
      batch.push_back(
          {.topic = std::make_shared<const std::string>("p1meter/home/key" + std::to_string(i)),
           .payload = std::string(100, 'x'),
           .qos = static_cast<std::uint8_t>(i % 2),
           .retain = true});
    }
    publisher.put(batch);
  }

 private:
  struct One {
    std::atomic<int> connections{};
    std::optional<Publisher> publisher{};
  };
  std::list<One> publishers_{};
};

TEST_F(ThePublishers, need_no_more_memory_after_a_thousand_cut_connections) {
  constexpr int publishers = 10;
  constexpr int cuts = 1000 / publishers;
  test::Mosquitto broker;
  test::TcpProxy proxy{broker.port()};
  publish_to(proxy.port(), publishers);
  long after_ten = 0;
  for (int i = 1; i <= cuts; ++i) {
    ASSERT_NO_FATAL_FAILURE(wait_for_connections(i));
    if (i == 1) after_ten = resident();
    proxy.cut();
  }
  EXPECT_LT(resident() - after_ten, allowed_growth);
}

TEST_F(ThePublishers, need_no_more_memory_after_fifty_restarts_of_the_broker) {
  constexpr int restarts = 50;
  test::Mosquitto broker;
  publish_to(broker.port(), 1);
  long after_ten = 0;
  for (int i = 1; i <= restarts; ++i) {
    ASSERT_NO_FATAL_FAILURE(wait_for_connections(i));
    if (i == 10) after_ten = resident();
    broker.restart();
  }
  EXPECT_LT(resident() - after_ten, allowed_growth);
}

}  // namespace
}  // namespace p1meter::mqtt
