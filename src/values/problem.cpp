// SPDX-License-Identifier: Apache-2.0
// Values: the names of problems.
#include "p1meter/values/problem.hpp"

namespace p1meter {

std::string_view problem_name(ProblemCode code) noexcept {
  switch (code) {
    case ProblemCode::no_end:
      return "no_end";
    case ProblemCode::crc_mismatch:
      return "crc_mismatch";
    case ProblemCode::line_ends_changed:
      return "line_ends_changed";
    case ProblemCode::line_malformed:
      return "line_malformed";
    case ProblemCode::value_unclosed:
      return "value_unclosed";
    case ProblemCode::value_missing:
      return "value_missing";
    case ProblemCode::duplicate_object:
      return "duplicate_object";
    case ProblemCode::number_malformed:
      return "number_malformed";
    case ProblemCode::number_too_long:
      return "number_too_long";
    case ProblemCode::unit_unknown:
      return "unit_unknown";
    case ProblemCode::unit_unexpected:
      return "unit_unexpected";
    case ProblemCode::time_malformed:
      return "time_malformed";
    case ProblemCode::time_unset:
      return "time_unset";
    case ProblemCode::rows_malformed:
      return "rows_malformed";
    case ProblemCode::time_implausible:
      return "time_implausible";
    case ProblemCode::zone_unknown:
      return "zone_unknown";
    case ProblemCode::value_held_back:
      return "value_held_back";
    case ProblemCode::key_missing:
      return "key_missing";
  }
  return "";
}

}  // namespace p1meter
