// SPDX-License-Identifier: Apache-2.0
// Source adapter: whose lock a port is under.
#pragma once

#include <istream>
#include <optional>
#include <sys/stat.h>

namespace p1meter {

/// The process that holds an flock on `file`, from the kernel's list of locks (proc_locks(5)):
/// "1: FLOCK  ADVISORY  WRITE 812 00:18:95 0 EOF", where 00:18 is the device of the file system, in
/// hexadecimal, and 95 the inode. Nothing when no process of this PID namespace holds one.
[[nodiscard]] std::optional<long> lock_holder(std::istream& locks, const struct stat& file);

}  // namespace p1meter
