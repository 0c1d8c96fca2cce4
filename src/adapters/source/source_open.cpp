// SPDX-License-Identifier: Apache-2.0
// Source adapters: opening what is to be read.
#include <utility>

#include <boost/asio/post.hpp>

#include "adapters/source/serial_line.hpp"
#include "adapters/source/source_impl.hpp"

namespace p1meter {
namespace {

constexpr milliseconds connect_limit{5000};

}  // namespace

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
  line_errors.opened(descriptor.native_handle());
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
  if (co_await find_addresses()) {
    for (std::size_t i = 0; i < addresses.size() && !stopping; ++i) {
      if (co_await try_address(addresses[i])) co_return link::Opened{};
      close();
    }
  }
  co_return link::OpenFailed{attempt_error};
}

// False: attempt_error says why. A lookup that takes too long goes on and is asked again next time.
asio::awaitable<bool> Source::Impl::find_addresses() {
  begin_lookup();
  lookup_timer.expires_after(connect_limit);
  while (!lookup->finished() && !stopping && !has_expired(lookup_timer)) {
    ErrorCode cancelled;
    co_await lookup_timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  co_return end_lookup();
}

void Source::Impl::begin_lookup() {
  if (lookup) return;
  // On the other thread: says that it is done, touches nothing here.
  auto done = [&io = context, owner = self] {
    asio::post(io, [owner] {
      if (const auto impl = owner.lock()) impl->lookup_timer.cancel();
    });
  };
  const auto& tcp = std::get<TcpTarget>(target);
  lookup = std::make_unique<NameLookup>(tcp.host, tcp.port, std::move(done));
}

bool Source::Impl::end_lookup() {
  if (!lookup->finished()) {
    attempt_error = "host " + std::get<TcpTarget>(target).host + ": no answer within 5 s";
    return false;
  }
  auto found = lookup->take();
  lookup.reset();
  if (!found) {
    attempt_error = found.error();
    return false;
  }
  addresses = std::move(*found);
  return true;
}

// False: attempt_error says why. (Strings kept in the frame of a coroutine make g++ 12 warn of a
// wrong free, -Wfree-nonheap-object, where it inlines their destruction.)
asio::awaitable<bool> Source::Impl::try_address(SocketAddress address) {
  auto socket = begin_connect(address);
  attempt_error = socket ? watch(std::move(*socket)) : socket.error();
  if (!attempt_error.empty()) co_return false;
  arm(connect_limit);
  ErrorCode error;
  co_await descriptor.async_wait(WaitKind::wait_write,
                                 asio::redirect_error(asio::use_awaitable, error));
  disarm();
  if (timed_out) {
    attempt_error = "no answer within 5 s";
  } else {
    attempt_error = error ? error.message() : connect_error(descriptor.native_handle());
  }
  co_return attempt_error.empty();
}

}  // namespace p1meter
