// SPDX-License-Identifier: Apache-2.0
// Daemon: what is known of the version in apt, and what is made of it.
#include "daemon/candidate.hpp"

#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <vector>

#include "adapters/log/line.hpp"
#include "adapters/log/log.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::daemon {
namespace {

TEST(AnUpstreamVersion, has_neither_epoch_nor_debian_revision) {
  EXPECT_EQ(upstream_version("1.0.1-1~deb12"), "1.0.1");
  EXPECT_EQ(upstream_version("1.0.1"), "1.0.1");
  EXPECT_EQ(upstream_version("2:1.10.0~rc1-2+b1"), "1.10.0~rc1");
  EXPECT_EQ(upstream_version("1.0-2-1"), "1.0-2");
}

TEST(AnUpstreamVersion, is_nothing_where_there_is_none) {
  for (const char* text :
       {"", "(none)", "-1", "1:", "v1.0", "1.0 1", "1.0\n2.0", "1.0\xc3\xbc", "<b>1"})
    EXPECT_EQ(upstream_version(text), std::nullopt) << text;
  EXPECT_EQ(upstream_version(std::string(129, '1')), std::nullopt);
}

TEST(Versions, are_in_debians_order) {
  const std::vector<std::string> rising{"0.9",    "1.0.0~beta1", "1.0.0~rc1", "1.0.0",
                                        "1.0.0a", "1.0.0+git1",  "1.0.1",     "1.0.9",
                                        "1.0.10", "1.2",         "10.0"};
  for (std::size_t left = 0; left < rising.size(); ++left) {
    for (std::size_t right = 0; right < rising.size(); ++right) {
      EXPECT_EQ(compare_versions(rising[left], rising[right]), left <=> right)
          << rising[left] << " " << rising[right];
    }
  }
  EXPECT_EQ(compare_versions("1.00.1", "1.0.01"), std::strong_ordering::equal);
}

TEST(TheNewestVersion, is_never_older_than_the_installed_one) {
  EXPECT_EQ(newest_version("1.0.0", "1.0.1"), "1.0.1");
  EXPECT_EQ(newest_version("1.0.0", "1.0.0"), "1.0.0");
  EXPECT_EQ(newest_version("1.0.0", "0.9.9"), "1.0.0");
  EXPECT_EQ(newest_version("1.0.0", "1.0.0~rc1"), "1.0.0");
}

class ACandidate : public testing::Test {
 protected:
  ACandidate() {
    log::set_reader(
        log::ReaderPlace::topic, log::Level::debug,
        [this](log::Level, const log::Line& line) { lines_.push_back(log::line_text(line)); });
  }
  ~ACandidate() override { log::remove_reader(log::ReaderPlace::topic); }

  std::optional<std::string> look_at(const std::string& content) {
    directory_.file("version", content);
    return candidate_.look();
  }

  test::TemporaryDirectory directory_{};
  Candidate candidate_{"1.0.0", directory_.path() / "version"};
  std::vector<std::string> lines_{};
};

TEST_F(ACandidate, is_not_known_without_a_file_that_can_be_read) {
  EXPECT_EQ(candidate_.look(), std::nullopt);
  EXPECT_EQ(look_at(""), std::nullopt);
  EXPECT_EQ(look_at("\n"), std::nullopt);
  EXPECT_EQ(look_at("1.0.1-1\n1.0.2-1\n"), std::nullopt);
  EXPECT_EQ(look_at(std::string(1'000'000, '1')), std::nullopt);
  EXPECT_EQ((Candidate{"1.0.0", directory_.path()}.look()), std::nullopt) << "a directory";
  const auto pipe = directory_.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ((Candidate{"1.0.0", pipe}.look()), std::nullopt) << "waits for nobody";
  EXPECT_TRUE(lines_.empty());
}

TEST_F(ACandidate, is_told_once_for_each_newer_version) {
  EXPECT_EQ(look_at("1.0.0-1~deb12\n"), "1.0.0");
  EXPECT_EQ(look_at("0.9.0-1~deb12"), "1.0.0");
  EXPECT_TRUE(lines_.empty());
  EXPECT_EQ(look_at("1.0.1-1~deb12\n"), "1.0.1");
  EXPECT_EQ(look_at("1.0.1-2~deb12\n"), "1.0.1");
  EXPECT_EQ(look_at("1.1.0-1~deb12\n"), "1.1.0");
  EXPECT_EQ(lines_,
            (std::vector<std::string>{
                "apt has a newer p1meter: apt install p1meter installed=1.0.0 latest=1.0.1",
                "apt has a newer p1meter: apt install p1meter installed=1.0.0 latest=1.1.0"}));
}

}  // namespace
}  // namespace p1meter::daemon
