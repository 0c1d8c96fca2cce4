// SPDX-License-Identifier: Apache-2.0
// p1meter decode: the contract of its output, its exit statuses, and input of any size and kind.
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.hpp"
#include "support/sanitizers.hpp"
#include "support/source_tree.hpp"
#include "support/telegram_builder.hpp"
#include "support/telegram_files.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {
namespace {

Outcome json_of(const std::string& input) { return p1meter({"decode", "--format", "json"}, input); }

std::string without(std::string text, char what) {
  std::erase(text, what);
  return text;
}

// ---- golden files: tests/data/golden/<capture>.jsonl, rewritten by UPDATE_GOLDEN=1
// ----------------
class GoldenDecode : public testing::TestWithParam<std::string> {};

TEST_P(GoldenDecode, prints_exactly_the_lines_of_its_golden_file) {
  const std::string path = source_path("tests/data/golden/" + GetParam() + ".jsonl");
  const Outcome run =
      p1meter({"decode", "--format", "json", source_path("tests/data/" + GetParam())});

  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.err, "");
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path{path}.parent_path());
    std::ofstream{path, std::ios::binary} << run.out;
  }
  EXPECT_EQ(run.out, source_text("tests/data/golden/" + GetParam() + ".jsonl"));
}

INSTANTIATE_TEST_SUITE_P(TestData, GoldenDecode,
                         testing::Values("dsmr22.telegram", "dsmr30.telegram", "dsmr42.telegram",
                                         "dsmr5.telegram", "fluvius.telegram", "sweden.telegram",
                                         "fluvius-two-minutes.telegrams"),
                         [](const auto& test) {
                           std::string name = test.param;
                           for (char& c : name) c = std::isalnum(c) != 0 ? c : '_';
                           return name;
                         });

// ---- values -------------------------------------------------------------------------------------
TEST(Decode, keeps_every_digit_of_a_number) {
  const Outcome run = json_of(telegram()
                                  .with("1-0:1.8.1", "(001234.560*kWh)")
                                  .with("1-0:2.8.1", "(99999999.999*kWh)")
                                  .with("1-0:1.7.0", "(00.193*kW)")
                                  .text());

  EXPECT_TRUE(contains(run.out, "\"value\":1234.560,")) << run.out;
  EXPECT_TRUE(contains(run.out, "\"value\":99999999.999,")) << run.out;
  EXPECT_TRUE(contains(run.out, "\"value\":193,\"unit\":\"W\"")) << run.out;
}

TEST(Decode, keeps_the_meters_units_when_asked_to) {
  const Outcome run = p1meter({"decode", "--format", "json", "--units", "meter"},
                              telegram().with("1-0:1.7.0", "(00.193*kW)").text());
  EXPECT_TRUE(contains(run.out, "\"value\":0.193,\"unit\":\"kW\"")) << run.out;
}

TEST(Decode, keeps_unknown_objects_and_names_bad_lines) {
  const Outcome run = json_of(
      telegram().with("1-0:94.99.9", "(400)").line("garbage").with("1-0:1.7.0", "(x)").text());

  EXPECT_EQ(run.status, 0);
  EXPECT_TRUE(contains(run.out, R"("unknown":[{"obis":"1-0:94.99.9","text":"400"})")) << run.out;
  EXPECT_TRUE(contains(run.out, R"({"code":"line_malformed","offset":)")) << run.out;
  EXPECT_TRUE(contains(run.out, R"({"code":"number_malformed","offset":)")) << run.out;
}

TEST(Decode, gives_valid_json_for_any_bytes_of_the_meter) {
  const Outcome run =
      json_of(telegram().header("TST5\xFF\"\\\x1b").with("0-0:96.13.0", "(4)").text());
  EXPECT_TRUE(contains(run.out, "\"identification\":\"TST5\xEF\xBF\xBD\\\"\\\\\\u001b\""))
      << run.out;
}

// ---- integrity ----------------------------------------------------------------------------------
TEST(Decode, prints_a_telegram_without_end_as_absent) {
  const std::string whole = data_file("dsmr5.telegram");
  const Outcome run = json_of(whole.substr(0, whole.rfind('!')));

  EXPECT_EQ(run.status, 0);
  EXPECT_TRUE(contains(run.out, "\"integrity\":\"absent\""));
  EXPECT_TRUE(contains(run.out, "{\"code\":\"no_end\",\"offset\":")) << run.out;
}

TEST(Decode, says_when_only_the_line_ends_are_wrong) {
  const Outcome run = json_of(without(data_file("dsmr5.telegram"), '\r'));

  EXPECT_EQ(run.status, 65);
  EXPECT_TRUE(contains(run.out, "\"integrity\":\"bad\""));
  EXPECT_TRUE(contains(run.out, "\"code\":\"line_ends_changed\"")) << run.out;
}

