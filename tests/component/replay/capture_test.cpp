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
  EXPECT_EQ(content.error, "offset 5003: not a hex digit, white space or # comment");

  content = read("41 42 4");
  EXPECT_EQ(content.bytes, "AB");
  EXPECT_EQ(content.error, "offset 6: half a byte at the end of the hex text");
}

TEST(ACapture, is_read_as_the_user_says) {
  EXPECT_EQ(read("4142", CaptureFormat::raw).bytes, "4142");
  EXPECT_EQ(read("4142", CaptureFormat::hex).bytes, "AB");
  EXPECT_EQ(read("/x", CaptureFormat::hex).error,
            "offset 0: not a hex digit, white space or # comment");
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
