// SPDX-License-Identifier: Apache-2.0
// Settings: secrets that stand in files of their own.
#include <cstdlib>
#include <utility>

#include "settings/loading.hpp"

namespace p1meter::settings {
namespace {

/// The file of a systemd credential, or nothing where systemd has not passed any.
std::optional<std::string> credential_path(std::string_view name) {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr || *directory == '\0') return std::nullopt;
  return resolve_path(directory, name);
}

std::optional<std::string_view> credential_name(std::string_view path) {
  for (const std::string_view prefix :
       {"%d/", "$CREDENTIALS_DIRECTORY/", "${CREDENTIALS_DIRECTORY}/"}) {
    if (path.starts_with(prefix)) return path.substr(prefix.size());
  }
  return std::nullopt;
}

std::optional<std::string> read_secret(const SecretFile& secret, const std::string& path,
                                       Loading& loading) {
  auto file = read_file(path, secret.limit + 2, false);
  auto& text = file.text;
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (file.error.empty() && text.find('\0') != std::string::npos) file.error = "it is no text";
  if (file.error.empty() && text.empty()) file.error = "it is empty";
  const std::string shown = secret.path_hidden ? "" : ' ' + path;
  if (!file.error.empty()) {
    loading.faults.add(secret.place, secret.key,
                       "the file" + shown + " cannot be used: " + file.error);
    wipe(text.data(), text.size());
    return std::nullopt;
  }
  if (file.readable_by_all) {
    loading.faults.warn_of_readable_file(path, secret.place, secret.key,
                                         "everybody on this machine can read " +
                                             (secret.path_hidden ? "the file" : path) +
                                             "; chmod o-r makes it private");
  }
  return std::move(text);
}

}  // namespace

std::optional<std::string> read_secret_file(const SecretFile& secret, Loading& loading) {
  const auto name = credential_name(secret.written);
  if (!name) return read_secret(secret, resolve_path(loading.directory, secret.written), loading);
  if (const auto path = credential_path(*name)) return read_secret(secret, *path, loading);
  loading.faults.warn(secret.place, secret.key,
                      "not read: systemd passes credentials to its services only, and this is none "
                      "of them ($CREDENTIALS_DIRECTORY is not set)");
  return std::nullopt;
}

}  // namespace p1meter::settings
