// SPDX-License-Identifier: Apache-2.0
// Tests: the way from a meter's bytes to its readings, as texts.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/intake.hpp"
#include "recorded_meter.hpp"

namespace p1meter::test {

/// A meter in the field: bytes go through framing, belief, decoding and mapping by the shipped
/// table and layouts. It is 2024-06-12T07:30:00Z, and ten seconds pass from one call to the next.
class FieldMeter {
 public:
  explicit FieldMeter(PipelineOptions options = {}) : intake_{table_, options, {}, workbench()} {}

  /// True when a telegram was believed.
  bool read(std::string_view bytes) {
    steady_ += seconds{10};
    intake_.push(bytes);
    return intake_.next(at(steady_));
  }
  bool read(const TelegramBuilder& telegram) { return read(telegram.text()); }

  /// "1234.560 kWh", a text in quotes, "null", "a list", or "" when the key did not come.
  [[nodiscard]] std::string value(std::string_view key) const {
    const Reading* const found = reading(key);
    if (found == nullptr) return "";
    const std::string unit{unit_text(found->unit)};
    if (std::holds_alternative<Decimal>(found->value)) {
      return text_of(found->value) + (unit.empty() ? "" : ' ' + unit);
    }
    if (const auto* text = std::get_if<std::string_view>(&found->value)) {
      return '"' + std::string{*text} + '"';
    }
    return std::holds_alternative<std::monostate>(found->value) ? "null" : "a list";
  }
  /// The time of a value's own; "" when it has none.
  [[nodiscard]] std::string time(std::string_view key) const {
    const Reading* const found = reading(key);
    return found == nullptr || !found->time ? "" : to_string(*found->time);
  }
  /// "time value; time value" of a list.
  [[nodiscard]] std::string rows(std::string_view key) const {
    const Reading* const found = reading(key);
    const auto* list =
        found == nullptr ? nullptr : std::get_if<std::span<const ListRow>>(&found->value);
    if (list == nullptr) return "none";
    std::string text;
    for (const ListRow& row : *list) {
      if (!text.empty()) text += "; ";
      text += (row.time ? to_string(*row.time) : "never") + ' ' + to_string(row.value.value());
    }
    return text;
  }
  [[nodiscard]] std::string meter_time() const {
    return intake_.mapped().time ? to_string(*intake_.mapped().time) : "";
  }
  [[nodiscard]] std::string_view profile() const { return intake_.mapped().profile; }
  /// The names of all problems, the decoder's first.
  [[nodiscard]] std::string problems() const {
    std::string names;
    const auto add = [&names](std::span<const Problem> problems) {
      for (const Problem& problem : problems) {
        if (!names.empty()) names += ' ';
        names += problem_name(problem.code);
      }
    };
    add(intake_.telegram().problems);
    add(intake_.mapped().problems);
    return names;
  }
  /// "1-0:94.99.9=400" of what no key takes, with spaces between.
  [[nodiscard]] std::string unknown() const {
    std::string text;
    for (const UnknownObject& object : intake_.mapped().unknown) {
      if (!text.empty()) text += ' ';
      text.append(to_string(object.obis)).append("=").append(object.text);
    }
    return text;
  }
  [[nodiscard]] std::string_view identification() const {
    return intake_.telegram().identification;
  }
  [[nodiscard]] MeterCounters counters() const { return intake_.counters(); }

 private:
  static std::shared_ptr<Workbench> workbench() {
    auto bench = std::make_shared<Workbench>();
    bench->layouts = std::make_shared<const ListLayouts>(settings::make_list_layouts());
    return bench;
  }
  [[nodiscard]] const Reading* reading(std::string_view key) const {
    for (const Reading& reading : intake_.mapped().readings) {
      if (intake_.mapper().keys()[reading.key].key == key) return &reading;
    }
    return nullptr;
  }

  ObisTable table_{settings::make_obis_table()};
  Intake intake_;
  milliseconds steady_{};
};

}  // namespace p1meter::test
