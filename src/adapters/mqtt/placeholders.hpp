// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what placeholders stand for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/mqtt/key_style.hpp"
#include "adapters/mqtt/mqtt_sink.hpp"
#include "adapters/mqtt/rendering.hpp"
#include "adapters/mqtt/topics.hpp"

namespace p1meter::mqtt {

/// One reading and all that its payload may speak of. Owns nothing.
struct ReadingSubject {
  const MeterView& meter;
  const BaseTopic& base;
  std::string_view equipment_id{};
  const DueReading& reading;
  const KeyStyle& style;
  std::string_view topic{};  // whole
  std::string_view word{};   // {topic}
};

/// One meter's state and all that a payload about it may speak of. Owns nothing.
struct StateSubject {
  const MeterView& meter;
  const BaseTopic& base;
  const MeterTopics& topics;
};

/// Each borrows its subject.
[[nodiscard]] Lookup lookup_in(const ReadingSubject& subject);
[[nodiscard]] Lookup lookup_in(const StateSubject& subject);
/// `meter`: whose figures; empty: the first one's.
[[nodiscard]] Lookup lookup_in(const Figures& figures, const BaseTopic& base,
                               std::string_view meter);

/// The topic of a message on statistics, whose placeholders are figures. In a test run one that
/// does not begin with {base} stays below the test topic too.
[[nodiscard]] std::string fill_statistics_topic(const settings::TextTemplate& topic,
                                                const BaseTopic& base, const Lookup& lookup);

/// {"value":...,"unit":...,"time":...}; unit and time only when there are any.
[[nodiscard]] std::string reading_json(const ReadingSubject& subject);

/// The time of a reading: its own, else the telegram's; none where no zone is known.
[[nodiscard]] std::optional<MeterTime> time_of(const MeterView& meter, const DueReading& reading);

}  // namespace p1meter::mqtt
