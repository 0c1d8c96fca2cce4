// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: A-XDR data and the data-notification around it, as bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/simulator/local_time.hpp"

namespace p1meter::simulator {

/// Type tags. Source    Green Book 9 (data)
enum class AxdrType : std::uint8_t {
  array = 0x01,
  structure = 0x02,
  boolean = 0x03,
  double_long_unsigned = 0x06,
  octet_string = 0x09,
  visible_string = 0x0A,
  integer = 0x0F,
  long_signed = 0x10,
  long_unsigned = 0x12,
  enumerated = 0x16,
};

/// One byte below 128, else 81 or 82 and the length.
void append_length(std::string& bytes, std::size_t length);
/// The low `size` bytes, the most significant first.
void append_big_endian(std::string& bytes, std::uint64_t value, int size);
/// Tag and number of elements; the elements follow.
void append_container(std::string& bytes, AxdrType type, std::size_t elements);
/// Tag and number, in as many bytes as the type has.
void append_integer(std::string& bytes, AxdrType type, std::int64_t value);
void append_string(std::string& bytes, AxdrType type, std::string_view content);
/// {scaler, unit}. Source    Blue Book table 4 (unit numbers)
void append_scaler_unit(std::string& bytes, int scaler, std::uint8_t unit);

/// What a clock says about itself.
enum class ClockStyle : std::uint8_t {
  with_deviation,  // offset from UTC, and whether summer time is in force
  wall_only,       // deviation "not specified"
};
/// Twelve bytes. Source    Blue Book date-time
[[nodiscard]] std::string date_time(Instant instant, const Zone& zone, ClockStyle style);

/// How a data-notification writes its date-time. Source    Kamstrup HAN-NVE
enum class DateTimeForm : std::uint8_t { none, plain, tagged };
/// 0F, invoke id, date-time, and the data item.
[[nodiscard]] std::string data_notification(std::uint32_t invoke_id, DateTimeForm form,
                                            std::string_view date_time, std::string_view data);

}  // namespace p1meter::simulator
