// SPDX-License-Identifier: Apache-2.0
// Source adapter: opening a serial port, without Asio.
#include "adapters/source/serial_line.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <linux/serial.h>
#include <optional>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <system_error>
#include <termios.h>
#include <utility>

#include "adapters/source/port_lock.hpp"

namespace p1meter {
namespace {

using link::OpenFailed;

std::string error_text(int error) { return std::generic_category().message(error); }

struct Rate {
  std::uint32_t baud{};
  speed_t code{};
};
constexpr std::array rates{
    Rate{300, B300},         Rate{600, B600},         Rate{1200, B1200},
    Rate{2400, B2400},       Rate{4800, B4800},       Rate{9600, B9600},
    Rate{19200, B19200},     Rate{38400, B38400},     Rate{57600, B57600},
    Rate{115200, B115200},   Rate{230400, B230400},   Rate{460800, B460800},
    Rate{500000, B500000},   Rate{576000, B576000},   Rate{921600, B921600},
    Rate{1000000, B1000000}, Rate{1152000, B1152000}, Rate{1500000, B1500000},
    Rate{2000000, B2000000}, Rate{2500000, B2500000}, Rate{3000000, B3000000},
    Rate{3500000, B3500000}, Rate{4000000, B4000000},
};

std::optional<speed_t> rate_code(std::uint32_t baud) {
  for (const auto& rate : rates) {
    if (rate.baud == baud) return rate.code;
  }
  return std::nullopt;
}

std::string permission_text(const std::string& device) {
  std::string group = "dialout";
  struct stat status {};
  if (::stat(device.c_str(), &status) == 0 && (status.st_mode & S_IRGRP) != 0) {
    if (const auto* entry = ::getgrgid(status.st_gid); entry != nullptr) group = entry->gr_name;
  }
  return "permission denied: add the user to group " + group;
}

std::string process_name(long pid) {
  std::ifstream file{"/proc/" + std::to_string(pid) + "/comm"};
  std::string name;
  std::getline(file, name);
  return name;
}

std::string lock_holder_text(const struct stat& device) {
  std::ifstream locks{"/proc/locks"};
  const auto pid = lock_holder(locks, device);
  if (!pid) return "in use by another process";
  return "in use by process " + std::to_string(*pid) + " (" + process_name(*pid) + ")";
}

std::string open_error_text(int error, const std::string& device) {
  struct stat status {};
  switch (error) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return "no such device";
    case EACCES:
    case EPERM:
      return permission_text(device);
    case EBUSY:
      // Its exclusive mode keeps out whoever is not root, even from looking for its lock by itself.
      if (::stat(device.c_str(), &status) == 0) return lock_holder_text(status);
      return "in use by another process";
    default:
      return error_text(error);
  }
}

bool is_pseudo_terminal(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return false;
  const auto driver = major(status.st_rdev);
  return driver >= 136 &&
         driver <= 143;  // Documentation/admin-guide/devices.txt: Unix98 PTY slaves
}

// Nothing when the port is ours. The lock keeps out a second p1meter, root's too; exclusive mode
// keeps out everybody else but root. A pseudo terminal stays exclusive after a crash of its user
// for as long as its other end lives, and could not be opened again: there the lock must do.
std::optional<OpenFailed> claim(int fd) {
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    struct stat status {};
    const bool held = error == EWOULDBLOCK && ::fstat(fd, &status) == 0;
    return OpenFailed{.reason = held ? lock_holder_text(status) : error_text(error), .busy = held};
  }
  if (!is_pseudo_terminal(fd) && ::ioctl(fd, TIOCEXCL) != 0)
    return OpenFailed{.reason = error_text(errno)};
  return std::nullopt;
}

tcflag_t character_size(std::uint8_t bits) {
  switch (bits) {
    case 5:
      return CS5;
    case 6:
      return CS6;
    case 7:
      return CS7;
    default:
      return CS8;
  }
}

termios make_mode(const link::LineSettings& line, speed_t rate) {
  termios mode{};
  ::cfmakeraw(&mode);
  mode.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | PARODD | CSTOPB | HUPCL | CRTSCTS);
  mode.c_cflag |= character_size(line.data_bits) | CREAD | CLOCAL;
  if (line.stop_bits == 2) mode.c_cflag |= CSTOPB;
  if (line.parity != link::Parity::none) {
    mode.c_cflag |= PARENB;
    mode.c_iflag |= INPCK;  // without IGNPAR and PARMRK: a damaged character is read as NUL
    if (line.parity == link::Parity::odd) mode.c_cflag |= PARODD;
  }
  mode.c_cc[VMIN] = 1;  // 0 would make "nothing there" look like the end of the file
  mode.c_cc[VTIME] = 0;
  ::cfsetspeed(&mode, rate);
  return mode;
}

// Empty when the line is set up as far as the driver can.
std::string apply(int fd, const link::LineSettings& line) {
  const auto rate = rate_code(line.baud);
  if (!rate) return "baud rate " + std::to_string(line.baud) + " is not a standard one";
  const termios mode = make_mode(line, *rate);
  if (::tcsetattr(fd, TCSANOW, &mode) == 0) return {};
  const int error = errno;
  // The C library says EINVAL when the driver kept its character size or parity; pseudo terminals
  // do.
  termios actual{};
  if (error == EINVAL && ::tcgetattr(fd, &actual) == 0 && ::cfgetispeed(&actual) == *rate)
    return {};
  return "line settings " + to_string(line) + " refused: " + error_text(error);
}

// FTDI holds bytes back for 16 ms otherwise. Drivers that know no such thing refuse, which is fine.
void ask_for_low_latency(int fd) {
  serial_struct serial{};
  if (::ioctl(fd, TIOCGSERIAL, &serial) != 0) return;
  if ((static_cast<unsigned>(serial.flags) & ASYNC_LOW_LATENCY) != 0) return;
  serial.flags = static_cast<int>(static_cast<unsigned>(serial.flags) | ASYNC_LOW_LATENCY);
  ::ioctl(fd, TIOCSSERIAL, &serial);
}

}  // namespace

Result<Descriptor, OpenFailed> open_serial(const std::string& device,
                                           const link::LineSettings& line) {
  Descriptor port{::open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)};
  if (!port) {
    const int error = errno;
    return tl::unexpected(
        OpenFailed{.reason = open_error_text(error, device), .busy = error == EBUSY});
  }
  if (::isatty(port.get()) == 0) return tl::unexpected(OpenFailed{"not a serial port"});
  if (auto failed = claim(port.get())) return tl::unexpected(*std::move(failed));
  if (auto reason = apply(port.get(), line); !reason.empty()) {
    return tl::unexpected(OpenFailed{std::move(reason), true});
  }
  ask_for_low_latency(port.get());
  ::tcflush(port.get(), TCIFLUSH);
  return port;
}

}  // namespace p1meter
