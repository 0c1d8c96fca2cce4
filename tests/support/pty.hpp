// SPDX-License-Identifier: Apache-2.0
// Test support: a pseudo terminal that plays a serial port.
#pragma once

#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <termios.h>
#include <unistd.h>
#include <utility>

namespace p1meter::test {

/// A meter on a cable: what is written here is read from device(). Destroying it unplugs the cable.
class Pty {
 public:
  Pty() {
    std::array<char, 128> name{};
    int slave = -1;
    if (::openpty(&master_, &slave, name.data(), nullptr, nullptr) != 0) {
      throw std::runtime_error{"no pseudo terminal"};
    }
    // Raw from the start: what is written before somebody opens it is neither echoed nor
    // translated.
    termios mode{};
    ::tcgetattr(slave, &mode);
    ::cfmakeraw(&mode);
    ::tcsetattr(slave, TCSANOW, &mode);
    ::close(slave);
    ::fcntl(master_, F_SETFD, FD_CLOEXEC);
    ::fcntl(master_, F_SETFL, O_NONBLOCK);
    device_ = name.data();
  }
  ~Pty() { unplug(); }
  Pty(Pty&& other) noexcept
      : master_{std::exchange(other.master_, -1)}, device_{std::move(other.device_)} {}
  Pty& operator=(Pty&&) = delete;
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;

  [[nodiscard]] const std::string& device() const noexcept { return device_; }
  [[nodiscard]] int master() const noexcept { return master_; }

  /// Writes all of it, as room comes, for at most `patience`; false when nobody reads.
  [[nodiscard]] bool write(std::string_view bytes,
                           std::chrono::milliseconds patience = std::chrono::seconds{10}) const {
    while (!bytes.empty()) {
      const auto size = ::write(master_, bytes.data(), bytes.size());
      if (size > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(size));
        continue;
      }
      if (size < 0 && errno != EAGAIN && errno != EINTR) return false;
      pollfd room{master_, POLLOUT, 0};
      if (::poll(&room, 1, static_cast<int>(patience.count())) <= 0) return false;
    }
    return true;
  }

  void unplug() {
    if (master_ >= 0) ::close(std::exchange(master_, -1));
  }

 private:
  int master_{-1};
  std::string device_{};
};

}  // namespace p1meter::test
