// SPDX-License-Identifier: Apache-2.0
// Pipeline: what of a meter is worth storing. Includes the pure rooms only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "p1meter/mapping/mapper.hpp"
#include "p1meter/values/telegram.hpp"
#include "p1meter/values/time.hpp"

namespace p1meter {

/// Counts changes of what a meter's memory holds, so that it is written only when it pays.
class MeterFacts {
 public:
  /// What the memory holds at the start.
  MeterFacts(ChecksumRule checksum, milliseconds period, MapperMemory mapper, std::size_t keys)
      : checksum_{checksum}, period_{period}, mapper_{std::move(mapper)}, keys_{keys} {}

  void learn_checksum(ChecksumRule checksum) noexcept;
  void learn_keys(std::size_t count) noexcept;
  void learn_mapper(const MapperMemory& memory);
  /// A period counts as another one when it differs by more than a tenth.
  void learn_period(milliseconds period) noexcept;
  void learn_event() noexcept { ++version_; }

  [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

 private:
  ChecksumRule checksum_;
  milliseconds period_;
  MapperMemory mapper_;
  std::size_t keys_;
  std::uint64_t version_{};
};

}  // namespace p1meter
