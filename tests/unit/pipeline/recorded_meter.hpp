// SPDX-License-Identifier: Apache-2.0
// Tests: a meter's pipeline with the shipped table, and a sink that writes down what it is given.
#pragma once

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "p1meter/pipeline/meter_pipeline.hpp"
#include "settings/settings.hpp"
#include "support/telegram_builder.hpp"

namespace p1meter::test {

using Texts = std::vector<std::string>;

inline std::string text_of(const Value& value) {
  if (const auto* number = std::get_if<Decimal>(&value)) return to_string(*number);
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string{*text};
  return std::holds_alternative<std::monostate>(value) ? "null" : "list";
}

/// One delivery, owned.
struct Delivered {
  Moment now{};
  bool from_telegram{};
  Texts mapped{};  // "key=value" of all readings
  Texts problems{};
  Texts due{};   // "key=value"
  Texts gone{};  // keys
  bool availability_changed{};
  bool online{};
  std::string state_time{};
  std::optional<Instant> state_received{};
};

class RecordingSink final : public Sink {
 public:
  void accept(const Delivery& delivery) override {
    const auto key = [&](KeyId id) { return delivery.meter.keys()[id].key; };
    Delivered& record = deliveries.emplace_back();
    record.now = delivery.now;
    record.from_telegram = delivery.telegram != nullptr;
    if (delivery.mapped != nullptr) {
      for (const Reading& reading : delivery.mapped->readings) {
        record.mapped.push_back(key(reading.key) + '=' + text_of(reading.value));
      }
      for (const Problem& problem : delivery.mapped->problems) {
        record.problems.emplace_back(problem_name(problem.code));
      }
    }
    for (const DueReading& due : delivery.due) {
      record.due.push_back(key(due.key) + '=' + text_of(due.value));
    }
    for (const KeyId gone : delivery.gone) record.gone.push_back(key(gone));
    record.availability_changed = delivery.availability_changed;
    record.online = delivery.meter.online();
    if (const auto time = delivery.meter.state_time()) record.state_time = to_string(*time);
    record.state_received = delivery.meter.state_received();
  }

  std::vector<Delivered> deliveries{};
};

/// Seconds on the steady clock; the wall clock goes with it from 2024-06-12T07:30:00Z.
inline Moment at(milliseconds steady) {
  return {steady, parse_instant("2024-06-12T07:30:00Z").value() + steady};
}

class RecordedMeter {
 public:
  explicit RecordedMeter(LimitPolicy policy = {}, PipelineOptions options = {},
                         MeterMemory memory = {})
      : RecordedMeter{[policy](const KeyInfo&) { return policy; }, std::move(options),
                      std::move(memory)} {}
  RecordedMeter(PolicyLookup policies, PipelineOptions options, MeterMemory memory = {})
      : pipeline{table_, std::move(options), std::move(policies), std::move(memory)} {
    pipeline.add_sink(sink);
  }

  std::size_t feed(const TelegramBuilder& telegram, milliseconds now) {
    return pipeline.feed(telegram.text(), at(now));
  }
  /// The delivery of a telegram that is believed.
  const Delivered& take(const TelegramBuilder& telegram, milliseconds now) {
    if (feed(telegram, now) != 1) throw std::runtime_error{"the telegram was not believed"};
    return last();
  }
  const Delivered& last() const { return sink.deliveries.back(); }
  std::size_t count() const { return sink.deliveries.size(); }
  std::string current(std::string_view key) const {
    const auto id = pipeline.keys().find(key);
    const auto output = id ? pipeline.current(*id) : std::nullopt;
    return output ? text_of(output->value) : "nothing";
  }

 private:
  ObisTable table_{settings::make_obis_table()};

 public:
  MeterPipeline pipeline;
  RecordingSink sink{};
};

}  // namespace p1meter::test
