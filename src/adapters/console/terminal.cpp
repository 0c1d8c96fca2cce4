// SPDX-License-Identifier: Apache-2.0
// Console adapter: what the terminal can show.
#include "adapters/console/terminal.hpp"

#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace p1meter::console {
namespace {

std::string_view environment(const char* name) noexcept {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

}  // namespace

bool is_terminal(int descriptor) noexcept { return isatty(descriptor) != 0; }

TableStyle style_for(int descriptor) noexcept {
  if (!is_terminal(descriptor)) return {};
  winsize size{};
  const bool known = ioctl(descriptor, TIOCGWINSZ, &size) == 0;
  const bool colour = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  return {.colour = colour, .width = known ? std::size_t{size.ws_col} : 0};
}

}  // namespace p1meter::console
