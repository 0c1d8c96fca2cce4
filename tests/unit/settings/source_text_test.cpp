// SPDX-License-Identifier: Apache-2.0
// Settings tests: addresses of meters and brokers.
#include "settings/source_text.hpp"

#include <gtest/gtest.h>

namespace p1meter::settings {
namespace {

TEST(ASource, is_read_from_every_form_and_written_back) {
  const std::vector<std::pair<std::string, Source>> cases{
      {"auto", AutoSource{}},
      {"serial:/dev/ttyUSB0", SerialSource{"/dev/ttyUSB0"}},
      {"tcp://dongle.local:2000", TcpSource{"dongle.local", 2000}},
      {"tcp://192.168.1.2:1", TcpSource{"192.168.1.2", 1}},
      {"tcp://[fe80::1%eth0]:65535", TcpSource{"fe80::1%eth0", 65535}},
      {"file:/tmp/a b", FileSource{"/tmp/a b"}},
      {"-", FileSource{"-"}},
      {"simulator:fluvius", SimulatorSource{"fluvius"}}};
  for (const auto& [text, source] : cases) {
    const auto parsed = parse_source(text);

    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, source) << text;
    EXPECT_EQ(to_string(*parsed), text);
  }
}

TEST(ASource, may_be_the_bare_path_of_a_device) {
  EXPECT_EQ(parse_source("/dev/serial/by-id/usb-x"),
            Source{SerialSource{"/dev/serial/by-id/usb-x"}});
}

TEST(ASource, that_is_a_relative_file_begins_at_the_configuration) {
  EXPECT_EQ(parse_source("file:x/y", "/etc"), Source{FileSource{"/etc/x/y"}});
  EXPECT_EQ(parse_source("file:/x", "/etc"), Source{FileSource{"/x"}});
  EXPECT_EQ(parse_source("file:-", "/etc"), Source{FileSource{"-"}});
}

TEST(ASource, is_refused_with_what_is_expected) {
  for (const std::string_view text : {"",
                                      "usb",
                                      "AUTO",
                                      "serial:",
                                      "serial:ttyUSB0",
                                      "/dev/",
                                      "/dev/../etc/passwd",
                                      "/tmp/x",
                                      "tcp://",
                                      "tcp://host",
                                      "tcp://host:",
                                      "tcp://host:0",
                                      "tcp://host:65536",
                                      "tcp://:2000",
                                      "tcp://a b:1",
                                      "tcp://::1:2000",
                                      "tcp://[::1]",
                                      "tcp://[::1:2000",
                                      "tcp://[host]:1",
                                      "tcp://host:1/x",
                                      "file:",
                                      "simulator:",
                                      "simulator:dsmr6",
                                      "http://x:1"}) {
    const auto parsed = parse_source(text);

    ASSERT_FALSE(parsed) << text;
    EXPECT_FALSE(parsed.error().empty());
  }
}

TEST(ABroker, has_a_port_only_when_it_is_given) {
  EXPECT_EQ(parse_broker("homeassistant.local"), (BrokerAddress{"homeassistant.local", 0}));
  EXPECT_EQ(parse_broker("h:8883"), (BrokerAddress{"h", 8883}));
  EXPECT_EQ(parse_broker("::1"), (BrokerAddress{"::1", 0}));
  EXPECT_EQ(parse_broker("[::1]:1883"), (BrokerAddress{"::1", 1883}));
  EXPECT_EQ(to_string(BrokerAddress{"::1", 1883}), "[::1]:1883");
  EXPECT_EQ(to_string(BrokerAddress{"::1", 0}), "::1");
  for (const std::string_view text :
       {"mqtt://h", "h:x", "h:", "h:0", "a b", "h/x", "user@h", "-h", ":1883", "[]:1"}) {
    EXPECT_FALSE(parse_broker(text)) << text;
  }
}

TEST(ATopic, has_no_wildcards_empty_levels_or_bytes_that_brokers_refuse) {
  for (const std::string_view topic : {"a", "a/b", "p1meter/Küche", "a b"}) {
    EXPECT_EQ(check_topic(topic), "") << topic;
  }
  for (const std::string_view topic :
       {"", "+", "a/#", "a//b", "/a", "a/", "$SYS/x", "a\nb", "a\xFF", "\x7F"}) {
    EXPECT_NE(check_topic(topic), "") << topic;
  }
  EXPECT_NE(check_topic(std::string_view{"a\0b", 3}), "");
  EXPECT_NE(check_topic(std::string(1025, 'a')), "");
}

}  // namespace
}  // namespace p1meter::settings
