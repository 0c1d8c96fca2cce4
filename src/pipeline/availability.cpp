// SPDX-License-Identifier: Apache-2.0
// Pipeline: is the meter there.
#include "pipeline/availability.hpp"

#include <algorithm>
#include <utility>

namespace p1meter {
namespace {

constexpr milliseconds shortest_limit = seconds{10};
constexpr milliseconds limit_without_period = seconds{200};

}  // namespace

bool Availability::telegram_came(milliseconds now) noexcept {
  if (last_) gaps_.add(now - *last_);
  last_ = now;
  if (gaps_.count() >= 2) period_ = gaps_.median();
  limit_ = limit_for(period_);
  return !std::exchange(online_, true);
}

bool Availability::expire(milliseconds now) noexcept {
  const auto due = deadline();
  if (!due || now < *due) return false;
  online_ = false;
  return true;
}

std::optional<milliseconds> Availability::deadline() const noexcept {
  if (!online_) return std::nullopt;
  return *last_ + limit_;
}

milliseconds Availability::limit_for(milliseconds period) noexcept {
  if (period == milliseconds{0}) return limit_without_period;
  return std::max(3 * period, shortest_limit);
}

}  // namespace p1meter
