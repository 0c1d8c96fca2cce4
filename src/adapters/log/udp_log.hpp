// SPDX-License-Identifier: Apache-2.0
// Log adapter: log lines as datagrams to one address, on a thread of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace p1meter::log {

/// Sends lines to host:port and never makes who hands them over wait: the name is looked up and the
/// datagrams are sent on a thread of its own.
///
/// Drops     the oldest of more than 256 waiting lines, lines for a host whose name is not found,
///           and what the network refuses; counted. UDP itself may lose more, silently
/// Threads   any
class UdpLog {
 public:
  /// Errors    throws std::system_error when the system gives no thread
  UdpLog(std::string host, std::uint16_t port);
  /// What waits is sent if that takes no time; a look-up that takes long goes on without its owner.
  ~UdpLog();
  UdpLog(const UdpLog&) = delete;
  UdpLog& operator=(const UdpLog&) = delete;
  UdpLog(UdpLog&&) = delete;
  UdpLog& operator=(UdpLog&&) = delete;

  void send(std::string line);
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct Core;
  std::shared_ptr<Core> core_;
};

}  // namespace p1meter::log
