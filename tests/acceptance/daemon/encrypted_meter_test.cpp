// SPDX-License-Identifier: Apache-2.0
// Acceptance: a meter that encrypts, with the right keys, without them and with wrong ones.
#include <cctype>
#include <filesystem>
#include <iterator>
#include <set>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "daemon_fixture.hpp"
#include "support/mqtt_subscriber.hpp"

namespace p1meter::test {
namespace {

using Json = nlohmann::json;

// Of the simulator, as 'p1meter show profiles' names them.
const std::string right_key = "000102030405060708090A0B0C0D0E0F";
const std::string right_authentication_key = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
const std::string wrong_key = "36C66639E48A8CA4D6BC8B282A793BBB";

class AnEncryptedMeter : public TheDaemon {
 protected:
  void TearDown() override { expect_no_key_anywhere(); }

  /// A simulated meter behind a TCP port, and the daemon that reads it.
  void read_meter(const std::string& profile) {
    meter_ = std::make_unique<Process>(
        Process::Setup{.command = {P1METER_PROGRAM, "simulate", profile, "--to",
                                   "tcp://127.0.0.1:0", "--period", "20ms"}});
    ASSERT_TRUE(meter_->shows("\n", 10s));
    port_ = meter_->err().substr(meter_->err().rfind(' ') + 1);
    port_.pop_back();
    start(settings());
  }
  void give_key(const std::string& digits) { give("home.key", "decryption_key_file", digits); }
  void give_authentication_key(const std::string& digits) {
    give("home.authkey", "authentication_key_file", digits);
  }
  void reload() {
    configure(settings());
    daemon_->send(SIGHUP);
    ASSERT_TRUE(daemon_->shows("reloaded", 10s)) << daemon_->err();
  }
  [[nodiscard]] bool says(const std::string& text) { return daemon_->shows(text, 10s); }
  [[nodiscard]] bool readings_come() {
    return eventually([&] { return !subscriber_->payloads("p1meter/home/power_import").empty(); },
                      10s);
  }
  /// The meter's statistics of now: they are published when a broker comes.
  Json statistics() {
    EXPECT_TRUE(says("connected to the MQTT broker")) << daemon_->err();
    remember_messages();
    subscriber_.reset();
    broker_.stop();
    EXPECT_TRUE(says("MQTT broker lost")) << daemon_->err();
    broker_.start();
    subscriber_.emplace(broker_.port());
    const auto all = [&] { return subscriber_->payloads("p1meter/statistics"); };
    EXPECT_TRUE(eventually([&] { return !all().empty(); }, 20s)) << daemon_->err();
    return all().empty() ? Json{} : Json::parse(all().back())["meters"]["home"];
  }
  void expect_offline_without_readings() {
    EXPECT_TRUE(subscriber_->sees("p1meter/home/status", "offline"));
    remember_messages();
    EXPECT_EQ(topics_, (std::set<std::string>{"p1meter/home/status offline"}));
  }
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }

 private:
  void give(const std::string& file, const std::string& setting, const std::string& digits) {
    chmod(directory_.file(file, digits + '\n').c_str(), 0600);
    keys_[setting] = file;
  }
  [[nodiscard]] std::string settings() const {
    std::string entries;
    for (const auto& [setting, file] : keys_) entries += ", " + setting + ": " + file;
    return "meters: [{name: home, source: 'tcp://127.0.0.1:" + port_ + "'" + entries + "}]\n" +
           at(broker_);
  }
  /// Everything that was published, and what of it is the meter's own.
  void remember_messages() {
    for (const auto& message : subscriber_->messages()) {
      published_ += message.topic + ' ' + message.payload + '\n';
      if (!message.topic.starts_with("p1meter/home/")) continue;
      const bool status = message.topic == "p1meter/home/status";
      topics_.insert(status ? message.topic + ' ' + message.payload : message.topic);
    }
  }
  void expect_no_key_anywhere() {
    remember_messages();
    std::string all = published_ + daemon_->err() + daemon_->out();
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator{directory_.path() / "state"}) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file{entry.path(), std::ios::binary};
      all.append(std::istreambuf_iterator<char>{file}, {});
    }
    for (auto& c : all) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const auto& key : {right_key, right_authentication_key, wrong_key}) {
      for (std::size_t begin = 0; begin + 8 <= key.size(); begin += 4) {
        EXPECT_EQ(count(all, key.substr(begin, 8)), 0U) << all;
      }
    }
  }

  std::unique_ptr<Process> meter_{};
  std::string port_{};
  std::map<std::string, std::string> keys_{};
  Mosquitto broker_{};
  std::optional<MqttSubscriber> subscriber_{std::in_place, broker_.port()};
  std::string published_{};
  std::set<std::string> topics_{};
};

