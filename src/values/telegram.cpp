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
  auto kept_objects = std::move(objects);
  auto kept_rows = std::move(rows);
  auto kept_problems = std::move(problems);
  auto kept_slots = std::move(slots);
  kept_objects.clear();
  kept_rows.clear();
  kept_problems.clear();
  kept_slots.clear();
  *this = Telegram{};
  objects = std::move(kept_objects);
  rows = std::move(kept_rows);
  problems = std::move(kept_problems);
  slots = std::move(kept_slots);
}

}  // namespace p1meter
