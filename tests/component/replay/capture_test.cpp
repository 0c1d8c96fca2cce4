// SPDX-License-Identifier: Apache-2.0
// Component tests: captures in all three formats, from strings, files and pipes.
#include "adapters/replay/capture.hpp"

#include <array>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

#include "support/temporary_directory.hpp"

namespace p1meter {
namespace {

using namespace std::chrono_literals;

const Instant morning = *parse_instant("2024-10-27T00:30:05.123Z");

struct Content {
  std::string bytes{};
  std::vector<std::pair<std::string, std::optional<Instant>>> chunks{};
  CaptureFormat format{};
  std::string error{};
};

Content read(std::istream& input, CaptureFormat format = CaptureFormat::automatic) {
  CaptureReader reader{input, format};
  Content content;
  while (const auto chunk = reader.next()) {
    EXPECT_FALSE(reader.error());
    EXPECT_FALSE(chunk->bytes.empty());
    EXPECT_LE(chunk->bytes.size(), 64U * 1024);
    content.bytes.append(chunk->bytes);
    content.chunks.emplace_back(chunk->bytes, chunk->received);
  }
  EXPECT_FALSE(reader.next()) << "the end stays the end";
  content.format = reader.format();
  content.error = reader.error().value_or("");
  return content;
}

Content read(const std::string& text, CaptureFormat format = CaptureFormat::automatic) {
  std::istringstream input{text};
  return read(input, format);
}

TEST(ACapture, of_raw_bytes_is_given_as_it_is) {
  const std::string telegram = "/KFM5KAIFA-METER\r\n\r\n1-3:0.2.8(42)\r\n!ABCD\r\n";
  for (const std::string& text :
       {telegram, "ABCD\r\n" + telegram, std::string("1-3:0.2.8(42)\r\n!"),
        std::string("\x7E\xA0\x2A\0\xFF", 5), std::string("\n"), std::string("p1meter")}) {
    const auto content = read(text);
    EXPECT_EQ(content.bytes, text);
    EXPECT_EQ(content.format, CaptureFormat::raw) << text;
    EXPECT_EQ(content.error, "");
  }
}

TEST(ACapture, of_hex_text_has_comments_and_any_white_space) {
  const auto content = read("# a frame\n7E A0\r\n\t2a41 # the rest\n0 8 8 3\n# 99\n");

  EXPECT_EQ(content.bytes, "\x7E\xA0\x2A\x41\x08\x83");
  EXPECT_EQ(content.format, CaptureFormat::hex);
  EXPECT_EQ(content.error, "");
}

TEST(ACapture, of_hex_text_says_where_it_is_wrong_and_keeps_what_was_before) {
  const std::string good(5000, 'A');
  auto content = read(good + "\n41g2");
  EXPECT_TRUE(content.bytes == std::string(2500, '\xAA') + 'A');
  EXPECT_EQ(content.error, "line 2, column 3: expected octets in hex, separators or a # comment");

  content = read("41 42 4");
  EXPECT_EQ(content.bytes, "AB");
  EXPECT_EQ(content.error, "line 1, column 7: half an octet at the end of the hex text");
}

// ---- hex text as tools, logs and programs write it ----------------------------------------------
const std::string octets("\x7E\xA0\x2A\x41\x08\x83\x13\x04\x13 A/(#|\x7C\0\x30\x7E\xA0", 20);

struct Spelling {
  std::string name{};
  std::string text{};
};

const std::vector<Spelling> spellings{
    {"plain", "7EA02A410883130413\n20412F28237C7C00307EA0"},
    {"behind a byte order mark",
     "\xEF\xBB\xBF"
     "7EA02A410883130413\r\n20412F28237C7C00307EA0\r\n"},
    {"in groups", "7E A02A 41088313 0413 20\r\n412F 28 237C7C 00307EA0\r\n"},
    {"in groups with comments",
     "7EA02A41 08831304 # header -> information\n13204 12F28 // (V) 41 42\n237C7C00307EA0 # (2) "
     "43"},
    {"wrapped within an octet", "7EA02A4108831\n30413 20412\nF28237C7C00307EA0\n"},
    {"with colons", "7E:A0:2A:41:08:83:13:04:13:20:41:\n2F:28:23:7C:7C:00:30:7E:A0:"},
    {"with dashes", "7e-a0-2a-41-08-83-13-04-13-20-41-2f-28-23-7c-7c-00-30-7e-a0"},
    {"with dots and a count", "7E.A0.2A.41.08.83.13.04.13.20.41.2F.28.23.7C.7C.00.30.7E.A0 (20)\n"},
    {"with 0x",
     "0x7e 0xa0 0x2a 0x41 0x8 0x83 0x13 0x4 0x13 0x20 0X41 0x2f\n"
     "0x28 0x23 0x7c 0x7c 0x0 0x30 0x7e 0xa0"},
    {"with 0x and commas",
     "0x7e, 0xa0,0x2a, 0x41, 0x8,0x83, 0x13, 0x4, 0x13, 0x20, 0x41, 0x2f, \n"
     "0x28, 0x23, 0x7c, 0x7c, 0x00, 0x30, 0x7e, 0xa0"},
    {"with 0x before the first", "0x7EA02A41088313041320412F28237C7C00307EA0"},
    {"an array of C",
     "// a frame of 20 octets (0x14)\nconst uint8_t frame[20] =  // 20 = all\n{\n"
     "  0x7e, 0xa0, 0x2a, 0x41, 0x08, 0x83, 0x13, 0x04, 0x13, 0x20,  // header: of 2 A0\n"
     "  0x41, 0x2f, 0x28, 0x23, 0x7c, 0x7c, 0x00, 0x30, 0x7e, 0xa0,\n};\n"},
    {"an array in a line",
     "m := []byte{0x7e, 0xa0, 0x2a, 0x41, 0x08, 0x83, 0x13, 0x04, 0x13, 0x20, 0x41, 0x2f, 0x28, "
     "0x23, 0x7c, 0x7c, 0x00, 0x30, 0x7e, 0xa0}\n"},
    {"a string of C",
     "char frame[] = \"\\x7e\\xa0\\x2a\\x41\\x08\\x83\\x13\\x04\\x13\\x20\"\n"
     "  \"\\x41\\x2f\\x28\\x23\\x7c\\x7c\\x00\\x30\\x7e\\xa0\";\n"},
    {"a string of digits",
     "private string frame = \"7E A0 2A 41 08 83 13 04 13 20 41 2F 28 23 7C 7C 00 30 7E A0\";"},
    {"xxd",
     "00000000: 7ea0 2a41 0883 1304 1320 412f 2823 7c7c  ~.*A..... A/(#||\n"
     "00000010: 0030 7ea0                                .0~.\n"},
    {"xxd in columns of 4 octets, its characters' last blank lost",
     "0000: 7ea02a41  ~.*A\n0004: 08831304  ....\n0008: 1320412f  . A/\n"
     "000c: 28237c7c  (#||\n0010: 00307ea0  .0~.\n"},
    {"xxd without characters",
     "00000000: 7ea0 2a41 0883 1304 1320 412f 2823 7c7c\n00000010: 0030 7ea0\n"},
    {"hexdump -C",
     "00000000  7e a0 2a 41 08 83 13 04  13 20 41 2f 28 23 7c 7c  |~.*A..... A/(#|||\n"
     "00000010  00 30 7e a0                                       |.0~.|\n00000014\n"},
    {"a cut from hexdump -C",
     "000012f0  7e a0 2a 41 08 83 13 04  13 20 41 2f 28 23 7c 7c  |~.*A..... A/(#|||\n"
     "00001300  00 30 7e a0                                       |.0~.|\n00001304\n"},
    {"a dump with four digits",
     "0000   7e a0 2a 41 08 83 13 04  13 20 41 2f 28 23 7c 7c   ~.*A.... . A/(#||\n"
     "0010   00 30 7e a0                                        .0~.\n"},
    {"od",
     "0000000 7e a0 2a 41 08 83 13 04 13 20 41 2f 28 23 7c 7c\n"
     "0000020 00 30 7e a0\n0000024\n"},
    {"od with characters",
     "0000000 7e a0 2a 41 08 83 13 04 13 20 41 2f 28 23 7c 7c  >~.*A..... A/(#||<\n"
     "0000020 00 30 7e a0                                      >.0~.<\n0000024\n"},
    {"od without offsets", " 7e a0 2a 41 08 83 13 04 13 20 41 2f 28 23 7c 7c\n 00 30 7e a0\n"},
    {"lines with a letter",
     "(V) 7E A0 2A 41 08 83 13 04 13 20\n(D) Frame (20 octets) received\n"
     "(V) 41 2F 28 23 7C 7C 00 30 7E A0\n"},
    {"a log",
     "[12:13:14][C][dlms:001]: Meter\xC2\xA0one\n"
     "[12:13:14][D][dlms:123]: 7E.A0.2A.41.08.83.13.04.13.20 (10)\n"
     "[12:13:14][D][dlms:123]: 12 telegrams\n"
     "[12:13:15.678][D][uart_debug:114]: <<< 41:2F:28:23:7C:7C:00:30:7E:A0\n"},
    {"a log with dates",
     "2024-11-21 12:13:14.123 -> 7E A0 2A 41 08 83 13 04 13 20\n"
     "2024-11-21T12:13:14Z host p1[123]: 41 2F 28 23 7C 7C 00 30 7E A0\n"},
    {"a heading in brackets",
     "[2017-09-12 23.18.43.731 - Received 20 (0x14) octets]\n"
     "7E A0 2A 41 08 83 13 04  13 20 41 2F 28 23 7C\n7C 00 30  7E A0\n"},
};

class HexSpelling : public testing::TestWithParam<Spelling> {};

TEST_P(HexSpelling, is_read_as_the_same_octets) {
  for (const auto format : {CaptureFormat::automatic, CaptureFormat::hex}) {
    const auto content = read(GetParam().text, format);
    EXPECT_EQ(content.bytes, octets);
    EXPECT_EQ(content.format, CaptureFormat::hex);
    EXPECT_EQ(content.error, "");
  }
}

TEST_P(HexSpelling, is_read_the_same_when_it_comes_byte_by_byte) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  std::ifstream input;
  input.rdbuf()->pubsetbuf(nullptr, 0);
  input.open("/dev/fd/" + std::to_string(ends[0]), std::ios::binary);
  ::close(ends[0]);
  const std::string& text = GetParam().text;
  ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(ends[1]);
  EXPECT_EQ(read(input).bytes, octets);
}

INSTANTIATE_TEST_SUITE_P(ACapture, HexSpelling, testing::ValuesIn(spellings), [](const auto& test) {
  std::string name = test.param.name;
  for (char& c : name) c = std::isalnum(c) != 0 ? c : '_';
  return name;
});

TEST(ACapture, of_hex_text_in_one_line_without_end_is_read) {
  std::string colons;
  std::string array = "[a][b]: {";
  for (int i = 0; i < 100'000; ++i) {
    colons += "A5:";
    array += "0xA5, ";
  }
  const std::string expected(100'000, '\xA5');
  EXPECT_TRUE(read(colons).bytes == expected);
  EXPECT_TRUE(read(array + "}").bytes == expected);
  EXPECT_TRUE(read(colons + "A5 (100001)\n").bytes == expected + '\xA5');
}

TEST(ACapture, that_is_no_hex_text_is_not_taken_for_it) {
  const std::string telegram =
      "/KFM5KAIFA-METER\r\n\r\n1-3:0.2.8(42)\r\n0-0:96.1.1(4B38)\r\n!ABCD\r\n";
  const std::string binary("\x7E\xA0\x10: 41 42 43 44\x01\n41 42", 23);
  for (const std::string& text :
       {telegram, "# a comment\n" + telegram, "41 42 43\n" + telegram, "7E:A0:2A:41\r\n" + telegram,
        telegram.substr(telegram.find("96.1.1")), telegram.substr(telegram.find("4B38")),
        std::string("98.76.54(10)\r\n12.34.56(7)\r\n"),
        std::string("[1:2][D][u:158]: <<< \"/HLY5\\\\D545-METER\\r\\n\"\n"
                    "[1:2][D][u:158]: <<< \"1-3:0.2.8(50)\\r\\n\"\n"),
        std::string("[1:2]: words\n(V) more words\n"), binary, std::string("{126, 160, 42}\n"),
        std::string("# nothing\n")}) {
    const auto content = read(text);
    EXPECT_EQ(content.format, CaptureFormat::raw) << text;
    EXPECT_EQ(content.bytes, text);
    EXPECT_EQ(content.error, "");
  }
}

TEST(ACapture, of_hex_text_says_line_and_column_in_any_spelling) {
  const std::string expected = ": expected octets in hex, separators or a # comment";
  const std::vector<std::pair<std::string, std::string>> faults{
      {"7E:A0\n7E:A:41\n", "line 2, column 5"},
      {"0x7e, 0xg0", "line 1, column 9"},
      {"41\n# 2\n(V) 7E A0 2G\n", "line 3, column 12"},
      {"00000000: 7ea0 2x41  ~.*A\n", "line 1, column 17"},
      {"00000000  7e a0  |~.|\n*\n", "line 2, column 1"},
      {"41 (1) 42\n/KFM5\n", "line 2, column 1"},
  };
  for (const auto& [text, where] : faults) {
    EXPECT_EQ(read(text, CaptureFormat::hex).error, where + expected) << text;
  }
  EXPECT_EQ(read("0x41, 0x\n", CaptureFormat::hex).error,
            "line 1, column 8: expected a hex digit before the end of the line");
}

TEST(ACapture, that_is_nearly_hex_text_is_raw_and_says_where_it_is_none) {
  for (const std::string text : {"7E A0 2A 41 08 83 13 04\n13 O4 7E\n", "41 42 43\n/KFM5\n"}) {
    std::istringstream input{text};
    CaptureReader reader{input};
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.format(), CaptureFormat::raw);
    if (text.starts_with("7E")) {
      EXPECT_EQ(reader.hex_fault(),
                "line 2, column 4: expected octets in hex, separators or a # comment");
    } else {
      EXPECT_FALSE(reader.hex_fault()) << "three octets stand at the beginning of anything";
    }
  }
}

TEST(ACapture, of_hex_text_survives_any_damage) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random{seed};
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = spellings[random() % spellings.size()].text;
    for (unsigned i = 0; i < 1 + random() % 3; ++i) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    EXPECT_LE(read(damaged).bytes.size(), damaged.size());
    EXPECT_LE(read(damaged, CaptureFormat::hex).bytes.size(), damaged.size());
  }
}

