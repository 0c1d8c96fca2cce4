// SPDX-License-Identifier: Apache-2.0
// Benchmark tools: a pseudo-terminal that stands for a meter's cable.
#pragma once

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <termios.h>
#include <unistd.h>
#include <utility>

namespace p1meter::bench {

/// Owns both ends: the reader's end stays open too, so that a daemon that reopens it never reads an
/// end of file.
class Pty {
 public:
  Pty() {
    termios raw{};
    ::cfmakeraw(&raw);
    char name[128]{};
    if (::openpty(&meter_, &reader_, name, &raw, nullptr) != 0) {
      throw std::system_error{errno, std::generic_category(), "openpty"};
    }
    name_ = name;
  }
  ~Pty() {
    if (meter_ >= 0) {
      ::close(meter_);
      ::close(reader_);
    }
  }
  Pty(Pty&& other) noexcept
      : meter_{std::exchange(other.meter_, -1)},
        reader_{other.reader_},
        name_{std::move(other.name_)} {}
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;
  Pty& operator=(Pty&&) = delete;

  /// Writes all of it. Throws when nobody has taken any of it for five seconds.
  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      pollfd ready{meter_, POLLOUT, 0};
      if (::poll(&ready, 1, 5000) <= 0) {
        throw std::runtime_error{"nobody reads " + name_};
      }
      const auto written = ::write(meter_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR && errno != EAGAIN) {
        throw std::system_error{errno, std::generic_category(), name_};
      }
      if (written > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(written));
      }
    }
  }
  /// The path that the reader opens.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  int meter_{-1};
  int reader_{-1};
  std::string name_{};
};

}  // namespace p1meter::bench
