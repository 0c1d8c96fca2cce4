// SPDX-License-Identifier: Apache-2.0
// Source adapters: performs what the link machine says. The only file of the room that includes
// Asio.
#include "adapters/source/source.hpp"

#include <array>
#include <cerrno>
#include <exception>
#include <system_error>
#include <unistd.h>
#include <utility>  // before Asio: Boost 1.74 uses std::exchange without it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/source/serial_line.hpp"
#include "adapters/source/socket.hpp"
#include "adapters/source/stream_input.hpp"

namespace p1meter {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using WaitKind = asio::posix::stream_descriptor::wait_type;

namespace {

constexpr milliseconds connect_limit{5000};
constexpr std::size_t live_chunk = 4 * 1024;     // a telegram or a few
constexpr std::size_t stream_chunk = 64 * 1024;  // a file is read as fast as it comes

std::string device_gone(const std::string& detail) {
  return detail.empty() ? "the device is gone" : "the device is gone (" + detail + ")";
}

std::string name_of(const SourceTarget& target) {
  if (const auto* serial = std::get_if<SerialTarget>(&target)) {
    return serial->device.empty() ? "auto" : serial->device;
  }
  if (const auto* tcp = std::get_if<TcpTarget>(&target)) return tcp_name(tcp->host, tcp->port);
  const auto& path = std::get<StreamTarget>(target).path;
  return path == "-" ? "standard input" : path;
}

bool has_expired(const asio::steady_timer& timer) {
  return timer.expiry() <= asio::steady_timer::clock_type::now();
}

link::LinkSettings complete(link::LinkSettings settings, const SourceTarget& target) {
  if (const auto* serial = std::get_if<SerialTarget>(&target)) {
    settings.probe = serial->probe;
    settings.silence.reset();
  } else {
    settings.probe.clear();
  }
  settings.once = std::holds_alternative<StreamTarget>(target);
  if (settings.once) settings.silence.reset();
  return settings;
}

}  // namespace

/// The coroutine `drive` and what it works on. It holds its own reference, so that a source may go
/// while the context still has to deliver the end of an operation.
struct Source::Impl {
  Impl(asio::io_context& io_context, SourceTarget source_target, link::LinkSettings link_settings,
       SourceHandlers source_handlers)
      : context{io_context},
        target{std::move(source_target)},
        handlers{std::move(source_handlers)},
        machine{complete(std::move(link_settings), target)},
        descriptor{io_context},
        timer{io_context},
        lookup_timer{io_context},
        where{name_of(target)},
        buffer(std::holds_alternative<StreamTarget>(target) ? stream_chunk : live_chunk) {}

  static asio::awaitable<void> drive(std::shared_ptr<Impl> self);
  asio::awaitable<link::Event> perform(link::Action action);
  asio::awaitable<link::Event> open(link::LineSettings line);
  asio::awaitable<link::Event> connect();
  asio::awaitable<std::string> try_address(SocketAddress address);
  asio::awaitable<SocketAddresses> find_addresses();
  asio::awaitable<link::Event> read(std::optional<milliseconds> deadline);
  asio::awaitable<void> until_readable();
  asio::awaitable<link::Event> wait(milliseconds delay);

