// SPDX-License-Identifier: Apache-2.0
// Tests: preloaded, a machine without a clock that outlasts its power: the wall clock begins in
// 1970 with the program and is set when the file $UNSET_CLOCK_WHILE goes.
#include <cstdlib>
#include <ctime>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

int kernel_time(clockid_t clock, timespec* time) {
  return static_cast<int>(syscall(SYS_clock_gettime, clock, time));
}

bool is_unset() {
  const char* file = std::getenv("UNSET_CLOCK_WHILE");
  return file != nullptr && access(file, F_OK) == 0;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const int result = kernel_time(clock, time);
  if (clock != CLOCK_REALTIME || !is_unset()) return result;
  static const time_t begin = time->tv_sec;
  time->tv_sec -= begin;
  return result;
}
