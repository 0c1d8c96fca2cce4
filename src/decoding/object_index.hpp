// SPDX-License-Identifier: Apache-2.0
// Decoding: the objects of a telegram by their code. Includes values only.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "p1meter/values/telegram.hpp"

namespace p1meter::decoding {

/// Finds the objects of a telegram by their code, so that a long telegram costs no more an object
/// than a short one. Open addressing in the telegram's own memory.
class ObjectIndex {
 public:
  /// `slots`: more than there can be objects, best by a third or more.
  ObjectIndex(Telegram& telegram, std::size_t slots) : telegram_{telegram} {
    telegram.slots.assign(std::bit_ceil(slots), empty);
    shift_ -= std::countr_zero(telegram.slots.size());
  }
  /// The object with this code, or null: then it is entered as the one to be appended next.
  CosemObject* find_or_enter(const Obis& obis) noexcept {
    std::uint32_t& slot = slot_of(obis);
    if (slot != empty) return &telegram_.objects[slot];
    slot = static_cast<std::uint32_t>(telegram_.objects.size());
    return nullptr;
  }
  /// The object with this code, or null.
  [[nodiscard]] CosemObject* find(const Obis& obis) noexcept {
    const std::uint32_t slot = slot_of(obis);
    return slot == empty ? nullptr : &telegram_.objects[slot];
  }

 private:
  static constexpr std::uint32_t empty = UINT32_MAX;

  /// The slot that holds the object, or the free one where it belongs.
  std::uint32_t& slot_of(const Obis& obis) noexcept {
    const std::size_t last = telegram_.slots.size() - 1;
    // Fibonacci hashing: the golden ratio spreads codes that differ in one group, and the highest
    // bits of the product depend on all groups
    auto at = static_cast<std::size_t>(obis.packed() * 0x9E3779B97F4A7C15U >> shift_);
    for (; telegram_.slots[at] != empty; at = (at + 1) & last) {
      if (telegram_.objects[telegram_.slots[at]].obis == obis) break;
    }
    return telegram_.slots[at];
  }

  Telegram& telegram_;
  int shift_{64};  // of a product: leaves as many bits as a slot's number has
};

}  // namespace p1meter::decoding
