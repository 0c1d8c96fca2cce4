// SPDX-License-Identifier: Apache-2.0
// Tests: a meter whose readings a test sets by hand, to be handed to sinks.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "p1meter/pipeline/sink.hpp"

namespace p1meter::test {

class FakeMeter final : public MeterView {
 public:
  explicit FakeMeter(std::string name = "home") : name_{std::move(name)} {}

  /// The key's value from now on; due at the next deliver().
  void set(const std::string& key, OwnedValue value,
           std::optional<MeterTime> own_time = std::nullopt,
           ReadingKind kind = ReadingKind::instantaneous) {
    const KeyId id = id_of(key, kind);
    values_[id] = {std::move(value), own_time, {}, {}};
    due_.push_back(id);
  }
  void set(const std::string& key, const char* digits) { set(key, *parse_decimal(digits)); }
  /// The digits that the meter sent for a value that is set.
  void set_raw(const std::string& key, std::string raw, Unit unit = Unit::none) {
    auto& current = values_.at(*keys_.find(key));
    current.raw = std::move(raw);
    current.raw_unit = unit;
  }
  /// A key that is known and has no value yet.
  void know(const std::string& key) { static_cast<void>(id_of(key, ReadingKind::instantaneous)); }
  /// The key has gone stale.
  void lose(const std::string& key) {
    const KeyId id = id_of(key, ReadingKind::instantaneous);
    values_.erase(id);
    gone_.push_back(id);
  }
  void hide(const std::string& key) { hidden_.push_back(id_of(key, ReadingKind::instantaneous)); }
  void show(const std::string& key) { std::erase(hidden_, id_of(key, ReadingKind::instantaneous)); }
  void describe(KeyInfo info) { keys_.add(std::move(info)); }
  void go_online(bool online) {
    availability_changed_ = online != online_;
    online_ = online;
  }

  /// What was set since the last time, as one batch.
  void deliver(Sink& sink, const Telegram* telegram = nullptr, Moment now = {}) {
    std::vector<DueReading> due;
    for (const KeyId id : std::exchange(due_, {})) due.push_back(*current(id));
    const auto gone = std::exchange(gone_, {});
    sink.accept({.meter = *this,
                 .now = now,
                 .telegram = telegram,
                 .mapped = nullptr,
                 .due = due,
                 .gone = gone,
                 .availability_changed = std::exchange(availability_changed_, false)});
  }

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] const KeyCatalogue& keys() const noexcept override { return keys_; }
  [[nodiscard]] std::optional<DueReading> current(KeyId key) const override {
    const auto found = values_.find(key);
    if (found == values_.end()) return std::nullopt;
    return DueReading{.key = key,
                      .value = borrow(found->second.value),
                      .time = found->second.time,
                      .raw = found->second.raw,
                      .raw_unit = found->second.raw_unit};
  }
  [[nodiscard]] bool published(KeyId key) const override {
    return std::find(hidden_.begin(), hidden_.end(), key) == hidden_.end();
  }
  [[nodiscard]] bool online() const noexcept override { return online_; }
  [[nodiscard]] std::optional<MeterTime> state_time() const override { return time; }
  [[nodiscard]] std::optional<Instant> state_received() const override { return received; }

  [[nodiscard]] const LimitPolicy& policy(KeyId key) const override {
    const auto found = policies.find(keys_[key].key);
    return found == policies.end() ? common_policy : found->second;
  }
  [[nodiscard]] Nameplate nameplate() const override { return plate; }
  /// That of the plate, else what the key of that name says.
  [[nodiscard]] std::string_view equipment_id() const noexcept override {
    if (!plate.equipment_id.empty()) return plate.equipment_id;
    const auto key = keys_.find("equipment_id");
    const auto found = key ? values_.find(*key) : values_.end();
    const auto* const text =
        found == values_.end() ? nullptr : std::get_if<std::string>(&found->second.value);
    return text == nullptr ? std::string_view{} : std::string_view{*text};
  }

  std::optional<MeterTime> time{};
  std::optional<Instant> received{};
  Nameplate plate{};
  LimitPolicy common_policy{};
  std::map<std::string, LimitPolicy> policies{};

 private:
  struct Current {
    OwnedValue value{};
    std::optional<MeterTime> time{};
    std::string raw{};
    Unit raw_unit{Unit::none};
  };

  KeyId id_of(const std::string& key, ReadingKind kind) {
    if (const auto found = keys_.find(key)) return *found;
    KeyInfo info;
    info.key = key;
    info.kind = kind;
    return keys_.add(std::move(info));
  }

  std::string name_;
  KeyCatalogue keys_{};
  std::map<KeyId, Current> values_{};
  std::vector<KeyId> due_{};
  std::vector<KeyId> gone_{};
  std::vector<KeyId> hidden_{};
  bool online_{};
  bool availability_changed_{};
};

}  // namespace p1meter::test
