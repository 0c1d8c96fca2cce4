// SPDX-License-Identifier: Apache-2.0
// State adapter: small files, read whole and written atomically.
#include "adapters/state/files.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace p1meter::state {
namespace {

std::string reason() { return std::generic_category().message(errno); }

/// An open file: closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_{descriptor} {}
  ~Descriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;

  [[nodiscard]] int get() const noexcept { return descriptor_; }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }
  /// A file system may report a failed write only here.
  [[nodiscard]] bool close_checked() { return close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_;
};

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// A rename is on the disk only when its directory is.
bool sync_directory(const std::filesystem::path& directory) {
  const Descriptor descriptor{open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  return descriptor && fsync(descriptor.get()) == 0;
}

bool write_new(const std::filesystem::path& path, std::string_view content) {
  constexpr mode_t owner_and_group = 0640;  // equipment ids are personal
  Descriptor file{
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, owner_and_group)};
  return file && write_all(file.get(), content) && fsync(file.get()) == 0 && file.close_checked();
}

}  // namespace

Result<std::string, ReadError> read_file(const std::filesystem::path& path) {
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!file) {
    const auto fault = errno == ENOENT ? ReadFault::missing : ReadFault::unreadable;
    return tl::unexpected{ReadError{fault, reason()}};
  }
  constexpr std::size_t block = 16384;
  std::array<char, block> buffer{};
  std::string content;
  for (;;) {
    const ssize_t got = read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected{ReadError{ReadFault::unreadable, reason()}};
    if (got == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(got));
    if (content.size() > largest_file) {
      return tl::unexpected{ReadError{ReadFault::too_long, "it is far too long"}};
    }
  }
}

std::string write_file(const std::filesystem::path& path, std::string_view content) {
  const auto directory = path.parent_path();
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return directory.string() + ": " + error.message();
  auto temporary = path;
  temporary += ".new";
  if (!write_new(temporary, content)) {
    std::string why = temporary.string() + ": " + reason();
    unlink(temporary.c_str());
    return why;
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) return path.string() + ": " + reason();
  if (!sync_directory(directory)) return directory.string() + ": " + reason();
  return {};
}

}  // namespace p1meter::state
