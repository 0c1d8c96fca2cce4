// SPDX-License-Identifier: Apache-2.0
// Source adapter: TCP sockets and host names, without Asio.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <vector>

#include "adapters/source/descriptor.hpp"
#include "p1meter/values/result.hpp"

namespace p1meter {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size{};
};
using SocketAddresses = Result<std::vector<SocketAddress>, std::string>;  // or why there is none

/// "tcp://host:port", an IPv6 address in brackets.
[[nodiscard]] std::string tcp_name(const std::string& host, std::uint16_t port);

/// One host name's addresses, asked for on a thread of its own: the system's resolver blocks for
/// many seconds when the network is away, and can neither be cancelled nor be waited for at the end
/// of the program. Numeric addresses need no thread.
///
/// Threads   `done` is called once on the other thread, unless the lookup was destroyed before;
/// then
///           the other thread ends by itself, touching nothing
class NameLookup {
 public:
  NameLookup(const std::string& host, std::uint16_t port, std::function<void()> done);
  ~NameLookup();
  NameLookup(const NameLookup&) = delete;
  NameLookup(NameLookup&&) = delete;
  NameLookup& operator=(const NameLookup&) = delete;
  NameLookup& operator=(NameLookup&&) = delete;

  [[nodiscard]] bool finished() const;
  /// Only when finished; once.
  [[nodiscard]] SocketAddresses take();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// A non-blocking socket on its way to the address; writable when the attempt is decided.
[[nodiscard]] Result<Descriptor, std::string> begin_connect(const SocketAddress& address);

/// Empty when the attempt has led to a connection, else the reason.
[[nodiscard]] std::string connect_error(int fd);

}  // namespace p1meter
