// SPDX-License-Identifier: Apache-2.0
// Source adapter: a file, a pipe or standard input, without Asio.
#include "adapters/source/stream_input.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace p1meter {
namespace {

std::string error_text(int error) { return std::generic_category().message(error); }

bool kernel_can_wait(int fd) {
  const Descriptor epoll{::epoll_create1(EPOLL_CLOEXEC)};
  epoll_event event{};
  event.events = EPOLLIN;
  return epoll && ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

}  // namespace

StreamInput::StreamInput(Descriptor descriptor, int flags, bool can_wait) noexcept
    : descriptor_{std::move(descriptor)}, flags_{flags}, can_wait_{can_wait} {}

StreamInput::~StreamInput() {
  // The mode belongs to the open file, which a shell may share with us.
  if (descriptor_) ::fcntl(descriptor_.get(), F_SETFL, flags_);
}

Result<StreamInput, std::string> StreamInput::open(const std::string& path) {
  // Not blocking, for a FIFO without a writer would hold up everything.
  Descriptor descriptor{path == "-"
                            ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                            : ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
  if (!descriptor) return tl::unexpected(error_text(errno));
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0) return tl::unexpected(error_text(errno));
  if (S_ISDIR(status.st_mode)) return tl::unexpected(error_text(EISDIR));
  const int flags = ::fcntl(descriptor.get(), F_GETFL);
  const bool can_wait = kernel_can_wait(descriptor.get());
  return StreamInput{std::move(descriptor), flags, can_wait};
}

}  // namespace p1meter
