// SPDX-License-Identifier: Apache-2.0
// What systemd is told.
#include "adapters/systemd/notify.hpp"

#include <array>
#include <cstdlib>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/temporary_directory.hpp"

namespace p1meter::systemd {
namespace {

using namespace std::chrono_literals;

/// The socket that systemd would listen on.
class NotifySocket {
 public:
  NotifySocket() : socket_{socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = (directory_.path() / "notify").string();
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    void* const name = &address;
    EXPECT_EQ(bind(socket_, static_cast<sockaddr*>(name), sizeof address), 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~NotifySocket() {
    unsetenv("NOTIFY_SOCKET");
    close(socket_);
  }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  [[nodiscard]] std::string received() const {
    std::array<char, 1024> buffer{};
    const auto size = recv(socket_, buffer.data(), buffer.size(), 0);
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }

 private:
  test::TemporaryDirectory directory_{};
  int socket_;
};

TEST(SystemdIsTold, when_the_service_is_ready_busy_and_going) {
  const NotifySocket socket;

  ready("reading 1 meter");
  EXPECT_EQ(socket.received(), "READY=1\nSTATUS=reading 1 meter");
  status("two\nREADY=0");
  EXPECT_EQ(socket.received(), "STATUS=two READY=0");
  watchdog();
  EXPECT_EQ(socket.received(), "WATCHDOG=1");
  reloading();
  EXPECT_EQ(socket.received().substr(0, 27), "RELOADING=1\nMONOTONIC_USEC=");
  stopping();
  EXPECT_EQ(socket.received(), "STOPPING=1");
}

TEST(SystemdIsTold, nothing_when_it_did_not_start_the_program) {
  unsetenv("NOTIFY_SOCKET");
  ready("nobody listens");
}

TEST(TheWatchdog, is_fed_twice_per_interval_and_only_when_asked_for) {
  unsetenv("WATCHDOG_USEC");
  EXPECT_EQ(watchdog_interval(), std::nullopt);
  setenv("WATCHDOG_USEC", "30000000", 1);
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  EXPECT_EQ(watchdog_interval(), 15s);
  setenv("WATCHDOG_PID", "1", 1);
  EXPECT_EQ(watchdog_interval(), std::nullopt) << "it is another process's";
}

}  // namespace
}  // namespace p1meter::systemd
