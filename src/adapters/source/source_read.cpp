// SPDX-License-Identifier: Apache-2.0
// Source adapters: reading until something happens that the link machine must know.
#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <boost/asio/post.hpp>

#include "adapters/source/source_impl.hpp"

namespace p1meter {
namespace {

std::string device_gone(const std::string& detail) {
  return detail.empty() ? "the device is gone" : "the device is gone (" + detail + ")";
}

}  // namespace

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

}  // namespace p1meter
