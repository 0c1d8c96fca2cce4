// SPDX-License-Identifier: Apache-2.0
// Benchmark tools: from the last byte of a telegram on the pseudo-terminal until a subscriber has
// its state message, and in turn with it, from a bare Paho publish of the same payload until the
// same subscriber has that.
//
// Makes DIRECTORY/cable, says "ready", waits for a line on standard input (the daemon reads the
// cable by then).

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <iostream>
#include <mqtt/async_client.h>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "adapters/simulator/simulator.hpp"
#include "bench/tools/pty.hpp"
#include "bench/tools/ticker.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

/// Waits for one message on a topic and knows when it came.
class Subscriber {
 public:
  explicit Subscriber(const std::string& uri)
      : client_{uri, "p1meter-bench-subscriber", mqtt::create_options(MQTTVERSION_5)} {
    client_.set_message_callback([this](mqtt::const_message_ptr message) {
      const auto now = Clock::now();
      const std::lock_guard lock{mutex_};
      if (message->get_topic() == awaited_) {
        arrived_ = now;
        payload_ = message->to_string();
        condition_.notify_one();
      }
    });
    client_
        .connect(mqtt::connect_options_builder()
                     .mqtt_version(MQTTVERSION_5)
                     .clean_start(true)
                     .finalize())
        ->wait();
  }
  void subscribe(const std::string& topic) { client_.subscribe(topic, 0)->wait(); }
  void expect(const std::string& topic) {
    const std::lock_guard lock{mutex_};
    awaited_ = topic;
    arrived_.reset();
  }
  /// When the expected message came; nothing when it did not come within two seconds.
  std::optional<Clock::time_point> wait() {
    std::unique_lock lock{mutex_};
    condition_.wait_for(lock, std::chrono::seconds{2}, [this] { return arrived_.has_value(); });
    return arrived_;
  }
  std::string payload() {
    const std::lock_guard lock{mutex_};
    return payload_;
  }

 private:
  std::mutex mutex_{};
  std::condition_variable condition_{};
  std::string awaited_{};
  std::string payload_{};
  std::optional<Clock::time_point> arrived_{};
  mqtt::async_client client_;
};

struct Options {
  int port{1883};
  unsigned samples{1000};
  std::string topic{};
  std::filesystem::path directory{};
};

struct Samples {
  std::vector<double> telegram{};
  std::vector<double> bare{};
  unsigned lost{};
};

Samples measure(const Options& options, const p1meter::bench::Pty& cable, Subscriber& subscriber,
                mqtt::async_client& publisher) {
  p1meter::SimulatorOptions wanted;
  wanted.start = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  wanted.period = std::chrono::seconds{1};
  p1meter::Simulator simulator{wanted};
  p1meter::bench::Ticker ticker{std::chrono::milliseconds{20}};
  Samples samples;
  constexpr unsigned warm_up = 20;
  for (unsigned round = 0; round < options.samples + warm_up; ++round) {
    const std::string telegram{simulator.next()};
    ticker.wait();
    subscriber.expect(options.topic);
    cable.write(telegram);
    const auto written = Clock::now();
    const auto came = subscriber.wait();

    const auto payload = subscriber.payload();
    ticker.wait();
    subscriber.expect("p1meter-bench/bare");
    const auto published = Clock::now();
    publisher.publish("p1meter-bench/bare", payload.data(), payload.size(), 0, false);
    const auto bare = subscriber.wait();
    if (round < warm_up) {
      continue;
    }
    if (!came || !bare) {
      ++samples.lost;
      continue;
    }
    samples.telegram.push_back(Microseconds{*came - written}.count());
    samples.bare.push_back(Microseconds{*bare - published}.count());
  }
  return samples;
}

double at(std::vector<double> values, double share) {
  if (values.empty()) {
    return 0;
  }
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) try {
  Options options;
  CLI::App app{"Latency from cable to subscriber"};
  app.add_option("--port", options.port, "of the broker on this machine");
  app.add_option("--samples", options.samples, "how many of each");
  app.add_option("--topic", options.topic, "the daemon's state topic")->required();
  app.add_option("--directory", options.directory, "where the link 'cable' goes")->required();
  CLI11_PARSE(app, argc, argv);

  const p1meter::bench::Pty cable;
  std::filesystem::remove(options.directory / "cable");
  std::filesystem::create_symlink(cable.name(), options.directory / "cable");
  const auto uri = "tcp://127.0.0.1:" + std::to_string(options.port);
  Subscriber subscriber{uri};
  subscriber.subscribe(options.topic);
  subscriber.subscribe("p1meter-bench/bare");
  mqtt::async_client publisher{uri, "p1meter-bench-publisher", mqtt::create_options(MQTTVERSION_5)};
  publisher
      .connect(
          mqtt::connect_options_builder().mqtt_version(MQTTVERSION_5).clean_start(true).finalize())
      ->wait();

  std::string line;
  std::cout << "ready" << std::endl;
  std::getline(std::cin, line);
  const auto samples = measure(options, cable, subscriber, publisher);
  std::cout << "samples " << samples.telegram.size() << " lost " << samples.lost << " median "
            << at(samples.telegram, 0.5) << " p99 " << at(samples.telegram, 0.99) << " bare_median "
            << at(samples.bare, 0.5) << " bare_p99 " << at(samples.bare, 0.99) << std::endl;
  publisher.disconnect()->wait();
  return samples.lost == 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "latency: " << error.what() << '\n';
  return 1;
}