  link::Event open_serial_port(const link::LineSettings& line);
  link::Event open_stream();
  std::string watch(Descriptor opened_descriptor);
  std::optional<link::Event> take_bytes();
  link::Event read_failed(int error) const;
  link::Event input_ended() const;
  std::optional<link::Event> interruption();
  void arm(milliseconds deadline);
  void disarm();
  void close();
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
  std::string where;
  std::vector<char> buffer;
  std::uint64_t timer_round{};  // a timer of an earlier round that fires late is ignored
  std::uint64_t reopened{};
  bool timed_out{};
  bool bytes_came{};
  bool telegram{};
  bool was_open{};
  bool waited{};
  bool stopping{};
};

asio::awaitable<void> Source::Impl::drive(std::shared_ptr<Impl> self) {
  for (link::Event event = link::Started{};;) {
    if (self->stopping) event = link::StopRequested{};
    const link::Step step = self->machine.resume(event);
    if (std::holds_alternative<link::Opened>(event)) self->opened();
    self->tell(step);
    if (std::holds_alternative<link::Finish>(step.action)) break;
    event = co_await self->perform(step.action);
  }
  self->close();
  if (!self->stopping && self->handlers.ended) self->handlers.ended();
}

asio::awaitable<link::Event> Source::Impl::perform(link::Action action) {
  if (const auto* to_open = std::get_if<link::Open>(&action))
    co_return co_await open(to_open->line);
  if (const auto* to_read = std::get_if<link::Read>(&action)) {
    co_return co_await read(to_read->deadline);
  }
  co_return co_await wait(std::get<link::Wait>(action).delay);
}

asio::awaitable<link::Event> Source::Impl::open(link::LineSettings line) {
  close();
  if (std::holds_alternative<TcpTarget>(target)) co_return co_await connect();
  if (std::holds_alternative<StreamTarget>(target)) co_return open_stream();
  co_return open_serial_port(line);
}

link::Event Source::Impl::open_serial_port(const link::LineSettings& line) {
  const auto& serial = std::get<SerialTarget>(target);
  std::string device = serial.device;
  where = name_of(target);
  if (device.empty()) {
    auto found = find_serial_port(serial.places);
    if (!found) return link::OpenFailed{found.error()};
    device = std::move(*found);
    where = device;
  }
  auto port = open_serial(device, line);
  if (!port) return port.error();
  where += ' ' + to_string(line);
  if (auto reason = watch(std::move(*port)); !reason.empty()) {
    return link::OpenFailed{std::move(reason)};
  }
  return link::Opened{};
}

link::Event Source::Impl::open_stream() {
  auto opened_stream = StreamInput::open(std::get<StreamTarget>(target).path);
  if (!opened_stream) return link::OpenFailed{opened_stream.error()};
  stream.emplace(std::move(*opened_stream));
  ErrorCode error;
  if (stream->can_wait()) descriptor.assign(stream->get(), error);
  if (error) return link::OpenFailed{error.message()};
  return link::Opened{};
}

// Empty when the context waits for the descriptor from now on, else the reason.
std::string Source::Impl::watch(Descriptor opened_descriptor) {
  ErrorCode error;
  descriptor.assign(opened_descriptor.get(), error);
  if (error) return error.message();
  static_cast<void>(opened_descriptor.release());
  return {};
}

asio::awaitable<link::Event> Source::Impl::connect() {
  const SocketAddresses addresses = co_await find_addresses();
  if (!addresses) co_return link::OpenFailed{addresses.error()};
  std::string reason = "no address";
  for (const auto& address : *addresses) {
    reason = co_await try_address(address);
    if (reason.empty()) co_return link::Opened{};
    close();
    if (stopping) break;
  }
  co_return link::OpenFailed{std::move(reason)};
}

asio::awaitable<SocketAddresses> Source::Impl::find_addresses() {
  const auto& tcp = std::get<TcpTarget>(target);
  if (!lookup) {
    // On the other thread: says that it is done, touches nothing here.
    auto done = [&io = context, owner = self] {
      asio::post(io, [owner] {
        if (const auto impl = owner.lock()) impl->lookup_timer.cancel();
      });
    };
    lookup = std::make_unique<NameLookup>(tcp.host, tcp.port, std::move(done));
  }
  lookup_timer.expires_after(connect_limit);
  while (!lookup->finished() && !stopping && !has_expired(lookup_timer)) {
    ErrorCode cancelled;
    co_await lookup_timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  if (!lookup->finished()) co_return tl::unexpected("host " + tcp.host + ": no answer within 5 s");
  SocketAddresses addresses = lookup->take();
  lookup.reset();
  co_return addresses;
}

// Empty when connected, else the reason.
asio::awaitable<std::string> Source::Impl::try_address(SocketAddress address) {
  auto socket = begin_connect(address);
  if (!socket) co_return socket.error();
  if (auto reason = watch(std::move(*socket)); !reason.empty()) co_return reason;
  arm(connect_limit);
  ErrorCode error;
  co_await descriptor.async_wait(WaitKind::wait_write,
                                 asio::redirect_error(asio::use_awaitable, error));
  disarm();
  if (timed_out) co_return "no answer within 5 s";
  if (error) co_return error.message();
  co_return connect_error(descriptor.native_handle());
}

asio::awaitable<link::Event> Source::Impl::read(std::optional<milliseconds> deadline) {
  bytes_came = false;
  timed_out = false;
  if (deadline) arm(*deadline);
  for (;;) {
    if (auto event = interruption()) {
      disarm();
      co_return std::move(*event);
    }
    co_await until_readable();
    if (stopping || timed_out) continue;
    if (auto event = take_bytes()) {
      disarm();
      co_return std::move(*event);
    }
  }
}

asio::awaitable<void> Source::Impl::until_readable() {
  if (descriptor.is_open()) {
    ErrorCode cancelled;  // an error of the device itself is told by the read that follows
    co_await descriptor.async_wait(WaitKind::wait_read,
                                   asio::redirect_error(asio::use_awaitable, cancelled));
  } else {
    co_await asio::post(context, asio::use_awaitable);  // lets everybody else have a turn
  }
}

std::optional<link::Event> Source::Impl::interruption() {
  if (stopping) return link::StopRequested{};
  if (telegram) {
    telegram = false;
    return link::TelegramSeen{};
  }
  if (timed_out) return link::TimerFired{bytes_came};
  return std::nullopt;
}

std::optional<link::Event> Source::Impl::take_bytes() {
  const int fd = stream ? stream->get() : descriptor.native_handle();
  const ssize_t size = ::read(fd, buffer.data(), buffer.size());
  if (size > 0) {
    bytes_came = true;
    if (handlers.bytes) handlers.bytes({buffer.data(), static_cast<std::size_t>(size)});
    return std::nullopt;
  }
  if (size == 0) return input_ended();
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return std::nullopt;
  return read_failed(errno);
}

link::Event Source::Impl::input_ended() const {
  if (stream) return link::Ended{};
  if (std::holds_alternative<TcpTarget>(target)) return link::Lost{"closed by the peer"};
  return link::Lost{device_gone({})};
}

link::Event Source::Impl::read_failed(int error) const {
  const std::string text = std::generic_category().message(error);
  if (std::holds_alternative<SerialTarget>(target)) return link::Lost{device_gone(text)};
  return link::Lost{text};
}

asio::awaitable<link::Event> Source::Impl::wait(milliseconds delay) {
  close();
  waited = true;
  timer.expires_after(delay);
  while (!stopping && !has_expired(timer)) {
    ErrorCode cancelled;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  co_return link::TimerFired{};
}

void Source::Impl::arm(milliseconds deadline) {
  timed_out = false;
  timer.expires_after(deadline);
  const auto round = ++timer_round;
  timer.async_wait([owner = self.lock(), round](const ErrorCode& error) {
    if (error || round != owner->timer_round) return;
    owner->timed_out = true;
    ErrorCode ignored;
    owner->descriptor.cancel(ignored);
  });
}

void Source::Impl::disarm() {
  ++timer_round;
  timer.cancel();
}

void Source::Impl::opened() {
  if (was_open && waited) ++reopened;
  was_open = true;
  waited = false;
  telegram = false;
  if (handlers.reopened) handlers.reopened();
}

void Source::Impl::close() {
  ErrorCode ignored;
  if (stream) {
    if (descriptor.is_open()) descriptor.release();  // the stream closes it
    stream.reset();
  } else if (descriptor.is_open()) {
    descriptor.close(ignored);
  }
}

void Source::Impl::stop() {
  stopping = true;
  timer.cancel();
  lookup_timer.cancel();
  ErrorCode ignored;
  descriptor.cancel(ignored);
}

void Source::Impl::tell(const link::Step& step) const {
  if (step.change != link::Change::none && !stopping && handlers.changed) {
    handlers.changed(step, where);
  }
}

Source::Source(asio::io_context& context, SourceTarget target, link::LinkSettings settings,
               SourceHandlers handlers)
    : impl_{std::make_shared<Impl>(context, std::move(target), std::move(settings),
                                   std::move(handlers))} {
  impl_->self = impl_;
}

Source::~Source() { stop(); }

void Source::start() {
  asio::co_spawn(impl_->context, Impl::drive(impl_), [](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  });
}

void Source::stop() { impl_->stop(); }

void Source::telegram_seen() { impl_->telegram = true; }

void Source::set_silence(milliseconds silence) {
  if (std::holds_alternative<TcpTarget>(impl_->target)) impl_->machine.set_silence(silence);
}

std::optional<link::LineSettings> Source::settled() const { return impl_->machine.settled(); }

std::uint64_t Source::reopened_count() const noexcept { return impl_->reopened; }

}  // namespace p1meter
