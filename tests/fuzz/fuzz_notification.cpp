// SPDX-License-Identifier: Apache-2.0
// Fuzzing: any bytes as a DLMS push list, with the shipped layouts.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "p1meter/decoding/decode.hpp"
#include "settings/settings.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

bool lies_within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// What holds for every telegram, whatever the bytes.
void check(std::string_view apdu, const p1meter::Telegram& telegram) {
  const std::string_view memory{telegram.text_memory.data(), telegram.text_memory.size()};
  const auto is_alive = [&](std::string_view text) {
    return lies_within(text, apdu) || lies_within(text, memory);
  };
  require(is_alive(telegram.identification));
  for (const auto& object : telegram.objects) {
    require(lies_within(object.raw, apdu) && is_alive(object.text));
    require(object.offset < apdu.size());
    if (object.number) {
      require(p1meter::to_string(*object.number).size() < p1meter::decimal_text_size);
    }
    if (object.time) {
      static_cast<void>(p1meter::to_string(p1meter::place(*object.time, p1meter::Zone{})));
    }
    for (const auto& other : telegram.objects)
      require(&other == &object || other.obis != object.obis);
  }
  for (const auto& item : telegram.items) {
    require(is_alive(item.position) && item.offset < apdu.size() && !item.type.empty());
    require(is_alive(item.value) || item.value == "true" || item.value == "false");
  }
  for (const auto& problem : telegram.problems) require(problem.offset <= apdu.size());
  // memory follows the data's size
  require(telegram.objects.size() <= apdu.size() && telegram.items.size() <= apdu.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const p1meter::ListLayouts layouts = p1meter::settings::make_list_layouts();
  static const p1meter::ListLayouts none;
  const std::string_view apdu{reinterpret_cast<const char*>(data), size};
  p1meter::Telegram telegram;
  for (const auto* known : {&layouts, &none}) {
    telegram.clear();
    p1meter::decode_notification(apdu, *known, telegram);
    check(apdu, telegram);
  }
  return 0;
}
