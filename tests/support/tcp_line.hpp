// SPDX-License-Identifier: Apache-2.0
// Tests: a meter behind a TCP port, written by hand.
#pragma once

#include <arpa/inet.h>
#include <chrono>
#include <cstdint>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace p1meter::test {

/// Listens on a free loopback port and talks to one connection at a time.
class TcpLine {
 public:
  TcpLine() : listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, plain, sizeof address) != 0 || listen(listener_, 4) != 0 ||
        getsockname(listener_, plain, &size) != 0)
      throw std::runtime_error{"cannot listen"};
    port_ = ntohs(address.sin_port);
  }
  ~TcpLine() {
    hang_up();
    close(listener_);
  }
  TcpLine(const TcpLine&) = delete;
  TcpLine& operator=(const TcpLine&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Waits for the next connection. After hang_up() it also proves that all was read, for its end
  /// comes last.
  [[nodiscard]] bool is_called(std::chrono::milliseconds patience = std::chrono::seconds{10}) {
    pollfd waiting{listener_, POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(patience.count())) != 1) return false;
    hang_up();
    connection_ = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    return connection_ >= 0;
  }
  [[nodiscard]] bool send(std::string_view bytes) const {
    return ::send(connection_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  void hang_up() {
    if (connection_ >= 0) close(std::exchange(connection_, -1));
  }

 private:
  int listener_;
  int connection_{-1};
  std::uint16_t port_{};
};

}  // namespace p1meter::test
