// SPDX-License-Identifier: Apache-2.0
// Component tests: files, pipes and standard input as sources.
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/post.hpp>

#include "adapters/source/descriptor.hpp"
#include "component/source/loop.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter {
namespace {

using namespace std::chrono_literals;
using test::Heard;
using test::run_until;
using test::TemporaryDirectory;

struct AStreamSource : testing::Test {
  ~AStreamSource() override {
    if (!source) return;
    source->stop();
    context.restart();
    context.run_for(5s);
    EXPECT_TRUE(context.stopped());
  }

  void start(const std::string& path) {
    source = std::make_unique<Source>(context, StreamTarget{path}, link::LinkSettings{},
                                      heard.handlers());
    source->start();
  }
  bool ended() {
    return run_until(context, [&] { return heard.ended > 0; });
  }

  void take_turns() {
    ++turns;
    if (heard.ended == 0) boost::asio::post(context, [this] { take_turns(); });
  }

  int turns{};
  boost::asio::io_context context{1};
  Heard heard;
  TemporaryDirectory folder;
  std::unique_ptr<Source> source;
};

TEST_F(AStreamSource, reads_a_file_to_its_end_once) {
  const std::string text(300'000, 'x');
  std::ofstream{folder.path() / "capture"} << text;
  start((folder.path() / "capture").string());

  ASSERT_TRUE(ended());

  EXPECT_EQ(heard.bytes, text);
  EXPECT_EQ(heard.ended, 1);
  EXPECT_EQ(heard.reopened, 1);
  EXPECT_EQ(heard.changes,
            std::vector<std::string>{"connected " + (folder.path() / "capture").string()});
  context.restart();
  context.run_for(2s);
  EXPECT_TRUE(context.stopped());
  EXPECT_EQ(heard.ended, 1);
}

TEST_F(AStreamSource, leaves_everybody_else_a_turn_while_it_reads) {
  std::ofstream{folder.path() / "capture"} << std::string(1'000'000, 'x');
  take_turns();
  start((folder.path() / "capture").string());

  ASSERT_TRUE(ended());
  EXPECT_GE(turns, 10);
}

TEST_F(AStreamSource, stops_in_an_endless_input) {
  start("/dev/zero");
  ASSERT_TRUE(run_until(context, [&] {
    heard.bytes.clear();
    return heard.reopened == 1;
  }));
}

TEST_F(AStreamSource, reads_a_fifo_whose_writer_comes_later) {
  ASSERT_EQ(::mkfifo((folder.path() / "fifo").c_str(), 0600), 0);
  start((folder.path() / "fifo").string());
  ASSERT_TRUE(run_until(context, [&] { return heard.reopened == 1; }));
  EXPECT_FALSE(run_until(
      context, [&] { return heard.ended > 0; }, 100ms));

  {
    const Descriptor writer{
        ::open((folder.path() / "fifo").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC)};
    ASSERT_TRUE(writer);
    ASSERT_EQ(::write(writer.get(), "hello", 5), 5);
    ASSERT_TRUE(run_until(context, [&] { return heard.bytes == "hello"; }));
  }

  EXPECT_TRUE(ended());
}

TEST_F(AStreamSource, reads_standard_input_and_leaves_it_as_it_was) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const Descriptor saved{::dup(STDIN_FILENO)};
  ASSERT_EQ(::dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
  ::close(ends[0]);
  ASSERT_EQ(::write(ends[1], "piped", 5), 5);
  ::close(ends[1]);

  start("-");
  const bool over = ended();
  const int flags = ::fcntl(STDIN_FILENO, F_GETFL);
  ::dup2(saved.get(), STDIN_FILENO);

  EXPECT_TRUE(over);
  EXPECT_EQ(heard.bytes, "piped");
  EXPECT_EQ(heard.changes[0], "connected standard input");
  EXPECT_EQ(flags & O_NONBLOCK, 0);
}

TEST_F(AStreamSource, waits_for_a_file_that_is_not_there_and_says_so_once) {
  start((folder.path() / "capture").string());
  EXPECT_FALSE(run_until(
      context, [&] { return heard.changes.size() > 1; }, 1200ms));
  EXPECT_EQ(heard.changes,
            std::vector<std::string>{"absent " + (folder.path() / "capture").string() +
                                     ": No such file or directory"});

  std::ofstream{folder.path() / "capture.new"} << "late";
  std::filesystem::rename(folder.path() / "capture.new", folder.path() / "capture");

  ASSERT_TRUE(ended());
  EXPECT_EQ(heard.bytes, "late");
}

TEST_F(AStreamSource, says_that_a_folder_is_none) {
  start(folder.path().string());
  ASSERT_TRUE(run_until(context, [&] { return !heard.changes.empty(); }));
  EXPECT_EQ(heard.changes[0], "absent " + folder.path().string() + ": Is a directory");
}

TEST_F(AStreamSource, ends_with_the_reason_when_the_input_breaks) {
  start("/proc/self/mem");  // opens, and cannot be read at its beginning
  ASSERT_TRUE(ended());
  ASSERT_EQ(heard.changes.size(), 2U);
  EXPECT_EQ(heard.changes[1], "lost /proc/self/mem: Input/output error");
}

TEST_F(AStreamSource, reads_a_vanishing_file_to_its_end) {
  std::ofstream{folder.path() / "capture"} << std::string(500'000, 'x');
  start((folder.path() / "capture").string());
  ASSERT_TRUE(run_until(context, [&] { return !heard.bytes.empty(); }));
  std::filesystem::remove(folder.path() / "capture");

  ASSERT_TRUE(ended());
  EXPECT_EQ(heard.bytes.size(), 500'000U);
}

}  // namespace
}  // namespace p1meter
