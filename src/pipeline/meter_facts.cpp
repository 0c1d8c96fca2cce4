// SPDX-License-Identifier: Apache-2.0
// Pipeline: what of a meter is worth storing.
#include "pipeline/meter_facts.hpp"

#include <utility>

namespace p1meter {

void MeterFacts::learn_checksum(ChecksumRule checksum) noexcept {
  if (std::exchange(checksum_, checksum) != checksum) ++version_;
}

void MeterFacts::learn_keys(std::size_t count) noexcept {
  if (std::exchange(keys_, count) != count) ++version_;
}

void MeterFacts::learn_mapper(const MapperMemory& memory) {
  if (memory == mapper_) return;
  mapper_ = memory;
  ++version_;
}

void MeterFacts::learn_period(milliseconds period) noexcept {
  const milliseconds change = period > period_ ? period - period_ : period_ - period;
  if (change * 10 <= period_) return;
  period_ = period;
  ++version_;
}

}  // namespace p1meter
