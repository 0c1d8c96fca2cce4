// SPDX-License-Identifier: Apache-2.0
// Mapping: keys and names from the templates of the OBIS table.
#include "mapping/key_template.hpp"

namespace p1meter::mapping {
namespace {

/// A placeholder's word: as it stands in keys ("gas2") or, with a space before the number, in
/// names.
std::string word_for(std::string_view placeholder, const Obis& obis, const DeviceRef& ref,
                     std::string_view number_separator) {
  std::string number =
      ref.number > 1 ? std::string{number_separator} + std::to_string(ref.number) : "";
  if (placeholder == "{e}") return std::to_string(obis.e());
  if (placeholder == "{channel}") return std::to_string(obis.b());
  if (placeholder == "{number}") return number;
  if (has_medium(ref.device)) return std::string{device_name(ref.device)} + number;
  return "mbus" + std::string{number_separator} + std::to_string(obis.b());
}

std::string expand(std::string_view text, const Obis& obis, const DeviceRef& ref,
                   std::string_view number_separator) {
  std::string result;
  while (!text.empty()) {
    const auto open = text.find('{');
    const auto close = text.find('}', open == std::string_view::npos ? text.size() : open);
    if (close == std::string_view::npos) return result.append(text);
    result.append(text.substr(0, open));
    result += word_for(text.substr(open, close - open + 1), obis, ref, number_separator);
    text.remove_prefix(close + 1);
  }
  return result;
}

}  // namespace

std::string expand_key(std::string_view text, const Obis& obis, const DeviceRef& ref) {
  return expand(text, obis, ref, "");
}

std::string expand_name(std::string_view text, const Obis& obis, const DeviceRef& ref) {
  std::string name = expand(text, obis, ref, " ");
  if (name.starts_with("mbus ")) name.replace(0, 4, "M-Bus");
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') {
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  }
  return name;
}

Device device_of_group_a(std::uint8_t a) noexcept {
  switch (a) {
    case 5:
      return Device::heat;
    case 6:
      return Device::cooling;
    case 7:
      return Device::gas;
    case 8:
      return Device::water;
    default:
      return Device::electricity;
  }
}

Device device_of_type(std::int64_t type) noexcept {
  switch (type) {
    case 2:
      return Device::submeter;
    case 3:
      return Device::gas;
    case 4:
    case 12:
    case 13:
      return Device::heat;
    case 10:
    case 11:
      return Device::cooling;
    case 6:
    case 7:
    case 21:
    case 22:
    case 23:
      return Device::water;
    case 32:
      return Device::breaker;
    case 33:
      return Device::valve;
    default:
      return Device::other;
  }
}

}  // namespace p1meter::mapping
