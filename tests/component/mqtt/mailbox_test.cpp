// SPDX-License-Identifier: Apache-2.0
// Tests of what waits to be published.
#include "adapters/mqtt/mailbox.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "adapters/mqtt/flow.hpp"

namespace p1meter::mqtt {
namespace {

Message message(const std::string& topic, const std::string& payload) {
  return {std::make_shared<const std::string>(topic), payload, 0, false};
}

std::vector<std::string> all_of(Mailbox& mailbox) {
  std::vector<std::string> all;
  while (auto next = mailbox.take()) all.push_back(*next->topic + '=' + next->payload);
  return all;
}

using Texts = std::vector<std::string>;

TEST(AMailbox, gives_everything_in_order_while_messages_flow) {
  Mailbox mailbox;
  mailbox.put(message("a", "1"));
  mailbox.put(message("b", "1"));
  mailbox.put(message("a", "2"));

  EXPECT_EQ(all_of(mailbox), (Texts{"a=1", "b=1", "a=2"}));
  EXPECT_EQ(mailbox.dropped(), 0U);
}

TEST(AMailbox, keeps_the_newest_of_a_topic_in_the_newest_order_while_held) {
  Mailbox mailbox;
  mailbox.hold();
  mailbox.put(message("a", "1"));
  mailbox.put(message("b", "1"));
  mailbox.put(message("a", "2"));

  EXPECT_EQ(all_of(mailbox), (Texts{"b=1", "a=2"}));
  EXPECT_EQ(mailbox.dropped(), 1U);
}

TEST(AMailbox, thins_out_what_waits_when_it_is_held) {
  Mailbox mailbox;
  for (const char* payload : {"1", "2", "3"}) {
    mailbox.put(message("a", payload));
    mailbox.put(message("b", payload));
  }
  mailbox.hold();
  EXPECT_EQ(mailbox.size(), 2U);
  EXPECT_EQ(mailbox.dropped(), 4U);
  mailbox.put(message("a", "4"));

  EXPECT_EQ(all_of(mailbox), (Texts{"b=3", "a=4"}));
}

TEST(AMailbox, loses_nothing_by_being_released_and_flows_again) {
  Mailbox mailbox;
  mailbox.hold();
  mailbox.put(message("a", "1"));
  mailbox.release();
  mailbox.put(message("a", "2"));

  EXPECT_EQ(all_of(mailbox), (Texts{"a=1", "a=2"}));
}

TEST(AMailbox, does_not_count_the_same_value_once_more_as_a_loss) {
  Mailbox mailbox;
  mailbox.hold();
  mailbox.put(message("a", "1"));
  mailbox.put(message("a", "1"));

  EXPECT_EQ(mailbox.dropped(), 0U);
  EXPECT_EQ(mailbox.size(), 1U);
}

TEST(AMailbox, keeps_only_the_newest_once_it_is_crowded_until_it_is_empty) {
  Mailbox mailbox{{.messages = 4, .bytes = 1000}};
  for (int i = 0; i < 100; ++i) mailbox.put(message(i % 2 == 0 ? "a" : "b", std::to_string(i)));
  EXPECT_EQ(mailbox.size(), 2U);
  EXPECT_EQ(mailbox.dropped(), 98U);
  EXPECT_EQ(all_of(mailbox), (Texts{"a=98", "b=99"}));

  mailbox.put(message("a", "100"));
  mailbox.put(message("a", "101"));
  EXPECT_EQ(all_of(mailbox), (Texts{"a=100", "a=101"}));
}

TEST(AMailbox, refuses_and_counts_topics_beyond_its_bound) {
  Mailbox mailbox{{.messages = 3, .bytes = 1000}};
  mailbox.hold();
  for (int i = 0; i < 10; ++i) mailbox.put(message("topic" + std::to_string(i), "x"));
  mailbox.put(message("topic0", "newer"));

  EXPECT_EQ(mailbox.dropped(), 8U);  // seven topics, one older value
  EXPECT_EQ(all_of(mailbox), (Texts{"topic1=x", "topic2=x", "topic0=newer"}));
}

TEST(AMailbox, is_bounded_in_bytes) {
  Mailbox mailbox{{.messages = 1000, .bytes = 100}};
  for (int i = 0; i < 50; ++i)
    mailbox.put(message("topic" + std::to_string(i), std::string(10, 'x')));

  EXPECT_EQ(mailbox.size(), 10U);
  EXPECT_EQ(mailbox.dropped(), 40U);
}

TEST(AMailbox, takes_a_message_back_unless_a_newer_one_waits) {
  Mailbox mailbox;
  mailbox.hold();
  mailbox.put(message("a", "2"));
  mailbox.put_back(message("b", "1"));
  mailbox.put_back(message("a", "1"));
  mailbox.put(message("b", "2"));

  EXPECT_EQ(all_of(mailbox), (Texts{"a=2", "b=2"}));
  EXPECT_EQ(mailbox.dropped(), 2U);
}

TEST(AMailbox, stays_small_when_one_topic_is_replaced_for_ever) {
  Mailbox mailbox;
  mailbox.hold();
  for (int i = 0; i < 100'000; ++i) mailbox.put(message("a", std::to_string(i)));

  EXPECT_EQ(mailbox.size(), 1U);
  EXPECT_EQ(mailbox.dropped(), 99'999U);
}

TEST(AWriteWindow, closes_by_messages_and_by_bytes_and_opens_again) {
  WriteWindow window;
  for (int i = 0; i < 64; ++i) {
    EXPECT_TRUE(window.open());
    window.taken(1);
  }
  EXPECT_FALSE(window.open());
  for (int i = 0; i < 32; ++i) window.written(1);
  EXPECT_TRUE(window.half_open());
  for (int i = 0; i < 32; ++i) window.written(1);
  EXPECT_TRUE(window.empty());

  window.taken(std::size_t{1024} * 1024);
  EXPECT_FALSE(window.open());
  window.written(std::size_t{1024} * 1024);
  EXPECT_TRUE(window.open());
}

TEST(AnAcknowledgeWindow, holds_sixteen_messages_and_fewer_where_the_broker_takes_fewer) {
  for (const auto& [maximum, expected] :
       {std::pair<std::size_t, int>{65'535, 16}, {20, 16}, {10, 10}, {1, 1}, {0, 1}}) {
    AcknowledgeWindow window{maximum};
    int taken = 0;
    std::size_t last = 0;
    for (; window.open(); ++taken) last = window.take(message("a", std::to_string(taken)));
    EXPECT_EQ(taken, expected) << "receive maximum " << maximum;
    EXPECT_EQ(window.give_back(last)->payload, std::to_string(taken - 1));
    EXPECT_TRUE(window.open());
    EXPECT_FALSE(window.give_back(last)) << "a second acknowledgement means nothing";
  }
}

TEST(AnAnswerCheck, asks_at_most_once_a_second_and_calls_the_answer_overdue_after_one) {
  AnswerCheck check;
  const AnswerCheck::Time start{};
  EXPECT_TRUE(check.due(start));
  check.asked(start);
  EXPECT_FALSE(check.due(start + milliseconds{5000})) << "one question at a time";
  EXPECT_FALSE(check.overdue(start + milliseconds{999}));
  EXPECT_TRUE(check.overdue(start + milliseconds{1000}));
  check.answered();
  EXPECT_FALSE(check.overdue(start + milliseconds{5000}));
  EXPECT_FALSE(check.due(start + milliseconds{999}));
  EXPECT_TRUE(check.due(start + milliseconds{1000}));
}

}  // namespace
}  // namespace p1meter::mqtt
