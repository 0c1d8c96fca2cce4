// SPDX-License-Identifier: Apache-2.0
// Source adapter: the inside of a source. Only this room's files include it, and Asio with it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>  // before Asio: Boost 1.74 uses std::exchange without it
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/source/descriptor.hpp"
#include "adapters/source/line_errors.hpp"
#include "adapters/source/socket.hpp"
#include "adapters/source/source.hpp"
#include "adapters/source/stream_input.hpp"

namespace p1meter {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using WaitKind = asio::posix::stream_descriptor::wait_type;

/// What is read, for people: "auto", a device, "tcp://host:port", a file, "standard input".
[[nodiscard]] std::string name_of(const SourceTarget& target);

[[nodiscard]] inline bool has_expired(const asio::steady_timer& timer) {
  return timer.expiry() <= asio::steady_timer::clock_type::now();
}

/// The coroutine `drive` and what it works on. It holds its own reference, so that a source may go
/// while the context still has to deliver the end of an operation.
struct Source::Impl {
  Impl(asio::io_context& io_context, SourceTarget source_target, link::LinkSettings link_settings,
       SourceHandlers source_handlers);

  static asio::awaitable<void> drive(std::shared_ptr<Impl> self);
  asio::awaitable<link::Event> perform(link::Action action);
  asio::awaitable<link::Event> open(link::LineSettings line);
  asio::awaitable<link::Event> connect();
  asio::awaitable<bool> try_address(SocketAddress address);
  asio::awaitable<bool> find_addresses();
  asio::awaitable<link::Event> read(std::optional<milliseconds> deadline);
  asio::awaitable<void> until_readable();
  asio::awaitable<link::Event> wait(milliseconds delay);

  link::Event open_serial_port(const link::LineSettings& line);
  link::Event open_stream();
  void begin_lookup();
  bool end_lookup();
  std::string watch(Descriptor opened_descriptor);
  std::optional<link::Event> take_bytes();
  [[nodiscard]] link::Event read_failed(int error) const;
  [[nodiscard]] link::Event input_ended() const;
  std::optional<link::Event> interruption();
  void arm(milliseconds deadline);
  void disarm();
  void close();
  void look_for_line_errors();
  void stop();
  void tell(const link::Step& step) const;
  void opened();

  asio::io_context& context;
  SourceTarget target;
  SourceHandlers handlers;
  link::LinkMachine machine;
  asio::posix::stream_descriptor
      descriptor;  // serial port, socket, or stream that can be waited for
  asio::steady_timer timer;
  asio::steady_timer lookup_timer;
  std::weak_ptr<Impl> self{};  // for completions that may come when all else has gone
  std::optional<StreamInput> stream{};
  std::unique_ptr<NameLookup> lookup{};  // outlives an attempt that did not want to wait for it
  LineErrorCounter line_errors;          // of a serial port
  std::string where;
  std::vector<SocketAddress> addresses{};  // of the host, tried in order
  std::string attempt_error{};             // of the last connection that did not come about
  std::vector<char> buffer;
  std::uint64_t timer_round{};  // a timer of an earlier round that fires late is ignored
  std::uint64_t reopened{};
  bool timed_out{};
  bool bytes_came{};
  bool telegram{};
  bool was_open{};
  bool open_now{};
  bool waited{};
  bool stopping{};
};

}  // namespace p1meter
