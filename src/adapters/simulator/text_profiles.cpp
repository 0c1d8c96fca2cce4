// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: meters that send text, as data. A new one is a new text here.
#include <array>

#include "adapters/simulator/profile.hpp"

namespace p1meter::simulator {
namespace {

using namespace std::chrono_literals;

// Source    recordings: what field meters of DSMR 2.2 send (Kamstrup 162), status 08
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

// Source    e-MUCS P1 1.7 as Belgian meters send it; Sagemcom T211
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

// Source    DSMR P1 4.0; Landis+Gyr E350, one phase
constexpr std::string_view dsmr40_text =
    "/XMX5LGBBFG{number}\r\n\r\n"
    "1-3:0.2.8(40)\r\n"
    "0-0:1.0.0({clock})\r\n"
    "0-0:96.1.1({id})\r\n"
    "1-0:1.8.1({import_1 6.3}*kWh)\r\n"
    "1-0:1.8.2({import_2 6.3}*kWh)\r\n"
    "1-0:2.8.1({export_1 6.3}*kWh)\r\n"
    "1-0:2.8.2({export_2 6.3}*kWh)\r\n"
    "0-0:96.14.0({tariff 4.0})\r\n"
    "1-0:1.7.0({power_import 2.3}*kW)\r\n"
    "1-0:2.7.0({power_export 2.3}*kW)\r\n"
    "0-0:17.0.0(999.9*kW)\r\n"
    "0-0:96.3.10(1)\r\n"
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
    "0-1:24.2.1({gas_clock})({gas 5.3}*m3)\r\n"
    "0-1:24.4.0(1)\r\n";

// Source    e-MUCS P1 1.3 as Belgian meters sent it before the capacity tariff; Sagemcom S211
constexpr std::string_view fluvius_50213_text =
    "/FLU5\\253770234_A\r\n\r\n"
    "0-0:96.1.4(50213)\r\n"
    "0-0:96.1.1({id})\r\n"
    "0-0:1.0.0({clock})\r\n"
    "1-0:1.8.1({import_1 6.3}*kWh)\r\n"
    "1-0:1.8.2({import_2 6.3}*kWh)\r\n"
    "1-0:2.8.1({export_1 6.3}*kWh)\r\n"
    "1-0:2.8.2({export_2 6.3}*kWh)\r\n"
    "0-0:96.14.0({tariff 4.0})\r\n"
    "1-0:1.7.0({power_import 2.3}*kW)\r\n"
    "1-0:2.7.0({power_export 2.3}*kW)\r\n"
    "1-0:21.7.0({power_import_l1 2.3}*kW)\r\n"
    "1-0:22.7.0({power_export_l1 2.3}*kW)\r\n"
    "1-0:32.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:31.7.0({current_l1 3.0}*A)\r\n"
    "0-0:96.3.10(1)\r\n"
    "0-0:17.0.0(999.9*kW)\r\n"
    "1-0:31.4.0(999*A)\r\n"
    "0-0:96.13.0()\r\n"
    "0-1:24.1.0(003)\r\n"
    "0-1:96.1.1({gas_id})\r\n"
    "0-1:24.4.0(1)\r\n"
    "0-1:24.2.3({gas_clock})({gas 5.3}*m3)\r\n";

// Source    e-MUCS P1 2.1: EAN codes, relays, finer limits, water by 24.2.3
constexpr std::string_view fluvius_50221_text =
    "/FLU5\\253769484_A\r\n\r\n"
    "0-0:96.1.4(50221)\r\n"
    "1-0:94.32.1(400)\r\n"
    "0-0:96.1.1({id})\r\n"
    "0-0:96.1.2(3534313434303230{number_hex})\r\n"
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
    "0-0:17.0.0(99.999*kW)\r\n"
    "1-0:31.4.0(999.99*A)\r\n"
    "0-1:96.3.10(0)\r\n"
    "0-2:96.3.10(0)\r\n"
    "0-3:96.3.10(0)\r\n"
    "0-4:96.3.10(0)\r\n"
    "0-0:96.13.0()\r\n"
    "0-1:24.1.0(003)\r\n"
    "0-1:96.1.1({gas_id})\r\n"
    "0-1:96.1.2(3534313434303231{number_hex})\r\n"
    "0-1:24.4.0(1)\r\n"
    "0-1:24.2.3({gas_clock})({gas 5.3}*m3)\r\n"
    "0-2:24.1.0(007)\r\n"
    "0-2:96.1.1({water_id})\r\n"
    "0-2:96.1.2(3534313434303232{number_hex})\r\n"
    "0-2:24.2.3({water_clock})({water 5.3}*m3)\r\n";

// Source    Luxmetering P1 1.1.3
constexpr std::string_view luxembourg_text =
    "/Lux5\\253694471_M\r\n\r\n"
    "1-3:0.2.8(42)\r\n"
    "0-0:1.0.0({clock})\r\n"
    "0-0:42.0.0({id})\r\n"
    "1-0:1.8.0({import 6.3}*kWh)\r\n"
    "1-0:2.8.0({export 6.3}*kWh)\r\n"
    "1-0:3.8.0({varh_import 6.3}*kvarh)\r\n"
    "1-0:4.8.0({varh_export 6.3}*kvarh)\r\n"
    "1-0:1.7.0({power_import 2.3}*kW)\r\n"
    "1-0:2.7.0({power_export 2.3}*kW)\r\n"
    "1-0:3.7.0({var_import 2.3}*kvar)\r\n"
    "1-0:4.7.0({var_export 2.3}*kvar)\r\n"
    "0-0:17.0.0(069.0*kVA)\r\n"
    "1-0:9.7.0({va_import 2.3}*kVA)\r\n"
    "1-0:10.7.0({va_export 2.3}*kVA)\r\n"
    "1-1:31.4.0(100*A)(-063*A)\r\n"
    "0-0:96.3.10(1)\r\n"
    "0-1:96.3.10(0)\r\n"
    "0-2:96.3.10(0)\r\n"
    "0-0:96.7.21({failures 5.0})\r\n"
    "1-0:32.32.0(00001)\r\n"
    "1-0:52.32.0(00003)\r\n"
    "1-0:72.32.0(00002)\r\n"
    "1-0:32.36.0(00000)\r\n"
    "1-0:52.36.0(00000)\r\n"
    "1-0:72.36.0(00000)\r\n"
    "0-0:96.13.0()\r\n"
    "0-0:96.13.2()\r\n"
    "0-0:96.13.3()\r\n"
    "0-0:96.13.4()\r\n"
    "0-0:96.13.5()\r\n"
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
    "1-0:23.7.0({var_import_l1 2.3}*kvar)\r\n"
    "1-0:43.7.0({var_import_l2 2.3}*kvar)\r\n"
    "1-0:63.7.0({var_import_l3 2.3}*kvar)\r\n"
    "1-0:24.7.0({var_export_l1 2.3}*kvar)\r\n"
    "1-0:44.7.0({var_export_l2 2.3}*kvar)\r\n"
    "1-0:64.7.0({var_export_l3 2.3}*kvar)\r\n"
    "0-1:24.1.0(003)\r\n"
    "0-1:96.1.0({gas_id})\r\n"
    "0-1:24.2.1({gas_clock})({gas 5.3}*m3)\r\n"
    "0-1:24.4.0(0)\r\n"
    "0-2:24.1.0(007)\r\n"
    "0-2:96.1.0()\r\n"
    "0-2:24.2.1(632525252525S)(00000.000)\r\n"
    "0-2:24.4.0(1)\r\n";

// Source    Energiforetagen H1 v2.0 as Aidon orders and spells it; Finland's SK
// 13-1 is the same
constexpr std::string_view h1_aidon_text =
    "0-0:1.0.0({clock})\r\n"
    "1-0:1.8.0({import 8.3}*kWh)\r\n"
    "1-0:2.8.0({export 8.3}*kWh)\r\n"
    "1-0:3.8.0({varh_import 8.3}*kVArh)\r\n"
    "1-0:4.8.0({varh_export 8.3}*kVArh)\r\n"
    "1-0:1.7.0({power_import 4.3}*kW)\r\n"
    "1-0:2.7.0({power_export 4.3}*kW)\r\n"
    "1-0:3.7.0({var_import 4.3}*kVAr)\r\n"
    "1-0:4.7.0({var_export 4.3}*kVAr)\r\n"
    "1-0:21.7.0({power_import_l1 4.3}*kW)\r\n"
    "1-0:22.7.0({power_export_l1 4.3}*kW)\r\n"
    "1-0:41.7.0({power_import_l2 4.3}*kW)\r\n"
    "1-0:42.7.0({power_export_l2 4.3}*kW)\r\n"
    "1-0:61.7.0({power_import_l3 4.3}*kW)\r\n"
    "1-0:62.7.0({power_export_l3 4.3}*kW)\r\n"
    "1-0:23.7.0({var_import_l1 4.3}*kVAr)\r\n"
    "1-0:24.7.0({var_export_l1 4.3}*kVAr)\r\n"
    "1-0:43.7.0({var_import_l2 4.3}*kVAr)\r\n"
    "1-0:44.7.0({var_export_l2 4.3}*kVAr)\r\n"
    "1-0:63.7.0({var_import_l3 4.3}*kVAr)\r\n"
    "1-0:64.7.0({var_export_l3 4.3}*kVAr)\r\n"
    "1-0:32.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:52.7.0({voltage_l2 3.1}*V)\r\n"
    "1-0:72.7.0({voltage_l3 3.1}*V)\r\n"
    "1-0:31.7.0({signed_current_l1 3.1}*A)\r\n"
    "1-0:51.7.0({signed_current_l2 3.1}*A)\r\n"
    "1-0:71.7.0({signed_current_l3 3.1}*A)\r\n";

// The same by direction rather than by phase, in lower case.
constexpr std::string_view h1_sagemcom_text =
    "/ELL5\\253833635_A\r\n\r\n"
    "0-0:1.0.0({clock})\r\n"
    "1-0:1.8.0({import 8.3}*kWh)\r\n"
    "1-0:2.8.0({export 8.3}*kWh)\r\n"
    "1-0:3.8.0({varh_import 8.3}*kvarh)\r\n"
    "1-0:4.8.0({varh_export 8.3}*kvarh)\r\n"
    "1-0:1.7.0({power_import 4.3}*kW)\r\n"
    "1-0:2.7.0({power_export 4.3}*kW)\r\n"
    "1-0:3.7.0({var_import 4.3}*kvar)\r\n"
    "1-0:4.7.0({var_export 4.3}*kvar)\r\n"
    "1-0:21.7.0({power_import_l1 4.3}*kW)\r\n"
    "1-0:41.7.0({power_import_l2 4.3}*kW)\r\n"
    "1-0:61.7.0({power_import_l3 4.3}*kW)\r\n"
    "1-0:22.7.0({power_export_l1 4.3}*kW)\r\n"
    "1-0:42.7.0({power_export_l2 4.3}*kW)\r\n"
    "1-0:62.7.0({power_export_l3 4.3}*kW)\r\n"
    "1-0:23.7.0({var_import_l1 4.3}*kvar)\r\n"
    "1-0:43.7.0({var_import_l2 4.3}*kvar)\r\n"
    "1-0:63.7.0({var_import_l3 4.3}*kvar)\r\n"
    "1-0:24.7.0({var_export_l1 4.3}*kvar)\r\n"
    "1-0:44.7.0({var_export_l2 4.3}*kvar)\r\n"
    "1-0:64.7.0({var_export_l3 4.3}*kvar)\r\n"
    "1-0:32.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:52.7.0({voltage_l2 3.1}*V)\r\n"
    "1-0:72.7.0({voltage_l3 3.1}*V)\r\n"
    "1-0:31.7.0({current_l1 3.1}*A)\r\n"
    "1-0:51.7.0({current_l2 3.1}*A)\r\n"
    "1-0:71.7.0({current_l3 3.1}*A)\r\n";

// Source    Aidon RJ12 v1.7A: 6560 with current transformers. '!' stands after the last value. Its
//           transformers are 200/5 and none: what the household shows is their secondary side
constexpr std::string_view sweden_ct_text =
    "/ADN9 6560\r\n\r\n"
    "0-0:1.0.0({clock})\r\n"
    "1-0:1.8.0({import 8.0}*Wh)\r\n"
    "1-0:2.8.0({export 8.0}*Wh)\r\n"
    "1-0:3.8.0({varh_import 8.0}*VArh)\r\n"
    "1-0:4.8.0({varh_export 8.0}*VArh)\r\n"
    "1-0:1.7.0({power_import 6.0}*W)\r\n"
    "1-0:2.7.0({power_export 6.0}*W)\r\n"
    "1-0:3.7.0({var_import 6.0}*VAr)\r\n"
    "1-0:4.7.0({var_export 6.0}*VAr)\r\n"
    "1-0:0.4.2(40)\r\n"
    "1-0:0.4.3(001.00)\r\n"
    "1-0:32.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:52.7.0({voltage_l2 3.1}*V)\r\n"
    "1-0:72.7.0({voltage_l3 3.1}*V)\r\n"
    "1-0:31.7.0({current_l1 3.1}*A)\r\n"
    "1-0:51.7.0({current_l2 3.1}*A)\r\n"
    "1-0:71.7.0({current_l3 3.1}*A)";

// Source    recordings of meters: NES 83335, whose clock has no letter
constexpr std::string_view denmark_text =
    "/NES5:83335-3E\r\n\r\n"
    "0-0:1.0.0({clock_long})\r\n"
    "1-0:1.8.0({import 8.3}*kWh)\r\n"
    "1-0:2.8.0({export 8.3}*kWh)\r\n"
    "1-0:3.8.0({varh_import 8.3}*kvarh)\r\n"
    "1-0:4.8.0({varh_export 8.3}*kvarh)\r\n"
    "1-0:1.7.0({power_import 4.3}*kW)\r\n"
    "1-0:2.7.0({power_export 4.3}*kW)\r\n"
    "1-0:3.7.0({var_import 4.3}*kvar)\r\n"
    "1-0:4.7.0({var_export 4.3}*kvar)\r\n"
    "1-0:21.7.0({power_import_l1 4.3}*kW)\r\n"
    "1-0:41.7.0({power_import_l2 4.3}*kW)\r\n"
    "1-0:61.7.0({power_import_l3 4.3}*kW)\r\n"
    "1-0:22.7.0({power_export_l1 4.3}*kW)\r\n"
    "1-0:42.7.0({power_export_l2 4.3}*kW)\r\n"
    "1-0:62.7.0({power_export_l3 4.3}*kW)\r\n"
    "1-0:32.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:52.7.0({voltage_l2 3.1}*V)\r\n"
    "1-0:72.7.0({voltage_l3 3.1}*V)\r\n"
    "1-0:31.7.0({current_l1 3.1}*A)\r\n"
    "1-0:51.7.0({current_l2 3.1}*A)\r\n"
    "1-0:71.7.0({current_l3 3.1}*A)\r\n"
    "1-0:13.7.0({factor 1.3})\r\n";

// Source    recordings of meters: E.ON. The Holley meter differs in the header and in one line
constexpr std::string_view hungary_begin =
    "0-0:1.0.0({clock})\r\n"
    "0-0:42.0.0({id})\r\n"
    "0-0:96.1.0({number_hex})\r\n"
    "0-0:96.14.0({tariff 4.0})\r\n"
    "0-0:96.3.10(1)\r\n"
    "0-0:17.0.0(90.000*kW)\r\n";
constexpr std::string_view hungary_import = "1-0:1.8.0({import 6.3}*kWh)\r\n";
constexpr std::string_view holley_import = "1-0:1.8.0({import 8.3}*kWh )\r\n";
constexpr std::string_view hungary_rest =
    "1-0:1.8.1({import_1 6.3}*kWh)\r\n"
    "1-0:1.8.2({import_2 6.3}*kWh)\r\n"
    "1-0:1.8.3(000000.000*kWh)\r\n"
    "1-0:1.8.4(000000.000*kWh)\r\n"
    "1-0:2.8.0({export 6.3}*kWh)\r\n"
    "1-0:2.8.1({export_1 6.3}*kWh)\r\n"
    "1-0:2.8.2({export_2 6.3}*kWh)\r\n"
    "1-0:2.8.3(000000.000*kWh)\r\n"
    "1-0:2.8.4(000000.000*kWh)\r\n"
    "1-0:3.8.0({varh_import 6.3}*kvarh)\r\n"
    "1-0:4.8.0({varh_export 6.3}*kvarh)\r\n"
    "1-0:5.8.0({varh_q1 6.3}*kvarh)\r\n"
    "1-0:6.8.0({varh_q2 6.3}*kvarh)\r\n"
    "1-0:7.8.0({varh_q3 6.3}*kvarh)\r\n"
    "1-0:8.8.0({varh_q4 6.3}*kvarh)\r\n"
    "1-0:15.8.0({combined 6.3}*kWh)\r\n"
    "1-0:32.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:52.7.0({voltage_l2 3.1}*V)\r\n"
    "1-0:72.7.0({voltage_l3 3.1}*V)\r\n"
    "1-0:31.7.0({current_l1 3.0}*A)\r\n"
    "1-0:51.7.0({current_l2 3.0}*A)\r\n"
    "1-0:71.7.0({current_l3 3.0}*A)\r\n"
    "1-0:13.7.0({factor 1.3})\r\n"
    "1-0:33.7.0({factor_l1 1.3})\r\n"
    "1-0:53.7.0({factor_l2 1.3})\r\n"
    "1-0:73.7.0({factor_l3 1.3})\r\n"
    "1-0:14.7.0({frequency 2.2}*Hz)\r\n"
    "1-0:1.7.0({power_import 2.3}*kW)\r\n"
    "1-0:2.7.0({power_export 2.3}*kW)\r\n"
    "1-0:5.7.0({var_q1 2.3}*kvar)\r\n"
    "1-0:6.7.0({var_q2 2.3}*kvar)\r\n"
    "1-0:7.7.0({var_q3 2.3}*kvar)\r\n"
    "1-0:8.7.0({var_q4 2.3}*kvar)\r\n"
    "1-0:31.4.0(200.00*A)\r\n"
    "1-0:51.4.0(200.00*A)\r\n"
    "1-0:71.4.0(200.00*A)\r\n"
    "0-0:98.1.0{month_record}\r\n"
    "0-0:96.13.0()\r\n";

// Source    ESO data model: each profile has the lines of the one before
constexpr std::string_view lithuania_header = "/ESO5\\253876809_C\r\n\r\n";
constexpr std::string_view lithuania_standard =
    "0-0:1.0.0({clock})\r\n"
    "0-0:96.1.1({id})\r\n"
    "1-0:0.2.0(02.21)\r\n"
    "1-0:0.2.8(1EA43311)\r\n"
    "1-1:0.2.0(01.07)\r\n"
    "1-1:0.2.8(5D02C9AF)\r\n"
    "1-0:1.8.0({import 6.3}*kWh)\r\n"
    "1-0:1.8.1({import_1 6.3}*kWh)\r\n"
    "1-0:1.8.2({import_2 6.3}*kWh)\r\n"
    "1-0:1.8.3(000000.000*kWh)\r\n"
    "1-0:1.8.4(000000.000*kWh)\r\n"
    "1-0:2.8.0({export 6.3}*kWh)\r\n"
    "1-0:2.8.1({export_1 6.3}*kWh)\r\n"
    "1-0:2.8.2({export_2 6.3}*kWh)\r\n"
    "1-0:2.8.3(000000.000*kWh)\r\n"
    "1-0:2.8.4(000000.000*kWh)\r\n"
    "1-0:1.7.0({power_import 2.3}*kW)\r\n"
    "1-0:2.7.0({power_export 2.3}*kW)\r\n"
    "1-0:32.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:52.7.0({voltage_l2 3.1}*V)\r\n"
    "1-0:72.7.0({voltage_l3 3.1}*V)\r\n"
    "1-0:31.7.0({current_l1 3.0}*A)\r\n"
    "1-0:51.7.0({current_l2 3.0}*A)\r\n"
    "1-0:71.7.0({current_l3 3.0}*A)\r\n";
constexpr std::string_view lithuania_extended =
    "1-0:3.8.0({varh_import 6.3}*kvarh)\r\n"
    "1-0:3.8.1({varh_import_1 6.3}*kvarh)\r\n"
    "1-0:3.8.2({varh_import_2 6.3}*kvarh)\r\n"
    "1-0:3.8.3(000000.000*kvarh)\r\n"
    "1-0:3.8.4(000000.000*kvarh)\r\n"
    "1-0:4.8.0({varh_export 6.3}*kvarh)\r\n"
    "1-0:4.8.1({varh_export_1 6.3}*kvarh)\r\n"
    "1-0:4.8.2({varh_export_2 6.3}*kvarh)\r\n"
    "1-0:4.8.3(000000.000*kvarh)\r\n"
    "1-0:4.8.4(000000.000*kvarh)\r\n"
    "1-0:3.7.0({var_import 2.3}*kvar)\r\n"
    "1-0:4.7.0({var_export 2.3}*kvar)\r\n"
    "1-0:9.7.0({va_import 2.3}*kVA)\r\n"
    "1-0:10.7.0({va_export 2.3}*kVA)\r\n"
    "1-0:13.7.0({signed_factor 1.3})\r\n"
    "1-0:14.7.0({frequency 2.2}*Hz)\r\n"
    "1-0:21.7.0({power_import_l1 2.3}*kW)\r\n"
    "1-0:41.7.0({power_import_l2 2.3}*kW)\r\n"
    "1-0:61.7.0({power_import_l3 2.3}*kW)\r\n"
    "1-0:22.7.0({power_export_l1 2.3}*kW)\r\n"
    "1-0:42.7.0({power_export_l2 2.3}*kW)\r\n"
    "1-0:62.7.0({power_export_l3 2.3}*kW)\r\n"
    "1-0:0.8.2(00900*s)\r\n"
    "1-0:1.4.0({demand 6.3}*kW)\r\n"
    "1-0:2.4.0({export_demand 6.3}*kW)\r\n"
    "1-0:1.24.0({average_import 2.3}*kW)\r\n"
    "1-0:15.24.0({average_absolute 2.3}*kW)\r\n"
    "1-0:16.24.0({average_power 2.3}*kW)\r\n"
    "1-0:32.24.0({average_voltage_l1 3.1}*V)\r\n"
    "1-0:52.24.0({average_voltage_l2 3.1}*V)\r\n"
    "1-0:72.24.0({average_voltage_l3 3.1}*V)\r\n"
    "0-0:96.7.21({failures 5.0})\r\n";
constexpr std::string_view lithuania_maximal =
    "1-0:15.7.0({power_absolute 2.3}*kW)\r\n"
    "1-0:12.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:90.7.0({current_sum 3.0}*A)\r\n"
    "1-0:33.7.0({signed_factor_l1 1.3})\r\n"
    "1-0:53.7.0({signed_factor_l2 1.3})\r\n"
    "1-0:73.7.0({signed_factor_l3 1.3})\r\n"
    "1-0:23.7.0({var_import_l1 2.3}*kvar)\r\n"
    "1-0:43.7.0({var_import_l2 2.3}*kvar)\r\n"
    "1-0:63.7.0({var_import_l3 2.3}*kvar)\r\n"
    "1-0:24.7.0({var_export_l1 2.3}*kvar)\r\n"
    "1-0:44.7.0({var_export_l2 2.3}*kvar)\r\n"
    "1-0:64.7.0({var_export_l3 2.3}*kvar)\r\n"
    "1-0:29.7.0({va_import_l1 2.3}*kVA)\r\n"
    "1-0:49.7.0({va_import_l2 2.3}*kVA)\r\n"
    "1-0:69.7.0({va_import_l3 2.3}*kVA)\r\n"
    "1-0:30.7.0({va_export_l1 2.3}*kVA)\r\n"
    "1-0:50.7.0({va_export_l2 2.3}*kVA)\r\n"
    "1-0:70.7.0({va_export_l3 2.3}*kVA)\r\n"
    "1-0:32.32.0(00001)\r\n"
    "1-0:52.32.0(00000)\r\n"
    "1-0:72.32.0(00002)\r\n"
    "1-0:32.33.0(00002*s)\r\n"
    "1-0:32.34.0(0198*V)\r\n"
    "1-0:32.36.0(00000)\r\n"
    "1-0:52.36.0(00000)\r\n"
    "1-0:72.36.0(00000)\r\n";

// Source    recordings of meters: Energie Steiermark, Sagemcom T210-D-r; integers without kilo
constexpr std::string_view steiermark_text =
    "/EST5\\253710000_A\r\n\r\n"
    "1-3:0.2.8(50)\r\n"
    "0-0:1.0.0({clock})\r\n"
    "1-0:1.8.0({import 9.0}*Wh)\r\n"
    "1-0:1.8.1({import_1 9.0}*Wh)\r\n"
    "1-0:1.8.2({import_2 9.0}*Wh)\r\n"
    "1-0:1.7.0({power_import 9.0}*W)\r\n"
    "1-0:2.8.0({export 9.0}*Wh)\r\n"
    "1-0:2.8.1({export_1 9.0}*Wh)\r\n"
    "1-0:2.8.2({export_2 9.0}*Wh)\r\n"
    "1-0:2.7.0({power_export 9.0}*W)\r\n"
    "1-0:3.8.0({varh_import 9.0}*varh)\r\n"
    "1-0:3.8.1({varh_import_1 9.0}*varh)\r\n"
    "1-0:3.8.2({varh_import_2 9.0}*varh)\r\n"
    "1-0:3.7.0({var_import 9.0}*var)\r\n"
    "1-0:4.8.0({varh_export 9.0}*varh)\r\n"
    "1-0:4.8.1({varh_export_1 9.0}*varh)\r\n"
    "1-0:4.8.2({varh_export_2 9.0}*varh)\r\n"
    "1-0:4.7.0({var_export 9.0}*var)\r\n";

// Source    recordings of meters: Sagemcom XT211. B = 1, a clock without letter beside the other, a
// history of which only the count is sent
constexpr std::string_view switzerland_text =
    "/GRE5\\12341234_A\r\n\r\n"
    "0-0:1.0.0({clock})\r\n"
    "0-0:0.0.0({clock_12})\r\n"
    "1-1:1.8.1({import_1 6.3}*kWh)\r\n"
    "1-1:1.8.2({import_2 6.3}*kWh)\r\n"
    "1-1:2.8.1({export_1 6.3}*kWh)\r\n"
    "1-1:2.8.2({export_2 6.3}*kWh)\r\n"
    "0-0:96.14.0({tariff 4.0})\r\n"
    "1-1:1.7.0({power_import 2.3}*kW)\r\n"
    "1-1:2.7.0({power_export 2.3}*kW)\r\n"
    "0-0:96.7.21({failures 5.0})\r\n"
    "0-0:96.7.9({long_failures 5.0})\r\n"
    "1-0:99.97.0{failure_log}\r\n"
    "1-0:32.32.0(00002)\r\n"
    "1-0:52.32.0(00001)\r\n"
    "1-0:72.32.0(00001)\r\n"
    "1-0:32.36.0(00000)\r\n"
    "1-0:52.36.0(00000)\r\n"
    "1-0:72.36.0(00000)\r\n"
    "1-0:32.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:52.7.0({voltage_l2 3.1}*V)\r\n"
    "1-0:72.7.0({voltage_l3 3.1}*V)\r\n"
    "1-0:31.7.0({current_l1 3.2}*A)\r\n"
    "1-0:51.7.0({current_l2 3.2}*A)\r\n"
    "1-0:71.7.0({current_l3 3.2}*A)\r\n"
    "0-0:96.13.0()\r\n"
    "0-0:96.1.4(50217)\r\n"
    "0-0:96.1.1({id})\r\n"
    "0-0:96.1.2(202020202020202020202020202020202020202020202020)\r\n"
    "1-0:21.7.0({power_import_l1 2.3}*kW)\r\n"
    "1-0:22.7.0({power_export_l1 2.3}*kW)\r\n"
    "1-0:41.7.0({power_import_l2 2.3}*kW)\r\n"
    "1-0:42.7.0({power_export_l2 2.3}*kW)\r\n"
    "1-0:61.7.0({power_import_l3 2.3}*kW)\r\n"
    "1-0:62.7.0({power_export_l3 2.3}*kW)\r\n"
    "0-0:96.13.1()\r\n"
    "1-1:1.6.0({peak_clock})({peak 2.3}*kW)\r\n"
    "0-0:98.1.0(12)\r\n"
    "1-0:1.4.0({demand 2.3}*kW)\r\n";

// Source    recordings of meters: Iskra AM550 with date and time in two lines, no checksum
constexpr std::string_view slovenia_text =
    "/ISK9\\2M551T-200\r\n\r\n"
    "0-0:96.1.0({number})\r\n"
    "1-0:0.9.1({time})\r\n"
    "1-0:0.9.2({date})\r\n"
    "1-0:1.8.0({import 6.3}*kWh)\r\n"
    "1-0:1.8.1({import_1 6.3}*kWh)\r\n"
    "1-0:1.8.2({import_2 6.3}*kWh)\r\n"
    "1-0:2.8.0({export 6.3}*kWh)\r\n"
    "1-0:2.8.1({export_1 6.3}*kWh)\r\n"
    "1-0:2.8.2({export_2 6.3}*kWh)\r\n"
    "1-0:1.7.0({power_import 2.3}*kW)\r\n"
    "1-0:2.7.0({power_export 2.3}*kW)\r\n"
    "0-0:97.97.0(00000000)\r\n";

// Source    recordings: Kaifa in plain text; energies, no current of a phase, a bare limit
constexpr std::string_view poland_text =
    "/KFM5KAIFA-METER\r\n\r\n"
    "0-0:1.0.0({clock})\r\n"
    "0-0:96.1.0({number_hex})\r\n"
    "1-0:1.8.0({import 6.3}*kWh)\r\n"
    "1-0:1.8.1({import_1 6.3}*kWh)\r\n"
    "1-0:1.8.2({import_2 6.3}*kWh)\r\n"
    "1-0:2.8.0({export 6.3}*kWh)\r\n"
    "1-0:2.8.1({export_1 6.3}*kWh)\r\n"
    "1-0:2.8.2({export_2 6.3}*kWh)\r\n"
    "0-0:96.14.0({tariff 4.0})\r\n"
    "1-0:1.7.0({power_import 2.3}*kW)\r\n"
    "1-0:2.7.0({power_export 2.3}*kW)\r\n"
    "1-0:32.7.0({voltage_l1 3.1}*V)\r\n"
    "1-0:52.7.0({voltage_l2 3.1}*V)\r\n"
    "1-0:72.7.0({voltage_l3 3.1}*V)\r\n"
    "0-0:17.0.0(16500)\r\n";

// Source    recordings of meters: EasyMeter Q3D; every code with group F, power with a sign
constexpr std::string_view q3d_text =
    "/ESY5Q3DA1004 V3.04\r\n\r\n"
    "1-0:0.0.0*255({number})\r\n"
    "1-0:1.8.0*255({import_fine 8.7}*kWh)\r\n"
    "1-0:2.8.0*255({export_fine 8.7}*kWh)\r\n"
    "1-0:21.7.0*255({power_l1 6.2}*W)\r\n"
    "1-0:41.7.0*255({power_l2 6.2}*W)\r\n"
    "1-0:61.7.0*255({power_l3 6.2}*W)\r\n"
    "1-0:1.7.0*255({power 6.2}*W)\r\n"
    "1-0:96.5.5*255(80)\r\n"
    "0-0:96.1.255*255(1ESY{number})\r\n";

constexpr Zone swedish_time{.standard_offset = 60, .summer_time = false};   // all year
constexpr Zone finnish_time{.standard_offset = 120, .summer_time = false};  // the same rule
constexpr Zone lithuanian_time{.standard_offset = 120, .summer_time = true};

constexpr link::LineSettings old_line{9600, 7, link::Parity::even, 1};  // before DSMR 4
constexpr link::LineSettings iskra_line{115200, 7, link::Parity::even, 1};

// A text of Sweden or its neighbours, by the rules that all of them share.
constexpr Profile nordic(std::string_view name, std::string_view description,
                         std::string_view header, std::string_view text, const Zone& zone) {
  return {.face = {.name = name, .description = description, .period = 10s},
          .text = {header, text},
          .checksum = Checksum::arc,
          .zone = zone};
}
constexpr Profile lithuanian(std::string_view name, std::string_view description,
                             std::string_view second = {}, std::string_view third = {}) {
  return {.face = {.name = name, .description = description, .period = 10s},
          .text = {lithuania_header, lithuania_standard, second, third},
          .checksum = Checksum::arc,
          .zone = lithuanian_time};
}

constexpr std::array table{
    Profile{.face = {.name = "dsmr22",
                     .description = "Netherlands, DSMR 2.2, one phase, gas; no checksum",
                     .period = 10s,
                     .line = old_line},
            .text = {dsmr22_text},
            .three_phases = false,
            .power_step = 10,
            .volume_step = 1h},
    Profile{.face = {.name = "dsmr30",
                     .description = "Netherlands, DSMR 3.0, one phase, gas; no checksum",
                     .period = 10s,
                     .line = old_line},
            .text = {dsmr30_text},
            .three_phases = false,
            .power_step = 10,
            .volume_step = 1h},
    Profile{.face = {.name = "dsmr40",
                     .description = "Netherlands, DSMR 4.0, one phase, gas",
                     .period = 10s},
            .text = {dsmr40_text},
            .checksum = Checksum::arc,
            .three_phases = false,
            .volume_step = 1h},
    Profile{.face = {.name = "dsmr42",
                     .description = "Netherlands, DSMR 4.2, one phase, gas",
                     .period = 10s},
            .text = {dsmr42_text},
            .checksum = Checksum::arc,
            .three_phases = false,
            .volume_step = 1h},
    Profile{.face = {.name = "dsmr5",
                     .description = "Netherlands, DSMR 5, three phases, gas",
                     .period = 1s},
            .text = {dsmr5_text},
            .checksum = Checksum::arc},
    Profile{.face = {.name = "fluvius",
                     .description = "Belgium, e-MUCS, three phases, month peak, gas and water",
                     .period = 1s},
            .text = {fluvius_text},
            .checksum = Checksum::arc,
            .tariffs = TariffRule::belgian},
    Profile{.face = {.name = "fluvius-50213",
                     .description = "Belgium, e-MUCS 1.3, one phase, gas; before the month peak",
                     .period = 1s},
            .text = {fluvius_50213_text},
            .checksum = Checksum::arc,
            .tariffs = TariffRule::belgian,
            .three_phases = false},
    Profile{.face = {.name = "fluvius-50221",
                     .description = "Belgium, e-MUCS 2.1, three phases, relays, gas and water",
                     .period = 1s},
            .text = {fluvius_50221_text},
            .checksum = Checksum::arc,
            .tariffs = TariffRule::belgian},
    Profile{.face = {.name = "luxembourg",
                     .description = "Luxembourg, Smarty, three phases, gas; encrypted",
                     .period = 10s,
                     .key = test_key,
                     .authentication_key = luxembourg_authentication_key},
            .text = {luxembourg_text},
            .checksum = Checksum::arc,
            .security = 0x30,
            .maker = "SAG"},
    nordic("sweden", "Sweden, H1, Aidon, three phases", "/ADN9 6534\r\n\r\n", h1_aidon_text,
           swedish_time),
    nordic("sweden-sagemcom", "Sweden, H1, Sagemcom: other order and spelling", {},
           h1_sagemcom_text, swedish_time),
    nordic("sweden-landis", "Sweden, H1, Landis+Gyr E360", "/LGF5E360\r\n\r\n", h1_aidon_text,
           swedish_time),
    nordic("sweden-ct", "Sweden, H1, Aidon with current transformers: W and Wh", {}, sweden_ct_text,
           swedish_time),
    nordic("finland", "Finland, SK 13-1, Aidon, three phases", "/ADN9 7534\r\n\r\n", h1_aidon_text,
           finnish_time),
    nordic("denmark", "Denmark, NES: a clock without summer letter", {}, denmark_text, {}),
    Profile{.face = {.name = "hungary",
                     .description = "Hungary, E.ON: four tariffs, last month's record",
                     .period = 10s},
            .text = {"/SAG5SAG-METER\r\n\r\n", hungary_begin, hungary_import, hungary_rest},
            .checksum = Checksum::arc,
            .tariffs = TariffRule::belgian},
    Profile{.face = {.name = "hungary-holley",
                     .description = "Hungary, E.ON, Holley: the checksum is CRC-16/X-25",
                     .period = 10s},
            .text = {"/HLY5\\D545-METER\r\n\r\n", hungary_begin, holley_import, hungary_rest},
            .checksum = Checksum::x25,
            .tariffs = TariffRule::belgian},
    lithuanian("lithuania-standard", "Lithuania, ESO, the standard set"),
    lithuanian("lithuania-extended", "Lithuania, ESO, with reactive energy and averages",
               lithuania_extended),
    lithuanian("lithuania-maximal", "Lithuania, ESO, all there is: 2 kB", lithuania_extended,
               lithuania_maximal),
    Profile{.face = {.name = "austria-steiermark",
                     .description = "Austria, Energie Steiermark, Sagemcom: W and Wh; encrypted",
                     .period = 10s,
                     .key = test_key,
                     .authentication_key = test_authentication_key},
            .text = {steiermark_text},
            .checksum = Checksum::arc,
            .security = 0x30,
            .maker = "SAG"},
    Profile{.face = {.name = "switzerland",
                     .description = "Switzerland, Sagemcom XT211: codes 1-1, month peak",
                     .period = 10s},
            .text = {switzerland_text},
            .checksum = Checksum::arc},
    Profile{.face = {.name = "slovenia-text",
                     .description = "Slovenia, Iskra AM550 in text; no checksum",
                     .period = 10s,
                     .line = iskra_line},
            .text = {slovenia_text}},
    Profile{.face = {.name = "poland", .description = "Poland, Kaifa in plain text", .period = 10s},
            .text = {poland_text},
            .checksum = Checksum::arc},
    Profile{.face = {.name = "germany-q3d",
                     .description = "Germany, EasyMeter Q3D: seven decimals; no checksum",
                     .period = 2s,
                     .line = old_line},
            .text = {q3d_text}},
};

}  // namespace

std::span<const Profile> text_profiles() noexcept { return table; }

}  // namespace p1meter::simulator
