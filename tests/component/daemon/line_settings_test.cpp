// SPDX-License-Identifier: Apache-2.0
// Daemon: which line settings of a serial port are tried, in which order, and what settles them.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "adapters/simulator/simulator.hpp"
#include "daemon/meter_runner.hpp"
#include "daemon/meter_source.hpp"
#include "support/pty.hpp"

namespace p1meter::daemon {
namespace {

using Texts = std::vector<std::string>;
using link::LineSettings;
using link::Parity;

Texts probed(const settings::SerialSettings& serial,
             const std::optional<LineSettings>& remembered = std::nullopt) {
  Texts texts;
  for (const LineSettings& line : lines_to_probe(serial, remembered)) {
    texts.push_back(link::to_string(line));
  }
  return texts;
}

TEST(TheLineSettings, are_tried_from_the_commonest_ports_to_the_wired_ones) {
  EXPECT_EQ(probed({}), (Texts{"115200 8N1", "9600 7E1", "115200 7E1", "115200 8E1", "9600 8N1",
                               "2400 8N1", "2400 8E1"}));
}

TEST(TheLineSettings, that_worked_last_are_tried_first_and_only_once) {
  EXPECT_EQ(probed({}, LineSettings{2400, 8, Parity::even, 1}),
            (Texts{"2400 8E1", "115200 8N1", "9600 7E1", "115200 7E1", "115200 8E1", "9600 8N1",
                   "2400 8N1"}));
  EXPECT_EQ(probed({}, LineSettings{300, 7, Parity::odd, 2}).front(), "300 7O2");
}

TEST(TheLineSettings, that_the_user_fixed_are_not_probed) {
  EXPECT_EQ(probed({.baud = 2400}), (Texts{"2400 8N1", "2400 7E1", "2400 8E1"}));
  EXPECT_EQ(probed({.parity = Parity::even, .data_bits = 8}),
            (Texts{"115200 8E1", "9600 8E1", "2400 8E1"}));
  EXPECT_EQ(probed({.baud = 2400, .parity = Parity::even, .data_bits = 8, .stop_bits = 1}),
            Texts{"2400 8E1"});
  EXPECT_EQ(probed({.baud = 9600, .parity = Parity::none, .data_bits = 8, .stop_bits = 1},
                   LineSettings{2400, 8, Parity::even, 1}),
            Texts{"9600 8N1"})
      << "over what was remembered";
}

/// What a telegram of the encrypted meter settles when these keys are given.
std::optional<LineSettings> settled_by_encrypted_meter(const std::string& keys) {
  const test::Pty cable;
  const settings::Settings settings =
      settings::load_text(
          "meters: [{name: home, source: 'serial:" + cable.device() + "'" + keys + "}]", "test")
          .settings;
  const ObisTable table{settings::make_obis_table()};
  SimulatorOptions options;
  options.profile = "kamstrup-dk";
  Simulator meter{options};
  boost::asio::io_context context{1};
  MeterRunner runner{context,      settings.meters.front(), settings.readings, table,
                     std::nullopt, make_workbench(settings)};
  runner.start();
  context.run_for(milliseconds{50});
  EXPECT_FALSE(runner.line());
  EXPECT_TRUE(cable.write(std::string{meter.next()}));
  context.run_for(milliseconds{200});
  EXPECT_FALSE(runner.pipeline().online());
  const auto line = runner.line();
  runner.stop();
  return line;
}

TEST(TheLineSettings, are_settled_by_telegrams_that_no_key_opens) {
  const LineSettings first{115200, 8, Parity::none, 1};
  EXPECT_EQ(settled_by_encrypted_meter(""), first);
  EXPECT_EQ(settled_by_encrypted_meter(", decryption_key: '36C66639E48A8CA4D6BC8B282A793BBB'"),
            first);
}

TEST(TheLineSettings, are_settled_by_telegrams_whose_tag_does_not_fit) {
  EXPECT_EQ(settled_by_encrypted_meter(", decryption_key: '000102030405060708090A0B0C0D0E0F'"),
            (LineSettings{115200, 8, Parity::none, 1}));
}

}  // namespace
}  // namespace p1meter::daemon
