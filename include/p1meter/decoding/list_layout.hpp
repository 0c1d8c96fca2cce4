// SPDX-License-Identifier: Apache-2.0
// Decoding: what DLMS lists leave out, as data. Includes values only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/values/decimal.hpp"
#include "p1meter/values/obis.hpp"
#include "p1meter/values/unit.hpp"

namespace p1meter {

/// How a list is written.
enum class ListForm : std::uint8_t {
  structures,  // {code, value, {scaler, unit}} or {code, value} each
  pairs,       // code, value, code, value ..; some with {scaler, unit} behind the value
  described,   // first an array of {class, code, attribute, index}, then the values in that order
  positional,  // values only: the position says which
};
[[nodiscard]] std::string_view form_name(ListForm form) noexcept;  // "structures", "pairs", ...

/// OBIS codes that agree in some groups: 1-*:*.8.* The groups that count are set in `mask`.
struct CodePattern {
  std::uint64_t bits{};  // as Obis::packed
  std::uint64_t mask{};

  [[nodiscard]] constexpr bool matches(const Obis& obis) const noexcept {
    return (obis.packed() & mask) == bits;
  }
  friend constexpr bool operator==(const CodePattern&, const CodePattern&) = default;
};

/// Reads one pattern. Of alternatives ("32/52") the settings have made one pattern each before.
///
/// Output    nothing when the text is not exactly one pattern
/// Grammar   pattern = group "-" group ":" group "." group "." group [ "*" group ]
///           group = 0..255 | "*"; without F only 255 is meant, as in a code
[[nodiscard]] std::optional<CodePattern> parse_code_pattern(std::string_view text) noexcept;

/// value = number as sent x 10^scaler, in the unit.
struct ListScale {
  std::int8_t scaler{};  // -18..18
  Unit unit{Unit::none};

  friend constexpr bool operator==(const ListScale&, const ListScale&) = default;
};

/// Scaler and unit of the objects whose code fits. Without scale: known to be not known, so that no
/// later entry is asked.
struct CodeScale {
  CodePattern code{};
  std::optional<ListScale> scale{};
  std::int64_t up_to{max_mantissa};  // numbers as sent; of a greater one the next entry knows more
};

/// What an element without a name is.
struct ListPosition {
  enum class Role : std::uint8_t {
    object,      // the value of `obis`
    list_name,   // becomes the telegram's identification
    clock_time,  // hour, minute, second: with clock_date the object 0-0:1.0.0
    clock_date,  // year, month, day
  };
  std::uint16_t position{};  // from 0
  Role role{Role::object};
  Obis obis{};
  std::optional<ListScale> scale{};  // of a number; without it the reading is scale_unknown
};

/// The DLMS types that an element may have: bit n for the type with tag n.
struct ListType {
  std::uint16_t position{};
  std::uint32_t tags{};
};

/// Positions from 0 up to this can be described.
inline constexpr std::size_t list_position_limit = 128;

/// One kind of list: how to know it, and what it does not say about itself. Conditions that are not
/// set hold.
struct ListLayout {
  std::string name{};  // of the layout: "kamstrup-no"
  ListForm form{};
  // conditions
  std::string list_name{};   // glob: of a positional list its first element, of others the list
                             // name (the text before the first pair, or the object x-x:0.2.129)
  std::string meter_type{};  // glob: of x-x:96.1.1 or x-x:96.1.7
  std::optional<std::uint32_t> elements{};  // how many the list has at its first level
  std::vector<ListType> types{};            // positional only
  std::vector<CodePattern> contains{};      // not positional: a code for each must be there
  // what it says
  std::string profile{};                  // MeterProfile::name; empty: the list is no country's own
  std::vector<ListPosition> positions{};  // ascending; of named lists: elements without a name
  std::vector<CodeScale> scales{};        // of named lists; the first that matches counts
};

/// All layouts. Order decides: of those that fit, a positional list takes the first with a list
/// name, else the first without; a named list takes each code's scale from the first with an entry
/// for it, so that a short layout in front can change one scale and leave the rest to the next.
class ListLayouts {
 public:
  void add(ListLayout layout);

  [[nodiscard]] const std::vector<ListLayout>& all() const noexcept { return layouts_; }
  /// The layouts of one form, by their numbers in all(), ascending.
  [[nodiscard]] std::span<const std::uint32_t> of_form(ListForm form) const noexcept {
    return by_form_[static_cast<std::size_t>(form)];
  }
  /// The first of a layout's scales that has the code and holds for the number as sent, or null.
  [[nodiscard]] const CodeScale* find_scale(std::uint32_t number, const Obis& obis,
                                            std::int64_t sent) const noexcept {
    return scales_[number].find(obis, sent);
  }

 private:
  /// A layout's scales by group C, which nearly every pattern names: a search looks at two or three
  /// of them.
  class ScaleTable {
   public:
    explicit ScaleTable(const std::vector<CodeScale>& scales);

    [[nodiscard]] const CodeScale* find(const Obis& obis, std::int64_t sent) const noexcept {
      const std::size_t bucket = obis.c() % buckets;
      const CodeScale* const end = scales_.data() + begin_[bucket + 1];
      for (const CodeScale* scale = scales_.data() + begin_[bucket]; scale != end; ++scale) {
        if (scale->code.matches(obis) && sent <= scale->up_to) return scale;
      }
      return nullptr;
    }

   private:
    static constexpr std::size_t buckets = 32;

    std::vector<CodeScale> scales_{};  // bucket by bucket; without C: in each
    std::array<std::uint32_t, buckets + 1> begin_{};
  };
  static constexpr std::size_t forms = 4;

  std::vector<ListLayout> layouts_{};
  std::vector<ScaleTable> scales_{};  // one a layout
  std::array<std::vector<std::uint32_t>, forms> by_form_{};
};

/// A DLMS type's tag by its Blue Book name ("long-unsigned"); nothing for others.
[[nodiscard]] std::optional<std::uint8_t> parse_dlms_type(std::string_view name) noexcept;
/// All names, in the order of the tags.
[[nodiscard]] std::vector<std::string_view> dlms_type_names();

}  // namespace p1meter
