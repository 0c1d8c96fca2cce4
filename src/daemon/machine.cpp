// SPDX-License-Identifier: Apache-2.0
// Daemon: figures of the process and the machine it runs on.
#include "daemon/machine.hpp"

#include <array>
#include <fstream>
#include <ifaddrs.h>
#include <limits>
#include <memory>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace p1meter::daemon {
namespace {

std::string numeric(const sockaddr& address, socklen_t length) {
  std::array<char, NI_MAXHOST> text{};
  const int error =
      getnameinfo(&address, length, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  return error == 0 ? std::string{text.data()} : std::string{};
}

}  // namespace

std::optional<std::uint64_t> resident_memory() {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (!(file >> size >> resident)) return std::nullopt;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::optional<std::uint64_t> available_memory() {
  std::ifstream file{"/proc/meminfo"};
  std::string name;
  std::uint64_t kibibytes = 0;
  while (file >> name >> kibibytes) {
    if (name == "MemAvailable:") return kibibytes * 1024;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return std::nullopt;
}

std::optional<Decimal> cpu_temperature() {
  std::ifstream file{"/sys/class/thermal/thermal_zone0/temp"};
  std::int64_t thousandths = 0;
  if (!(file >> thousandths)) return std::nullopt;
  return Decimal{thousandths, -3};
}

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return {};
  const std::string whole{name.data()};
  return whole.substr(0, whole.find('.'));
}

std::string own_address() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> all{first, &freeifaddrs};
  std::string found;
  for (const ifaddrs* one = all.get(); one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0 ||
        (one->ifa_flags & IFF_LOOPBACK) != 0) {
      continue;
    }
    if (one->ifa_addr->sa_family == AF_INET) return numeric(*one->ifa_addr, sizeof(sockaddr_in));
    const bool first_of_six = one->ifa_addr->sa_family == AF_INET6 && found.empty();
    if (first_of_six) found = numeric(*one->ifa_addr, sizeof(sockaddr_in6));
  }
  return found.substr(0, found.find('%'));
}

}  // namespace p1meter::daemon
