// SPDX-License-Identifier: Apache-2.0
// Component tests: the TCP source against real listeners on the loopback interface.
#include <arpa/inet.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "adapters/source/descriptor.hpp"
#include "component/source/loop.hpp"

namespace p1meter {
namespace {

using namespace std::chrono_literals;
using test::Heard;
using test::run_until;

// A ser2net that does as it is told. The kernel completes connections; accept() takes one if there
// is.
class Listener {
 public:
  explicit Listener(int family = AF_INET, std::uint16_t port = 0) {
    socket_ = Descriptor{::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    const int yes = 1;
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_storage storage{};
    socklen_t size = 0;
    if (family == AF_INET6) {
      auto* address = static_cast<sockaddr_in6*>(static_cast<void*>(&storage));
      address->sin6_family = AF_INET6;
      address->sin6_addr = in6addr_loopback;
      address->sin6_port = htons(port);
      size = sizeof *address;
    } else {
      auto* address = static_cast<sockaddr_in*>(static_cast<void*>(&storage));
      address->sin_family = AF_INET;
      address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      address->sin_port = htons(port);
      size = sizeof *address;
    }
    auto* generic = static_cast<sockaddr*>(static_cast<void*>(&storage));
    usable_ = ::bind(socket_.get(), generic, size) == 0 && ::listen(socket_.get(), 8) == 0 &&
              ::getsockname(socket_.get(), generic, &size) == 0;
    port_ = ntohs(family == AF_INET6
                      ? static_cast<sockaddr_in6*>(static_cast<void*>(&storage))->sin6_port
                      : static_cast<sockaddr_in*>(static_cast<void*>(&storage))->sin_port);
  }
  [[nodiscard]] bool usable() const { return usable_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] Descriptor accept() const {
    return Descriptor{::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
  }

 private:
  Descriptor socket_;
  std::uint16_t port_{};
  bool usable_{};
};

bool send(const Descriptor& peer, std::string_view bytes) {
  return ::send(peer.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

std::size_t threads() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/task"}) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

// ThreadSanitizer starts a thread of its own with the first one of a program; this is that first
// one, so that it is not taken for a thread that was left.
void start_a_first_thread() {
  std::filesystem::path task{"/proc/self/task"};
  std::thread{[&] { task /= std::to_string(::gettid()); }}.join();
  boost::asio::io_context context;
  // join() returns a little before the kernel forgets the thread.
  ASSERT_TRUE(run_until(context, [&] { return !std::filesystem::exists(task); }));
}

struct ATcpSource : testing::Test {
  ~ATcpSource() override {
    if (!source) return;
    source->stop();
    EXPECT_TRUE(drains()) << "the context does not end after stop";
  }

  void start(std::uint16_t port, const std::string& host = "127.0.0.1",
             milliseconds silence = 200s) {
    source = std::make_unique<Source>(context, TcpTarget{host, port},
                                      link::LinkSettings{.silence = silence}, heard.handlers());
    source->start();
  }

  bool drains() {
    context.restart();
    context.run_for(1500ms);
    return context.stopped();
  }

  Descriptor accepted(const Listener& listener) {
    Descriptor peer;
    run_until(context, [&] {
      peer = listener.accept();
      return static_cast<bool>(peer);
    });
    return peer;
  }

  bool heard_bytes(std::string_view bytes) {
    return run_until(context, [&] { return heard.bytes == bytes; });
  }

  boost::asio::io_context context{1};
  Heard heard;
  std::unique_ptr<Source> source;
};

TEST_F(ATcpSource, hands_over_what_the_peer_sends) {
  const Listener listener;
  start(listener.port());
  const Descriptor peer = accepted(listener);

  ASSERT_TRUE(send(peer, "of a telegram\r\n!\r\n/whole\r\n!\r\n"));

  EXPECT_TRUE(heard_bytes("of a telegram\r\n!\r\n/whole\r\n!\r\n"));
  EXPECT_EQ(heard.changes, std::vector<std::string>{"connected tcp://127.0.0.1:" +
                                                    std::to_string(listener.port())});
}

TEST_F(ATcpSource, speaks_ipv6) {
  const Listener listener{AF_INET6};
  if (!listener.usable()) GTEST_SKIP() << "no IPv6 here";
  start(listener.port(), "::1");
  const Descriptor peer = accepted(listener);

  ASSERT_TRUE(send(peer, "six"));

  EXPECT_TRUE(heard_bytes("six"));
  EXPECT_EQ(heard.changes[0], "connected tcp://[::1]:" + std::to_string(listener.port()));
}

TEST_F(ATcpSource, finds_a_host_by_name) {
  const Listener listener;
  start(listener.port(), "localhost");
  const Descriptor peer = accepted(listener);

  ASSERT_TRUE(send(peer, "named"));

  EXPECT_TRUE(heard_bytes("named"));
}

TEST_F(ATcpSource, reconnects_within_two_seconds_of_a_cut) {
  const Listener listener;
  start(listener.port());
  heard.on_bytes = [&](std::string_view) { source->telegram_seen(); };
  for (int round = 0; round < 5; ++round) {
    heard.bytes.clear();
    Descriptor peer = accepted(listener);
    ASSERT_TRUE(send(peer, "/half a tele"));
    ASSERT_TRUE(heard_bytes("/half a tele"));
    peer = Descriptor{};
    const int before = heard.reopened;
    ASSERT_TRUE(run_until(
        context, [&] { return heard.reopened > before; }, 4s));
  }
  EXPECT_EQ(source->reopened_count(), 5U);
  EXPECT_EQ(heard.changes[1],
            "lost tcp://127.0.0.1:" + std::to_string(listener.port()) + ": closed by the peer");
}

TEST_F(ATcpSource, waits_for_a_peer_that_refuses_and_says_so_once) {
  std::uint16_t port = 0;
  {
    const Listener listener;
    port = listener.port();
  }
  start(port);
  EXPECT_FALSE(run_until(
      context, [&] { return heard.changes.size() > 1; }, 1300ms));
  EXPECT_EQ(heard.changes, std::vector<std::string>{"absent tcp://127.0.0.1:" +
                                                    std::to_string(port) + ": Connection refused"});

  const Listener listener{AF_INET, port};
  ASSERT_TRUE(listener.usable());

  EXPECT_TRUE(run_until(
      context, [&] { return heard.reopened == 1; }, 4s));
}

TEST_F(ATcpSource, reopens_a_connection_that_died_silently) {
  const Listener listener;
  start(listener.port(), "127.0.0.1", 400ms);
  const Descriptor peer = accepted(listener);
  heard.on_bytes = [&](std::string_view) { source->telegram_seen(); };
  ASSERT_TRUE(send(peer, "/telegram\r\n!\r\n"));
  ASSERT_TRUE(run_until(context, [&] { return !heard.bytes.empty(); }));

  ASSERT_TRUE(run_until(
      context, [&] { return heard.reopened == 2; }, 10s));

  EXPECT_EQ(heard.changes[1],
            "lost tcp://127.0.0.1:" + std::to_string(listener.port()) + ": no telegram for 400 ms");
  const Descriptor again = accepted(listener);
  ASSERT_TRUE(again);
}

TEST_F(ATcpSource, does_not_take_noise_for_life) {
  const Listener listener;
  start(listener.port(), "127.0.0.1", 300ms);
  const Descriptor peer = accepted(listener);
  boost::asio::steady_timer noise{context};

  EXPECT_TRUE(run_until(
      context,
      [&] {
        static_cast<void>(send(peer, "noise"));
        return heard.reopened == 2;
      },
      10s));
}

TEST_F(ATcpSource, takes_the_silence_limit_that_comes_with_a_telegram_at_once) {
  const Listener listener;
  start(listener.port(), "127.0.0.1", 200s);
  const Descriptor peer = accepted(listener);
  heard.on_bytes = [&](std::string_view) {
    source->telegram_seen();
    source->set_silence(300ms);
  };

  ASSERT_TRUE(send(peer, "/telegram\r\n!\r\n"));

  EXPECT_TRUE(run_until(
      context, [&] { return heard.reopened == 2; }, 10s));
}

TEST_F(ATcpSource, says_that_a_host_is_not_known) {
  start(1234, "no-such-host.invalid");

  ASSERT_TRUE(run_until(context, [&] { return !heard.changes.empty(); }));
  EXPECT_TRUE(heard.changes[0].starts_with(
      "absent tcp://no-such-host.invalid:1234: host no-such-host.invalid: "))
      << heard.changes[0];
}

TEST_F(ATcpSource, stops_while_it_asks_for_a_name_connects_reads_and_waits) {
  start_a_first_thread();
  const auto before = threads();
  {
    start(1234, "no-such-host.invalid");
    context.restart();
    context.poll();
    source->stop();
    EXPECT_TRUE(drains()) << "asking";
  }
  start(9, "192.0.2.1");  // a network that is nowhere (RFC 5737)
  context.restart();
  context.poll();
  source->stop();
  EXPECT_TRUE(drains()) << "connecting";

  const Listener listener;
  start(listener.port());
  ASSERT_TRUE(accepted(listener));
  source->stop();
  EXPECT_TRUE(drains()) << "reading";

  start(1, "127.0.0.1");
  ASSERT_TRUE(run_until(context, [&] {
    return !heard.changes.empty() && heard.changes.back().starts_with("absent");
  }));
  source->stop();
  EXPECT_TRUE(drains()) << "waiting";

  source.reset();
  EXPECT_TRUE(run_until(
      context, [&] { return threads() <= before; }, 30s))
      << "a thread was left";
}

}  // namespace
}  // namespace p1meter
