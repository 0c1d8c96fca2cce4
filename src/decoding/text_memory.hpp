// SPDX-License-Identifier: Apache-2.0
// Decoding: texts that are not in the frame as they stand. Includes values only.
#pragma once

#include <cassert>
#include <string_view>
#include <vector>

namespace p1meter::decoding {

/// Writes texts into a telegram's text_memory. All room is reserved before the first one, so that
/// no view is ever moved.
class TextMemory {
 public:
  explicit TextMemory(std::vector<char>& memory) noexcept : memory_{memory} {}

  void reserve(std::size_t size) { memory_.reserve(memory_.size() + size); }

  void add(char c) noexcept {
    const bool reserved = memory_.size() < memory_.capacity();
    assert(reserved);
    if (reserved) memory_.push_back(c);  // a short text does less harm than views of old memory
  }
  void add(std::string_view text) noexcept {
    for (const char c : text) add(c);
  }
  /// Two capital hex digits an octet.
  void add_hex(std::string_view octets) noexcept {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : octets) {
      const auto octet = static_cast<unsigned char>(c);
      add(digits[octet >> 4U]);
      add(digits[octet & 0xFU]);
    }
  }
  /// What was added since the last take().
  [[nodiscard]] std::string_view take() noexcept {
    const std::string_view text{memory_.data() + begin_, memory_.size() - begin_};
    begin_ = memory_.size();
    return text;
  }

 private:
  std::vector<char>& memory_;
  std::size_t begin_{memory_.size()};
};

}  // namespace p1meter::decoding
