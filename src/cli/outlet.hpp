// SPDX-License-Identifier: Apache-2.0
// CLI: where simulated telegrams go.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/stop_signal.hpp"
#include "p1meter/links/link_machine.hpp"
#include "p1meter/values/result.hpp"

namespace p1meter::cli {

using Clock = std::chrono::steady_clock;

/// How sending or waiting ended.
enum class Flow : std::uint8_t {
  go_on,
  stopped,      // by a signal
  reader_gone,  // nobody takes what is sent any more
  failed,       // errno says why
};

/// A descriptor: standard output, a file, a serial port, or the master of a pseudo terminal.
class DescriptorOutlet {
 public:
  enum class Kind : std::uint8_t { standard_output, file, serial, terminal };

  /// Owns `descriptor` (but standard output) and `slave`, which keeps a terminal alive while
  /// nobody reads it.
  DescriptorOutlet(Kind kind, int descriptor, int slave = -1) noexcept;
  ~DescriptorOutlet();
  DescriptorOutlet(DescriptorOutlet&& other) noexcept;
  DescriptorOutlet& operator=(DescriptorOutlet&&) = delete;
  DescriptorOutlet(const DescriptorOutlet&) = delete;
  DescriptorOutlet& operator=(const DescriptorOutlet&) = delete;

  [[nodiscard]] Flow wait_for_reader(const StopSignal& stop);
  /// paced: a real meter does not wait, so what a terminal's reader has not fetched is dropped.
  [[nodiscard]] Flow send(std::string_view telegram, bool paced, const StopSignal& stop);
  [[nodiscard]] Flow wait_until(Clock::time_point due, const StopSignal& stop);
  /// Lets what is under way arrive.
  [[nodiscard]] Flow finish(const StopSignal& stop);

 private:
  [[nodiscard]] Flow wait_for_room(const StopSignal& stop) const;
  [[nodiscard]] Flow wait_until_read(const StopSignal& stop);

  Kind kind_;
  int descriptor_;
  int slave_;
};

/// A listening socket and all who have connected. A client that does not keep up misses whole
/// telegrams; at full speed everybody waits for the slowest.
class TcpOutlet {
 public:
  explicit TcpOutlet(int listener) noexcept : listener_{listener} {}
  ~TcpOutlet();
  TcpOutlet(TcpOutlet&& other) noexcept;
  TcpOutlet& operator=(TcpOutlet&&) = delete;
  TcpOutlet(const TcpOutlet&) = delete;
  TcpOutlet& operator=(const TcpOutlet&) = delete;

  [[nodiscard]] Flow wait_for_reader(const StopSignal& stop);
  [[nodiscard]] Flow send(std::string_view telegram, bool paced, const StopSignal& stop);
  [[nodiscard]] Flow wait_until(Clock::time_point due, const StopSignal& stop);
  [[nodiscard]] Flow finish(const StopSignal& stop);

 private:
  struct Client {
    int descriptor{-1};
    std::string pending{};
    bool gone{};
  };

  /// Waits until something happens or `due` has come, and deals with it.
  [[nodiscard]] Flow turn(std::optional<Clock::time_point> due, const StopSignal& stop);
  void accept_client();
  static void serve(Client& client, short events);
  [[nodiscard]] bool backlog(std::size_t limit) const;

  int listener_;
  std::vector<Client> clients_{};
};

using Outlet = std::variant<DescriptorOutlet, TcpOutlet>;

struct OutletError {
  int exit_code{};
  std::string reason{};
};

/// Opens what --to names: "" or "-" (standard output), "pty", "tcp://:PORT", "serial:/dev/...", or
/// a file. Says on standard error where a reader can connect.
[[nodiscard]] Result<Outlet, OutletError> open_outlet(const std::string& to,
                                                      const link::LineSettings& line);

}  // namespace p1meter::cli
