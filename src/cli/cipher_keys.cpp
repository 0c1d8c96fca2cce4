// SPDX-License-Identifier: Apache-2.0
// CLI: keys of meters that encrypt, as options give them.
#include "cli/cipher_keys.hpp"

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

}  // namespace p1meter::cli
