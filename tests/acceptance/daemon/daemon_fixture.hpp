// SPDX-License-Identifier: Apache-2.0
// Acceptance tests of the daemon: the built program, a real broker and a real subscriber.
#pragma once

#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>

#include "support/mosquitto.hpp"
#include "support/process.hpp"
#include "support/telegram_builder.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {

using namespace std::chrono_literals;

/// Everything that a broker hands to one subscriber, as lines "topic payload".
class Subscriber {
 public:
  Subscriber(int port, const std::string& filter)
      : process_{{.command = {"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(port), "-v",
                              "-q", "1", "-t", filter, "-t", ready_topic_}}} {
    // Subscribed for sure once it sees a message of our own. With QoS 1 that comes after all that
    // is retained, however much waits for an acknowledgement.
    const bool ready = eventually(
        [&] {
          Process publish{
              {.command = {"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(port), "-q",
                           "1", "-t", ready_topic_, "-m", "1"}}};
          publish.wait(5s);
          return process_.shows("subscriber/ready 1", 100ms);
        },
        10s);
    if (!ready) throw std::runtime_error{"mosquitto_sub does not subscribe"};
  }

  /// True once a whole line "topic payload" has come.
  bool sees(const std::string& line, Clock::duration patience = 10s) {
    return eventually(
        [&] { return ("\n" + process_.out()).find("\n" + line + "\n") != std::string::npos; },
        patience);
  }
  /// True once a line begins with this.
  bool sees_start(const std::string& start, Clock::duration patience = 10s) {
    return eventually(
        [&] { return ("\n" + process_.out()).find("\n" + start) != std::string::npos; }, patience);
  }
  std::size_t count_start(const std::string& start) {
    const std::string text = "\n" + process_.out();
    std::size_t count = 0;
    for (auto at = text.find("\n" + start); at != std::string::npos;
         at = text.find("\n" + start, at + 1))
      ++count;
    return count;
  }
  const std::string& text() { return process_.out(); }

 private:
  static constexpr const char* ready_topic_ = "subscriber/ready";
  Process process_;
};

class TheDaemon : public testing::Test {
 protected:
  /// Writes the configuration and starts `p1meter run`.
  Process& start(const std::string& yaml) {
    configure(yaml);
    daemon_ = std::make_unique<Process>(
        Process::Setup{.command = {P1METER_PROGRAM, "--config", configuration(), "run"},
                       .environment = environment()});
    return *daemon_;
  }
  void configure(const std::string& yaml) { directory_.file("p1meter.yaml", yaml); }
  [[nodiscard]] std::string configuration() const {
    return (directory_.path() / "p1meter.yaml").string();
  }
  [[nodiscard]] std::map<std::string, std::string> environment() const {
    return {{"STATE_DIRECTORY", (directory_.path() / "state").string()}, {"NO_COLOR", "1"}};
  }
  /// The lines that point at a broker.
  static std::string at(const Mosquitto& broker) {
    return "mqtt:\n  host: 127.0.0.1\n  port: " + std::to_string(broker.port()) + "\n";
  }
  static std::string file_meter(const std::string& path) {
    return "meters:\n  - name: home\n    source: file:" + path + "\n";
  }
  static std::string simulated(const std::string& profile, bool live = true) {
    return "meters:\n  - name: home\n    source: simulator:" + profile + "\n" +
           (live ? "    live: true\n" : "");
  }

  TemporaryDirectory directory_{};
  std::unique_ptr<Process> daemon_{};
};

}  // namespace p1meter::test
