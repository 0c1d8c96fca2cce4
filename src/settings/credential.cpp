// SPDX-License-Identifier: Apache-2.0
// Settings: files that systemd passes to its service alone.
#include "settings/credential.hpp"

#include <cstdlib>

#include "settings/definition.hpp"

namespace p1meter::settings {

std::optional<std::string_view> credential_name(std::string_view path) noexcept {
  for (const std::string_view prefix :
       {"%d/", "$CREDENTIALS_DIRECTORY/", "${CREDENTIALS_DIRECTORY}/"}) {
    if (path.starts_with(prefix)) return path.substr(prefix.size());
  }
  return std::nullopt;
}

std::string resolve_file(std::string_view directory, std::string_view path) {
  const auto name = credential_name(path);
  if (!name) return resolve_path(directory, path);
  const char* passed = std::getenv("CREDENTIALS_DIRECTORY");
  if (passed == nullptr || *passed == '\0') return std::string{path};
  return resolve_path(passed, *name);
}

std::string how_to_pass(std::string_view name) {
  return "'LoadCredential=" + std::string{name} +
         ":/path/of/the/file' under [Service] (systemctl edit p1meter) passes it";
}

}  // namespace p1meter::settings
