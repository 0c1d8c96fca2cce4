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
    case ProblemCode::hcs_mismatch:
      return "hcs_mismatch";
    case ProblemCode::part_missing:
      return "part_missing";
    case ProblemCode::part_malformed:
      return "part_malformed";
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
    case ProblemCode::apdu_unknown:
      return "apdu_unknown";
    case ProblemCode::apdu_malformed:
      return "apdu_malformed";
    case ProblemCode::data_cut:
      return "data_cut";
    case ProblemCode::length_malformed:
      return "length_malformed";
    case ProblemCode::count_impossible:
      return "count_impossible";
    case ProblemCode::type_unknown:
      return "type_unknown";
    case ProblemCode::nested_too_deep:
      return "nested_too_deep";
    case ProblemCode::list_unknown:
      return "list_unknown";
    case ProblemCode::object_malformed:
      return "object_malformed";
    case ProblemCode::scale_unknown:
      return "scale_unknown";
    case ProblemCode::time_doubtful:
      return "time_doubtful";
    case ProblemCode::time_implausible:
      return "time_implausible";
    case ProblemCode::zone_unknown:
      return "zone_unknown";
    case ProblemCode::value_held_back:
      return "value_held_back";
    case ProblemCode::key_missing:
      return "key_missing";
    case ProblemCode::key_wrong:
      return "key_wrong";
    case ProblemCode::tag_mismatch:
      return "tag_mismatch";
    case ProblemCode::security_unknown:
      return "security_unknown";
    case ProblemCode::cipher_malformed:
      return "cipher_malformed";
  }
  return "";
}

}  // namespace p1meter
