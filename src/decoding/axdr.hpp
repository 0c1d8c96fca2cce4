// SPDX-License-Identifier: Apache-2.0
// Decoding: A-XDR, the coding of DLMS data, element by element. Includes values only.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "p1meter/values/octets.hpp"
#include "p1meter/values/problem.hpp"

namespace p1meter::decoding {

/// The types of DLMS data by their tags. Source    Blue Book, common data types
enum class AxdrType : std::uint8_t {
  null_data = 0x00,
  array = 0x01,
  structure = 0x02,
  boolean = 0x03,
  bit_string = 0x04,
  double_long = 0x05,
  double_long_unsigned = 0x06,
  octet_string = 0x09,
  visible_string = 0x0A,
  utf8_string = 0x0C,
  bcd = 0x0D,
  integer = 0x0F,
  long_signed = 0x10,
  unsigned_byte = 0x11,
  long_unsigned = 0x12,
  long64 = 0x14,
  long64_unsigned = 0x15,
  enumeration = 0x16,
  float32 = 0x17,
  float64 = 0x18,
  date_time = 0x19,
  date = 0x1A,
  time = 0x1B,
};
inline constexpr std::size_t axdr_type_count = 0x1C;

/// Containers within each other, the list itself counted. A limit of our own.
inline constexpr std::size_t axdr_depth_limit = 8;

/// How the octets of a type are laid out.
struct AxdrShape {
  std::uint8_t size{};      // in octets, of a type that always has as many
  bool is_fixed{};          // it has
  bool is_integer{};        // a whole number
  bool is_signed{};         // two's complement
  std::string_view name{};  // the Blue Book's; empty: no list holds this type
};

inline constexpr std::array<AxdrShape, axdr_type_count> axdr_shapes{{
    {0, true, false, false, "null-data"},
    {0, false, false, false, "array"},
    {0, false, false, false, "structure"},
    {1, true, true, false, "boolean"},
    {0, false, false, false, "bit-string"},
    {4, true, true, true, "double-long"},
    {4, true, true, false, "double-long-unsigned"},
    {},
    {},
    {0, false, false, false, "octet-string"},
    {0, false, false, false, "visible-string"},
    {},
    {0, false, false, false, "utf8-string"},
    {1, true, false, false, "bcd"},
    {},
    {1, true, true, true, "integer"},
    {2, true, true, true, "long"},
    {1, true, true, false, "unsigned"},
    {2, true, true, false, "long-unsigned"},
    {},  // compact-array: no list of a customer port holds one
    {8, true, true, true, "long64"},
    {8, true, true, false, "long64-unsigned"},
    {1, true, true, false, "enum"},
    {4, true, false, false, "float32"},
    {8, true, false, false, "float64"},
    {12, true, false, false, "date-time"},
    {5, true, false, false, "date"},
    {4, true, false, false, "time"},
}};

[[nodiscard]] constexpr const AxdrShape& shape_of(AxdrType type) noexcept {
  return axdr_shapes[static_cast<std::size_t>(type)];
}

/// Eight octets as a number, the first one highest. There must be as many.
[[nodiscard]] inline std::uint64_t load_big_endian(const char* at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
  return word;
}

/// One element. Owns      views are into the data
struct AxdrElement {
  AxdrType type{};
  std::uint32_t count{};       // of an array or structure: elements; of a bit-string: bits
  const char* at{};            // its tag
  std::string_view content{};  // its value's octets; of an array or structure see AxdrReader

  [[nodiscard]] bool is_container() const noexcept {
    return type == AxdrType::array || type == AxdrType::structure;
  }
  [[nodiscard]] bool is_text() const noexcept {
    return type == AxdrType::octet_string || type == AxdrType::visible_string ||
           type == AxdrType::utf8_string;
  }
  [[nodiscard]] bool is_octets(std::size_t size) const noexcept {
    return type == AxdrType::octet_string && content.size() == size;
  }
};

/// Takes elements off the front of some data, one at a time. Every length and count is checked
/// against what is left, so nothing is ever read beyond the end or reserved for what is not there.
///
/// Errors    after a false, fault() and fault_at() say what is wrong where, and nothing more can be
///           read
class AxdrReader {
 public:
  AxdrReader(const char* begin, const char* end) noexcept : at_{begin}, end_{end} {}

