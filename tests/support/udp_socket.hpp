// SPDX-License-Identifier: Apache-2.0
// Tests: a socket that takes datagrams on a free loopback port.
#pragma once

#include <arpa/inet.h>
#include <array>
#include <memory>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

#include "support/process.hpp"

namespace p1meter::test {

class UdpSocket {
 public:
  /// `port` 0: a free one.
  explicit UdpSocket(std::uint16_t port = 0) : descriptor_{open(AF_INET)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind_to(address);
    port_ = ntohs(address.sin_port);
  }
  /// At ::1 only. Errors    throws std::runtime_error where there is no IPv6
  [[nodiscard]] static std::unique_ptr<UdpSocket> of_ipv6() {
    return std::unique_ptr<UdpSocket>{new UdpSocket{Ipv6{}}};
  }
  ~UdpSocket() { close(descriptor_); }
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// All datagrams so far, one after the other.
  [[nodiscard]] const std::string& text() {
    std::array<char, 65536> buffer{};
    for (ssize_t got = 0; (got = recv(descriptor_, buffer.data(), buffer.size(), 0)) >= 0;)
      text_.append(buffer.data(), static_cast<std::size_t>(got));
    return text_;
  }
  [[nodiscard]] bool hears(std::string_view words, Clock::duration patience = 10s) {
    return eventually([&] { return text().find(words) != std::string::npos; }, patience);
  }

 private:
  struct Ipv6 {};
  explicit UdpSocket(Ipv6 /*tag*/) : descriptor_{open(AF_INET6)} {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    bind_to(address);
    port_ = ntohs(address.sin6_port);
  }
  static int open(int family) {
    return socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  }
  /// Fills in the port that was given.
  template <typename Address>
  void bind_to(Address& address) {
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    if (bind(descriptor_, plain, sizeof address) == 0 &&
        getsockname(descriptor_, plain, &size) == 0)
      return;
    close(descriptor_);
    throw std::runtime_error{"cannot bind"};
  }

  int descriptor_;
  std::uint16_t port_{};
  std::string text_{};
};

}  // namespace p1meter::test
