// SPDX-License-Identifier: Apache-2.0
// Tests: telegrams from a few words, and a meter that maps them by the shipped table.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "p1meter/mapping/mapper.hpp"
#include "settings/settings.hpp"

namespace p1meter::test {

/// "240115140000W" as the decoder gives it.
inline MeterClock clock(std::string_view stamp) {
  const auto two = [stamp](std::size_t at) {
    return static_cast<std::uint8_t>((stamp[at] - '0') * 10 + (stamp[at + 1] - '0'));
  };
  MeterClock result{.year = static_cast<std::int16_t>(2000 + two(0)),
                    .month = two(2),
                    .day = two(4),
                    .hour = two(6),
                    .minute = two(8),
                    .second = two(10)};
  if (stamp.size() > 12) {
    result.season = stamp[12] == 'S' ? SeasonLetter::summer : SeasonLetter::winter;
  }
  return result;
}

/// A telegram as the decoder would give it. Its characters live as long as any copy of it.
class Sent {
 public:
  explicit Sent(std::string_view stamp = "240115140002W") {
    telegram_.integrity = Integrity::ok;
    if (stamp.empty()) return;
    telegram_.time = clock(stamp);
    object("0-0:1.0.0", stamp);
  }

  /// "001234.560*kWh", or without a unit.
  Sent& with(std::string_view code, std::string_view value) {
    object(code, value);
    return *this;
  }
  Sent& at(std::string_view stamp) {
    CosemObject& last = telegram_.objects.back();
    last.time_unset = stamp == "unset";
    last.time_malformed = stamp == "malformed";
    if (!last.time_unset && !last.time_malformed) last.time = clock(stamp);
    return *this;
  }
  Sent& gas(int channel, std::string_view id, std::string_view volume, std::string_view stamp) {
    const std::string start = "0-" + std::to_string(channel) + ":";
    with(start + "24.1.0", "003").with(start + "96.1.0", id);
    return with(start + "24.2.1", volume).at(stamp);
  }
  /// All value groups of the latest line, where it has several.
  Sent& groups(std::string_view raw) {
    telegram_.objects.back().raw = texts_->emplace_back(raw);
    return *this;
  }
  Sent& row(ObjectRow row) {
    CosemObject& last = telegram_.objects.back();
    if (last.row_count++ == 0) last.first_row = static_cast<std::uint32_t>(telegram_.rows.size());
    telegram_.rows.push_back(row);
    return *this;
  }
  Sent& unchecked() {
    telegram_.integrity = Integrity::absent;
    return *this;
  }
  [[nodiscard]] const Telegram& telegram() const { return telegram_; }

 private:
  void object(std::string_view code, std::string_view value) {
    const std::string& raw = texts_->emplace_back("(" + std::string{value} + ")");
    const std::string_view inside = std::string_view{raw}.substr(1, value.size());
    const auto star = inside.find('*');
    CosemObject object;
    object.obis = parse_obis(code).value();
    object.offset = static_cast<std::uint32_t>(100 * telegram_.objects.size());
    object.raw = raw;
    object.text = inside.substr(0, star);
    object.number = parse_decimal(object.text);
    if (star != std::string_view::npos) {
      const auto unit = parse_unit(inside.substr(star + 1));
      object.has_unit = true;
      object.unit_known = unit.has_value();
      object.unit = unit.value_or(Unit::none);
    }
    telegram_.objects.push_back(object);
  }

  std::shared_ptr<std::deque<std::string>> texts_{std::make_shared<std::deque<std::string>>()};
  Telegram telegram_{};
};

/// One meter with the shipped table.
class Meter {
 public:
  explicit Meter(MapperOptions options = {}, MapperMemory memory = {},
                 const std::vector<ObisEntry>& user_entries = {})
      : table_{settings::make_obis_table(user_entries)},
        mapper_{table_, std::move(options), std::move(memory)} {}

  const MappedTelegram& map(const Sent& sent) {
    receive(sent);
    return map_received();
  }
  void receive(const Sent& sent) { sent_ = sent; }
  const MappedTelegram& map_received() { return mapped_ = mapper_.map(sent_.telegram(), now_); }
  void set_now(Instant now) { now_ = now; }

  [[nodiscard]] const Reading* reading(std::string_view key) const {
    for (const Reading& reading : mapped_.readings) {
      if (mapper_.keys()[reading.key].key == key) return &reading;
    }
    return nullptr;
  }
  /// "1234.560 kWh", a text in quotes, "null", "a list", or "" when the key did not come.
  [[nodiscard]] std::string value(std::string_view key) const {
    const Reading* const found = reading(key);
    if (found == nullptr) return "";
    if (const auto* number = std::get_if<Decimal>(&found->value)) {
      const std::string unit{unit_text(found->unit)};
      return to_string(*number) + (unit.empty() ? "" : " " + unit);
    }
    if (const auto* text = std::get_if<std::string_view>(&found->value)) {
      return '"' + std::string{*text} + '"';
    }
    return std::holds_alternative<std::monostate>(found->value) ? "null" : "a list";
  }
  [[nodiscard]] std::string time(std::string_view key) const {
    const Reading* const found = reading(key);
    return found == nullptr || !found->time ? "" : to_string(*found->time);
  }
  [[nodiscard]] const KeyInfo& info(std::string_view key) const {
    return mapper_.keys()[mapper_.keys().find(key).value()];
  }
  /// The names of the problems, with spaces between.
  [[nodiscard]] std::string problems() const {
    std::string names;
    for (const Problem& problem : mapped_.problems) {
      if (!names.empty()) names += ' ';
      names += problem_name(problem.code);
    }
    return names;
  }
  [[nodiscard]] const MappedTelegram& mapped() const { return mapped_; }
  [[nodiscard]] Mapper& mapper() { return mapper_; }

 private:
  ObisTable table_;
  Mapper mapper_;
  Sent sent_{};
  MappedTelegram mapped_{};
  Instant now_{parse_instant("2024-01-15T13:00:03Z").value()};
};

}  // namespace p1meter::test
