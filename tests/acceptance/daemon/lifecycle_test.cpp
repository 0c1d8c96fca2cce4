// SPDX-License-Identifier: Apache-2.0
// Acceptance: how the daemon starts, reloads and stops.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon_fixture.hpp"

namespace p1meter::test {
namespace {

/// Twice the two seconds that are promised.
constexpr auto stop_bound = 4s;

/// The socket that systemd listens on for sd_notify.
class NotifySocket {
 public:
  explicit NotifySocket(std::string path)
      : path_{std::move(path)}, socket_{socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error{"bind"};
  }
  ~NotifySocket() { close(socket_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  bool receives(const std::string& text, Clock::duration patience) {
    return eventually(
        [&] {
          std::array<char, 4096> buffer{};
          for (ssize_t count = 0; (count = recv(socket_, buffer.data(), buffer.size(), 0)) > 0;) {
            received_.append(buffer.data(), static_cast<std::size_t>(count)) += '\n';
          }
          return received_.find(text) != std::string::npos;
        },
        patience);
  }
  void forget() { received_.clear(); }
  [[nodiscard]] const std::string& received() const { return received_; }

 private:
  std::string path_;
  int socket_;
  std::string received_{};
};

TEST_F(TheDaemon, stops_within_its_bound_and_says_offline) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter/#"};
  Process& daemon = start(simulated("dsmr5") + at(broker));
  ASSERT_TRUE(subscriber.sees("p1meter/home/status online"));

  daemon.send(SIGTERM);

  EXPECT_EQ(daemon.wait(stop_bound), 0) << daemon.err();
  EXPECT_TRUE(subscriber.sees("p1meter/home/status offline"));
  EXPECT_TRUE(subscriber.sees("p1meter/status offline"));
}

TEST_F(TheDaemon, stops_without_a_broker) {
  Process& daemon = start(simulated("dsmr5"));
  ASSERT_TRUE(daemon.shows("telegrams arrive", 10s)) << daemon.err();

  daemon.send(SIGTERM);

  EXPECT_EQ(daemon.wait(stop_bound), 0) << daemon.err();
}

TEST_F(TheDaemon, stops_while_the_broker_is_absent) {
  Process& daemon = start(simulated("dsmr5") + "mqtt: {host: 127.0.0.1, port: 9}\n");
  ASSERT_TRUE(daemon.shows("cannot connect to the MQTT broker", 10s)) << daemon.err();

  daemon.send(SIGTERM);

  EXPECT_EQ(daemon.wait(stop_bound), 0) << daemon.err();
}

TEST_F(TheDaemon, stops_while_the_broker_is_stalled) {
  Mosquitto broker;
  Process& daemon = start(simulated("dsmr5") + at(broker));
  ASSERT_TRUE(daemon.shows("connected to the MQTT broker", 10s)) << daemon.err();
  broker.pause();

  daemon.send(SIGTERM);

  EXPECT_EQ(daemon.wait(stop_bound), 0) << daemon.err();
  broker.resume();
}

TEST_F(TheDaemon, stops_while_the_cable_is_absent) {
  Process& daemon = start("meters: [{name: home, source: 'serial:/dev/p1meter-not-there'}]\n");
  ASSERT_TRUE(daemon.shows("source cannot be opened", 10s)) << daemon.err();

  daemon.send(SIGTERM);

  EXPECT_EQ(daemon.wait(stop_bound), 0) << daemon.err();
}

TEST_F(TheDaemon, leaves_its_last_will_when_killed) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter/#"};
  Process& daemon = start(simulated("dsmr5") + at(broker));
  ASSERT_TRUE(subscriber.sees("p1meter/status online"));

  daemon.send(SIGKILL);

