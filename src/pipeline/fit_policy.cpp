// SPDX-License-Identifier: Apache-2.0
// Pipeline: rules for readings, as far as they fit a key.
#include "pipeline/fit_policy.hpp"

namespace p1meter {

LimitPolicy fit_policy(LimitPolicy policy, ReadingKind kind) noexcept {
  switch (kind) {
    case ReadingKind::instantaneous:
    case ReadingKind::average:
    case ReadingKind::setting:
      break;
    case ReadingKind::cumulative:
    case ReadingKind::counter:
      policy.aggregate = Aggregate::last;
      break;
    case ReadingKind::state:
    case ReadingKind::info:
    case ReadingKind::time:
    case ReadingKind::text:
    case ReadingKind::failure_log:
    case ReadingKind::peak_history:
      policy.aggregate = Aggregate::last;
      policy.deadband.reset();
      break;
  }
  return policy;
}

}  // namespace p1meter
