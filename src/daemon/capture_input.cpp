// SPDX-License-Identifier: Apache-2.0
// Daemon: the bytes of a capture, waited for on the loop.
#include "daemon/capture_input.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace p1meter::daemon {
namespace {

constexpr std::size_t block = 65536;

using boost::asio::posix::stream_descriptor;

}  // namespace

CaptureInput::CaptureInput(boost::asio::io_context& context, const bool& stopped)
    : context_{context}, stopped_{stopped}, buffer_(block) {}

std::optional<std::string> CaptureInput::open(const std::string& path) {
  auto stream = StreamInput::open(path);
  if (!stream) return stream.error();
  stream_.emplace(std::move(*stream));
  start_ = lseek(stream_->get(), 0, SEEK_CUR);
  struct stat status {};
  if (fstat(stream_->get(), &status) == 0 && S_ISREG(status.st_mode)) {
    size_ = static_cast<std::uint64_t>(status.st_size);
  }
  return std::nullopt;
}

bool CaptureInput::rewind() {
  if (start_ < 0 || lseek(stream_->get(), start_, SEEK_SET) < 0) return false;
  setg(nullptr, nullptr, nullptr);
  return true;
}

std::optional<std::string> CaptureInput::error() const {
  if (error_ == 0) return std::nullopt;
  return std::generic_category().message(error_);
}

CaptureInput::int_type CaptureInput::underflow() {
  while (wait_for_bytes()) {
    const ssize_t got = read(stream_->get(), buffer_.data(), buffer_.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) continue;
    if (got < 0) error_ = errno;
    if (got <= 0) break;
    setg(buffer_.data(), buffer_.data(), buffer_.data() + got);
    return traits_type::to_int_type(buffer_.front());
  }
  return traits_type::eof();
}

// False when the user has had enough.
bool CaptureInput::wait_for_bytes() {
  context_.poll();
  if (!stream_->can_wait()) return !stopped_;
  stream_descriptor descriptor{context_, stream_->get()};
  bool over = false;
  descriptor.async_wait(stream_descriptor::wait_read,
                        [&over](const boost::system::error_code& /*error*/) { over = true; });
  while (!over && !stopped_) context_.run_one();
  boost::system::error_code ignored;
  descriptor.cancel(ignored);
  while (!over) context_.run_one();  // the handler's last call, before what it refers to goes
  descriptor.release();              // the stream closes it
  return !stopped_;
}

}  // namespace p1meter::daemon
