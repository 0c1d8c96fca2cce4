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

void forget_text(std::optional<std::string>& text) noexcept {
  if (text) wipe(text->data(), text->size());
  text.reset();
}

/// Moves characters of an argument to a text.
void take(std::span<char> argument, std::optional<std::string>& text) {
  forget_text(text);
  text.emplace(argument.begin(), argument.end());
  std::ranges::fill(argument, '*');
}

Result<CipherKey, std::string> read_option(std::string_view name, const std::string& value) {
  auto key = value.empty() ? tl::unexpected{std::string{"is empty, expected 32 hex digits or 16 "
                                                        "ASCII characters"}}
                           : read_cipher_key(value);
  if (key) return key;
  return tl::unexpected{std::string{name} + ": " + key.error()};
}

Result<std::optional<DecipherKeys>, std::string> read_both(const GivenKeys& given) {
  std::optional<DecipherKeys> keys;
  if (!given.key) {
    if (!given.auth_key) return keys;
    return tl::unexpected{std::string{"--auth-key needs --key"}};
  }
  auto key = read_option(key_option, *given.key);
  if (!key) return tl::unexpected{std::move(key).error()};
  keys = DecipherKeys{.encryption = std::move(*key)};
  if (!given.auth_key) return keys;
  auto authentication = read_option(auth_key_option, *given.auth_key);
  if (!authentication) return tl::unexpected{std::move(authentication).error()};
  keys->authentication = std::move(*authentication);
  return keys;
}

}  // namespace

Result<CipherKey, std::string> read_cipher_key(const std::string& value) {
  if (!value.starts_with('@')) return parse(value, "");
  auto file = settings::read_file(value.substr(1), longest_key_file, true);
  auto key = file.error.empty()
                 ? parse(file.text, "the file holds no key: ")
                 : tl::unexpected{"the file behind the @ cannot be read: " + file.error};
  wipe(file.text.data(), file.text.size());
  return key;
}

void GivenKeys::forget() noexcept {
  forget_text(key);
  forget_text(auth_key);
}

GivenKeys take_keys(std::span<char* const> arguments) {
  GivenKeys given;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument{arguments[i]};
    if (argument == "--") break;  // behind it are no options
    for (const auto& [name, text] :
         {std::pair{key_option, &given.key}, std::pair{auth_key_option, &given.auth_key}}) {
      if (!argument.starts_with(name)) continue;
      const std::size_t value = name.size() + 1;
      if (argument == name && i + 1 < arguments.size()) {
        char* const next = arguments[++i];
        take({next, std::string_view{next}.size()}, *text);
      } else if (argument.size() >= value && argument[name.size()] == '=') {
        take({arguments[i] + value, argument.size() - value}, *text);
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
