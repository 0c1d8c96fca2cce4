// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: the fields of a profile's text, and how they are filled in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/simulator/household.hpp"
#include "adapters/simulator/quantity.hpp"
#include "adapters/simulator/simulator.hpp"

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

/// Appends zero padded digits: `digits` before the point and `decimals` after it, behind a minus
/// where there is one.
///
/// Input     value in 10^-native_decimals. What does not fit in `digits` keeps all its digits.
///           Fewer decimals than native: rounded half away from zero
void append_number(std::string& text, std::int64_t value, int native_decimals, int digits,
                   int decimals);

/// A profile's text, taken apart once.
///
/// A number behind which stands "*kWh" is written in kWh; the quantity's own unit has no kilo.
class Template {
 public:
  /// Throws std::logic_error for a field that does not exist: a fault of the table, not of a user.
  explicit Template(std::string_view text);
  void append(std::string& telegram, const Scene& scene) const;
  /// The numbers and ids that append writes, each with the code its line begins with.
  void list(std::vector<SimulatedValue>& values, const Scene& scene) const;

 private:
  using Text = void (*)(std::string&, const Scene&);
  struct Part {
    std::string_view literal{};  // before the field
    std::string_view code{};     // of the line; empty in the header
    const Quantity* quantity{};
    Text text{};
    bool text_is_value{};
    int native_decimals{};
    int digits{};
    int decimals{};
    Unit unit{Unit::none};
    bool of_gas{};

    [[nodiscard]] std::int64_t number(const Scene& scene) const {
      return of_gas && scene.gas_unset ? 0 : quantity->value(scene.house);
    }
  };
  static void set_field(Part& part, std::string_view field, std::string_view behind);

  std::vector<Part> parts_{};
};

}  // namespace p1meter::simulator
