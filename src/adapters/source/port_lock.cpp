// SPDX-License-Identifier: Apache-2.0
// Source adapter: whose lock a port is under.
#include "adapters/source/port_lock.hpp"

#include <sstream>
#include <string>
#include <sys/sysmacros.h>

namespace p1meter {

std::optional<long> lock_holder(std::istream& locks, const struct stat& file) {
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words{line};
    std::string number;
    std::string kind;
    std::string advisory;
    std::string access;
    long pid = 0;
    words >> number >> kind >> advisory >> access >> pid;
    if (kind != "FLOCK" || pid <= 0) continue;

    // Other file systems have the same inode numbers: a container's ports among them.
    unsigned int major_number = 0;
    unsigned int minor_number = 0;
    ino_t inode = 0;
    char colon = 0;
    words >> std::hex >> major_number >> colon >> minor_number >> colon >> std::dec >> inode;
    if (words && makedev(major_number, minor_number) == file.st_dev && inode == file.st_ino)
      return pid;
  }
  return std::nullopt;
}

}  // namespace p1meter
