// SPDX-License-Identifier: Apache-2.0
// p1meter decode --explain: what a person sees of each kind of frame.
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>

#include "program.hpp"
#include "support/link_frames.hpp"
#include "support/telegram_builder.hpp"

namespace p1meter::test {
namespace {

namespace fs = std::filesystem;

Outcome explain(const std::string& input) {
  return p1meter({"decode", "--explain", "--input", "raw"}, input);
}

/// One object, 1234 W.
std::string list() {
  return hex_octets("0F 40000000 00 01 01 02 03 09 06 0100010700FF 06 000004D2 02 02 0F 00 16 1B");
}

TEST(Explain, shows_the_lines_of_a_text_telegram) {
  const Outcome run = explain(telegram().with("1-0:1.8.1", "(000123.456*kWh)").text());

  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_TRUE(contains(run.out, "Telegram 1: text, ")) << run.out;
  EXPECT_TRUE(contains(run.out, "0000  2F ")) << run.out;
  EXPECT_TRUE(contains(run.out, "  header: /")) << run.out;
  EXPECT_TRUE(contains(run.out,
                       "  31 2D 30 3A 31 2E 38 2E..  1-0:1.8.1(000123.456*kWh)  ->  "
                       "energy_import_tariff1 = 123.456 kWh\n"))
      << run.out;
  EXPECT_TRUE(contains(run.out, ": right by CRC-16/ARC\n")) << run.out;
}

TEST(Explain, shows_the_fields_of_an_hdlc_frame) {
  const Outcome run = explain(hdlc(list()));

  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_TRUE(contains(run.out, R"(Telegram 1: dlms in hdlc, 44 bytes from byte 0 on, checks ok
0000  7E A0 2A 41 08 83 13 04..  HDLC frame, 44 bytes
0000  7E                           flag
0001  A0 2A                        format: type 3, not segmented or the last, length 42
0003  41                           destination address 32
0004  08 83                        source address 577
0006  13                           control 13: unnumbered information (UI), final
)")) << run.out;
  EXPECT_TRUE(contains(run.out, R"(
0009  E6 E7 00                       LLC: response
000C  0F 40 00 00 00 00 01 01..      APDU, 29 octets
000C  0F                               tag: data-notification
000D  40 00 00 00                      invoke id 0, normal priority, confirmed service
0011  00                               date-time: none
0012  01 01 02 03 09 06 01 00..        array of 1
0014  02 03 09 06 01 00 01 07..          structure of 3  1-0:1.7.0 = 1234 W)"))
      << run.out;
  EXPECT_TRUE(contains(run.out, R"(
0016  09 06 01 00 01 07 00 FF              octet-string of 6: 1-0:1.7.0
001E  06 00 00 04 D2                       double-long-unsigned: 1234
0023  02 02 0F 00 16 1B                    structure of 2: times 10^0, in W
0025  0F 00                                  integer: 0
0027  16 1B                                  enum: 27
)")) << run.out;
}

TEST(Explain, shows_the_parts_of_m_bus_frames) {
  const Outcome run = explain(mbus(list(), 20));

  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_TRUE(contains(run.out, R"(
0000  68 19 19 68 53 FF 00 01..  M-Bus long frame, 31 bytes
0000  68                           start
0001  19 19                        length (twice): 25
0003  68                           start
0004  53                           C: 53, data for the other side (SND-UD)
0005  FF                           A: 255, to all
0006  00                           CI: part number 0, more follow
0007  01                           STSAP: 1
0008  67                           DTSAP: 103
0009  0F 40 00 00 00 00 01 01..    part 1, 20 octets
)")) << run.out;
  EXPECT_TRUE(contains(run.out, "  APDU, 29 octets of the frames above\n")) << run.out;
}

TEST(Explain, shows_the_fields_of_a_block) {
  const Outcome run = explain(hdlc(block(list(), 1, true)));

  EXPECT_TRUE(contains(run.out, R"(
000C  E0                               tag: general-block-transfer
000D  C0                               control: last block, streaming, window 0
000E  00 01                            block number 1
0010  00 00                            block number acknowledged 0
0012  1D                               length of the block: 29
0013  0F 40 00 00 00 00 01 01..        block
0013  0F                                 tag: data-notification
)")) << run.out;
}

TEST(Explain, shows_an_envelope_and_what_key_is_missing) {
  const Outcome run = explain(glo(60));

  EXPECT_EQ(run.status, 65);
  EXPECT_TRUE(contains(run.out, R"(
0000  DB                           tag: general-glo-ciphering
0001  08                           length of the system title: 8
0002  4B 46 4D 10 20 47 45 21      system title: maker KFM, number 1020474521
000A  41                           length 65
000B  20                           security control: encrypted, suite 0
000C  00 00 00 07                  invocation counter 7
)")) << run.out;
  EXPECT_TRUE(contains(run.out, "ciphertext, 60 octets: the decryption key is missing\n"));
  EXPECT_TRUE(contains(run.out, "  ! key_missing\n"));
}

TEST(Explain, says_what_lies_between_telegrams) {
  const std::string whole = telegram().with("1-0:1.7.0", "(00.193*kW)").text();
  const std::string half = whole.substr(0, whole.size() / 2) + "\r\n";
  const Outcome run = explain("noise" + whole + half + whole + "noise");

  const auto at = [&](std::size_t offset) {
    return " from byte " + std::to_string(offset) + " on\n";
  };
  EXPECT_TRUE(contains(run.out, "No telegram: 5 bytes" + at(0))) << run.out;
  EXPECT_TRUE(contains(run.out, "No telegram: " + std::to_string(half.size()) + " bytes" +
                                    at(5 + whole.size()) + "At byte " +
                                    std::to_string(5 + whole.size()) +
                                    " a telegram began and broke off: no_end\n"))
      << run.out;
  EXPECT_TRUE(contains(run.out, "No telegram: 5 bytes" + at(5 + 2 * whole.size() + half.size())))
      << run.out;
}

TEST(Explain, goes_with_no_format_for_machines) {
  for (const std::string format : {"json", "yaml", "csv"}) {
    const Outcome run = p1meter({"decode", "--explain", "--format", format}, telegram().text());
    EXPECT_EQ(run.status, 64);
    EXPECT_EQ(run.out, "");
    EXPECT_TRUE(contains(run.err, "--explain prints text for people: leave out --format"));
  }
}

TEST(Explain, bears_every_file_of_the_corpus) {
  const char* const given = std::getenv("P1METER_CORPUS");
  const fs::path folder =
      given != nullptr ? fs::path{given} : fs::path{P1METER_SOURCE_DIR} / "../shared/corpus";
  if (!fs::exists(folder)) GTEST_SKIP() << "no corpus at " << folder << " (set P1METER_CORPUS)";
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    const Outcome run = p1meter({"decode", "--explain", entry.path().string()});
    const bool ended_well = run.status == 0 || run.status == 65 || run.status == 66;
    EXPECT_TRUE(ended_well) << entry.path() << ": " << run.status << "\n" << run.err;
    ++files;
  }
  EXPECT_GT(files, 0U);
}

}  // namespace
}  // namespace p1meter::test
