// SPDX-License-Identifier: Apache-2.0
// Tests: mosquitto_sub as a witness of what a broker hands out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/process.hpp"

namespace p1meter::test {

struct SeenMessage {
  bool retained{};
  int qos{};
  std::string topic{};
  std::string payload{};
};

/// Sees every message below a topic from the moment it exists. Payloads must be of one line.
class MqttSubscriber {
 public:
  explicit MqttSubscriber(std::uint16_t port, const std::string& topic = "#",
                          const std::vector<std::string>& more = {})
      : process_{
            Process::Setup{.command = command(port, topic, more), .environment = {}, .input = {}}} {
    if (!process_.shows("Subscribed (mid", 10s))
      throw std::runtime_error{"mosquitto_sub: " + process_.out() + process_.err()};
  }

  /// All messages so far, in order.
  [[nodiscard]] std::vector<SeenMessage> messages() {
    std::vector<SeenMessage> seen;
    std::string_view text = process_.out();
    while (true) {
      const auto end = text.find('\n');
      if (end == std::string_view::npos) return seen;
      add(seen, text.substr(0, end));
      text.remove_prefix(end + 1);
    }
  }
  [[nodiscard]] std::vector<std::string> payloads(std::string_view topic) {
    std::vector<std::string> found;
    for (auto& message : messages()) {
      if (message.topic == topic) found.push_back(std::move(message.payload));
    }
    return found;
  }
  /// True once the newest message of the topic says so.
  [[nodiscard]] bool sees(std::string_view topic, std::string_view payload,
                          Clock::duration patience = 10s) {
    return eventually(
        [&] {
          const auto all = payloads(topic);
          return !all.empty() && all.back() == payload;
        },
        patience);
  }

 private:
  static std::vector<std::string> command(std::uint16_t port, const std::string& topic,
                                          const std::vector<std::string>& more) {
    // Line by line, and with the retain flag as it was published.
    std::vector<std::string> words{"stdbuf",
                                   "-oL",
                                   "mosquitto_sub",
                                   "-d",
                                   "-V",
                                   "mqttv5",
                                   "--retain-as-published",
                                   "-h",
                                   "127.0.0.1",
                                   "-p",
                                   std::to_string(port),
                                   "-q",
                                   "2",
                                   "-t",
                                   topic,
                                   "-F",
                                   "=%r|%q|%t|%p"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  static void add(std::vector<SeenMessage>& seen, std::string_view line) {
    if (!line.starts_with('=')) return;  // its own words
    const auto topic = line.substr(5, line.find('|', 5) - 5);
    seen.push_back({line[1] == '1', line[3] - '0', std::string{topic},
                    std::string{line.substr(6 + topic.size())}});
  }

  Process process_;
};

}  // namespace p1meter::test
