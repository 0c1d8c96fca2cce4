// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: the numbers that a house's meter can show, by name.
#include "adapters/simulator/quantity.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace p1meter::simulator {
namespace {

using H = Household;
constexpr std::size_t both = 2;  // tariffs

std::int64_t positive(std::int64_t value) { return std::max<std::int64_t>(value, 0); }
std::int64_t negative(std::int64_t value) { return std::max<std::int64_t>(-value, 0); }

template <std::size_t n>
std::int64_t import_of(const H& house) {
  return positive(house.phase(n).power);
}
template <std::size_t n>
std::int64_t export_of(const H& house) {
  return negative(house.phase(n).power);
}
template <std::size_t n>
std::int64_t signed_power_of(const H& house) {
  return house.phase(n).power;
}
template <std::size_t n>
std::int64_t reactive_import_of(const H& house) {
  return positive(house.phase(n).reactive);
}
template <std::size_t n>
std::int64_t reactive_export_of(const H& house) {
  return negative(house.phase(n).reactive);
}
template <std::size_t n>
std::int64_t voltage_of(const H& house) {
  return house.phase(n).voltage;
}
template <std::size_t n>
std::int64_t current_of(const H& house) {
  return house.phase(n).current;
}
// Against the current of import: negative.
template <std::size_t n>
std::int64_t signed_current_of(const H& house) {
  return house.phase(n).power < 0 ? -house.phase(n).current : house.phase(n).current;
}
template <std::size_t n>
std::int64_t imported_of(const H& house) {
  return house.phase_imported(n);
}
template <std::size_t n>
std::int64_t exported_of(const H& house) {
  return house.phase_exported(n);
}

std::int64_t square_root(std::int64_t number) {
  std::int64_t root = 0;
  for (std::int64_t bit = std::int64_t{1} << 30U; bit > 0; bit /= 2) {
    if ((root + bit) * (root + bit) <= number) root += bit;
  }
  return root;
}

std::int64_t apparent(std::int64_t active, std::int64_t reactive) {
  return square_root(active * active + reactive * reactive);
}

// In thousandths, with the sign of the active power; 1 for an idle line.
std::int64_t factor(std::int64_t active, std::int64_t reactive) {
  const std::int64_t whole = apparent(active, reactive);
  return whole == 0 ? 1000 : active * 1000 / whole;
}

template <std::size_t n>
std::int64_t apparent_import_of(const H& house) {
  const Phase& phase = house.phase(n);
  return phase.power < 0 ? 0 : apparent(phase.power, phase.reactive);
}
template <std::size_t n>
std::int64_t apparent_export_of(const H& house) {
  const Phase& phase = house.phase(n);
  return phase.power < 0 ? apparent(phase.power, phase.reactive) : 0;
}
template <std::size_t n>
std::int64_t factor_of(const H& house) {
  return std::abs(factor(house.phase(n).power, house.phase(n).reactive));
}
template <std::size_t n>
std::int64_t signed_factor_of(const H& house) {
  return factor(house.phase(n).power, house.phase(n).reactive);
}

// Reactive power while the house is in this quadrant, else 0. Source    IEC 62053-23: QI is +P +Q,
// QII -P +Q, QIII -P -Q, QIV +P -Q
template <std::size_t n>
std::int64_t quadrant_power(const H& house) {
  return house.quadrant() == n ? std::abs(house.net_reactive()) : 0;
}
template <std::size_t n>
std::int64_t quadrant_energy(const H& house) {
  return house.reactive_energy(n, both);
}

constexpr std::array quantities{
    Quantity{"import", [](const H& house) { return house.imported_total(); }, 0, Unit::watt_hour},
    Quantity{"import_1", [](const H& house) { return house.imported(0); }, 0, Unit::watt_hour},
    Quantity{"import_2", [](const H& house) { return house.imported(1); }, 0, Unit::watt_hour},
    Quantity{"import_fine", [](const H& house) { return house.imported_fine(); }, 4,
             Unit::watt_hour},
    Quantity{"export", [](const H& house) { return house.exported_total(); }, 0, Unit::watt_hour},
    Quantity{"export_1", [](const H& house) { return house.exported(0); }, 0, Unit::watt_hour},
    Quantity{"export_2", [](const H& house) { return house.exported(1); }, 0, Unit::watt_hour},
    Quantity{"export_fine", [](const H& house) { return house.exported_fine(); }, 4,
             Unit::watt_hour},
    Quantity{"combined",
             [](const H& house) { return house.imported_total() + house.exported_total(); }, 0,
             Unit::watt_hour},
    Quantity{"combined_1", [](const H& house) { return house.imported(0) + house.exported(0); }, 0,
             Unit::watt_hour},
    Quantity{"combined_2", [](const H& house) { return house.imported(1) + house.exported(1); }, 0,
             Unit::watt_hour},
    Quantity{"import_l1", &imported_of<0>, 0, Unit::watt_hour},
    Quantity{"import_l2", &imported_of<1>, 0, Unit::watt_hour},
    Quantity{"import_l3", &imported_of<2>, 0, Unit::watt_hour},
    Quantity{"export_l1", &exported_of<0>, 0, Unit::watt_hour},
    Quantity{"export_l2", &exported_of<1>, 0, Unit::watt_hour},
    Quantity{"export_l3", &exported_of<2>, 0, Unit::watt_hour},

    Quantity{"power", [](const H& house) { return house.net_power(); }, 0, Unit::watt},
    Quantity{"power_absolute", [](const H& house) { return std::abs(house.net_power()); }, 0,
             Unit::watt},
    Quantity{"power_import", [](const H& house) { return positive(house.net_power()); }, 0,
             Unit::watt},
    Quantity{"power_export", [](const H& house) { return negative(house.net_power()); }, 0,
             Unit::watt},
    Quantity{"power_l1", &signed_power_of<0>, 0, Unit::watt},
    Quantity{"power_l2", &signed_power_of<1>, 0, Unit::watt},
    Quantity{"power_l3", &signed_power_of<2>, 0, Unit::watt},
    Quantity{"power_import_l1", &import_of<0>, 0, Unit::watt},
    Quantity{"power_import_l2", &import_of<1>, 0, Unit::watt},
    Quantity{"power_import_l3", &import_of<2>, 0, Unit::watt},
    Quantity{"power_export_l1", &export_of<0>, 0, Unit::watt},
    Quantity{"power_export_l2", &export_of<1>, 0, Unit::watt},
    Quantity{"power_export_l3", &export_of<2>, 0, Unit::watt},

    Quantity{"varh_import",
             [](const H& house) {
               return house.reactive_energy(0, both) + house.reactive_energy(1, both);
             },
             0, Unit::var_hour},
    Quantity{
        "varh_import_1",
        [](const H& house) { return house.reactive_energy(0, 0) + house.reactive_energy(1, 0); }, 0,
        Unit::var_hour},
    Quantity{
        "varh_import_2",
        [](const H& house) { return house.reactive_energy(0, 1) + house.reactive_energy(1, 1); }, 0,
        Unit::var_hour},
    Quantity{"varh_export",
             [](const H& house) {
               return house.reactive_energy(2, both) + house.reactive_energy(3, both);
             },
             0, Unit::var_hour},
    Quantity{
        "varh_export_1",
        [](const H& house) { return house.reactive_energy(2, 0) + house.reactive_energy(3, 0); }, 0,
        Unit::var_hour},
    Quantity{
        "varh_export_2",
        [](const H& house) { return house.reactive_energy(2, 1) + house.reactive_energy(3, 1); }, 0,
        Unit::var_hour},
    Quantity{"varh_q1", &quadrant_energy<0>, 0, Unit::var_hour},
    Quantity{"varh_q2", &quadrant_energy<1>, 0, Unit::var_hour},
    Quantity{"varh_q3", &quadrant_energy<2>, 0, Unit::var_hour},
    Quantity{"varh_q4", &quadrant_energy<3>, 0, Unit::var_hour},
    Quantity{"var_import", [](const H& house) { return positive(house.net_reactive()); }, 0,
             Unit::var},
    Quantity{"var_export", [](const H& house) { return negative(house.net_reactive()); }, 0,
             Unit::var},
    Quantity{"var_q1", &quadrant_power<0>, 0, Unit::var},
    Quantity{"var_q2", &quadrant_power<1>, 0, Unit::var},
    Quantity{"var_q3", &quadrant_power<2>, 0, Unit::var},
    Quantity{"var_q4", &quadrant_power<3>, 0, Unit::var},
    Quantity{"var_import_l1", &reactive_import_of<0>, 0, Unit::var},
    Quantity{"var_import_l2", &reactive_import_of<1>, 0, Unit::var},
    Quantity{"var_import_l3", &reactive_import_of<2>, 0, Unit::var},
    Quantity{"var_export_l1", &reactive_export_of<0>, 0, Unit::var},
    Quantity{"var_export_l2", &reactive_export_of<1>, 0, Unit::var},
    Quantity{"var_export_l3", &reactive_export_of<2>, 0, Unit::var},

    Quantity{"va_import",
             [](const H& house) {
               return house.net_power() < 0 ? 0 : apparent(house.net_power(), house.net_reactive());
             },
             0, Unit::volt_ampere},
    Quantity{"va_export",
             [](const H& house) {
               return house.net_power() < 0 ? apparent(house.net_power(), house.net_reactive()) : 0;
             },
             0, Unit::volt_ampere},
    Quantity{"va_import_l1", &apparent_import_of<0>, 0, Unit::volt_ampere},
    Quantity{"va_import_l2", &apparent_import_of<1>, 0, Unit::volt_ampere},
    Quantity{"va_import_l3", &apparent_import_of<2>, 0, Unit::volt_ampere},
    Quantity{"va_export_l1", &apparent_export_of<0>, 0, Unit::volt_ampere},
    Quantity{"va_export_l2", &apparent_export_of<1>, 0, Unit::volt_ampere},
    Quantity{"va_export_l3", &apparent_export_of<2>, 0, Unit::volt_ampere},
    Quantity{
        "factor",
        [](const H& house) { return std::abs(factor(house.net_power(), house.net_reactive())); }, 3,
        Unit::none},
    Quantity{"factor_l1", &factor_of<0>, 3, Unit::none},
    Quantity{"factor_l2", &factor_of<1>, 3, Unit::none},
    Quantity{"factor_l3", &factor_of<2>, 3, Unit::none},
    Quantity{"signed_factor",
             [](const H& house) { return factor(house.net_power(), house.net_reactive()); }, 3,
             Unit::none},
    Quantity{"signed_factor_l1", &signed_factor_of<0>, 3, Unit::none},
    Quantity{"signed_factor_l2", &signed_factor_of<1>, 3, Unit::none},
    Quantity{"signed_factor_l3", &signed_factor_of<2>, 3, Unit::none},
    Quantity{"frequency", [](const H& house) { return house.frequency(); }, 2, Unit::hertz},

    Quantity{"voltage_l1", &voltage_of<0>, 1, Unit::volt},
    Quantity{"voltage_l2", &voltage_of<1>, 1, Unit::volt},
    Quantity{"voltage_l3", &voltage_of<2>, 1, Unit::volt},
    Quantity{"average_voltage_l1", [](const H& house) { return house.average().voltage[0]; }, 1,
             Unit::volt},
    Quantity{"average_voltage_l2", [](const H& house) { return house.average().voltage[1]; }, 1,
             Unit::volt},
    Quantity{"average_voltage_l3", [](const H& house) { return house.average().voltage[2]; }, 1,
             Unit::volt},
    Quantity{"current_l1", &current_of<0>, 2, Unit::ampere},
    Quantity{"current_l2", &current_of<1>, 2, Unit::ampere},
    Quantity{"current_l3", &current_of<2>, 2, Unit::ampere},
    Quantity{"signed_current_l1", &signed_current_of<0>, 2, Unit::ampere},
    Quantity{"signed_current_l2", &signed_current_of<1>, 2, Unit::ampere},
    Quantity{"signed_current_l3", &signed_current_of<2>, 2, Unit::ampere},
    Quantity{"current_sum",
             [](const H& house) {
               return house.phase(0).current + house.phase(1).current + house.phase(2).current;
             },
             2, Unit::ampere},

    Quantity{"demand", [](const H& house) { return house.demand(); }, 0, Unit::watt},
    Quantity{"export_demand", [](const H& house) { return house.export_demand(); }, 0, Unit::watt},
    Quantity{"peak", [](const H& house) { return house.month_peak().power; }, 0, Unit::watt},
    Quantity{"average_power", [](const H& house) { return house.average().power; }, 0, Unit::watt},
    Quantity{"average_import", [](const H& house) { return positive(house.average().power); }, 0,
             Unit::watt},
    Quantity{"average_absolute", [](const H& house) { return std::abs(house.average().power); }, 0,
             Unit::watt},

    Quantity{"tariff", [](const H& house) { return static_cast<std::int64_t>(house.tariff()) + 1; },
             0, Unit::none},
    Quantity{"gas", [](const H& house) { return house.gas(); }, 3, Unit::cubic_metre},
    Quantity{"water", [](const H& house) { return house.water(); }, 3, Unit::cubic_metre},
    Quantity{"failures", [](const H& house) { return house.failures(); }, 0, Unit::none},
    Quantity{"long_failures", [](const H& house) { return house.long_failures(); }, 0, Unit::none},
};

}  // namespace

const Quantity* find_quantity(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(quantities, name, &Quantity::name);
  return found == quantities.end() ? nullptr : found;
}

std::int64_t rescale(std::int64_t value, int from, int to) noexcept {
  for (; from < to; ++from) value *= 10;
  std::int64_t cut = 1;
  for (; from > to; --from) cut *= 10;
  return (value + (value < 0 ? -cut / 2 : cut / 2)) / cut;
}

}  // namespace p1meter::simulator