TEST(ACapture, is_read_as_the_user_says) {
  EXPECT_EQ(read("4142", CaptureFormat::raw).bytes, "4142");
  EXPECT_EQ(read("4142", CaptureFormat::hex).bytes, "AB");
  EXPECT_EQ(read("/x", CaptureFormat::hex).error,
            "line 1, column 1: expected octets in hex, separators or a # comment");
  EXPECT_EQ(read("4142", CaptureFormat::record).error,
            "offset 0: not a record: its first line is not \"p1meter-record 1\"");
}

TEST(ACapture, that_is_empty_has_nothing_and_no_error) {
  const auto content = read("");
  EXPECT_TRUE(content.chunks.empty());
  EXPECT_EQ(content.error, "");
}

TEST(ARecord, comes_back_as_it_was_written) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random{seed};
  std::vector<std::pair<std::string, std::optional<Instant>>> written;
  std::stringstream file;
  RecordWriter writer{file};
  for (int i = 0; i < 300; ++i) {
    std::string bytes(1 + random() % (i % 50 == 0 ? 65536 : 300), '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    const Instant received =
        morning + milliseconds{static_cast<std::int64_t>(random() % 100000000)};
    writer.write(bytes, received);
    written.emplace_back(bytes, received);
  }

  const auto content = read(file);

  EXPECT_EQ(content.format, CaptureFormat::record);
  EXPECT_EQ(content.error, "");
  EXPECT_TRUE(content.chunks == written);
}

