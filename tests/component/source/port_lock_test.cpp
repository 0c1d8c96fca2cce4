// SPDX-License-Identifier: Apache-2.0
// Component tests: the kernel's list of locks.
#include "adapters/source/port_lock.hpp"

#include <gtest/gtest.h>
#include <sstream>
#include <sys/sysmacros.h>

namespace p1meter {
namespace {

std::optional<long> holder_in(const std::string& locks, unsigned int minor_number, ino_t inode) {
  std::istringstream lines{locks};
  struct stat file {};
  file.st_dev = makedev(0, minor_number);
  file.st_ino = inode;
  return lock_holder(lines, file);
}

TEST(ALockHolder, is_told_by_file_system_and_inode) {
  const std::string locks =
      "1: FLOCK  ADVISORY  WRITE 21524 00:2f:4 0 EOF\n"
      "2: POSIX  ADVISORY  WRITE 700 00:18:4 0 EOF\n"
      "3: FLOCK  ADVISORY  WRITE 701 00:18:14 0 EOF\n"
      "3: -> FLOCK  ADVISORY  WRITE 702 00:18:4 0 EOF\n"
      "4: FLOCK  ADVISORY  WRITE 812 00:18:4 0 EOF\n";
  EXPECT_EQ(holder_in(locks, 0x18, 4), 812) << "not who has another devpts' fourth inode";
  EXPECT_EQ(holder_in(locks, 0x2f, 4), 21524);
  EXPECT_EQ(holder_in(locks, 0x18, 5), std::nullopt);
}

TEST(ALockHolder, of_another_pid_namespace_has_no_number_here) {
  EXPECT_EQ(holder_in("1: FLOCK  ADVISORY  WRITE 0 00:18:4 0 EOF\n", 0x18, 4), std::nullopt);
  EXPECT_EQ(holder_in("1: FLOCK  ADVISORY  WRITE -1 00:18:4 0 EOF\n", 0x18, 4), std::nullopt);
}

TEST(ALockHolder, is_not_read_from_a_line_of_another_form) {
  for (const char* line :
       {"", "1:", "1: FLOCK ADVISORY WRITE 812", "1: FLOCK ADVISORY WRITE 812 x",
        "1: FLOCK ADVISORY WRITE 812 00:18", "1: FLOCK ADVISORY WRITE x 00:18:4"})
    EXPECT_EQ(holder_in(line, 0x18, 4), std::nullopt) << line;
}

}  // namespace
}  // namespace p1meter