TEST(Decode, prints_a_telegram_with_a_wrong_checksum_and_ends_with_65) {
  std::string text = data_file("dsmr5.telegram");
  text[text.find("kWh") - 2] ^= 1;
  const Outcome run = json_of(text + data_file("dsmr5.telegram"));

  EXPECT_EQ(run.status, 65);
  EXPECT_TRUE(contains(run.out, "\"integrity\":\"bad\""));
  EXPECT_TRUE(contains(run.out, "\"integrity\":\"ok\""));
  EXPECT_TRUE(contains(run.out, "\"code\":\"crc_mismatch\""));
  EXPECT_TRUE(contains(run.err, "1 of 2 telegrams failed a check")) << run.err;
}

TEST(Decode, counts_what_breaks_off_before_another_begins_without_printing_it) {
  const std::string whole = data_file("dsmr5.telegram");
  const Outcome run = json_of("noise\r\n" + whole.substr(0, 400) + "\r\n" + whole);

  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(count(run.out, "\n"), 1U);
  EXPECT_TRUE(contains(run.err, "1 truncated telegram")) << run.err;
}

TEST(Decode, finds_nothing_in_nothing_and_ends_with_65) {
  for (const std::string input : {"", "no meter speaks like this\n"}) {
    const Outcome run = json_of(input);
    EXPECT_EQ(run.status, 65);
    EXPECT_EQ(run.out, "");
    EXPECT_TRUE(contains(run.err, "no telegram found")) << run.err;
  }
}

TEST(Decode, ends_with_65_for_a_list_that_breaks_off_before_it_says_anything) {
  // a structure of two, an element and a structure of more elements than there are bytes
  const Outcome broken = json_of("7ea01d01020110231fe6e7000f000000000002020600000001027f06e93d7e");
  EXPECT_EQ(broken.status, 65) << broken.out;
  EXPECT_TRUE(contains(broken.out, R"("code":"count_impossible")")) << broken.out;
  EXPECT_TRUE(contains(broken.err, "1 of 1 telegrams could not be read")) << broken.err;
  // a whole one that no layout describes is shown element by element
  const Outcome whole =
      json_of("7ea01f01020110ab09e6e7000f0000000000020206000000010600000002c7eb7e");
  EXPECT_EQ(whole.status, 0) << whole.err;
  EXPECT_TRUE(contains(whole.out, R"("code":"list_unknown")")) << whole.out;
}

TEST(Decode, claims_no_more_checks_of_a_ciphered_telegram_than_were_made) {
  const std::string ciphered =
      "7ea022010201100ea1e6e700db084b464d10100000230a2000000001aabbccddee5d647e";
  for (const auto& form : {std::vector<std::string>{"decode"}, {"decode", "--explain"}}) {
    const Outcome run = p1meter(form, ciphered);
    EXPECT_EQ(run.status, 65);
    EXPECT_TRUE(contains(run.out, "link checks ok, not deciphered")) << run.out;
    EXPECT_TRUE(contains(run.err, "ask your grid operator")) << run.err;
    EXPECT_TRUE(contains(run.err, "give it as --key")) << run.err;
  }
}

// ---- input --------------------------------------------------------------------------------------
TEST(Decode, reads_raw_bytes_hex_text_and_records_alike) {
  const std::string raw = data_file("fluvius.telegram");
  std::string hex = "# a comment\n";
  for (const char c : raw) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U];
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) & 0xFU];
  }
  const std::string record = "p1meter-record 1\n2024-10-27T00:30:05.123Z " +
                             std::to_string(raw.size()) + "\n" + raw + "\n";
  const std::string expected = json_of(raw).out;

  EXPECT_EQ(json_of(hex).out, expected);
  EXPECT_EQ(json_of(record).out, expected);
  EXPECT_EQ(p1meter({"decode", "--input", "hex", "--format", "json", "-"}, hex).out, expected);
  EXPECT_EQ(p1meter({"decode", "--input", "raw", "--format", "json"}, hex).status, 65);
}

TEST(Decode, says_where_an_input_is_no_hex_text_that_is_nearly_some) {
  const std::string typed = "7E A0 2A 41 08 83 13 04\n13 O4 E6 E7\n";
  const std::string where = "line 2, column 4: expected octets in hex";

  const Outcome run = json_of(typed);
  EXPECT_EQ(run.status, 65);
  EXPECT_TRUE(contains(run.err, "nearly hex text: " + where)) << run.err;

  const Outcome forced = p1meter({"decode", "--input", "hex"}, typed);
  EXPECT_EQ(forced.status, 66);
  EXPECT_TRUE(contains(forced.err, where)) << forced.err;
}

