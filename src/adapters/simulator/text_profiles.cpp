// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: meters that send text, as data. A new one is a new text here.
#include <array>

#include "adapters/simulator/profile.hpp"

namespace p1meter::simulator {
namespace {

using namespace std::chrono_literals;

// Source    meters.md a.1: what field meters of DSMR 2.2 send (Kamstrup 162), status 08
constexpr std::string_view dsmr22_text =
    "/KMP5 KA6U00{number}\r\n\r\n"
    "0-0:96.1.1({id})\r\n"
    "1-0:1.8.1({import_1 5.3}*kWh)\r\n"
    "1-0:1.8.2({import_2 5.3}*kWh)\r\n"
    "1-0:2.8.1({export_1 5.3}*kWh)\r\n"
    "1-0:2.8.2({export_2 5.3}*kWh)\r\n"
    "0-0:96.14.0({tariff 4.0})\r\n"
    "1-0:1.7.0({power_import 4.2}*kW)\r\n"
    "1-0:2.7.0({power_export 4.2}*kW)\r\n"
    "0-0:17.0.0(999*A)\r\n"
    "0-0:96.3.10(1)\r\n"
    "0-0:96.13.1()\r\n"
    "0-0:96.13.0()\r\n"
    "0-1:24.1.0(3)\r\n"
    "0-1:96.1.0({gas_id})\r\n"
    "0-1:24.3.0({gas_clock_12})(08)(60)(1)(0-1:24.2.1)(m3)\r\n"
    "({gas 5.3})\r\n"
    "0-1:24.4.0(1)\r\n";

// Source    DSMR P1 3.0; Iskra MT382
constexpr std::string_view dsmr30_text =
    "/ISk5\\2MT382-1000\r\n\r\n"
    "0-0:96.1.1({id})\r\n"
    "1-0:1.8.1({import_1 5.3}*kWh)\r\n"
    "1-0:1.8.2({import_2 5.3}*kWh)\r\n"
    "1-0:2.8.1({export_1 5.3}*kWh)\r\n"
    "1-0:2.8.2({export_2 5.3}*kWh)\r\n"
    "0-0:96.14.0({tariff 4.0})\r\n"
    "1-0:1.7.0({power_import 4.2}*kW)\r\n"
    "1-0:2.7.0({power_export 4.2}*kW)\r\n"
    "0-0:17.0.0(0999.00*kW)\r\n"
    "0-0:96.3.10(1)\r\n"
    "0-0:96.13.1()\r\n"
    "0-0:96.13.0()\r\n"
    "0-1:24.1.0(3)\r\n"
    "0-1:96.1.0({gas_id})\r\n"
    "0-1:24.3.0({gas_clock_12})(00)(60)(1)(0-1:24.2.1)(m3)\r\n"
    "({gas 5.3})\r\n"
    "0-1:24.4.0(1)\r\n";

// Source    DSMR P1 4.2.2; Kaifa MA105, one phase
constexpr std::string_view dsmr42_text =
    "/KFM5KAIFA-METER\r\n\r\n"
    "1-3:0.2.8(42)\r\n"
    "0-0:1.0.0({clock})\r\n"
    "0-0:96.1.1({id})\r\n"
    "1-0:1.8.1({import_1 6.3}*kWh)\r\n"
    "1-0:1.8.2({import_2 6.3}*kWh)\r\n"
    "1-0:2.8.1({export_1 6.3}*kWh)\r\n"
    "1-0:2.8.2({export_2 6.3}*kWh)\r\n"
    "0-0:96.14.0({tariff 4.0})\r\n"
    "1-0:1.7.0({power_import 2.3}*kW)\r\n"
    "1-0:2.7.0({power_export 2.3}*kW)\r\n"
    "0-0:96.7.21({failures 5.0})\r\n"
    "0-0:96.7.9({long_failures 5.0})\r\n"
    "1-0:99.97.0{failure_log}\r\n"
    "1-0:32.32.0(00000)\r\n"
    "1-0:32.36.0(00000)\r\n"
    "0-0:96.13.1()\r\n"
    "0-0:96.13.0()\r\n"
    "1-0:31.7.0({current_l1 3.0}*A)\r\n"
    "1-0:21.7.0({power_import_l1 2.3}*kW)\r\n"
    "1-0:22.7.0({power_export_l1 2.3}*kW)\r\n"
    "0-1:24.1.0(003)\r\n"
    "0-1:96.1.0({gas_id})\r\n"
    "0-1:24.2.1({gas_clock})({gas 5.3}*m3)\r\n";

// Source    DSMR P1 5.0.2; Iskra AM550, three phases
constexpr std::string_view dsmr5_text =
    "/ISK5\\2M550T-1012\r\n\r\n"
    "1-3:0.2.8(50)\r\n"
    "0-0:1.0.0({clock})\r\n"
    "0-0:96.1.1({id})\r\n"
    "1-0:1.8.1({import_1 6.3}*kWh)\r\n"
    "1-0:1.8.2({import_2 6.3}*kWh)\r\n"
    "1-0:2.8.1({export_1 6.3}*kWh)\r\n"
    "1-0:2.8.2({export_2 6.3}*kWh)\r\n"
    "0-0:96.14.0({tariff 4.0})\r\n"
    "1-0:1.7.0({power_import 2.3}*kW)\r\n"
    "1-0:2.7.0({power_export 2.3}*kW)\r\n"
    "0-0:96.7.21({failures 5.0})\r\n"
    "0-0:96.7.9({long_failures 5.0})\r\n"
    "1-0:99.97.0{failure_log}\r\n"
    "1-0:32.32.0(00001)\r\n"
    "1-0:52.32.0(00002)\r\n"
    "1-0:72.32.0(00001)\r\n"
    "1-0:32.36.0(00000)\r\n"
    "1-0:52.36.0(00000)\r\n"
    "1-0:72.36.0(00000)\r\n"
    "0-0:96.13.0()\r\n"
    "1-0:32.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:52.7.0({voltage_l2 3.1}*V)\r\n"
    "1-0:72.7.0({voltage_l3 3.1}*V)\r\n"
    "1-0:31.7.0({current_l1 3.0}*A)\r\n"
    "1-0:51.7.0({current_l2 3.0}*A)\r\n"
    "1-0:71.7.0({current_l3 3.0}*A)\r\n"
    "1-0:21.7.0({power_import_l1 2.3}*kW)\r\n"
    "1-0:41.7.0({power_import_l2 2.3}*kW)\r\n"
    "1-0:61.7.0({power_import_l3 2.3}*kW)\r\n"
    "1-0:22.7.0({power_export_l1 2.3}*kW)\r\n"
    "1-0:42.7.0({power_export_l2 2.3}*kW)\r\n"
    "1-0:62.7.0({power_export_l3 2.3}*kW)\r\n"
    "0-1:24.1.0(003)\r\n"
    "0-1:96.1.0({gas_id})\r\n"
    "0-1:24.2.1({gas_clock})({gas 5.3}*m3)\r\n";

// Source    e-MUCS P1 1.7 as Belgian meters send it (meters.md a.2); Sagemcom T211
constexpr std::string_view fluvius_text =
    "/FLU5\\253769484_A\r\n\r\n"
    "0-0:96.1.4(50217)\r\n"
    "0-0:96.1.1({id})\r\n"
    "0-0:1.0.0({clock})\r\n"
    "1-0:1.8.1({import_1 6.3}*kWh)\r\n"
    "1-0:1.8.2({import_2 6.3}*kWh)\r\n"
    "1-0:2.8.1({export_1 6.3}*kWh)\r\n"
    "1-0:2.8.2({export_2 6.3}*kWh)\r\n"
    "0-0:96.14.0({tariff 4.0})\r\n"
    "1-0:1.4.0({demand 2.3}*kW)\r\n"
    "1-0:1.6.0({peak_clock})({peak 2.3}*kW)\r\n"
    "0-0:98.1.0{peak_history}\r\n"
    "1-0:1.7.0({power_import 2.3}*kW)\r\n"
    "1-0:2.7.0({power_export 2.3}*kW)\r\n"
    "1-0:21.7.0({power_import_l1 2.3}*kW)\r\n"
    "1-0:41.7.0({power_import_l2 2.3}*kW)\r\n"
    "1-0:61.7.0({power_import_l3 2.3}*kW)\r\n"
    "1-0:22.7.0({power_export_l1 2.3}*kW)\r\n"
    "1-0:42.7.0({power_export_l2 2.3}*kW)\r\n"
    "1-0:62.7.0({power_export_l3 2.3}*kW)\r\n"
    "1-0:32.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:52.7.0({voltage_l2 3.1}*V)\r\n"
    "1-0:72.7.0({voltage_l3 3.1}*V)\r\n"
    "1-0:31.7.0({current_l1 3.2}*A)\r\n"
    "1-0:51.7.0({current_l2 3.2}*A)\r\n"
    "1-0:71.7.0({current_l3 3.2}*A)\r\n"
    "0-0:96.3.10(1)\r\n"
    "0-0:17.0.0(999.9*kW)\r\n"
    "1-0:31.4.0(999*A)\r\n"
    "0-0:96.13.0()\r\n"
    "0-1:24.1.0(003)\r\n"
    "0-1:96.1.1({gas_id})\r\n"
    "0-1:24.4.0(1)\r\n"
    "0-1:24.2.3({gas_clock})({gas 5.3}*m3)\r\n"
    "0-2:24.1.0(007)\r\n"
    "0-2:96.1.1({water_id})\r\n"
    "0-2:24.2.1({water_clock})({water 5.3}*m3)\r\n";

constexpr link::LineSettings old_line{9600, 7, link::Parity::even, 1};  // before DSMR 4

constexpr std::array table{
    Profile{.face = {.name = "dsmr22",
                     .description = "Netherlands, DSMR 2.2, one phase, gas; no checksum",
                     .period = 10s,
                     .line = old_line},
            .text = dsmr22_text,
            .three_phases = false,
            .power_step = 10,
            .volume_step = 1h},
    Profile{.face = {.name = "dsmr30",
                     .description = "Netherlands, DSMR 3.0, one phase, gas; no checksum",
                     .period = 10s,
                     .line = old_line},
            .text = dsmr30_text,
            .three_phases = false,
            .power_step = 10,
            .volume_step = 1h},
    Profile{.face = {.name = "dsmr42",
                     .description = "Netherlands, DSMR 4.2, one phase, gas",
                     .period = 10s},
            .text = dsmr42_text,
            .checksum = Checksum::arc,
            .three_phases = false,
            .volume_step = 1h},
    Profile{.face = {.name = "dsmr5",
                     .description = "Netherlands, DSMR 5, three phases, gas",
                     .period = 1s},
            .text = dsmr5_text,
            .checksum = Checksum::arc},
    Profile{.face = {.name = "fluvius",
                     .description = "Belgium, e-MUCS, three phases, month peak, gas and water",
                     .period = 1s},
            .text = fluvius_text,
            .checksum = Checksum::arc,
            .tariffs = TariffRule::belgian},
};

}  // namespace

std::span<const Profile> text_profiles() noexcept { return table; }

}  // namespace p1meter::simulator
