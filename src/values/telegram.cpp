// SPDX-License-Identifier: Apache-2.0
// Values: the telegram as a vessel that is filled again and again.
#include "p1meter/values/telegram.hpp"

#include <utility>

namespace p1meter {

std::string_view integrity_name(Integrity integrity) noexcept {
  switch (integrity) {
    case Integrity::ok:
      return "ok";
    case Integrity::absent:
      return "absent";
    case Integrity::bad:
      return "bad";
  }
  return "";
}

void Telegram::clear() noexcept {
  const auto emptied = [](auto& vector) {
    auto kept = std::move(vector);
    kept.clear();
    return kept;
  };
  Telegram blank;
  blank.objects = emptied(objects);
  blank.rows = emptied(rows);
  blank.items = emptied(items);
  blank.problems = emptied(problems);
  blank.slots = emptied(slots);
  blank.plain = emptied(plain);
  blank.text_memory = emptied(text_memory);
  *this = std::move(blank);
}

}  // namespace p1meter
