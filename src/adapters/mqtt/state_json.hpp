// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what the messages about one meter say.
#pragma once

#include <string>

#include "adapters/mqtt/topics.hpp"
#include "p1meter/pipeline/sink.hpp"

namespace p1meter::mqtt {

/// One JSON object: every key that the meter has sent and whose publish is not false, with its last
/// output or null, `<key>_time` for those with a time of their own, `timestamp` and `received`.
///
/// The set of members only grows, so that templates of consumers never miss one. A reading called
/// like one of the two times does not get a second member of that name.
void write_state(const MeterView& meter, const MeterTopics& topics, std::string& out);

/// A value as a message of its own: digits, plain text, a list as compact JSON; empty for null.
/// Valid UTF-8 whatever the meter sends, by the same rule as in the state.
[[nodiscard]] std::string scalar_text(const Value& value, ReadingKind kind);

/// A reading's own time, RFC 3339 with offset; empty when it has none or no zone is known.
[[nodiscard]] std::string time_text(const DueReading& reading);

}  // namespace p1meter::mqtt
