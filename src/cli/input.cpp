// SPDX-License-Identifier: Apache-2.0
// CLI: a file or standard input as a stream that gives what is there at once.
#include "cli/input.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace p1meter::cli {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace

InputBuffer::~InputBuffer() {
  if (descriptor_ != STDIN_FILENO) close(descriptor_);
}

InputBuffer::int_type InputBuffer::underflow() {
  ssize_t got = 0;
  do {
    got = read(descriptor_, buffer_.data(), buffer_.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) error_ = errno;
  if (got <= 0) return traits_type::eof();
  setg(buffer_.data(), buffer_.data(), buffer_.data() + got);
  return traits_type::to_int_type(buffer_.front());
}

Result<int, std::string> open_input(const std::string& path) {
  if (path == "-") return STDIN_FILENO;
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return tl::unexpected{reason(errno)};
  struct stat status {};
  if (fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    close(descriptor);
    return tl::unexpected{reason(EISDIR)};
  }
  return descriptor;
}

}  // namespace p1meter::cli
