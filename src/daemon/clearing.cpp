// SPDX-License-Identifier: Apache-2.0
// Daemon: when a connection that only clears may end.
#include "daemon/clearing.hpp"

#include <boost/asio/io_context.hpp>

namespace p1meter::daemon {
namespace {

constexpr milliseconds between_looks{50};

}  // namespace

void Clearing::begun() {
  end_ = std::chrono::steady_clock::now() + longest_;
  look();
}

void Clearing::look() {
  if (!cleared_) return;
  if (!outdated_() || std::chrono::steady_clock::now() >= end_) {
    const auto cleared = std::exchange(cleared_, {});
    cleared();
    return;
  }
  timer_.expires_after(between_looks);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look();  // otherwise this may be gone
  });
}

void Clearing::leave() {
  cleared_ = {};
  timer_.cancel();
}

}  // namespace p1meter::daemon