TEST(ARecord, is_the_text_that_the_document_shows) {
  std::stringstream file;
  RecordWriter writer{file};
  writer.write("/FLU5\\253769484_A\r\n\r\n0-0:96", morning);
  writer.write(".1.4(50217)\r\n", morning + 18ms);

  EXPECT_EQ(file.str(),
            "p1meter-record 1\n"
            "2024-10-27T00:30:05.123Z 27\n/FLU5\\253769484_A\r\n\r\n0-0:96\n"
            "2024-10-27T00:30:05.141Z 13\n.1.4(50217)\r\n\n");
}

TEST(ARecord, splits_what_is_longer_than_a_chunk) {
  std::stringstream file;
  RecordWriter{file}.write(std::string(150'000, 'x'), morning);

  const auto content = read(file);

  EXPECT_EQ(content.bytes, std::string(150'000, 'x'));
  EXPECT_EQ(content.chunks.size(), 3U);
}

TEST(ARecord, has_comments_between_chunks) {
  const auto content = read("p1meter-record 1\n# " + std::string(200'000, 'c') +
                            "\n2024-10-27T02:30:05.123+02:00 2\n#a\n# end\n");

  EXPECT_EQ(content.bytes, "#a");
  EXPECT_EQ(content.chunks.at(0).second, morning);
  EXPECT_EQ(content.error, "");
}

TEST(ARecord, that_breaks_off_anywhere_gives_what_is_there) {
  std::stringstream file;
  RecordWriter writer{file};
  writer.write("first", morning);
  writer.write("second", morning + 1s);
  const std::string whole = file.str();
  const std::size_t header = 17;

  for (std::size_t size = header; size <= whole.size(); ++size) {
    const auto content = read(whole.substr(0, size));
    EXPECT_EQ(content.error, "") << size;
    EXPECT_TRUE(std::string("firstsecond").starts_with(content.bytes)) << size;
    const std::size_t first_end = header + 26 + 1 + 5;
    if (size >= first_end) {
      EXPECT_TRUE(content.bytes.starts_with("first")) << size;
    }
  }
}

TEST(ARecord, says_where_it_is_malformed_and_keeps_what_was_before) {
  const std::string begin = "p1meter-record 1\n2024-10-27T00:30:05.123Z 5\nfirst\n";
  const std::string where = "offset " + std::to_string(begin.size()) + ": ";
  for (const std::string header :
       {"yesterday 5", "2024-10-27T00:30:05.123Z", "2024-10-27T00:30:05.123Z 0",
        "2024-10-27T00:30:05.123Z -1", "2024-10-27T00:30:05.123Z 65537",
        "2024-10-27T00:30:05.123Z 99999999999999999999", "2024-10-27T00:30:05.123Z 5 ",
        "2024-13-27T00:30:05.123Z 5", "", "\x01\x02"}) {
    const auto content = read(begin + header + "\nbytes\n");
    EXPECT_EQ(content.bytes, "first") << header;
    EXPECT_EQ(content.error, where + "expected a time and a number of bytes from 1 to 65536")
        << header;
  }

  auto content = read(begin + std::string(1000, 'x'));
  EXPECT_EQ(content.error, where + "expected a time and a number of bytes from 1 to 65536");

  content = read("p1meter-record 1\n2024-10-27T00:30:05.123Z 4\nfirst\n");
  EXPECT_EQ(content.bytes, "firs");
  EXPECT_EQ(content.error, "offset 48: expected a line feed after the 4 bytes");

  content = read("p1meter-record 2\nwhatever");
  EXPECT_EQ(content.error, "offset 0: a record of another version than 1: p1meter-record 2");
}

TEST(ARecord, survives_any_damage) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random{seed};
  std::stringstream file;
  RecordWriter writer{file};
  for (int i = 0; i < 20; ++i) writer.write("/telegram\r\n!\r\n", morning + i * 1s);
  const std::string whole = file.str();

  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = whole;
    for (unsigned i = 0; i < 1 + random() % 3; ++i) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    const auto content = read(damaged);
    EXPECT_LE(content.bytes.size(), damaged.size());
  }
}

TEST(ACapture, from_a_pipe_is_given_while_the_pipe_fills) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  std::ifstream input{"/dev/fd/" + std::to_string(ends[0]), std::ios::binary};
  ::close(ends[0]);
  CaptureReader reader{input};

  for (const std::string& text :
       {std::string("/first"), std::string("4"), std::string(10'000, 'x')}) {
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    std::string bytes;
    while (bytes.size() < text.size()) {
      const auto chunk = reader.next();
      ASSERT_TRUE(chunk);
      bytes.append(chunk->bytes);
    }
    EXPECT_EQ(bytes, text);
  }
  ::close(ends[1]);
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.error());
}

TEST(ACapture, that_cannot_be_read_says_so) {
  const test::TemporaryDirectory folder;
  std::ifstream none{folder.path() / "none"};
  EXPECT_EQ(read(none).error, "cannot be read");

  std::ifstream directory{folder.path()};  // opens, but reading fails
  EXPECT_TRUE(read(directory).error.starts_with("offset 0: cannot be read on: "))
      << read(directory).error;
}

TEST(ACapture, without_end_is_read_in_pieces) {
  std::ifstream zeros{"/dev/zero", std::ios::binary};
  CaptureReader reader{zeros};

  std::size_t size = 0;
  while (size < 50'000'000) {
    const auto chunk = reader.next();
    ASSERT_TRUE(chunk);
    ASSERT_LE(chunk->bytes.size(), 64U * 1024);
    size += chunk->bytes.size();
  }
  EXPECT_EQ(reader.format(), CaptureFormat::raw);
}

}  // namespace
}  // namespace p1meter
