// SPDX-License-Identifier: Apache-2.0
// Fuzzing: any bytes as a configuration. What is accepted must survive being shown and loaded
// again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "settings/docs.hpp"
#include "settings/settings.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  using namespace p1meter::settings;
  const std::string_view text{reinterpret_cast<const char*>(bytes), count};
  const Loaded loaded = load_text(text, "fuzz.yaml");
  for (const auto& fault : loaded.faults) {
    if (fault.message.empty()) std::abort();
  }
  if (!loaded.faults.empty()) return 0;
  const std::string shown = effective_yaml(loaded.settings);
  const Loaded again = load_text(shown, "fuzz.yaml");
  if (!again.faults.empty() || effective_yaml(again.settings) != shown) std::abort();
  return 0;
}
