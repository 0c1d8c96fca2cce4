// SPDX-License-Identifier: Apache-2.0
// Tests: a real mosquitto of the test's own, on a free loopback port.
#pragma once

#include <arpa/inet.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::test {

/// A port of 127.0.0.1 that nobody listens at now.
inline std::uint16_t free_port() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(descriptor);
  if (!bound) throw std::runtime_error{"no free port"};
  return ntohs(address.sin_port);
}

/// True when somebody accepts connections at 127.0.0.1:port.
inline bool listens(std::uint16_t port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected =
      connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(descriptor);
  return connected;
}

/// A broker with a temporary configuration. Ended with the test, by its process id.
class Mosquitto {
 public:
  struct Setup {
    std::string lines{};   // of configuration, for the listener and in general
    bool anonymous{true};  // who has no user name may come in
    bool start{true};      // at once
    std::uint16_t port{};  // 0: a free one
  };

  Mosquitto() : Mosquitto{Setup{}} {}
  explicit Mosquitto(const Setup& setup) : port_{setup.port == 0 ? free_port() : setup.port} {
    configuration_ = directory_.file("mosquitto.conf",
                                     "listener " + std::to_string(port_) + " 127.0.0.1\n" +
                                         "allow_anonymous " + (setup.anonymous ? "true" : "false") +
                                         "\npersistence false\nlog_dest file " + log_ +
                                         "\nlog_type all\n"
                                         "user root\nmax_queued_messages 0\n" +
                                         setup.lines + "\n");
    if (setup.start) start();
  }

  void start() {
    process_ = std::make_unique<Process>(Process::Setup{
        .command = {"/usr/sbin/mosquitto", "-c", configuration_}, .environment = {}, .input = {}});
    if (!eventually([&] { return listens(port_) || process_->wait(0ms).has_value(); }, 10s) ||
        !listens(port_))
      throw std::runtime_error{"mosquitto does not start: " + process_->err() + log()};
  }
  /// Ends it as its service would.
  void stop() {
    process_->send(SIGTERM);
    static_cast<void>(process_->wait(5s));
    process_.reset();
  }
  void kill() { process_.reset(); }
  void restart() {
    stop();
    start();
  }
  /// Reads its lists of who may do what once more.
  void reload() const { process_->send(SIGHUP); }
  /// Stops it in the middle of whatever it does; its sockets stay open.
  void pause() const { process_->send(SIGSTOP); }
  void resume() const { process_->send(SIGCONT); }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// In a file, for a pipe that nobody reads would stop the broker.
  [[nodiscard]] std::string log() const {
    std::ifstream file{log_};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
  [[nodiscard]] bool logs(std::string_view text, Clock::duration patience = 5s) const {
    return eventually([&] { return log().find(text) != std::string::npos; }, patience);
  }
  [[nodiscard]] const TemporaryDirectory& directory() const { return directory_; }

 private:
  TemporaryDirectory directory_{};
  std::string log_{(directory_.path() / "mosquitto.log").string()};
  std::uint16_t port_;
  std::string configuration_{};
  std::unique_ptr<Process> process_{};
};

}  // namespace p1meter::test
