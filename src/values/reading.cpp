// SPDX-License-Identifier: Apache-2.0
// Values: readings, their owned copies and the catalogue of keys.
#include "p1meter/values/reading.hpp"

#include <algorithm>
#include <utility>

namespace p1meter {
namespace {

/// The target's own T, made first when it holds another kind: so memory is reused where it can be.
template <class T>
T& holding(OwnedValue& target) {
  if (auto* held = std::get_if<T>(&target)) return *held;
  return target.emplace<T>();
}

}  // namespace

void assign(OwnedValue& target, const Value& source) {
  if (const auto* number = std::get_if<Decimal>(&source)) {
    target = *number;
  } else if (const auto* text = std::get_if<std::string_view>(&source)) {
    holding<std::string>(target).assign(*text);
  } else if (const auto* rows = std::get_if<std::span<const ListRow>>(&source)) {
    holding<std::vector<ListRow>>(target).assign(rows->begin(), rows->end());
  } else {
    target = std::monostate{};
  }
}

Value borrow(const OwnedValue& value) noexcept {
  if (const auto* number = std::get_if<Decimal>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return std::string_view{*text};
  if (const auto* rows = std::get_if<std::vector<ListRow>>(&value)) {
    return std::span<const ListRow>{*rows};
  }
  return std::monostate{};
}

bool same_value(const Value& left, const Value& right) noexcept {
  const auto* const number = std::get_if<Decimal>(&left);
  const auto* const other_number = std::get_if<Decimal>(&right);
  if (number != nullptr && other_number != nullptr) return *number == *other_number;
  const auto* const text = std::get_if<std::string_view>(&left);
  const auto* const other_text = std::get_if<std::string_view>(&right);
  if (text != nullptr && other_text != nullptr) return *text == *other_text;
  const auto* const rows = std::get_if<std::span<const ListRow>>(&left);
  const auto* const other_rows = std::get_if<std::span<const ListRow>>(&right);
  if (rows != nullptr && other_rows != nullptr) return std::ranges::equal(*rows, *other_rows);
  return left.index() == right.index();
}

std::optional<Device> parse_device(std::string_view name) noexcept {
  for (const Device device :
       {Device::electricity, Device::gas, Device::water, Device::heat, Device::cooling,
        Device::submeter, Device::valve, Device::breaker, Device::other}) {
    if (device_name(device) == name) return device;
  }
  return std::nullopt;
}

std::string_view device_name(Device device) noexcept {
  switch (device) {
    case Device::electricity:
      return "";
    case Device::gas:
      return "gas";
    case Device::water:
      return "water";
    case Device::heat:
      return "heat";
    case Device::cooling:
      return "cooling";
    case Device::submeter:
      return "submeter";
    case Device::valve:
      return "valve";
    case Device::breaker:
      return "breaker";
    case Device::other:
      return "other";
  }
  return "";
}

std::string device_word(const DeviceRef& device) {
  if (device.device == Device::electricity) return "electricity";
  std::string word{device_name(device.device)};
  if (device.number > 1) word += std::to_string(device.number);
  return word;
}

std::string device_word(const KeyInfo& key) {
  return device_word(DeviceRef{key.device, key.device_number});
}

std::shared_ptr<const KeyInfo> KeyPool::hold(KeyInfo info) {
  const auto known = std::ranges::find_if(infos_, [&](const auto& each) { return *each == info; });
  if (known != infos_.end()) return *known;
  // What nobody uses any more goes: a reload may have given every key another name.
  std::erase_if(infos_, [](const auto& each) { return each.use_count() == 1; });
  return infos_.emplace_back(std::make_shared<const KeyInfo>(std::move(info)));
}

std::optional<KeyId> KeyCatalogue::find(std::string_view key) const noexcept {
  const auto found =
      std::ranges::find(keys_, key, [](const auto& info) { return std::string_view{info->key}; });
  if (found == keys_.end()) return std::nullopt;
  return static_cast<KeyId>(found - keys_.begin());
}

KeyId KeyCatalogue::add(KeyInfo info) {
  keys_.push_back(pool_->hold(std::move(info)));
  return static_cast<KeyId>(keys_.size() - 1);
}

}  // namespace p1meter
