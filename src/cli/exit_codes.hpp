// SPDX-License-Identifier: Apache-2.0
// CLI: what the program's exit status says.
#pragma once

#include <array>
#include <string_view>
#include <sysexits.h>

namespace p1meter::cli {

/// The names of sysexits.h; exit_statuses says what they mean here. Every command keeps to them.
enum ExitCode : int {
  exit_ok = EX_OK,
  exit_usage = EX_USAGE,
  exit_data = EX_DATAERR,
  exit_no_input = EX_NOINPUT,
  exit_unavailable = EX_UNAVAILABLE,
  exit_software = EX_SOFTWARE,
  exit_system = EX_OSERR,
  exit_cannot_create = EX_CANTCREAT,
  exit_io = EX_IOERR,
  exit_busy = EX_TEMPFAIL,
  exit_forbidden = EX_NOPERM,
  exit_configuration = EX_CONFIG,
};

struct ExitStatus {
  ExitCode code{};
  std::string_view name{};  // in sysexits.h
  std::string_view meaning{};
};

inline constexpr std::array<ExitStatus, 12> exit_statuses{{
    {exit_ok, "EX_OK", "What was asked for is done; or a signal has ended it."},
    {exit_usage, "EX_USAGE", "The command line is not understood."},
    {exit_data, "EX_DATAERR", "A bad telegram, or none found."},
    {exit_no_input, "EX_NOINPUT", "A file to be decoded, replayed or converted cannot be read."},
    {exit_unavailable, "EX_UNAVAILABLE", "A broker or a meter did not answer."},
    {exit_software, "EX_SOFTWARE", "An error of the program itself."},
    {exit_system, "EX_OSERR", "The system does not do what is needed."},
    {exit_cannot_create, "EX_CANTCREAT", "Where output should go cannot be opened."},
    {exit_io, "EX_IOERR", "Output failed."},
    {exit_busy, "EX_TEMPFAIL", "Another p1meter holds the state directory."},
    {exit_forbidden, "EX_NOPERM",
     "The user may not read the configuration. The service tries again."},
    {exit_configuration, "EX_CONFIG",
     "The configuration is bad, or one named with --config is missing. The service is not "
     "restarted then."},
}};

}  // namespace p1meter::cli
