// SPDX-License-Identifier: Apache-2.0
// Tests: DLMS push lists written element by element. Independent of the program's reader.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace p1meter::test::dlms {

/// The lowest `count` octets of a number, highest first.
inline std::string big_endian(std::uint64_t number, int count) {
  std::string octets;
  for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
    octets += static_cast<char>(static_cast<unsigned char>(number >> shift));
  }
  return octets;
}

/// Octets from hex digits; blanks mean nothing.
inline std::string octets(std::string_view hex) {
  std::string result;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ') continue;
    digits += c;
    if (digits.size() < 2) continue;
    result += static_cast<char>(std::stoi(digits, nullptr, 16));
    digits.clear();
  }
  return result;
}

inline std::string length(std::size_t size) {
  if (size < 0x80) return big_endian(size, 1);
  if (size < 0x100) return "\x81" + big_endian(size, 1);
  return "\x82" + big_endian(size, 2);
}

inline std::string tagged(int tag, std::string_view content) {
  return big_endian(static_cast<std::uint64_t>(tag), 1) + std::string{content};
}
inline std::string null_data() { return tagged(0x00, {}); }
inline std::string boolean(bool value) { return tagged(0x03, big_endian(value ? 1 : 0, 1)); }
inline std::string i8(int value) {
  return tagged(0x0F, big_endian(static_cast<std::uint64_t>(value), 1));
}
inline std::string i16(int value) {
  return tagged(0x10, big_endian(static_cast<std::uint64_t>(value), 2));
}
inline std::string i32(std::int64_t value) {
  return tagged(0x05, big_endian(static_cast<std::uint64_t>(value), 4));
}
inline std::string i64(std::int64_t value) {
  return tagged(0x14, big_endian(static_cast<std::uint64_t>(value), 8));
}
inline std::string u8(unsigned value) { return tagged(0x11, big_endian(value, 1)); }
inline std::string u16(unsigned value) { return tagged(0x12, big_endian(value, 2)); }
inline std::string u32(std::uint64_t value) { return tagged(0x06, big_endian(value, 4)); }
inline std::string u64(std::uint64_t value) { return tagged(0x15, big_endian(value, 8)); }
inline std::string enumeration(unsigned value) { return tagged(0x16, big_endian(value, 1)); }
inline std::string octet_string(std::string_view text) {
  return tagged(0x09, length(text.size()) + std::string{text});
}
inline std::string visible_string(std::string_view text) {
  return tagged(0x0A, length(text.size()) + std::string{text});
}

inline std::string container(int tag, std::initializer_list<std::string> elements) {
  std::string content;
  for (const auto& element : elements) content += element;
  return tagged(tag, length(elements.size()) + content);
}
inline std::string array(std::initializer_list<std::string> elements) {
  return container(0x01, elements);
}
inline std::string structure(std::initializer_list<std::string> elements) {
  return container(0x02, elements);
}

/// "1-0:1.7.0" as an octet-string; group F is 255.
inline std::string obis(std::string_view code) {
  std::string groups;
  int group = 0;
  for (const char c : code) {
    if (c >= '0' && c <= '9') {
      group = group * 10 + (c - '0');
    } else {
      groups += static_cast<char>(group);
      group = 0;
    }
  }
  groups += static_cast<char>(group);
  groups += '\xFF';
  return octet_string(groups);
}

inline std::string scaler_unit(int scaler, unsigned unit) {
  return structure({i8(scaler), enumeration(unit)});
}
/// {code, value, {scaler, unit}}
inline std::string entry(std::string_view code, const std::string& value, int scaler,
                         unsigned unit) {
  return structure({obis(code), value, scaler_unit(scaler, unit)});
}

// Units of the Blue Book's table.
inline constexpr unsigned watt = 27;
inline constexpr unsigned var = 29;
inline constexpr unsigned watt_hour = 30;
inline constexpr unsigned var_hour = 32;
inline constexpr unsigned ampere = 33;
inline constexpr unsigned volt = 35;

/// Monday 2024-01-15 14:00:02, without deviation.
inline std::string some_clock() { return octets("07E8010F 01 0E000200 8000 00"); }

/// A data-notification; `date_time` as sent, 00 for none.
inline std::string notification(const std::string& list,
                                const std::string& date_time = std::string(1, '\0')) {
  return octets("0F 40000000") + date_time + list;
}

/// Aidon's list for Sweden: a clock and 26 registers.
inline std::string swedish_list() {
  std::string content =
      structure({obis("0-0:1.0.0"), octet_string(octets("07E8010F 01 0F010A 00 FFC4 00"))});
  int count = 1;
  const auto add = [&](const std::string& code, const std::string& value, int scaler,
                       unsigned unit) {
    content += entry(code, value, scaler, unit);
    ++count;
  };
  for (const char* c : {"1", "2"}) add(std::string{"1-0:"} + c + ".7.0", u32(1122), 0, watt);
  for (const char* c : {"3", "4"}) add(std::string{"1-0:"} + c + ".7.0", u32(149), 0, var);
  for (const char* c : {"31", "51", "71"})
    add(std::string{"1-0:"} + c + ".7.0", i16(75), -1, ampere);
  for (const char* c : {"32", "52", "72"})
    add(std::string{"1-0:"} + c + ".7.0", u16(2499), -1, volt);
  for (const char* c : {"21", "22", "41", "42", "61", "62"})
    add(std::string{"1-0:"} + c + ".7.0", u32(371), 0, watt);
  for (const char* c : {"23", "24", "43", "44", "63", "64"})
    add(std::string{"1-0:"} + c + ".7.0", u32(10), 0, var);
  for (const char* c : {"1", "2"})
    add(std::string{"1-0:"} + c + ".8.0", u32(10'049'926), 0, watt_hour);
  for (const char* c : {"3", "4"}) add(std::string{"1-0:"} + c + ".8.0", u32(6614), 0, var_hour);
  return tagged(0x01, length(static_cast<std::size_t>(count)) + content);
}

}  // namespace p1meter::test::dlms
