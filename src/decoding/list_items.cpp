// SPDX-License-Identifier: Apache-2.0
// Decoding: elements of DLMS lists as they are, for people.
#include "decoding/list_items.hpp"

#include <algorithm>
#include <charconv>

#include "decoding/list_values.hpp"

namespace p1meter::decoding {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t number_size = 20;  // digits and sign of 64 bits

template <class Number>
void add_number(Number number, TextMemory& memory) noexcept {
  std::array<char, number_size> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  memory.add({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

}  // namespace

std::size_t item_text_size(std::size_t octets) noexcept {
  std::size_t digits = 1;  // of the last position that there can be: each element has an octet
  for (std::size_t last = octets; last > 9; last /= 10) ++digits;
  const std::size_t position_size = axdr_depth_limit * (digits + 1);
  constexpr std::size_t most_of_octet = 3;  // in a number, its tag counted; in hex it takes two
  return std::min(octets, item_limit) * position_size + most_of_octet * octets;
}

void ItemList::add(const AxdrElement& element, std::uint32_t position) {
  Path path{position};
  if (!element.is_container() || element.count == 0) return show(element, path, 1);
  AxdrReader inside{element.content.data(), element.content.data() + element.content.size()};
  Path left{};  // elements to come, level by level
  left[1] = element.count;
  for (std::size_t depth = 1; depth > 0;) {
    if (left[depth] == 0) {
      --depth;
      ++path[depth];
      continue;
    }
    --left[depth];
    AxdrElement inner;
    if (!inside.next(inner)) return;
    if (inner.is_container() && inner.count > 0) {
      if (++depth == path.size()) return;
      left[depth] = inner.count;
      path[depth] = 0;
    } else {
      show(inner, path, depth + 1);
      ++path[depth];
    }
  }
}

void ItemList::show(const AxdrElement& element, const Path& path, std::size_t levels) {
  if (telegram_.items.size() >= item_limit) return;
  for (std::size_t level = 0; level < levels; ++level) {
    if (level > 0) memory_.add('.');
    add_number(path[level], memory_);
  }
  ListItem& item = telegram_.items.emplace_back();
  item.position = memory_.take();
  item.type = shape_of(element.type).name;
  item.value = value_of(element);
  item.offset = static_cast<std::uint32_t>(element.at - frame_begin_);
}

std::string_view ItemList::value_of(const AxdrElement& element) noexcept {
  if (element.is_text()) return text_of(element.content, memory_);
  if (element.type == AxdrType::boolean) return element.content == "\0"sv ? "false" : "true";
  if (const auto number = number_of(element)) {
    add_number(*number, memory_);
  } else if (shape_of(element.type).is_integer) {  // more digits than a Decimal holds
    const std::uint64_t bits = load_big_endian(element.content.data());
    if (shape_of(element.type).is_signed) {
      add_number(static_cast<std::int64_t>(bits), memory_);
    } else {
      add_number(bits, memory_);
    }
  } else {
    memory_.add_hex(element.content);
  }
  return memory_.take();
}

}  // namespace p1meter::decoding
