// SPDX-License-Identifier: Apache-2.0
// State adapter: what must survive a restart.
#include "adapters/state/state_store.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <pwd.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "adapters/state/files.hpp"
#include "adapters/state/stored_meter.hpp"

namespace p1meter {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

std::filesystem::path home_directory() {
  if (auto home = environment("HOME"); !home.empty()) return home;
  const passwd* user = getpwuid(getuid());
  return user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "/";
}

std::string system_reason() { return std::generic_category().message(errno); }

/// Names become file names: settings allow only harmless ones, this makes sure of it.
bool is_file_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string_view::npos;
}

std::filesystem::path meter_path(const std::filesystem::path& directory, const std::string& meter) {
  return directory / "meters" / (meter + ".json");
}

/// Moves a file out of the way and says so.
std::string set_aside(const std::filesystem::path& path, state::Unusable why) {
  const bool newer = why == state::Unusable::newer;
  auto aside = path;
  aside += newer ? ".newer" : ".damaged";
  std::error_code error;
  std::filesystem::rename(path, aside, error);
  return path.string() + (newer ? " was written by a later version" : " is damaged") +
         (error ? " and cannot be set aside: " + error.message()
                : "; it was set aside as " + aside.filename().string());
}

/// Reads a file and takes it apart; sets aside what cannot be understood.
template <class Content>
std::optional<Content> load_file(const std::filesystem::path& path,
                                 Result<Content, state::Unusable> (*parse)(std::string_view),
                                 std::string& report) {
  report.clear();
  const auto text = state::read_file(path);
  if (!text) {
    if (text.error().fault == state::ReadFault::too_long) {
      report = set_aside(path, state::Unusable::damaged);
    } else if (text.error().fault == state::ReadFault::unreadable) {
      report = path.string() + " cannot be read: " + text.error().reason;
    }
    return std::nullopt;
  }
  auto content = parse(*text);
  if (content) return *std::move(content);
  report = set_aside(path, content.error());
  return std::nullopt;
}

}  // namespace

std::filesystem::path state_directory() {
  const std::string given = environment("STATE_DIRECTORY");
  if (!given.empty()) return given.substr(0, given.find(':'));
  const char* const services = "/var/lib/p1meter";
  // The service's user by hand, too: so that a second program notices the service.
  struct stat status {};
  if (geteuid() == 0 || (stat(services, &status) == 0 && status.st_uid == geteuid()))
    return services;
  // The base directory specification has relative paths ignored.
  const std::filesystem::path base{environment("XDG_STATE_HOME")};
  if (base.is_absolute()) return base / "p1meter";
  return home_directory() / ".local" / "state" / "p1meter";
}

StateStore::StateStore(std::filesystem::path directory) : directory_{std::move(directory)} {}

StateStore::~StateStore() {
  if (lock_descriptor_ >= 0) close(lock_descriptor_);
}

std::optional<StoredMeter> StateStore::load(const std::string& meter, std::string& report) const {
  if (!is_file_name(meter)) return std::nullopt;
  return load_file(meter_path(directory_, meter), &state::read_meter, report);
}

std::string StateStore::save(const std::string& meter, const StoredMeter& stored) const {
  if (!is_file_name(meter)) return "'" + meter + "' is no file name";
  return state::write_file(meter_path(directory_, meter), state::write_meter(stored));
}

std::vector<std::string> StateStore::load_list(const std::string& name, std::string& report) const {
  if (!is_file_name(name)) return {};
  return load_file(directory_ / (name + ".json"), &state::read_list, report)
      .value_or(std::vector<std::string>{});
}

std::string StateStore::save_list(const std::string& name,
                                  const std::vector<std::string>& items) const {
  if (!is_file_name(name)) return "'" + name + "' is no file name";
  return state::write_file(directory_ / (name + ".json"), state::write_list(items));
}

bool StateStore::lock() {
  if (lock_descriptor_ >= 0) return true;
  lock_fault_.clear();
  std::error_code ignored;
  std::filesystem::create_directories(directory_, ignored);
  const auto path = directory_ / "lock";
  constexpr mode_t owner_and_group = 0640;
  int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_and_group);
  if (descriptor < 0) {
    const std::string why = system_reason();
    descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
      lock_fault_ = path.string() + ": " + why;
      return true;
    }
  }
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const bool held = errno == EWOULDBLOCK;
    lock_fault_ = path.string() + ": " + system_reason();
    close(descriptor);
    return !held;
  }
  lock_descriptor_ = descriptor;
  return true;
}

std::string StateStore::unusable() const {
  if (!lock_fault_.empty()) return lock_fault_;
  std::error_code error;
  const auto meters = directory_ / "meters";
  std::filesystem::create_directories(meters, error);
  if (error) return meters.string() + ": " + error.message();
  for (const auto& folder : {directory_, meters}) {
    if (access(folder.c_str(), W_OK | X_OK) != 0) return folder.string() + ": " + system_reason();
  }
  return {};
}

}  // namespace p1meter
