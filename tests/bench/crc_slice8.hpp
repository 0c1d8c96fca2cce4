// SPDX-License-Identifier: Apache-2.0
// Benchmarks: the yardstick for decoding, a slice-by-8 CRC-16 that is not the program's.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "support/telegram_builder.hpp"

namespace p1meter::bench {

using CrcTables = std::array<std::array<std::uint16_t, 256>, 8>;

inline constexpr unsigned arc_polynomial = 0xA001;
inline constexpr unsigned x25_polynomial = 0x8408;

inline CrcTables make_crc_tables(unsigned polynomial) {
  CrcTables tables{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    tables[0][byte] = test::plain_crc16({&c, 1}, polynomial, 0, 0);
  }
  for (std::size_t k = 1; k < 8; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const unsigned before = tables[k - 1][byte];
      tables[k][byte] = static_cast<std::uint16_t>(before >> 8U ^ tables[0][before & 0xFFU]);
    }
  }
  return tables;
}

/// crc     the register before the first byte
/// Output  the register behind the last one
inline std::uint16_t crc_slice8(const CrcTables& tables, std::string_view text, unsigned crc = 0) {
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = text.size();
  for (; size >= 8; size -= 8, p += 8) {
    crc = tables[7][p[0] ^ (crc & 0xFFU)] ^ tables[6][p[1] ^ (crc >> 8U)] ^ tables[5][p[2]] ^
          tables[4][p[3]] ^ tables[3][p[4]] ^ tables[2][p[5]] ^ tables[1][p[6]] ^ tables[0][p[7]];
  }
  for (; size > 0; --size, ++p) crc = crc >> 8U ^ tables[0][(crc ^ *p) & 0xFFU];
  return static_cast<std::uint16_t>(crc);
}

}  // namespace p1meter::bench
