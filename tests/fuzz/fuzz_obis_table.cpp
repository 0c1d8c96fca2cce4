// SPDX-License-Identifier: Apache-2.0
// Fuzzing: any bytes as a table of OBIS entries, the shipped form and the user's.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "settings/known_keys.hpp"
#include "settings/obis_yaml.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  using namespace p1meter::settings;
  const std::string_view text{reinterpret_cast<const char*>(bytes), count};
  const auto table = load_obis_table_text(text, "fuzz.yaml");
  // the user's form reads the shipped table too, which costs twenty times as much: every fourth
  // time
  if (count % 4 != 0) return 0;
  const auto users = load_user_obis_text(text, "fuzz.yaml");
  if (!users.faults.empty()) return 0;
  p1meter::ObisTable own;
  for (const auto& entry : users.entries) {
    if (entry.key.empty() && entry.form != p1meter::ValueForm::ignored) std::abort();
    own.add(entry);
  }
  if (KnownKeys{own}.names().empty() && !table.entries.empty() && !own.entries().empty()) {
    for (const auto& entry : own.entries()) {
      if (entry.form != p1meter::ValueForm::ignored) std::abort();  // every other entry gives a key
    }
  }
  return 0;
}
