// SPDX-License-Identifier: Apache-2.0
// CLI: opens what `simulate --to` names.
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <netdb.h>
#include <pty.h>
#include <sys/socket.h>
#include <system_error>
#include <termios.h>
#include <unistd.h>

#include "cli/exit_codes.hpp"
#include "cli/outlet.hpp"

namespace p1meter::cli {
namespace {

using Opened = Result<Outlet, OutletError>;
using Kind = DescriptorOutlet::Kind;

std::string reason(int error) { return std::generic_category().message(error); }

Opened refuse(int exit_code, std::string why) {
  return tl::unexpected{OutletError{exit_code, std::move(why)}};
}

Opened open_terminal() {
  int master = -1;
  int slave = -1;
  std::array<char, 128> name{};
  termios raw{};
  cfmakeraw(&raw);
  raw.c_cflag |= CREAD | CLOCAL | CS8;
  cfsetspeed(&raw, B115200);
  if (openpty(&master, &slave, name.data(), &raw, nullptr) != 0) {
    return refuse(exit_cannot_create, "no pseudo terminal: " + reason(errno));
  }
  for (const int descriptor : {master, slave}) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  fcntl(master, F_SETFL, O_NONBLOCK);
  std::fprintf(stderr, "%s\n", name.data());
  return DescriptorOutlet{Kind::terminal, master, slave};
}

// Those that simulated meters have.
speed_t speed_of(std::uint32_t baud) {
  if (baud == 2400) return B2400;
  return baud == 9600 ? B9600 : B115200;
}

Opened open_serial(const std::string& device, const link::LineSettings& line) {
  const int descriptor = open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return refuse(exit_cannot_create, device + ": " + reason(errno));
  DescriptorOutlet outlet{Kind::serial, descriptor};
  termios mode{};
  if (tcgetattr(descriptor, &mode) != 0) {
    return refuse(exit_cannot_create, device + " is no serial port");
  }
  cfmakeraw(&mode);
  mode.c_cflag &= ~tcflag_t{CSTOPB | CRTSCTS};
  mode.c_cflag |= CREAD | CLOCAL;
  if (line.data_bits == 7) mode.c_cflag = (mode.c_cflag & ~tcflag_t{CSIZE}) | CS7;
  if (line.parity == link::Parity::even) mode.c_cflag |= PARENB;
  cfsetspeed(&mode, speed_of(line.baud));
  if (tcsetattr(descriptor, TCSANOW, &mode) != 0) {
    return refuse(exit_cannot_create, device + ": " + reason(errno));
  }
  return outlet;
}

/// Splits "HOST:PORT" or "[HOST]:PORT" at its last colon.
struct Endpoint {
  std::string host{};
  std::string port{};
};
Endpoint split(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return {{}, text};
  std::string host = text.substr(0, colon);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return {host, text.substr(colon + 1)};
}

/// A listening socket on one address; -1 and errno when it cannot be had.
int listen_on(const addrinfo& address) {
  const int descriptor = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  const int yes = 1;
  const int no = 0;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (address.ai_family == AF_INET6) {
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  }
  constexpr int waiting = 16;
  if (bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 &&
      listen(descriptor, waiting) == 0) {
    return descriptor;
  }
  const int error = errno;
  close(descriptor);
  errno = error;
  return -1;
}

void say_port(int listener) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  std::array<char, NI_MAXSERV> port{};
  void* const start = &address;
  const auto* const name = static_cast<const sockaddr*>(start);
  if (getsockname(listener, static_cast<sockaddr*>(start), &size) == 0 &&
      getnameinfo(name, size, nullptr, 0, port.data(), port.size(), NI_NUMERICSERV) == 0) {
    std::fprintf(stderr, "listening on port %s\n", port.data());
  }
}

Opened open_listener(const std::string& text) {
  const Endpoint endpoint = split(text);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const char* host = endpoint.host.empty() ? nullptr : endpoint.host.c_str();
  const int fault = getaddrinfo(host, endpoint.port.c_str(), &hints, &found);
  if (fault != 0) return refuse(exit_usage, "tcp://" + text + ": " + gai_strerror(fault));
  int listener = -1;
  // IPv6 first: its socket takes IPv4 clients too.
  for (const int family : {AF_INET6, AF_INET}) {
    for (const addrinfo* at = found; at != nullptr && listener < 0; at = at->ai_next) {
      if (at->ai_family == family) listener = listen_on(*at);
    }
  }
  const int error = errno;
  freeaddrinfo(found);
  if (listener < 0) return refuse(exit_cannot_create, "tcp://" + text + ": " + reason(error));
  say_port(listener);
  return TcpOutlet{listener};
}

Opened open_file(const std::string& path) {
  constexpr mode_t usual = 0666;
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, usual);
  if (descriptor < 0) return refuse(exit_cannot_create, path + ": " + reason(errno));
  return DescriptorOutlet{Kind::file, descriptor};
}

/// What follows a prefix; nothing when the text does not begin with it.
std::optional<std::string> after(const std::string& text, std::string_view prefix) {
  if (!std::string_view{text}.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

}  // namespace

Opened open_outlet(const std::string& to, const link::LineSettings& line) {
  if (to.empty() || to == "-") return DescriptorOutlet{Kind::standard_output, STDOUT_FILENO};
  if (to == "pty") return open_terminal();
  if (const auto address = after(to, "tcp://")) return open_listener(*address);
  if (const auto device = after(to, "serial:")) return open_serial(*device, line);
  return open_file(after(to, "file:").value_or(to));
}

}  // namespace p1meter::cli
