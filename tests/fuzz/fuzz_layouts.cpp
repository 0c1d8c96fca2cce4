// SPDX-License-Identifier: Apache-2.0
// Fuzzing: any bytes as a file of layouts of DLMS lists.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "settings/layouts_yaml.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  using namespace p1meter;
  const std::string_view text{reinterpret_cast<const char*>(bytes), count};
  const auto loaded = settings::load_layouts_text(text, "fuzz.yaml");
  const auto require = [](bool condition) {
    if (!condition) std::abort();
  };
  for (const ListLayout& layout : loaded.layouts) {
    require(!layout.name.empty());
    require(layout.form != ListForm::positional || layout.elements);
    require(std::ranges::is_sorted(layout.positions, {}, &ListPosition::position));
    for (const ListPosition& place : layout.positions) {
      require(place.position < list_position_limit);
      require(!layout.elements || place.position < *layout.elements);
      require(!place.scale || (place.scale->scaler >= -18 && place.scale->scaler <= 18));
    }
  }
  for (const auto& fault : loaded.faults) require(!fault.message.empty());
  return 0;
}