TEST_F(AnEncryptedMeter, is_read_with_its_keys_and_says_what_it_is) {
  give_key(right_key);
  give_authentication_key("D0D1D2D3 d4d5d6d7 D8D9DADB DCDDDEDF");
  read_meter("kamstrup-dk");

  EXPECT_TRUE(readings_come()) << daemon_->err();
  const Json home = statistics();
  EXPECT_EQ(home["detected"]["protocol"], "dlms");
  EXPECT_EQ(home["detected"]["link"], "hdlc");
  EXPECT_EQ(home["detected"]["encrypted"], true);
  EXPECT_EQ(home["undeciphered"], 0);
  EXPECT_EQ(home["counter_fell"], 0);
  EXPECT_EQ(home["findings"], Json::array());
}

TEST_F(AnEncryptedMeter, without_key_is_offline_and_one_line_says_what_to_ask_for) {
  read_meter("netz-noe");

  const std::string advice = "ask your grid operator for the decryption key";
  ASSERT_TRUE(says(advice)) << daemon_->err();
  EXPECT_FALSE(daemon_->shows(right_key, 300ms)) << "while more telegrams come";
  const Json home = statistics();
  EXPECT_GE(home["undeciphered"], 2);
  EXPECT_EQ(home["telegrams"], 0);
  EXPECT_EQ(home["findings"], (Json{"meter_offline", "key_missing"}));
  EXPECT_EQ(count(daemon_->err(), advice), 1U) << daemon_->err();
  expect_offline_without_readings();
}

TEST_F(AnEncryptedMeter, comes_online_when_a_reload_brings_the_right_key) {
  read_meter("netz-noe");
  ASSERT_TRUE(says("ask your grid operator for the decryption key")) << daemon_->err();
  give_key(wrong_key);
  reload();
  ASSERT_TRUE(says("the decryption key does not open this meter's telegrams")) << daemon_->err();
  const Json home = statistics();
  EXPECT_GE(home["undeciphered"], 1);
  EXPECT_EQ(home["findings"], (Json{"meter_offline", "key_wrong"}));
  expect_offline_without_readings();

  give_key(right_key);
  reload();

  EXPECT_TRUE(readings_come()) << daemon_->err();
  EXPECT_EQ(statistics()["findings"], Json::array());
}

TEST_F(AnEncryptedMeter, publishes_nothing_whose_tag_does_not_fit_until_the_right_key_comes) {
  give_key(right_key);
  give_authentication_key(wrong_key);
  read_meter("kamstrup-dk");
  ASSERT_TRUE(says("the authentication tag is not")) << daemon_->err();
  const Json home = statistics();
  EXPECT_EQ(home["telegrams"], 0);
  EXPECT_GE(home["undeciphered"], 1);
  EXPECT_EQ(home["findings"], (Json{"meter_offline", "tag_mismatch"}));
  expect_offline_without_readings();

  give_authentication_key(right_authentication_key);
  reload();

  EXPECT_TRUE(readings_come()) << daemon_->err();
}

}  // namespace
}  // namespace p1meter::test