  EXPECT_TRUE(subscriber.sees("p1meter/status offline"));
}

TEST_F(TheDaemon, publishes_once_a_broker_appears) {
  auto broker = std::make_unique<Mosquitto>();
  const int port = broker->port();
  broker->stop();
  Process& daemon = start(simulated("dsmr5") + at(*broker));
  ASSERT_TRUE(daemon.shows("cannot connect to the MQTT broker", 10s)) << daemon.err();

  broker->start();

  Subscriber subscriber{port, "p1meter/#"};
  EXPECT_TRUE(subscriber.sees("p1meter/status online", 70s)) << daemon.err();
  EXPECT_TRUE(subscriber.sees_start("p1meter/home/state {"));
}

TEST_F(TheDaemon, announces_everything_again_after_a_broker_restart) {
  Mosquitto broker;
  Process& daemon = start(simulated("dsmr5") + at(broker));
  {
    Subscriber before{broker.port(), "p1meter/#"};
    ASSERT_TRUE(before.sees_start("p1meter/home/energy_import_tariff1 "));
  }

  broker.stop();
  ASSERT_TRUE(daemon.shows("MQTT broker lost", 10s)) << daemon.err();
  broker.start();

  Subscriber after{broker.port(), "p1meter/#"};
  EXPECT_TRUE(after.sees("p1meter/status online", 70s)) << daemon.err();
  EXPECT_TRUE(after.sees("p1meter/home/status online"));
  EXPECT_TRUE(after.sees_start("p1meter/home/state {"));
  EXPECT_TRUE(after.sees_start("p1meter/home/energy_import_tariff1 "));
}

TEST_F(TheDaemon, takes_new_rules_over_on_sighup) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter/#"};
  Process& daemon =
      start(simulated("dsmr5") + at(broker) + "readings: {power_import: {publish: false}}\n");
  ASSERT_TRUE(subscriber.sees_start("p1meter/home/power_export "));
  EXPECT_EQ(subscriber.count_start("p1meter/home/power_import "), 0U);

  configure(simulated("dsmr5") + at(broker) + "readings: {power_import: {interval: 1s}}\n");
  daemon.send(SIGHUP);

