// SPDX-License-Identifier: Apache-2.0
// Settings tests: config/p1meter.yaml, which the package installs as /etc/p1meter.yaml.
#include "support/shipped_configuration.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "loading_text.hpp"
#include "settings/docs.hpp"
#include "support/source_tree.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::settings {
namespace {

using p1meter::test::source_text;
using p1meter::test::TemporaryDirectory;
using p1meter::test::uncommented;
using test::good;

/// To dpkg the file is a conffile: where an administrator has changed it, each change of ours makes
/// an upgrade stop and ask which of the two to keep, and an unattended upgrade waits for an answer
/// that nobody gives. New keys belong into the definition; the reference shows them.
constexpr std::string_view frozen =
    R"yaml(# /etc/p1meter.yaml: the configuration of p1meter. It says nothing yet, so everything is the default: the meter is
# looked for on the only serial port, and nothing is sent anywhere. Most people need one setting, the name of their
# MQTT broker: take the "#" from the first two lines below, and write your broker's name.

#mqtt:
#  host: homeassistant.local
#  username: p1meter
#  password_file: /etc/p1meter.password            # holds the password alone; its group is p1meter, its mode 0640

# With several serial ports, or a network adapter, say where the meter is:
#meters:
#  - name: home
#    source: serial:/dev/serial/by-id/usb-...        # or tcp://192.168.1.20:2000

# Afterwards:  sudo -u p1meter p1meter check           says what is wrong, with line and column
#              sudo systemctl reload p1meter           takes over what has changed
#              sudo -u p1meter p1meter show config     shows what is in force
# Every key with its default and meaning: man 5 p1meter.yaml, /usr/share/doc/p1meter/p1meter.reference.yaml
)yaml";

TEST(TheShippedConfiguration, stays_as_it_was_so_that_upgrades_never_ask) {
  EXPECT_EQ(source_text("config/p1meter.yaml"), frozen)
      << "a conffile that changes makes every upgrade ask the administrator";
}

TEST(TheShippedConfiguration, is_short) {
  const auto text = source_text("config/p1meter.yaml");

  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 20);
}

TEST(TheShippedConfiguration, says_nothing) {
  EXPECT_EQ(effective_yaml(good(source_text("config/p1meter.yaml"))), effective_yaml(good("")));
}

TEST(TheShippedConfiguration, is_valid_with_all_that_it_shows) {
  const TemporaryDirectory directory;
  const std::string text =
      uncommented(source_text("config/p1meter.yaml"), directory.file("password", "secret\n"));

  const Settings settings = good(text);

  ASSERT_EQ(settings.mqtt.brokers.size(), 1U) << text;
  EXPECT_EQ(settings.mqtt.username, "p1meter");
  EXPECT_EQ(settings.mqtt.password, "secret");
  ASSERT_EQ(settings.meters.size(), 1U) << text;
  EXPECT_TRUE(std::holds_alternative<SerialSource>(settings.meters[0].source));
}

}  // namespace
}  // namespace p1meter::settings
