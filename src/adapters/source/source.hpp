// SPDX-License-Identifier: Apache-2.0
// Source adapters: a device or socket to byte chunks. Performs what the link machine says; decides
// nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/source/line_errors.hpp"
#include "adapters/source/serial_places.hpp"
#include "p1meter/links/link_machine.hpp"
#include "p1meter/values/time.hpp"

// Asio is included by the .cpp files only (15 s to compile): its context comes by reference.
namespace boost::asio {
class io_context;
}

namespace p1meter {

/// Where to read. An empty device means auto: the one /dev/p1meter*, else the one serial port in
/// /dev/serial/by-id; with several none is opened (opening a port can reset another device) and the
/// reason lists them.
struct SerialTarget {
  std::string device{};
  std::vector<link::LineSettings> probe{};  // tried in order; at least one
  SerialPlaces places{};                    // where auto looks
  LineErrorCounter::Reader counters{read_line_counters};
};
struct TcpTarget {
  std::string host{};
  std::uint16_t port{};
};
struct StreamTarget {  // file or standard input ("-"): read to its end as fast as it comes, once
  std::string path{};
};
using SourceTarget = std::variant<SerialTarget, TcpTarget, StreamTarget>;

/// What a source reports, all on the io_context's thread. Any may be empty; any may call the
/// source's own functions, stop included.
struct SourceHandlers {
  std::function<void(std::string_view bytes)> bytes{};  // at most 64 KiB, valid during the call
  std::function<void()> reopened{};  // before the first bytes of each new connection
  /// Once per change of state, for the log. `where` names device and line settings, address or
  /// file.
  std::function<void(const link::Step& step, const std::string& where)> changed{};
  std::function<void()> ended{};  // StreamTarget: end of input, or it broke (changed said why)
};

/// One supervised byte source. Lives as long as its io_context runs.
///
/// Use       start once; then what the handlers ask for. No handler is called after stop.
/// Threads   the io_context's one thread. A host name is looked up on a second one.
class Source {
 public:
  Source(boost::asio::io_context& context, SourceTarget target, link::LinkSettings settings,
         SourceHandlers handlers);
  ~Source();
  Source(const Source&) = delete;
  Source(Source&&) = delete;
  Source& operator=(const Source&) = delete;
  Source& operator=(Source&&) = delete;

  void start();
  /// Closes and lets the context drain: run() returns once all sources have stopped and nothing
  /// else waits.
  void stop();
  /// A telegram that passed its checks came from the bytes just handed over. Called by the bytes
  /// handler.
  void telegram_seen();
  /// The meter's offline limit: a socket that yields no valid telegram for so long is reopened.
  /// Takes effect with the telegram that the running bytes handler has seen or the next one; does
  /// nothing to serial ports and streams.
  void set_silence(milliseconds silence);
  /// The line settings that work, to be remembered and tried first.
  [[nodiscard]] std::optional<link::LineSettings> settled() const;
  /// What is read, for people: device and line settings, address or file.
  [[nodiscard]] const std::string& where() const noexcept;
  /// True while it is open and bytes may come.
  [[nodiscard]] bool is_open() const noexcept;
  /// Connections after the first, those of probing not counted.
  [[nodiscard]] std::uint64_t reopened_count() const noexcept;
  /// Errors on the serial line since the start, as its driver counts them: asks the driver, and
  /// gives what is known when the port is closed. Nothing where no driver counts.
  [[nodiscard]] std::optional<LineErrors> line_errors();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace p1meter
