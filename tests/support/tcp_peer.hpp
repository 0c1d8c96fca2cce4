// SPDX-License-Identifier: Apache-2.0
// Tests: somebody at the other end of a TCP connection who does not behave like a broker.
#pragma once

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <functional>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace p1meter::test {

/// Listens on a free loopback port and gives each first packet of a connection to `answer`: what it
/// returns is sent back; an empty answer keeps the connection open in silence, "close" ends it.
class TcpPeer {
 public:
  using Answer = std::function<std::string(std::string_view first_bytes)>;
  static constexpr const char* close_it = "close";

  explicit TcpPeer(Answer answer) : answer_{std::move(answer)} {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener_, 16) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error{"cannot listen"};
    port_ = ntohs(address.sin_port);
    end_ = eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread{[this] { serve(); }};
  }
  ~TcpPeer() {
    eventfd_write(end_, 1);
    thread_.join();
    close(listener_);
    close(end_);
  }
  TcpPeer(const TcpPeer&) = delete;
  TcpPeer& operator=(const TcpPeer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int connections() const { return connections_; }
  /// First packets that arrived.
  [[nodiscard]] int packets() const { return packets_; }

 private:
  void serve() {
    std::vector<pollfd> all{{end_, POLLIN, 0}, {listener_, POLLIN, 0}};
    while (true) {
      poll(all.data(), all.size(), -1);
      if (all[0].revents != 0) break;
      for (std::size_t i = all.size(); i-- > 2;) {
        if (all[i].revents != 0 && !read_from(all[i].fd)) {
          close(all[i].fd);
          all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
        }
      }
      if (all[1].revents == 0) continue;
      all.push_back({accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), POLLIN, 0});
      ++connections_;
    }
    for (std::size_t i = 2; i < all.size(); ++i) close(all[i].fd);
  }
  /// False when the connection is to end.
  bool read_from(int descriptor) {
    std::array<char, 4096> buffer{};
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count <= 0) return false;
    ++packets_;
    const std::string answer = answer_({buffer.data(), static_cast<std::size_t>(count)});
    if (answer == close_it) return false;
    return send(descriptor, answer.data(), answer.size(), MSG_NOSIGNAL) >= 0;
  }

  Answer answer_;
  int listener_{-1};
  int end_{-1};
  std::uint16_t port_{};
  std::atomic<int> connections_{0};
  std::atomic<int> packets_{0};
  std::thread thread_{};
};

/// The protocol level in a CONNECT packet: 4 is MQTT 3.1.1, 5 is MQTT 5. 0: it is no CONNECT.
inline int connect_version(std::string_view packet) {
  const auto name = packet.find("MQTT");
  return name == std::string_view::npos || name + 4 >= packet.size() ? 0 : packet[name + 4];
}

/// An address that takes no connection and refuses none: a listener whose queue is full.
class BlackHole {
 public:
  BlackHole() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, plain, sizeof address) != 0 || listen(listener_, 0) != 0 ||
        getsockname(listener_, plain, &size) != 0)
      throw std::runtime_error{"cannot listen"};
    port_ = ntohs(address.sin_port);
    for (int& waiting : waiting_) {
      waiting = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      static_cast<void>(connect(waiting, plain, sizeof address));
    }
  }
  ~BlackHole() {
    for (const int waiting : waiting_) close(waiting);
    close(listener_);
  }
  BlackHole(const BlackHole&) = delete;
  BlackHole& operator=(const BlackHole&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  int listener_{-1};
  std::uint16_t port_{};
  std::array<int, 4> waiting_{};
};

}  // namespace p1meter::test