  [[nodiscard]] const char* at() const noexcept { return at_; }
  [[nodiscard]] const char* end() const noexcept { return end_; }
  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] ProblemCode fault() const noexcept { return fault_; }
  [[nodiscard]] const char* fault_at() const noexcept { return fault_at_; }

  /// Goes on at a place that the caller has read up to by itself.
  void go_to(const char* at) noexcept { at_ = at; }

  /// The next element. The elements of an array or structure come next; its content is empty.
  [[nodiscard]] bool next(AxdrElement& element) noexcept {
    if (at_ == end_) return fail(ProblemCode::data_cut, at_);
    const char* const tag = at_;
    if (octet(*tag) >= axdr_type_count) return fail(ProblemCode::type_unknown, tag);
    element.type = static_cast<AxdrType>(octet(*tag));
    element.at = tag;
    element.content = {};
    element.count = 0;
    const AxdrShape& shape = shape_of(element.type);
    if (shape.is_fixed) {
      if (left() - 1 < shape.size) return fail(ProblemCode::data_cut, tag);
      element.content = {tag + 1, shape.size};
      at_ = tag + 1 + shape.size;
      return true;
    }
    if (shape.name.empty()) return fail(ProblemCode::type_unknown, tag);
    return take_long(element);
  }

  /// The next element with all that is in it; the content of an array or structure is then that of
  /// its elements, tags included.
  ///
  /// Input     level: how many containers it lies in
  [[nodiscard]] bool next_whole(AxdrElement& element, std::size_t level) noexcept {
    if (!next(element)) return false;
    return !element.is_container() || take_content(element, level);
  }

  /// Passes over the elements of a container that next() has just given, and sets its content.
  [[nodiscard]] bool take_content(AxdrElement& container, std::size_t level) noexcept {
    if (level >= axdr_depth_limit) return fail(ProblemCode::nested_too_deep, container.at);
    const char* const first = at_;
    std::array<std::uint32_t, axdr_depth_limit> left_in{};  // elements to come, level by level
    left_in[0] = container.count;
    for (std::size_t depth = 0;;) {
      if (left_in[depth] == 0) {
        if (depth == 0) break;
        --depth;
        continue;
      }
      --left_in[depth];
      AxdrElement element;
      if (!next(element)) return false;
      if (!element.is_container()) continue;
      if (level + depth + 1 >= axdr_depth_limit) {
        return fail(ProblemCode::nested_too_deep, element.at);
      }
      left_in[++depth] = element.count;
    }
    container.content = {first, static_cast<std::size_t>(at_ - first)};
    return true;
  }

 private:
  /// An element with a length or count.
  bool take_long(AxdrElement& element) noexcept {
    const char* const tag = at_;
    ++at_;
    std::uint32_t length = 0;
    if (!take_length(tag, length)) return false;
    if (element.is_container()) {
      element.count = length;
      // each element has at least its tag
      return length <= left() || fail(ProblemCode::count_impossible, tag);
    }
    std::uint64_t size = length;
    if (element.type == AxdrType::bit_string) {
      element.count = length;
      size = (size + 7) / 8;
    }
    if (size > left()) return fail(ProblemCode::data_cut, tag);
    element.content = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return true;
  }

  bool take_length(const char* tag, std::uint32_t& length) noexcept {
    if (at_ != end_ && octet(*at_) < 0x80) {  // nearly every one
      length = octet(*at_++);
      return true;
    }
    const AxdrLength read = read_axdr_length({at_, left()});
    if (read.size == 0) return fail(ProblemCode::length_malformed, tag);
    if (!read.is_within(left())) return fail(ProblemCode::data_cut, tag);
    length = read.value;
    at_ += read.size;
    return true;
  }

  bool fail(ProblemCode code, const char* at) noexcept {
    fault_ = code;
    fault_at_ = at;
    return false;
  }

  const char* at_;
  const char* end_;
  ProblemCode fault_{};
  const char* fault_at_{};
};

}  // namespace p1meter::decoding
