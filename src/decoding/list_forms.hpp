// SPDX-License-Identifier: Apache-2.0
// Decoding: the forms of DLMS lists: how each is told, and what its elements are. Includes values
// only.
//
//     structures, pairs    named_list.cpp
//     described            described_list.cpp
//     positional           positional_list.cpp
//     what layouts add to all but the positional ones    list_gaps.cpp
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "decoding/axdr.hpp"
#include "decoding/list_writer.hpp"
#include "p1meter/decoding/list_layout.hpp"

namespace p1meter::decoding {

/// The list of a notification.
struct OpenList {
  AxdrReader reader;           // in front of its first element
  AxdrElement head{};          // the array or structure
  std::uint32_t count{};       // of its elements, as far as they can be there
  const ListLayouts& layouts;  // all that there are

  /// Objects that it can hold: a code and its value have at least nine bytes.
  [[nodiscard]] std::uint32_t most_named() const noexcept {
    return std::min(count, static_cast<std::uint32_t>(reader.left() / 9 + 1));
  }
};

/// The first elements of a list, whole, for forms that are told by looking at several.
using Elements = std::span<const AxdrElement>;
struct Directory {
  std::array<AxdrElement, list_position_limit> room{};
  Elements known{};
  std::optional<AxdrReader> broken{};  // stands where the next could not be read, if so
};

// ---- structures and pairs

/// A structure of two or more elements whose first is an octet-string of six.
[[nodiscard]] bool begins_with_name(const AxdrReader& reader) noexcept;

/// Elements that may stand in front of the first pair.
inline constexpr std::size_t most_before_pairs = 3;
[[nodiscard]] bool is_pairs(const OpenList& list, Elements first) noexcept;

/// Input     form: structures or pairs; the other kind of element is understood too
void take_named(ListForm form, OpenList& list, ListWriter& writer);

// ---- described

[[nodiscard]] bool is_described(Elements first) noexcept;
/// Input     descriptors: the list's first element
void take_described(const AxdrElement& descriptors, OpenList& list, ListWriter& writer);

// ---- positional

/// What of a positional layout can be told by the list's count and its first element.
[[nodiscard]] bool fits_beginning(const ListLayout& layout, const OpenList& list,
                                  Elements first) noexcept;
/// The first layout that fits, or null.
///
/// Input     with_name: only layouts that are known by a list name, or only those that are not
[[nodiscard]] const ListLayout* find_positional(const OpenList& list, Elements first,
                                                bool with_name);
void take_positional(const ListLayout& layout, const OpenList& list, const Directory& directory,
                     ListWriter& writer);

// ---- what a list leaves out

/// An element that stands in a named list without a code.
struct Unnamed {
  AxdrElement element{};
  std::uint32_t position{};
};

/// Asks the layouts for the scales and names that the list does not say, and says which layout
/// knew: to be called once, when all objects have been taken.
void fill_gaps(ListForm form, const OpenList& list, std::span<const Unnamed> unnamed,
               ListWriter& writer);

}  // namespace p1meter::decoding
