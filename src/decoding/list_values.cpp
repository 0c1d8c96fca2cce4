// SPDX-License-Identifier: Apache-2.0
// Decoding: DLMS values to objects.
#include "decoding/list_values.hpp"

#include <algorithm>

#include "decoding/dlms_clock.hpp"

namespace p1meter::decoding {
namespace {

/// Up to eight octets as a number, the first one highest.
std::uint64_t bits_of(std::string_view octets) noexcept {
  std::uint64_t bits = 0;
  for (const char c : octets) bits = bits << 8U | octet(c);
  return bits;
}

/// The number that two's complement of so many octets means.
std::int64_t sign_extended(std::uint64_t bits, std::size_t octets) noexcept {
  const auto unused = static_cast<unsigned>(64 - 8 * octets);
  return static_cast<std::int64_t>(bits << unused) >> unused;
}

}  // namespace

bool is_printable(std::string_view octets) noexcept {
  return std::ranges::all_of(octets, [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string_view text_of(std::string_view octets, TextMemory& memory) noexcept {
  const auto last = octets.find_last_not_of('\0');
  const auto filled = octets.substr(0, last == std::string_view::npos ? octets.size() : last + 1);
  if (is_printable(filled)) return filled;
  memory.add_hex(octets);
  return memory.take();
}

std::optional<std::int64_t> number_of(const AxdrElement& element) noexcept {
  const AxdrShape& shape = shape_of(element.type);
  const std::uint64_t bits = shape.is_fixed && shape.size <= 8 ? bits_of(element.content) : 0;
  if (element.type == AxdrType::bcd) {
    const std::uint64_t tens = bits >> 4U;
    const std::uint64_t ones = bits & 0xFU;
    if (tens > 9 || ones > 9) return std::nullopt;
    return static_cast<std::int64_t>(tens * 10 + ones);
  }
  if (!shape.is_integer) return std::nullopt;
  if (!shape.is_signed) {
    if (bits > static_cast<std::uint64_t>(max_mantissa)) return std::nullopt;
    return static_cast<std::int64_t>(bits);
  }
  const std::int64_t number = sign_extended(bits, shape.size);
  if (number > max_mantissa || number < -max_mantissa) return std::nullopt;
  return number;
}

void set_clock(CosemObject& object, const Stamp& stamp) noexcept {
  if (stamp.kind == Stamp::Kind::clock) object.time = stamp.clock;
  object.time_unset = stamp.kind == Stamp::Kind::unset;
  object.time_malformed = stamp.kind == Stamp::Kind::malformed;
}

bool fill_value(CosemObject& object, const AxdrElement& value, bool is_clock,
                TextMemory& memory) noexcept {
  object.raw = value.content;
  const bool is_number = shape_of(value.type).is_integer;
  if (const auto number = number_of(value)) {
    object.number = Decimal{*number, 0};
    object.scale_unknown = value.type != AxdrType::boolean && value.type != AxdrType::enumeration;
  } else if (is_number) {
    return false;
  } else if (value.type == AxdrType::date_time || (is_clock && value.is_octets(clock_size))) {
    set_clock(object, read_clock(value.content));
  } else if (value.is_text()) {
    object.text = text_of(value.content, memory);
  } else if (!value.is_container() && !value.content.empty()) {
    memory.add_hex(value.content);
    object.text = memory.take();
  }
  return true;
}

}  // namespace p1meter::decoding
