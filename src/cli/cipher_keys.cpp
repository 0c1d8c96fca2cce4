// SPDX-License-Identifier: Apache-2.0
// CLI: keys of meters that encrypt, as options give them.
#include "cli/cipher_keys.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "settings/loading.hpp"

namespace p1meter::cli {
namespace {

constexpr std::size_t longest_key_file = 256;  // bytes

Result<CipherKey, std::string> parse(std::string_view text, std::string_view before) {
  auto key = parse_cipher_key(text);
  if (key) return key;
  return tl::unexpected{std::string{before} + "expected " + key.error()};
}

constexpr std::string_view key_option = "--key";
constexpr std::string_view auth_key_option = "--auth-key";

void forget_value(GivenKeys::Value& value) noexcept {
  wipe(value.text.data(), value.text.size());
  value.text.clear();
  value.given = false;
}

/// Moves characters of an argument to a value.
void take(std::span<char> argument, GivenKeys::Value& value) {
  forget_value(value);
  value.text.assign(argument.begin(), argument.end());
  value.given = true;
  std::ranges::fill(argument, '*');
}

Result<CipherKey, std::string> read_option(std::string_view name, const std::string& value) {
  const std::string prefix = std::string{name} + ": ";
  if (value.empty()) {
    return tl::unexpected{prefix + "is empty, expected 32 hex digits or 16 ASCII characters"};
  }
  auto key = read_cipher_key(value);
  if (key) return key;
  return tl::unexpected{prefix + key.error()};
}

Result<std::optional<DecipherKeys>, std::string> read_both(const GivenKeys& given) {
  std::optional<DecipherKeys> keys;
  if (!given.key.given) {
    if (!given.auth_key.given) return keys;
    return tl::unexpected{std::string{"--auth-key needs --key"}};
  }
  auto key = read_option(key_option, given.key.text);
  if (!key) return tl::unexpected{std::move(key).error()};
  keys = DecipherKeys{.encryption = std::move(*key)};
  if (!given.auth_key.given) return keys;
  auto authentication = read_option(auth_key_option, given.auth_key.text);
  if (!authentication) return tl::unexpected{std::move(authentication).error()};
  keys->authentication = std::move(*authentication);
  return keys;
}

}  // namespace

Result<CipherKey, std::string> read_cipher_key(const std::string& value) {
  if (!value.starts_with('@')) return parse(value, "");
  auto file = settings::read_file(value.substr(1), longest_key_file, true);
  if (!file.error.empty()) {
    return tl::unexpected{"the file behind the @ cannot be read: " + file.error};
  }
  auto key = parse(file.text, "the file holds no key: ");
  wipe(file.text.data(), file.text.size());
  return key;
}

void GivenKeys::forget() noexcept {
  forget_value(key);
  forget_value(auth_key);
}

GivenKeys take_keys(std::span<char* const> arguments) {
  GivenKeys given;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument{arguments[i]};
    if (argument == "--") break;  // behind it are no options
    for (const auto& [name, value] :
         {std::pair{key_option, &given.key}, std::pair{auth_key_option, &given.auth_key}}) {
      if (!argument.starts_with(name)) continue;
      const std::size_t behind_name = name.size() + 1;
      if (argument == name && i + 1 < arguments.size()) {
        char* const next = arguments[++i];
        take({next, std::string_view{next}.size()}, *value);
      } else if (argument.size() >= behind_name && argument[name.size()] == '=') {
        take({arguments[i] + behind_name, argument.size() - behind_name}, *value);
      }
      break;
    }
  }
  return given;
}

Result<std::optional<DecipherKeys>, std::string> read_keys(GivenKeys& given) {
  auto keys = read_both(given);
  given.forget();
  return keys;
}

}  // namespace p1meter::cli
