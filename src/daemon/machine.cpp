// SPDX-License-Identifier: Apache-2.0
// Daemon: figures of the process and the machine it runs on.
#include "daemon/machine.hpp"

#include <fstream>
#include <limits>
#include <string>
#include <unistd.h>

namespace p1meter::daemon {

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

}  // namespace p1meter::daemon
