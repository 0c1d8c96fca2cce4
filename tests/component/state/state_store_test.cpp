// SPDX-License-Identifier: Apache-2.0
// The state directory: what is remembered comes back, and nothing in it can stop the program.
#include "adapters/state/state_store.hpp"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temporary_directory.hpp"

namespace p1meter {
namespace {

using namespace std::chrono_literals;
using test::TemporaryDirectory;

StoredMeter everything() {
  StoredMeter stored;
  stored.memory.checksum = ChecksumRule::x25;
  stored.memory.period = 10s;
  stored.memory.mapper.equipment_id = "E\xFF%\n";
  stored.memory.mapper.device_numbers = {{"gas/G1", 1}, {"gas/G2\xC3", 2}};
  stored.memory.mapper.device_channels = {{"gas/G1", 1}, {"gas/G2\xC3", 4}};
  stored.memory.mapper.parts_seen = {"power_import", "power_export"};
  stored.memory.mapper.day_begins = {
      {"gas2_volume_today",
       {.date = std::chrono::sys_days{std::chrono::year{2024} / 2 / 29},
        .value = Decimal{4547530, -3},
        .unit = Unit::cubic_metre}}};
  stored.memory.mapper.day_scaling = "current 40/1;";
  stored.memory.keys.push_back({.key = "gas2_volume",
                                .name = "Gas 2 volume",
                                .obis = Obis{0, 2, 24, 2, 1},
                                .unit = Unit::cubic_metre,
                                .kind = ReadingKind::cumulative,
                                .device = Device::gas,
                                .device_number = 2,
                                .device_class = "gas",
                                .state_class = "total_increasing",
                                .diagnostic = true,
                                .computed = true,
                                .topic = "a/b"});
  stored.memory.keys.push_back({.key = "tariff", .kind = ReadingKind::state});
  stored.line = link::LineSettings{9600, 7, link::Parity::even, 1};
  return stored;
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

class TheStateStore : public testing::Test {
 protected:
  std::filesystem::path meter_file() { return directory.path() / "meters" / "home.json"; }
  /// Puts a text in the place of the meter's file and loads it.
  std::optional<StoredMeter> load(const std::string& text) {
    std::filesystem::create_directories(meter_file().parent_path());
    std::ofstream{meter_file()} << text;
    return store.load("home", report);
  }

  TemporaryDirectory directory{};
  StateStore store{directory.path()};
  std::string report{};
};

void expect_same(const KeyInfo& left, const KeyInfo& right) {
  EXPECT_EQ(left.key, right.key);
  EXPECT_EQ(left.name, right.name);
  EXPECT_EQ(left.obis, right.obis);
  EXPECT_EQ(left.unit, right.unit);
  EXPECT_EQ(left.kind, right.kind);
  EXPECT_EQ(left.device, right.device);
  EXPECT_EQ(left.device_number, right.device_number);
  EXPECT_EQ(left.device_class, right.device_class);
  EXPECT_EQ(left.state_class, right.state_class);
  EXPECT_EQ(left.diagnostic, right.diagnostic);
  EXPECT_EQ(left.computed, right.computed);
  EXPECT_EQ(left.topic, right.topic);
}

TEST_F(TheStateStore, gives_back_everything_that_it_was_given) {
  const StoredMeter before = everything();
  ASSERT_EQ(store.save("home", before), "");

  const auto after = store.load("home", report);

  ASSERT_TRUE(after) << report;
  EXPECT_EQ(after->memory.checksum, before.memory.checksum);
  EXPECT_EQ(after->memory.period, before.memory.period);
  EXPECT_EQ(after->memory.mapper, before.memory.mapper);
  EXPECT_EQ(after->line, before.line);
  ASSERT_EQ(after->memory.keys.size(), before.memory.keys.size());
  for (std::size_t i = 0; i < before.memory.keys.size(); ++i) {
    expect_same(after->memory.keys[i], before.memory.keys[i]);
  }
}

TEST_F(TheStateStore, has_nothing_and_says_nothing_of_a_meter_it_has_never_seen) {
  report = "old";
  EXPECT_FALSE(store.load("home", report));
  EXPECT_EQ(report, "");
}

TEST_F(TheStateStore, leaves_only_the_file_itself_behind) {
  ASSERT_EQ(store.save("home", everything()), "");
  ASSERT_EQ(store.save("home", {}), "");

  const std::filesystem::directory_iterator files{directory.path() / "meters"};
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(TheStateStore, sets_a_damaged_file_aside_and_says_so_in_one_sentence) {
  const std::string whole = [this] {
    EXPECT_EQ(store.save("home", everything()), "");
    return content(meter_file());
  }();
  const std::string half = whole.substr(0, whole.size() / 2);
  const std::string deep(100'000, '[');
  for (const std::string& text :
       {std::string{}, std::string{"\xFF\xFE"}, std::string{"[]"}, std::string{"{}"}, half, deep,
        std::string{R"({"version":1,"period_ms":-1})"},
        std::string{R"({"version":1,"period_ms":1e99})"},
        std::string{R"({"version":1,"keys":[{"key":"a","unit":"parsec"}]})"},
        std::string{R"({"version":1,"keys":[{}]})"},
        std::string{R"({"version":1,"device_numbers":{"gas/1":256}})"},
        std::string{R"({"version":1,"device_numbers":[]})"},
        std::string{R"({"version":1,"device_channels":{"gas/1":"x"}})"},
        std::string{R"({"version":1,"day_begins":{"a":{"date":"2024-02-30","value":"1"}}})"},
        std::string{R"({"version":1,"day_begins":{"a":{"date":"2024-02-29","value":"x"}}})"},
        std::string{R"({"version":1,"line":{"baud":0}})"},
        std::string{R"({"version":1,"equipment_id":"%zz"})"}}) {
    SCOPED_TRACE(text.substr(0, 80));

    EXPECT_FALSE(load(text));

    EXPECT_NE(report.find("is damaged; it was set aside as home.json.damaged"), std::string::npos)
        << report;
    EXPECT_FALSE(std::filesystem::exists(meter_file()));
    EXPECT_EQ(content(meter_file().string() + ".damaged"), text);
  }
}

TEST_F(TheStateStore, sets_a_later_versions_file_aside_but_ignores_members_it_does_not_know) {
  EXPECT_FALSE(load(R"({"version":2})"));
  EXPECT_NE(report.find("written by a later version"), std::string::npos) << report;
  EXPECT_TRUE(std::filesystem::exists(meter_file().string() + ".newer"));

  const auto stored = load(R"({"version":1,"period_ms":1000,"colour":"blue"})");
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->memory.period, 1s);
}

TEST_F(TheStateStore, says_why_it_cannot_save) {
  std::ofstream{directory.path() / "meters"} << "in the way";
  EXPECT_NE(store.save("home", {}), "");
  EXPECT_NE(store.save("../home", {}), "");
}

TEST_F(TheStateStore, keeps_lists) {
  EXPECT_TRUE(store.load_list("topics", report).empty());
  const std::vector<std::string> topics{"p1meter/home/state", "a b", "\xC3\xA9%"};
  ASSERT_EQ(store.save_list("topics", topics), "");
  EXPECT_EQ(store.load_list("topics", report), topics);

  std::ofstream{directory.path() / "topics.json"} << R"({"version":1,"items":[3]})";
  EXPECT_TRUE(store.load_list("topics", report).empty());
  EXPECT_NE(report.find("is damaged"), std::string::npos);
}

TEST_F(TheStateStore, is_locked_by_one_process_at_a_time) {
  ASSERT_TRUE(store.lock());
  EXPECT_TRUE(store.lock()) << "its own lock is no obstacle";
  const auto other_gets_it = [this] {
    const pid_t other = fork();
    if (other == 0) _exit(StateStore{directory.path()}.lock() ? 1 : 0);
    int status = 0;
    waitpid(other, &status, 0);
    return WEXITSTATUS(status) == 1;
  };
  EXPECT_FALSE(other_gets_it());

  { const StateStore never_locked{directory.path()}; }
  EXPECT_FALSE(other_gets_it()) << "a store without the lock frees nothing";
}

TEST_F(TheStateStore, says_at_once_whether_it_can_be_used) {
  ASSERT_TRUE(store.lock());
  EXPECT_EQ(store.unusable(), "");

  directory.file("file", "in the way");
  StateStore nowhere{directory.path() / "file"};
  EXPECT_TRUE(nowhere.lock()) << "nobody else can have it";
  EXPECT_NE(nowhere.unusable().find("/file/lock: Not a directory"), std::string::npos)
      << nowhere.unusable();

  std::filesystem::create_directory(directory.path() / "half");
  std::ofstream{directory.path() / "half" / "meters"} << "in the way";
  StateStore half{directory.path() / "half"};
  EXPECT_TRUE(half.lock());
  EXPECT_NE(half.unusable().find("/half/meters: "), std::string::npos) << half.unusable();
}

TEST(TheStateDirectory, is_what_systemd_says_else_the_users) {
  setenv("STATE_DIRECTORY", "/run/a:/run/b", 1);
  EXPECT_EQ(state_directory(), "/run/a");
  unsetenv("STATE_DIRECTORY");
  if (geteuid() == 0) {
    EXPECT_EQ(state_directory(), "/var/lib/p1meter");
    return;
  }
  struct stat status {};
  if (stat("/var/lib/p1meter", &status) == 0 && status.st_uid == geteuid()) {
    EXPECT_EQ(state_directory(), "/var/lib/p1meter") << "the service's own user";
    return;
  }
  setenv("XDG_STATE_HOME", "/x", 1);
  EXPECT_EQ(state_directory(), "/x/p1meter");
  setenv("XDG_STATE_HOME", "relative", 1);
  setenv("HOME", "/h", 1);
  EXPECT_EQ(state_directory(), "/h/.local/state/p1meter");
}

}  // namespace
}  // namespace p1meter
