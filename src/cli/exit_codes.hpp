// SPDX-License-Identifier: Apache-2.0
// CLI: what the program's exit status says.
#pragma once

#include <sysexits.h>

namespace p1meter::cli {

/// The names of sysexits.h, with what they mean here. Every command keeps to them.
enum ExitCode : int {
  exit_ok = EX_OK,
  exit_usage = EX_USAGE,              // 64: the command line is not understood
  exit_data = EX_DATAERR,             // 65: a bad telegram, or none found
  exit_no_input = EX_NOINPUT,         // 66: a file to be decoded or replayed cannot be read
  exit_unavailable = EX_UNAVAILABLE,  // 69: a broker or device did not answer
  exit_software = EX_SOFTWARE,        // 70: an error of the program itself
  exit_system = EX_OSERR,             // 71: the system does not do what is needed
  exit_cannot_create = EX_CANTCREAT,  // 73: where output should go cannot be opened
  exit_io = EX_IOERR,                 // 74: output failed
  exit_busy = EX_TEMPFAIL,            // 75: another p1meter holds the state directory
  exit_configuration = EX_CONFIG,     // 78: the configuration is bad, or one named with --config is
                                      // missing or unreadable (the service is not restarted then)
};

}  // namespace p1meter::cli
