// SPDX-License-Identifier: Apache-2.0
// Framing: checksums, sixteen bytes at a time.
#include "p1meter/framing/crc16.hpp"

#include <array>
#include <cstddef>

namespace p1meter {
namespace {

constexpr std::size_t step = 16;

/// slices[k][b]: what byte b contributes when k more bytes follow it in the same step. 8 kB a
/// polynomial; a byte-wise table would need seven times as long.
using Slices = std::array<std::array<std::uint16_t, 256>, step>;

constexpr Slices make_slices(std::uint16_t reflected_polynomial) noexcept {
  Slices slices{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    auto remainder = static_cast<std::uint16_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      const bool carry = (remainder & 1U) != 0;
      remainder = static_cast<std::uint16_t>(remainder >> 1U);
      if (carry) remainder = static_cast<std::uint16_t>(remainder ^ reflected_polynomial);
    }
    slices[0][byte] = remainder;
  }
  for (std::size_t k = 1; k < slices.size(); ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint16_t shorter = slices[k - 1][byte];
      slices[k][byte] = static_cast<std::uint16_t>(shorter >> 8U ^ slices[0][shorter & 0xFFU]);
    }
  }
  return slices;
}

constexpr Slices arc_slices = make_slices(0xA001);
constexpr Slices x25_slices = make_slices(0x8408);

std::uint16_t advance(const Slices& slices, std::uint16_t remainder,
                      std::string_view bytes) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  for (; bytes.size() >= step; bytes.remove_prefix(step)) {
    // The look-ups do not wait for each other, only the first two for the step before.
    unsigned sum = unsigned{slices[step - 1][byte(0) ^ (remainder & 0xFFU)]} ^
                   slices[step - 2][byte(1) ^ (static_cast<unsigned>(remainder) >> 8U)];
#pragma GCC unroll 16
    for (std::size_t i = 2; i < step; ++i) sum ^= slices[step - 1 - i][byte(i)];
    remainder = static_cast<std::uint16_t>(sum);
  }
  for (const char c : bytes) {
    const unsigned index = (remainder ^ static_cast<std::uint8_t>(c)) & 0xFFU;
    remainder = static_cast<std::uint16_t>(remainder >> 8U ^ slices[0][index]);
  }
  return remainder;
}

}  // namespace

void Crc16Arc::add(std::string_view bytes) noexcept {
  remainder_ = advance(arc_slices, remainder_, bytes);
}

void Crc16X25::add(std::string_view bytes) noexcept {
  remainder_ = advance(x25_slices, remainder_, bytes);
}

std::uint16_t crc16_arc(std::string_view bytes) noexcept {
  Crc16Arc crc;
  crc.add(bytes);
  return crc.value();
}

std::uint16_t crc16_x25(std::string_view bytes) noexcept {
  Crc16X25 crc;
  crc.add(bytes);
  return crc.value();
}

}  // namespace p1meter
