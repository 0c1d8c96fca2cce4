// SPDX-License-Identifier: Apache-2.0
// Decoding: elements of DLMS lists as they are, for people. Includes values only.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "decoding/axdr.hpp"
#include "decoding/text_memory.hpp"
#include "p1meter/values/telegram.hpp"

namespace p1meter::decoding {

/// Items that a telegram shows; more of them help nobody.
inline constexpr std::size_t item_limit = 1000;

/// Bytes that the texts of all elements in so many octets of data can take, whatever is in them.
[[nodiscard]] std::size_t item_text_size(std::size_t octets) noexcept;

/// Shows elements in Telegram::items, at most item_limit. A number is shown in decimal, a text as
/// it is, all else as hex.
class ItemList {
 public:
  /// `frame_begin`: where offsets are counted from. The memory must have room: item_text_size().
  ItemList(Telegram& telegram, const char* frame_begin, TextMemory& memory) noexcept
      : telegram_{telegram}, frame_begin_{frame_begin}, memory_{memory} {}

  /// An element of a list's first level, read as a whole, and all that is in it.
  void add(const AxdrElement& element, std::uint32_t position);

 private:
  using Path = std::array<std::uint32_t, axdr_depth_limit>;

  void show(const AxdrElement& element, const Path& path, std::size_t levels);
  std::string_view value_of(const AxdrElement& element) noexcept;

  Telegram& telegram_;
  const char* frame_begin_;
  TextMemory& memory_;
};

}  // namespace p1meter::decoding
