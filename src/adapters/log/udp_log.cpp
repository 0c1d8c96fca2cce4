// SPDX-License-Identifier: Apache-2.0
// Log adapter: log lines as datagrams to one address, on a thread of its own.
#include "adapters/log/udp_log.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace p1meter::log {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t most_waiting = 256;
constexpr std::size_t longest_line = 8192;  // bytes; fits every network in fragments
/// A name may come to stand for another address.
constexpr seconds address_age{60};
constexpr seconds look_up_pause{5};
constexpr milliseconds goodbye_patience{200};

/// Signals belong to the read loop: a thread that is started meanwhile gets none.
class SignalsKeptOut {
 public:
  SignalsKeptOut() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsKeptOut() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsKeptOut(const SignalsKeptOut&) = delete;
  SignalsKeptOut& operator=(const SignalsKeptOut&) = delete;
  SignalsKeptOut(SignalsKeptOut&&) = delete;
  SignalsKeptOut& operator=(SignalsKeptOut&&) = delete;

 private:
  sigset_t before_{};
};

/// A socket that knows where to send.
class Route {
 public:
  Route() = default;
  ~Route() { forget(); }
  Route(const Route&) = delete;
  Route& operator=(const Route&) = delete;
  Route(Route&&) = delete;
  Route& operator=(Route&&) = delete;

  /// Looks the name up when that is due; may take as long as the resolver likes.
  [[nodiscard]] bool find(const std::string& host, const std::string& port) {
    const auto now = Clock::now();
    if (now < next_look_up_) return socket_ >= 0;
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    const bool known = getaddrinfo(host.c_str(), port.c_str(), &hints, &found) == 0;
    // A name server that is away does not make a good address bad.
    if (known) {
      take_addresses(found);
      open(0);
    }
    next_look_up_ = Clock::now() + (known && socket_ >= 0 ? address_age : look_up_pause);
    return socket_ >= 0;
  }

  [[nodiscard]] bool send(const std::string& line) {
    const auto size = static_cast<ssize_t>(line.size());
    if (send_once(line) == size) return true;
    // The first call after an "unreachable" from afar reports it, and sends nothing. Who listens
    // may do so at another address of that name only.
    if (addresses_.size() > 1) open(current_ + 1);
    return socket_ >= 0 && send_once(line) == size;
  }

 private:
  [[nodiscard]] ssize_t send_once(const std::string& line) const {
    return ::send(socket_, line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  /// Takes what getaddrinfo gave, whose list it then owns. Those of IPv4 first: many listen there
  /// only, and what is sent to ::1 in vain is lost in silence.
  void take_addresses(addrinfo* found) {
    found_.reset(found);
    addresses_.clear();
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next)
      addresses_.push_back(each);
    std::stable_partition(addresses_.begin(), addresses_.end(),
                          [](const addrinfo* address) { return address->ai_family == AF_INET; });
  }

  /// The first address from `first` on, around the end, to which there is a way.
  void open(std::size_t first) {
    forget();
    for (std::size_t tried = 0; tried < addresses_.size() && socket_ < 0; ++tried) {
      current_ = (first + tried) % addresses_.size();
      const addrinfo& to = *addresses_[current_];
      socket_ = socket(to.ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      if (socket_ >= 0 && connect(socket_, to.ai_addr, to.ai_addrlen) != 0) forget();
    }
  }

  void forget() {
    if (socket_ >= 0) close(std::exchange(socket_, -1));
  }

  struct Free {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
  };

  std::unique_ptr<addrinfo, Free> found_{};
  std::vector<const addrinfo*> addresses_{};  // in found_
  std::size_t current_{};                     // index in addresses_
  int socket_{-1};
  Clock::time_point next_look_up_{};
};

}  // namespace

struct UdpLog::Core {
  Core(std::string to_host, std::uint16_t to_port)
      : host{std::move(to_host)}, port{std::to_string(to_port)} {}

  void run() {
    Route route;
    std::unique_lock lock{mutex};
    while (true) {
      work.wait(lock, [this] { return stopping || !waiting.empty(); });
      if (waiting.empty()) break;
      const std::string line = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      const bool sent = route.find(host, port) && route.send(line);
      lock.lock();
      if (!sent) ++dropped;
    }
    ended = true;
    end.notify_all();
  }

  const std::string host;
  const std::string port;
  std::mutex mutex{};
  std::condition_variable work{};
  std::condition_variable end{};

  // Guarded by mutex.
  std::deque<std::string> waiting{};
  std::uint64_t dropped{};
  bool stopping{};
  bool ended{};
};

UdpLog::UdpLog(std::string host, std::uint16_t port)
    : core_{std::make_shared<Core>(std::move(host), port)} {
  const SignalsKeptOut guard;
  std::thread{[core = core_] { core->run(); }}.detach();
}

UdpLog::~UdpLog() {
  std::unique_lock lock{core_->mutex};
  core_->stopping = true;
  core_->work.notify_one();
  static_cast<void>(core_->end.wait_for(lock, goodbye_patience, [this] { return core_->ended; }));
  core_->waiting.clear();
}

void UdpLog::send(std::string line) {
  if (line.size() > longest_line) line.resize(longest_line);
  const std::lock_guard lock{core_->mutex};
  if (core_->waiting.size() == most_waiting) {
    core_->waiting.pop_front();
    ++core_->dropped;
  }
  core_->waiting.push_back(std::move(line));
  core_->work.notify_one();
}

std::uint64_t UdpLog::dropped() const {
  const std::lock_guard lock{core_->mutex};
  return core_->dropped;
}

}  // namespace p1meter::log
