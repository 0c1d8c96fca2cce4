// SPDX-License-Identifier: Apache-2.0
// CLI: what a command prints, written at once and whole.
#include "cli/output.hpp"

#include <cerrno>
#include <poll.h>
#include <string>
#include <system_error>
#include <unistd.h>

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"

namespace p1meter::cli {

bool Output::write(std::string_view bytes) noexcept {
  while (error_ == 0 && !bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {  // somebody else made our terminal or pipe non-blocking
      pollfd ready{descriptor_, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  return error_ == 0;
}

bool Output::reader_gone() const noexcept { return error_ == EPIPE; }

int Output::finish(int status) const {
  if (!failed()) return status;
  if (!reader_gone()) {
    complain("output failed: " + std::generic_category().message(error_));
  }
  return exit_io;
}

}  // namespace p1meter::cli
