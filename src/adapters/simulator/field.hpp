// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: the fields of a profile's text, and how they are filled in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/simulator/household.hpp"

namespace p1meter::simulator {

/// What a telegram is made from.
struct Scene {
  const Household& house;
  std::string_view id;  // equipment ids, in hex
  std::string_view gas_id;
  std::string_view water_id;
  std::string_view number;  // the meter's number, ten digits
  bool gas_unset{};         // the gas meter was never read
};

/// Appends zero padded digits: `digits` before the point and `decimals` after it.
///
/// Input     value in 10^-native_decimals; not negative. What does not fit in `digits` keeps all
/// its
///           digits. Fewer decimals than native: rounded half up
void append_number(std::string& text, std::int64_t value, int native_decimals, int digits,
                   int decimals);

/// A profile's text, taken apart once.
class Template {
 public:
  /// Throws std::logic_error for a field that does not exist: a fault of the table, not of a user.
  explicit Template(std::string_view text);
  void append(std::string& telegram, const Scene& scene) const;

 private:
  using Number = std::int64_t (*)(const Household&);
  using Text = void (*)(std::string&, const Scene&);
  struct Part {
    std::string_view literal{};  // before the field
    Number number{};
    Text text{};
    int native_decimals{};
    int digits{};
    int decimals{};
    bool of_gas{};
  };
  static void set_field(Part& part, std::string_view field);

  std::vector<Part> parts_{};
};

}  // namespace p1meter::simulator
