// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: A-XDR data and the data-notification around it, as bytes.
#include "adapters/simulator/axdr.hpp"

namespace p1meter::simulator {
namespace {

constexpr std::uint64_t not_specified = 0xFF;
constexpr std::uint64_t deviation_not_specified = 0x8000;
constexpr std::uint64_t summer_time_status = 0x80;
constexpr char date_time_size = 12;

int size_of(AxdrType type) {
  switch (type) {
    case AxdrType::double_long_unsigned:
      return 4;
    case AxdrType::long_signed:
    case AxdrType::long_unsigned:
      return 2;
    default:
      return 1;
  }
}

void append_tag(std::string& bytes, AxdrType type) { bytes += static_cast<char>(type); }

}  // namespace

void append_big_endian(std::string& bytes, std::uint64_t value, int size) {
  for (int i = size - 1; i >= 0; --i) {
    bytes += static_cast<char>(value >> (8U * static_cast<unsigned>(i)) & 0xFFU);
  }
}

void append_length(std::string& bytes, std::size_t length) {
  if (length >= 0x100) {
    append_big_endian(bytes, 0x82, 1);
    append_big_endian(bytes, length, 2);
    return;
  }
  if (length >= 0x80) append_big_endian(bytes, 0x81, 1);
  append_big_endian(bytes, length, 1);
}

void append_container(std::string& bytes, AxdrType type, std::size_t elements) {
  append_tag(bytes, type);
  append_length(bytes, elements);
}

void append_integer(std::string& bytes, AxdrType type, std::int64_t value) {
  append_tag(bytes, type);
  append_big_endian(bytes, static_cast<std::uint64_t>(value), size_of(type));
}

void append_string(std::string& bytes, AxdrType type, std::string_view content) {
  append_tag(bytes, type);
  append_length(bytes, content.size());
  bytes += content;
}

void append_scaler_unit(std::string& bytes, int scaler, std::uint8_t unit) {
  append_container(bytes, AxdrType::structure, 2);
  append_integer(bytes, AxdrType::integer, scaler);
  append_integer(bytes, AxdrType::enumerated, unit);
}

std::string date_time(Instant instant, const Zone& zone, ClockStyle style) {
  const LocalTime local = local_time(instant, zone);
  const bool deviation = style == ClockStyle::with_deviation;
  std::string bytes;
  append_big_endian(bytes, static_cast<std::uint64_t>(local.year), 2);
  append_big_endian(bytes, local.month, 1);
  append_big_endian(bytes, local.day, 1);
  append_big_endian(bytes, local.weekday == 0 ? 7 : local.weekday, 1);
  append_big_endian(bytes, local.hour, 1);
  append_big_endian(bytes, local.minute, 1);
  append_big_endian(bytes, local.second, 1);
  append_big_endian(bytes, deviation ? 0 : not_specified, 1);  // hundredths
  append_big_endian(
      bytes, deviation ? static_cast<std::uint64_t>(-local.utc_offset) : deviation_not_specified,
      2);
  append_big_endian(bytes, deviation && local.summer ? summer_time_status : 0, 1);
  return bytes;
}

std::string data_notification(std::uint32_t invoke_id, DateTimeForm form,
                              std::string_view date_time, std::string_view data) {
  std::string bytes{'\x0F'};
  append_big_endian(bytes, invoke_id, 4);
  if (form == DateTimeForm::tagged) append_tag(bytes, AxdrType::octet_string);
  bytes += form == DateTimeForm::none ? '\0' : date_time_size;
  if (form != DateTimeForm::none) bytes += date_time;
  bytes += data;
  return bytes;
}

}  // namespace p1meter::simulator
