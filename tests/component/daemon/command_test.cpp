// SPDX-License-Identifier: Apache-2.0
// The daemon's remote control: what is understood, how fast, and what an interval overrides.
#include "daemon/command.hpp"

#include <gtest/gtest.h>
#include <thread>

#include <nlohmann/json.hpp>

#include "daemon/handover.hpp"
#include "daemon/interval_overrides.hpp"
#include "daemon/remote_control.hpp"

namespace p1meter::daemon {
namespace {

using settings::RemoteCommand;

std::string error_of(std::string_view name, std::string_view payload) {
  const auto command = parse_command(name, payload);
  return command ? "none" : command.error().error + ' ' + command.error().id;
}

TEST(ACommand, is_a_json_object_with_the_members_of_its_kind) {
  EXPECT_EQ(parse_command("publish", R"({"id":"a","meter":"home"})"),
            (Command{RemoteCommand::publish, "\"a\"", "home", "", ""}));
  EXPECT_EQ(parse_command("publish", "{}"), (Command{RemoteCommand::publish, "null", "", "", ""}));
  EXPECT_EQ(parse_command("publish", R"({"id":null})"),
            (Command{RemoteCommand::publish, "null", "", "", ""}));
  EXPECT_EQ(parse_command("interval", R"({"key":"energy_*","interval":"5s","id":-3})"),
            (Command{RemoteCommand::interval, "-3", "", "energy_*", "5s"}));
  EXPECT_EQ(parse_command("reload", R"({"id":18446744073709551615})"),
            (Command{RemoteCommand::reload, "18446744073709551615", "", "", ""}));
  EXPECT_EQ(parse_command("restart", "{}"), (Command{RemoteCommand::restart, "null", "", "", ""}));
}

TEST(ACommand, that_is_none_is_refused_by_name) {
  for (const std::string_view payload :
       {"", " ", "now", "[]", "1", "\"publish\"", "{", "{}{}", "{\"id\":\"\xFF\"}", "{\"id\":1,}"})
    EXPECT_EQ(error_of("publish", payload), "not_json null") << payload;
  EXPECT_EQ(error_of("publish", std::string(100'000, '[')), "too_long null");
  EXPECT_EQ(error_of("publish", std::string(4096, '[')), "not_json null");
  EXPECT_EQ(error_of("Publish", R"({"id":1})"), "unknown_command 1");
  EXPECT_EQ(error_of("", R"({"id":1})"), "unknown_command 1");
}

TEST(ACommand, with_a_wrong_member_is_refused_with_its_id) {
  for (const std::string_view payload :
       {R"({"id":1,"key":"a"})", R"({"id":1,"meter":""})", R"({"id":1,"meter":null})",
        R"({"id":1,"meter":["home"]})"})
    EXPECT_EQ(error_of("publish", payload), "bad_member 1") << payload;
  for (const std::string_view payload :
       {R"({"id":1})", R"({"id":1,"key":"a"})", R"({"id":1,"interval":"5s"})",
        R"({"id":1,"key":"a","interval":5})", R"({"id":1,"key":"a","interval":""})"})
    EXPECT_EQ(error_of("interval", payload), "bad_member 1") << payload;
  EXPECT_EQ(error_of("restart", R"({"id":1,"meter":"home"})"), "bad_member 1");
  EXPECT_EQ(error_of("publish", R"({"id":1,"meter":")" + std::string(129, 'm') + "\"}"),
            "bad_member 1");
  for (const std::string_view id : {"1.5", "true", "[]", "{}"})
    EXPECT_EQ(error_of("publish", R"({"id":)" + std::string{id} + '}'), "bad_member null") << id;
  EXPECT_EQ(error_of("publish", R"({"id":")" + std::string(129, 'i') + "\"}"), "bad_member null");
}

TEST(AnAnswer, is_json_whatever_was_asked) {
  EXPECT_EQ(answer_json("publish", "\"a\""), R"({"id":"a","command":"publish","ok":true})");
  EXPECT_EQ(
      answer_json("a\"b", Refusal{"1", "e", "r\n", {"f:1", "g"}}),
      R"({"id":1,"command":"a\"b","ok":false,"error":"e","reason":"r\n","faults":["f:1","g"]})");
  const auto odd = parse_command("publish", "{\"id\":\"\\u0000\\ud83d\\ude00\\\"\"}");
  ASSERT_TRUE(odd);
  EXPECT_EQ(nlohmann::json::parse(answer_json("publish", odd->id))["id"],
            std::string("\0\xF0\x9F\x98\x80\"", 6));
}

TEST(TheCommandPace, is_ten_in_any_second) {
  CommandPace pace;
  std::vector<int> admitted;
  for (int now = 0; now < 10'000; now += 7) {
    if (pace.admit(milliseconds{now})) admitted.push_back(now);
  }
  for (std::size_t i = 10; i < admitted.size(); ++i)
    EXPECT_GE(admitted[i] - admitted[i - 10], 1000) << i;
  EXPECT_EQ(admitted.size(), 100U);
}

TEST(AnIntervalOverride, takes_the_place_of_an_older_one_of_the_same_pattern) {
  IntervalOverrides overrides;
  const auto put = [&](const std::string& meter, bool test, const std::string& pattern, int s) {
    settings::ReadingRule rule{.pattern = pattern};
    rule.interval = seconds{s};
    return overrides.put({meter, test, std::move(rule)});
  };
  EXPECT_TRUE(put("", false, "power_*", 1));
  EXPECT_TRUE(put("home", false, "*", 2));
  EXPECT_TRUE(put("", false, "power_*", 3));
  EXPECT_TRUE(put("", true, "power_*", 4));
  const auto intervals = [&](const std::string& meter, bool test) {
    std::vector<int> found;
    for (const auto& rule : overrides.of(meter, test))
      found.push_back(static_cast<int>(rule.interval->count() / 1000));
    return found;
  };
  EXPECT_EQ(intervals("home", false), (std::vector<int>{2, 3}));
  EXPECT_EQ(intervals("shed", false), (std::vector<int>{3}));
  EXPECT_EQ(intervals("play", true), (std::vector<int>{4}));

  for (int i = 0; i < 61; ++i) EXPECT_TRUE(put("", false, "key" + std::to_string(i), 5)) << i;
  EXPECT_FALSE(put("", false, "one_more", 5));
  EXPECT_TRUE(put("home", false, "*", 6));
}

TEST(AHandover, keeps_order_and_counts_what_finds_it_full) {
  boost::asio::io_context context;
  std::vector<int> taken;
  Handover<int> handover{context, 3, [&](int thing) { taken.push_back(thing); }};
  const auto put = handover.entrance();
  for (int i = 0; i < 5; ++i) put(i);
  EXPECT_EQ(handover.dropped(), 2U);
  context.run();
  EXPECT_EQ(taken, (std::vector<int>{0, 1, 2}));
  put(5);
  handover.take_all();
  EXPECT_EQ(taken.back(), 5);
}

TEST(AHandover, may_go_before_who_uses_its_entrance) {
  boost::asio::io_context context;
  std::function<void(int)> put;
  std::size_t taken = 0;
  {
    const Handover<int> handover{context, 1000, [&](int) { ++taken; }};
    put = handover.entrance();
    std::thread other{[put] {
      for (int i = 0; i < 100; ++i) put(i);
    }};
    while (taken < 100) {
      context.restart();
      context.run();
    }
    other.join();
  }
  put(1);
  context.restart();
  context.run();
  EXPECT_EQ(taken, 100U);
}

}  // namespace
}  // namespace p1meter::daemon
