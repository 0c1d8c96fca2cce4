// SPDX-License-Identifier: Apache-2.0
// Source adapter: TCP sockets and host names, without Asio.
#include "adapters/source/socket.hpp"

#include <cerrno>
#include <cstring>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace p1meter {
namespace {

std::string error_text(int error) { return std::generic_category().message(error); }

SocketAddresses look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | flags;
  addrinfo* first = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &first);
  if (error != 0) return tl::unexpected("host " + host + ": " + ::gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list{first, &::freeaddrinfo};
  std::vector<SocketAddress> addresses;
  for (const addrinfo* entry = first; entry != nullptr; entry = entry->ai_next) {
    SocketAddress address;
    address.size = entry->ai_addrlen;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    addresses.push_back(address);
  }
  return addresses;
}

void set_option(int fd, int level, int name, int value) {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

}  // namespace

std::string tcp_name(const std::string& host, std::uint16_t port) {
  const bool numeric6 = host.find(':') != std::string::npos;
  return "tcp://" + (numeric6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

struct NameLookup::State {
  std::mutex mutex{};
  std::function<void()> done{};
  std::optional<SocketAddresses> result{};
  std::thread thread{};
};

NameLookup::NameLookup(const std::string& host, std::uint16_t port, std::function<void()> done)
    : state_{std::make_shared<State>()} {
  if (auto numeric = look_up(host, port, AI_NUMERICHOST)) {
    state_->result = std::move(numeric);
    return;
  }
  state_->done = std::move(done);
  try {
    state_->thread = std::thread{[state = state_, host, port] {
      auto result = look_up(host, port, 0);
      const std::lock_guard lock{state->mutex};
      state->result = std::move(result);
      if (state->done) state->done();
    }};
  } catch (const std::system_error& error) {
    state_->result = tl::unexpected("host " + host + ": " + error.what());
  }
}

NameLookup::~NameLookup() {
  bool over = false;
  {
    const std::lock_guard lock{state_->mutex};
    state_->done = nullptr;
    over = state_->result.has_value();
  }
  if (!state_->thread.joinable()) return;
  if (over) {
    state_->thread.join();
  } else {
    state_->thread.detach();
  }
}

bool NameLookup::finished() const {
  const std::lock_guard lock{state_->mutex};
  return state_->result.has_value();
}

SocketAddresses NameLookup::take() {
  const std::lock_guard lock{state_->mutex};
  return std::move(*state_->result);
}

Result<Descriptor, std::string> begin_connect(const SocketAddress& address) {
  Descriptor socket{
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP)};
  if (!socket) return tl::unexpected(error_text(errno));
  set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  // A peer that vanished is found by the kernel within half a minute; one that merely says nothing
  // is the silence limit's business.
  set_option(socket.get(), SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(socket.get(), IPPROTO_TCP, TCP_KEEPIDLE, 15);
  set_option(socket.get(), IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set_option(socket.get(), IPPROTO_TCP, TCP_KEEPCNT, 3);
  const auto* where = static_cast<const sockaddr*>(static_cast<const void*>(&address.storage));
  if (::connect(socket.get(), where, address.size) != 0 && errno != EINPROGRESS) {
    return tl::unexpected(error_text(errno));
  }
  return socket;
}

std::string connect_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  return error == 0 ? std::string{} : error_text(error);
}

}  // namespace p1meter