  ASSERT_TRUE(daemon.shows("configuration reloaded", 10s)) << daemon.err();
  EXPECT_TRUE(subscriber.sees_start("p1meter/home/power_import "));
  EXPECT_EQ(subscriber.count_start("p1meter/status offline"), 0U)
      << "the connection must not be cut for a rule";
}

TEST_F(TheDaemon, keeps_the_old_configuration_when_the_new_one_has_faults) {
  Mosquitto broker;
  Process& daemon = start(simulated("dsmr5") + at(broker));
  ASSERT_TRUE(daemon.shows("connected to the MQTT broker", 10s)) << daemon.err();

  configure("metres: []\n");
  daemon.send(SIGHUP);

  EXPECT_TRUE(daemon.shows("keeping the old one", 10s)) << daemon.err();
  EXPECT_NE(daemon.err().find("p1meter.yaml:1:1: metres"), std::string::npos) << daemon.err();
  Subscriber subscriber{broker.port(), "p1meter/home/state"};
  EXPECT_TRUE(subscriber.sees_start("p1meter/home/state {", 25s));
}

TEST_F(TheDaemon, moves_to_another_broker_on_sighup) {
  Mosquitto first;
  Mosquitto second;
  Process& daemon = start(simulated("dsmr5") + at(first));
  Subscriber old{first.port(), "p1meter/#"};
  ASSERT_TRUE(old.sees("p1meter/status online"));

  configure(simulated("dsmr5") + at(second));
  daemon.send(SIGHUP);

  Subscriber fresh{second.port(), "p1meter/#"};
  EXPECT_TRUE(fresh.sees("p1meter/status online", 20s)) << daemon.err();
  EXPECT_TRUE(fresh.sees_start("p1meter/home/state {", 20s));
  EXPECT_TRUE(old.sees("p1meter/status offline"));
}

TEST_F(TheDaemon, adds_and_removes_meters_on_sighup) {
  Mosquitto broker;
  Subscriber subscriber{broker.port(), "p1meter/#"};
  Process& daemon = start(simulated("dsmr5") + at(broker));
  ASSERT_TRUE(subscriber.sees("p1meter/home/status online"));

  configure("meters: [{name: garage, source: 'simulator:fluvius', live: true}]\n" + at(broker));
  daemon.send(SIGHUP);

  EXPECT_TRUE(subscriber.sees_start("p1meter/garage/state {")) << daemon.err();
  EXPECT_TRUE(subscriber.sees("p1meter/home/status (null)"))
      << "its retained topics must be cleared";
}

TEST_F(TheDaemon, clears_topics_that_a_new_configuration_no_longer_yields) {
  Mosquitto broker;
  {
    Subscriber subscriber{broker.port(), "p1meter/#"};
    Process& daemon = start(simulated("dsmr5") + at(broker));
    ASSERT_TRUE(subscriber.sees_start("p1meter/home/voltage_l1 "));
    daemon.send(SIGTERM);
    ASSERT_EQ(daemon.wait(stop_bound), 0) << daemon.err();
  }
  Subscriber subscriber{broker.port(), "p1meter/home/#"};
  ASSERT_TRUE(subscriber.sees_start("p1meter/home/voltage_l1 2"));

  start(simulated("dsmr5") + at(broker) + "readings: {voltage_l1: {publish: false}}\n");

  EXPECT_TRUE(subscriber.sees("p1meter/home/voltage_l1 (null)"));
  EXPECT_TRUE(subscriber.sees_start("p1meter/home/voltage_l2 "));
}

TEST_F(TheDaemon, refuses_a_configuration_with_faults) {
  Process& daemon = start("meters: [{name: Home}]\nmqtt: {hots: x}\n");

  EXPECT_EQ(daemon.wait(10s), 78) << daemon.err();
  EXPECT_NE(daemon.err().find("hots"), std::string::npos);
  EXPECT_NE(daemon.err().find("host"), std::string::npos);
}

// Owner and mode can be mended while the service tries again; the text of a bad file cannot mend
// itself.
TEST_F(TheDaemon, tells_a_configuration_that_it_may_not_read_from_a_bad_one) {
  configure(simulated("dsmr5"));
  std::filesystem::permissions(configuration(), std::filesystem::perms::none);
  std::vector<std::string> command{P1METER_PROGRAM, "--config", configuration(), "run"};
  if (geteuid() == 0) {  // who may do everything gives that up
    const std::vector<std::string> weak{"setpriv", "--inh-caps=-all", "--bounding-set=-all"};
    command.insert(command.begin(), weak.begin(), weak.end());
  }

  Process daemon{{.command = command, .environment = environment()}};

  EXPECT_EQ(daemon.wait(10s), 77) << daemon.err();
  EXPECT_NE(daemon.err().find("cannot be read: Permission denied; for the service: chown "
                              "root:p1meter"),
            std::string::npos)
      << daemon.err();
}

TEST_F(TheDaemon, refuses_to_share_its_state_directory) {
  Process& daemon = start(simulated("dsmr5"));
  ASSERT_TRUE(daemon.shows("p1meter is up", 10s)) << daemon.err();

  Process second{{.command = {P1METER_PROGRAM, "--config", configuration(), "run"},
                  .environment = environment()}};

  EXPECT_EQ(second.wait(10s), 75) << second.err();
  EXPECT_NE(second.err().find("another p1meter is running"), std::string::npos) << second.err();
}

TEST_F(TheDaemon, tells_systemd_when_it_is_ready_alive_and_stopping) {
  NotifySocket systemd{(directory_.path() / "notify").string()};
  configure(simulated("dsmr5"));
  auto variables = environment();
  variables["NOTIFY_SOCKET"] = systemd.path();
  variables["WATCHDOG_USEC"] = "1000000";
  Process daemon{
      {.command = {P1METER_PROGRAM, "--config", configuration(), "run"}, .environment = variables}};

  EXPECT_TRUE(systemd.receives("READY=1", 10s)) << systemd.received();
  EXPECT_TRUE(systemd.receives("WATCHDOG=1", 10s));
  EXPECT_TRUE(systemd.receives("STATUS=1 of 1 meter online", 10s)) << systemd.received();
  configure("metres: []\n");
  daemon.send(SIGHUP);
  EXPECT_TRUE(systemd.receives("RELOADING=1", 10s));
  EXPECT_TRUE(systemd.receives("; the configuration has faults", 10s)) << systemd.received();
  daemon.send(SIGTERM);
  EXPECT_TRUE(systemd.receives("STOPPING=1", 10s));
  EXPECT_EQ(daemon.wait(stop_bound), 0) << daemon.err();
}

TEST_F(TheDaemon, opens_no_connection_with_the_default_configuration) {
  // An empty network namespace, where any attempt would also fail; strace sees that there is none.
  // With -D the daemon is the child, not strace, which would leave it behind when it is killed.
  Process probe{{.command = {"unshare", "--net", "strace", "-V"}}};
  if (probe.wait(10s) != 0)
    GTEST_SKIP() << "needs the right to make a network namespace, and strace";
  configure("");
  Process daemon{{.command = {"unshare", "--net", "strace", "-D", "-f", "-qq", "-e",
                              "trace=connect,sendto,sendmsg", P1METER_PROGRAM, "--config",
                              configuration(), "run"},
                  .environment = environment()}};
  ASSERT_TRUE(daemon.shows("p1meter is up", 20s)) << daemon.err();
  ASSERT_TRUE(daemon.shows("source cannot be opened", 20s)) << daemon.err();
  EXPECT_EQ(daemon.wait(3s), std::nullopt);

  EXPECT_EQ(daemon.err().find("AF_INET"), std::string::npos) << daemon.err();
}

}  // namespace
}  // namespace p1meter::test
