// SPDX-License-Identifier: Apache-2.0
// Pipeline: of which telegram the state is.
#include "pipeline/state_stamp.hpp"

namespace p1meter {

void StateStamp::telegram_came(const std::optional<MeterTime>& time, Instant received,
                               std::span<const Reading> readings) {
  ++current_.telegram;
  current_.received = received;
  current_.time = time && time->certainty != TimeCertainty::zone_unknown ? time : std::nullopt;
  for (const Reading& reading : readings) {
    if (by_key_.size() <= reading.key) by_key_.resize(std::size_t{reading.key} + 1);
    by_key_[reading.key] = current_;
  }
}

void StateStamp::put_out(std::span<const DueReading> due) {
  for (const DueReading& reading : due) {
    const Stamp& stamp = by_key_[reading.key];
    if (stamp.telegram > newest_.telegram) newest_ = stamp;
  }
}

std::optional<Instant> StateStamp::received() const noexcept {
  if (newest_.telegram == 0) return std::nullopt;
  return newest_.received;
}

}  // namespace p1meter
