// SPDX-License-Identifier: Apache-2.0
// CLI: simulated telegrams to everybody who connects to a port.
#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "cli/outlet.hpp"
#include "cli/poll_time.hpp"

namespace p1meter::cli {
namespace {

constexpr std::size_t pending_limit = 65536;  // bytes that a client may lag behind
constexpr std::size_t client_limit = 200;
constexpr std::chrono::seconds farewell{2};

}  // namespace

TcpOutlet::~TcpOutlet() {
  for (const Client& client : clients_) close(client.descriptor);
  if (listener_ >= 0) close(listener_);
}

TcpOutlet::TcpOutlet(TcpOutlet&& other) noexcept
    : listener_{std::exchange(other.listener_, -1)}, clients_{std::exchange(other.clients_, {})} {}

Flow TcpOutlet::wait_for_reader(const StopSignal& stop) {
  while (clients_.empty()) {
    if (const Flow flow = turn(std::nullopt, stop); flow != Flow::go_on) return flow;
  }
  return Flow::go_on;
}

Flow TcpOutlet::send(std::string_view telegram, bool paced, const StopSignal& stop) {
  while (!paced && (clients_.empty() || backlog(pending_limit))) {
    if (const Flow flow = turn(std::nullopt, stop); flow != Flow::go_on) return flow;
  }
  for (Client& client : clients_) {
    if (client.pending.size() < pending_limit) client.pending += telegram;
  }
  return turn(Clock::now(), stop);
}

Flow TcpOutlet::wait_until(Clock::time_point due, const StopSignal& stop) {
  while (Clock::now() < due) {
    if (const Flow flow = turn(due, stop); flow != Flow::go_on) return flow;
  }
  return Flow::go_on;
}

Flow TcpOutlet::finish(const StopSignal& stop) {
  const auto patience = Clock::now() + farewell;
  while (backlog(0) && Clock::now() < patience) {
    if (const Flow flow = turn(patience, stop); flow != Flow::go_on) return flow;
  }
  return Flow::go_on;
}

bool TcpOutlet::backlog(std::size_t limit) const {
  return std::ranges::any_of(
      clients_, [limit](const Client& client) { return client.pending.size() > limit; });
}

Flow TcpOutlet::turn(std::optional<Clock::time_point> due, const StopSignal& stop) {
  std::vector<pollfd> waiting{{stop.descriptor(), POLLIN, 0}, {listener_, POLLIN, 0}};
  for (const Client& client : clients_) {
    const bool writes = !client.pending.empty();
    waiting.push_back(
        {client.descriptor, static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN), 0});
  }
  const int happened = poll(waiting.data(), waiting.size(), due ? poll_time(*due) : -1);
  if (happened < 0) return errno == EINTR ? Flow::go_on : Flow::failed;
  if (waiting[0].revents != 0) return Flow::stopped;
  for (std::size_t i = 0; i < clients_.size(); ++i) serve(clients_[i], waiting[i + 2].revents);
  std::erase_if(clients_, [](const Client& client) {
    if (client.gone) close(client.descriptor);
    return client.gone;
  });
  if (waiting[1].revents != 0) accept_client();
  return Flow::go_on;
}

void TcpOutlet::accept_client() {
  const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) return;
  if (clients_.size() >= client_limit) {
    close(descriptor);
    return;
  }
  clients_.push_back({descriptor});
}

void TcpOutlet::serve(Client& client, short events) {
  if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
    std::array<char, 256> ignored{};  // a meter listens to nobody
    const ssize_t got = recv(client.descriptor, ignored.data(), ignored.size(), 0);
    client.gone = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
  }
  if (client.gone || client.pending.empty() || (events & POLLOUT) == 0) return;
  const ssize_t sent =
      ::send(client.descriptor, client.pending.data(), client.pending.size(), MSG_NOSIGNAL);
  if (sent > 0) client.pending.erase(0, static_cast<std::size_t>(sent));
  if (sent < 0 && errno != EAGAIN && errno != EINTR) client.gone = true;
}

}  // namespace p1meter::cli
