// SPDX-License-Identifier: Apache-2.0
// CLI: the same program once more, in this very process.
#include "cli/start_anew.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "adapters/log/log.hpp"
#include "cli/exit_codes.hpp"

namespace p1meter::cli {
namespace {

std::vector<std::string> own_arguments() {
  std::ifstream file{"/proc/self/cmdline", std::ios::binary};
  std::vector<std::string> arguments;
  for (std::string argument; std::getline(file, argument, '\0');)
    arguments.push_back(std::move(argument));
  return arguments;
}

/// A library's sockets may not be: a connection that nobody serves would stay open for good.
void close_all_on_exec() {
  DIR* const open_ones = opendir("/proc/self/fd");
  if (open_ones == nullptr) return;
  while (const dirent* const entry = readdir(open_ones)) {
    const int descriptor = std::atoi(entry->d_name);
    if (descriptor > STDERR_FILENO) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
  closedir(open_ones);
}

/// A SIGHUP that comes before the program listens to it again must not end it.
void prepare_signals() {
  static_cast<void>(std::signal(SIGHUP, SIG_IGN));
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace

int start_anew() {
  auto arguments = own_arguments();
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  close_all_on_exec();
  prepare_signals();
  execv("/proc/self/exe", pointers.data());
  log::write(log::Level::error, "cannot start anew",
             {{"reason", std::generic_category().message(errno)}});
  return exit_system;
}

}  // namespace p1meter::cli
