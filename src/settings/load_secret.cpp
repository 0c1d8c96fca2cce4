// SPDX-License-Identifier: Apache-2.0
// Settings: secrets that stand in files of their own.
#include <filesystem>
#include <system_error>
#include <utility>

#include "settings/credential.hpp"
#include "settings/loading.hpp"

namespace p1meter::settings {
namespace {

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
    std::string fault = "the file" + shown + " cannot be used: " + file.error;
    if (!secret.path_hidden)
      fault += file.forbidden ? advice_on_forbidden(path) : advice_on_absent(secret.written, path);
    loading.faults.add(secret.place, secret.key, std::move(fault));
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
  const std::string path = resolve_file(loading.directory, secret.written);
  if (const auto name = credential_name(path)) {
    tell_of_no_credentials(secret.path_hidden ? "NAME" : *name, secret.place, secret.key, loading);
    return std::nullopt;
  }
  return read_secret(secret, path, loading);
}

void tell_of_no_credentials(std::string_view name, Place place, const std::string& key,
                            Loading& loading) {
  if (loading.credentials == Credentials::expected) {
    loading.faults.add(place, key,
                       "systemd has passed no credentials ($CREDENTIALS_DIRECTORY is not set): " +
                           how_to_pass(name));
    return;
  }
  loading.faults.warn(
      place, key,
      "not read: systemd passes credentials to its service only ($CREDENTIALS_DIRECTORY is not "
      "set); with CREDENTIALS_DIRECTORY=/run/credentials/p1meter.service in front of the command "
      "root reads those of the running service");
}

std::string advice_on_absent(std::string_view written, const std::string& path) {
  const auto name = credential_name(written);
  std::error_code error;
  if (!name || std::filesystem::exists(path, error) || error) return {};
  return "; " + how_to_pass(*name);
}

std::string advice_on_forbidden(const std::string& path) {
  return "; for the service: chown root:p1meter " + path + " and chmod 0640 " + path;
}

}  // namespace p1meter::settings
