// SPDX-License-Identifier: Apache-2.0
// Tests: a TCP connection that can be cut in its middle.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "support/mosquitto.hpp"

namespace p1meter::test {

/// Listens on a port of its own and carries bytes to and from another one, until it is told to cut.
class TcpProxy {
 public:
  explicit TcpProxy(std::uint16_t target) : target_{target}, listener_{listen_on(port_)} {
    thread_ = std::thread{[this] { run(); }};
  }
  ~TcpProxy() {
    stop_ = true;
    thread_.join();
    close(listener_);
    cut();
  }
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;
  TcpProxy(TcpProxy&&) = delete;
  TcpProxy& operator=(TcpProxy&&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// Ends all connections, without a word to either side.
  void cut() {
    const std::lock_guard lock{mutex_};
    for (const Pair& pair : pairs_) end(pair);
    pairs_.clear();
  }

 private:
  struct Pair {
    int client{};
    int server{};
  };

  static int listen_on(std::uint16_t& port) {
    port = free_port();
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto address = loopback(port);
    if (bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(descriptor, 8) != 0)
      throw std::runtime_error{"the proxy cannot listen"};
    return descriptor;
  }
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static void end(const Pair& pair) {
    // Reset instead of an orderly end: what a cut cable or a dying router looks like at last.
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    for (const int descriptor : {pair.client, pair.server}) {
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      close(descriptor);
    }
  }

  void run() {
    constexpr int tick = 2;  // ms
    while (!stop_) {
      std::vector<pollfd> watched{{.fd = listener_, .events = POLLIN, .revents = 0}};
      const std::lock_guard lock{mutex_};
      for (const Pair& pair : pairs_) {
        watched.push_back({.fd = pair.client, .events = POLLIN, .revents = 0});
        watched.push_back({.fd = pair.server, .events = POLLIN, .revents = 0});
      }
      if (poll(watched.data(), watched.size(), tick) <= 0) continue;
      std::size_t at = 1;
      for (auto pair = pairs_.begin(); pair != pairs_.end(); at += 2) {
        const bool lives = carry(watched[at], pair->server) && carry(watched[at + 1], pair->client);
        if (!lives) end(*pair);
        pair = lives ? std::next(pair) : pairs_.erase(pair);
      }
      if ((watched[0].revents & POLLIN) != 0) accept_one();
    }
  }
  static bool carry(const pollfd& from, int to) {
    if ((from.revents & (POLLIN | POLLHUP | POLLERR)) == 0) return true;
    std::array<char, 65536> buffer{};
    const auto count = read(from.fd, buffer.data(), buffer.size());
    if (count <= 0) return false;
    for (ssize_t sent = 0; sent < count;) {
      const auto more =
          send(to, buffer.data() + sent, static_cast<std::size_t>(count - sent), MSG_NOSIGNAL);
      if (more <= 0) return false;
      sent += more;
    }
    return true;
  }
  void accept_one() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(target_);
    if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      pairs_.push_back({client, server});
    } else {
      end({client, server});
    }
  }

  std::uint16_t target_;
  std::uint16_t port_{};
  int listener_;
  std::atomic<bool> stop_{};
  std::mutex mutex_{};
  std::list<Pair> pairs_{};
  std::thread thread_{};
};

}  // namespace p1meter::test
