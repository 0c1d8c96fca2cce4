// SPDX-License-Identifier: Apache-2.0
// Settings: lines of YAML with comments.
#include "settings/yaml_writer.hpp"

#include <algorithm>

namespace p1meter::settings {
namespace {

constexpr std::size_t width = 100;

}  // namespace

void YamlWriter::write(int depth, std::string_view mark, std::string_view text) {
  text_.append(static_cast<std::size_t>(depth) * 2, ' ').append(mark).append(text) += '\n';
}

void YamlWriter::prose(int depth, std::string_view text) {
  if (text.empty() || !said_.emplace(text).second) return;
  const std::size_t room = width - 2 - static_cast<std::size_t>(depth) * 2;
  while (text.size() > room) {
    const auto space = text.rfind(' ', room);
    const auto end = space == std::string_view::npos ? text.find(' ') : space;
    if (end == std::string_view::npos) break;
    write(depth, "# ", text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  write(depth, "# ", text);
}

}  // namespace p1meter::settings
