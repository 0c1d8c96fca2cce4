// SPDX-License-Identifier: Apache-2.0
// Benchmark tools: publishes given messages through Paho C++ and nothing else: what any MQTT
// program on this library pays. Prints the processor time that one message took.

#include <fstream>
#include <iostream>
#include <mqtt/async_client.h>
#include <string>
#include <sys/resource.h>
#include <vector>

#include <CLI/CLI.hpp>

#include "bench/tools/ticker.hpp"

namespace {

struct Message {
  std::string topic{};
  std::string payload{};
};

/// One batch: a line a message, topic and payload with a space between, as mosquitto_sub -v prints
/// them.
std::vector<Message> read_batch(const std::string& path) {
  std::ifstream input{path};
  std::vector<Message> batch;
  for (std::string line; std::getline(input, line);) {
    const auto space = line.find(' ');
    if (space != std::string::npos) {
      batch.push_back({line.substr(0, space), line.substr(space + 1)});
    }
  }
  return batch;
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) try {
  int port{1883};
  unsigned rate{100};
  unsigned seconds{30};
  std::string batch_file;
  CLI::App app{"Publishes the same messages through bare Paho"};
  app.add_option("--port", port, "of the broker on this machine");
  app.add_option("--rate", rate, "batches a second")->check(CLI::Range(1, 100000));
  app.add_option("--seconds", seconds, "how long");
  app.add_option("--batch", batch_file, "file of messages")->required();
  CLI11_PARSE(app, argc, argv);

  const auto batch = read_batch(batch_file);
  if (batch.empty()) {
    std::cerr << "paho_bare: no messages in " << batch_file << '\n';
    return 66;
  }
  mqtt::async_client client{"tcp://127.0.0.1:" + std::to_string(port), "p1meter-bench-bare",
                            mqtt::create_options(MQTTVERSION_5)};
  client
      .connect(
          mqtt::connect_options_builder().mqtt_version(MQTTVERSION_5).clean_start(true).finalize())
      ->wait();

  const auto before = processor_seconds();
  p1meter::bench::Ticker ticker{std::chrono::nanoseconds{1'000'000'000 / rate}};
  std::uint64_t sent{};
  for (unsigned long round = 0; round < static_cast<unsigned long>(rate) * seconds; ++round) {
    ticker.wait();
    for (const auto& message : batch) {
      client.publish(message.topic, message.payload.data(), message.payload.size(), 0, true);
      ++sent;
    }
  }
  // A QoS 1 message is acknowledged only after all before it.
  client.publish("p1meter-bench/end", "end", 3, 1, false)->wait();
  const auto spent = processor_seconds() - before;
  client.disconnect()->wait();
  std::cout << "messages " << sent << " microseconds_per_message "
            << spent * 1e6 / static_cast<double>(sent) << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << "paho_bare: " << error.what() << '\n';
  return 1;
}