TEST(Decode, names_an_input_that_cannot_be_read_and_ends_with_66) {
  const TemporaryDirectory directory;
  const Outcome missing = p1meter({"decode", "/nonexistent/capture"});
  EXPECT_EQ(missing.status, 66);
  EXPECT_EQ(missing.err, "p1meter: /nonexistent/capture: No such file or directory\n");
  const Outcome folder = p1meter({"decode", directory.path().string()});
  EXPECT_EQ(folder.status, 66);
  EXPECT_EQ(folder.err, "p1meter: " + directory.path().string() + ": Is a directory\n");
  EXPECT_EQ(p1meter({"decode", "/proc/self/mem"}).status, 66) << "opens, but reading fails";
}

TEST(Decode, prints_a_telegram_when_it_ends_and_not_when_the_input_does) {
  const TemporaryDirectory directory;
  const std::string fifo = (directory.path() / "fifo").string();
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  const int writer = open(fifo.c_str(), O_RDWR | O_CLOEXEC);
  Process process{{.command = {P1METER_PROGRAM, "decode", "--format", "json", fifo}}};
  const std::string text = data_file("dsmr5.telegram");

  ASSERT_EQ(write(writer, text.data(), text.size()), static_cast<ssize_t>(text.size()));

  EXPECT_TRUE(process.shows("\"problems\":[]}\n", patience));
  close(writer);
  EXPECT_EQ(process.wait(patience), 0);
}

TEST(Decode, needs_little_memory_for_a_stream_of_any_length) {
  // About 0.9 kB each.
  const std::string telegrams = slow_build ? "2000" : "220000";
  const Outcome run = shell("\"$P1METER\" simulate dsmr5 --speed max --count " + telegrams +
                            " | \"$P1METER\" decode --format json | wc -l");

  EXPECT_EQ(run.out, telegrams + "\n") << run.err;
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  RecordProperty("peak_rss_kb", std::to_string(usage.ru_maxrss));
  if (!slow_build) {
    EXPECT_LT(usage.ru_maxrss, 24 * 1024) << "kB, the largest of all in the pipe";
  }
}

TEST(Decode, survives_bytes_that_never_become_a_telegram) {
  const Outcome run = shell(
      "head -c 20000000 /dev/zero | tr '\\0' '/' | \"$P1METER\" decode --format json --input raw");
  EXPECT_EQ(run.status, 65);
  EXPECT_EQ(run.out, "");
}

// ---- output -------------------------------------------------------------------------------------
TEST(Decode, says_that_the_disk_is_full_and_ends_with_74) {
  for (const std::string format : {"table", "json", "yaml", "csv"}) {
    const Outcome run = shell(
        "\"$P1METER\" simulate dsmr5 --speed max --count 3 | \"$P1METER\" "
        "decode --format " +
        format + " > /dev/full");
    EXPECT_EQ(run.status, 74) << format;
    EXPECT_EQ(run.err, "p1meter: output failed: No space left on device\n") << format;
  }
}

TEST(Decode, ends_quietly_when_its_reader_has_gone) {
  const Outcome run = shell(
      "\"$P1METER\" simulate dsmr5 --speed max --count 50000 | { \"$P1METER\" decode "
      "--format json; echo $? >&2; } | head -c 10");
  EXPECT_EQ(run.err, "74\n");
  EXPECT_EQ(run.out, "{\"protocol");
}

TEST(Decode, fails_when_standard_output_is_closed) {
  const Outcome run =
      shell("\"$P1METER\" simulate dsmr5 --speed max --count 1 | \"$P1METER\" decode >&-");
  EXPECT_EQ(run.status, 74);
}

TEST(Decode, prints_csv_with_one_heading_for_all_telegrams) {
  const std::string two = data_file("dsmr42.telegram") + data_file("dsmr5.telegram");
  const Outcome run = p1meter({"decode", "--format", "csv"}, two);

  EXPECT_EQ(count(run.out, "telegram,time,integrity,key,"), 1U);
  EXPECT_TRUE(contains(run.out, "\n1,")) << run.out;
  EXPECT_TRUE(contains(run.out, "\n2,")) << run.out;
}

TEST(Decode, prints_a_plain_table_into_a_pipe) {
  const Outcome run = p1meter({"decode"}, data_file("dsmr5.telegram"));
  EXPECT_FALSE(contains(run.out, "\x1b"));
  EXPECT_TRUE(contains(run.out, "checksum ok\n"));
}

TEST(Decode, prints_colours_on_a_terminal_but_not_with_no_color) {
  const std::string command = "script -qec '\"$P1METER\" decode " +
                              source_path("tests/data/dsmr5.telegram") + "' /dev/null";
  if (shell("command -v script").status != 0) GTEST_SKIP() << "script is not installed";
  EXPECT_TRUE(contains(shell("TERM=xterm " + command).out, "\x1b[1m"));
  EXPECT_FALSE(contains(shell("TERM=xterm NO_COLOR=1 " + command).out, "\x1b["));
}

}  // namespace
}  // namespace p1meter::test
