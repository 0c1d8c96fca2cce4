// SPDX-License-Identifier: Apache-2.0
// Settings: files that may be anything.
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "settings/loading.hpp"

namespace p1meter::settings {
namespace {

/// Closes what it holds.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int get() const noexcept { return number_; }

 private:
  int number_;
};

/// What has just been read. It may be a secret, so nothing of it stays on the stack.
struct Block {
  std::array<char, 16384> bytes{};

  Block() = default;
  ~Block() { wipe(bytes.data(), bytes.size()); }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  Block(Block&&) = delete;
  Block& operator=(Block&&) = delete;
};

FileText failed(int error) {
  return {.error = std::strerror(error), .forbidden = error == EACCES || error == EPERM};
}

}  // namespace

FileText read_file(const std::string& path, std::size_t limit, bool pipes_too) {
  // a pipe that nobody writes to would block in open() unless asked not to
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | (pipes_too ? 0 : O_NONBLOCK))};
  if (file.get() < 0) return failed(errno);
  struct stat status {};
  if (fstat(file.get(), &status) != 0) return failed(errno);
  if (S_ISDIR(status.st_mode)) return failed(EISDIR);
  if (!S_ISREG(status.st_mode) && !pipes_too) return {.error = "it is no regular file"};
  FileText result;
  result.readable_by_all = S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) != 0;
  Block block;
  for (;;) {
    const ssize_t count = read(file.get(), block.bytes.data(), block.bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(errno);
    if (count == 0) return result;
    result.text.append(block.bytes.data(), static_cast<std::size_t>(count));
    if (result.text.size() > limit) {
      return {.error = "it is larger than " + std::to_string(limit) + " bytes"};
    }
  }
}

}  // namespace p1meter::settings
