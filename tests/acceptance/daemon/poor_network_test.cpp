// SPDX-License-Identifier: Apache-2.0
// Acceptance: machines without name server, without network, without IPv6, in a network namespace.
#include "daemon_fixture.hpp"

namespace p1meter::test {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

class APoorNetwork : public TheDaemon {
 protected:
  void SetUp() override {
    Process probe{{.command = {"unshare", "--net", "--pid", "--fork", "true"}}};
    if (probe.wait(5s) != 0) GTEST_SKIP() << "no network namespace to be had here";
  }
  /// `prepare`: shell commands in a network namespace of our own, which ends with all that is in
  /// it.
  Process& start_after(const std::string& prepare, const std::string& yaml) {
    configure(yaml);
    daemon_ = std::make_unique<Process>(Process::Setup{
        .command = {"unshare", "--net", "--pid", "--fork", "--kill-child", "sh", "-c",
                    prepare + " exec \"$0\" --config \"$1\" run", P1METER_PROGRAM, configuration()},
        .environment = environment()});
    return *daemon_;
  }
};

TEST_F(APoorNetwork, without_names_is_told_once_and_keeps_no_meter_from_being_read) {
  Process& daemon = start_after("", simulated("dsmr5") +
                                        "  - {name: far, source: 'tcp://meter.example:2000'}\n"
                                        "mqtt: {host: broker.example}\n"
                                        "log: {udp: 'logs.example:8888'}\n");

  ASSERT_TRUE(daemon.shows("telegrams arrive meter=home", 20s)) << daemon.err();
  ASSERT_TRUE(daemon.shows("source cannot be opened", 30s)) << daemon.err();
  ASSERT_TRUE(daemon.shows("cannot connect to the MQTT broker", 30s)) << daemon.err();
  EXPECT_NE(daemon.err().find("cannot look up broker.example"), std::string::npos) << daemon.err();
  EXPECT_FALSE(daemon.shows("no such line", 5s)) << "time for ten attempts";
  EXPECT_EQ(count(daemon.err(), "source cannot be opened"), 1U) << daemon.err();
  EXPECT_EQ(count(daemon.err(), "cannot connect to the MQTT broker"), 1U) << daemon.err();
}

TEST_F(APoorNetwork, without_ipv6_reaches_a_broker_by_a_name_that_has_both) {
  Process& daemon = start_after(
      "ip link set lo up; echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; "
      "mosquitto -p 18830 > /dev/null 2>&1 &",
      simulated("dsmr5") + "mqtt: {host: localhost, port: 18830}\n");

  EXPECT_TRUE(daemon.shows("connected to the MQTT broker broker=localhost:18830", 30s))
      << daemon.err();
}

}  // namespace
}  // namespace p1meter::test
