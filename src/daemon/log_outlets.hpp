// SPDX-License-Identifier: Apache-2.0
// Daemon: the log's lines on <base>/log and as datagrams.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "adapters/log/udp_log.hpp"
#include "daemon/compose.hpp"
#include "daemon/handover.hpp"

namespace p1meter::daemon {

/// Drops     while no broker is there, all but the newest 64 lines; with a broker, what its sink
///           has no place for; datagrams as UdpLog does. All of it is counted.
/// Threads   the read loop, but for the lines, which come from everywhere
class LogOutlets {
 public:
  LogOutlets(boost::asio::io_context& context, const Parts& parts);
  ~LogOutlets();
  LogOutlets(const LogOutlets&) = delete;
  LogOutlets& operator=(const LogOutlets&) = delete;
  LogOutlets(LogOutlets&&) = delete;
  LogOutlets& operator=(LogOutlets&&) = delete;

  /// Does what the settings of the parts say, from now on.
  void apply();
  /// Lines that wait for a broker, or for the read loop's next turn, leave now, if one is there.
  void deliver_all();

  [[nodiscard]] std::uint64_t topic_dropped() const {
    return topic_dropped_ + from_everywhere_.dropped();
  }
  [[nodiscard]] std::uint64_t udp_dropped() const {
    return udp_dropped_ + (udp_ ? udp_->dropped() : 0);
  }

 private:
  void keep(std::string line);
  void deliver();
  void apply_udp();

  const Parts& parts_;
  Handover<std::string> from_everywhere_;
  std::deque<std::string> waiting_{};
  std::uint64_t topic_dropped_{};
  std::uint64_t udp_dropped_{};  // by those before
  settings::BrokerAddress udp_address_{};
  std::unique_ptr<log::UdpLog> udp_{};
};

}  // namespace p1meter::daemon
