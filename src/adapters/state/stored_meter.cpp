// SPDX-License-Identifier: Apache-2.0
// State adapter: what is remembered of a meter, as JSON text and back.
#include "adapters/state/stored_meter.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "adapters/state/names.hpp"

namespace p1meter::state {
namespace {

using Json = nlohmann::ordered_json;

// ---- writing -----------------------------------------------------------------------------------
Json to_json(const KeyInfo& info) {
  Json json{{"key", to_printable(info.key)}, {"name", to_printable(info.name)}};
  if (info.obis) json["obis"] = to_string(*info.obis);
  json["unit"] = unit_text(info.unit);
  json["kind"] = name_of(kind_names, info.kind);
  json["device"] = name_of(device_names, info.device);
  json["device_number"] = info.device_number;
  json["device_class"] = to_printable(info.device_class);
  json["state_class"] = to_printable(info.state_class);
  json["diagnostic"] = info.diagnostic;
  json["computed"] = info.computed;
  json["topic"] = to_printable(info.topic);
  return json;
}

Json to_json(const link::LineSettings& line) {
  return {{"baud", line.baud},
          {"data_bits", line.data_bits},
          {"parity", name_of(parity_names, line.parity)},
          {"stop_bits", line.stop_bits}};
}

Json to_json(const std::vector<std::string>& items) {
  Json json = Json::array();
  for (const auto& item : items) json.push_back(to_printable(item));
  return json;
}

Json to_json(const std::map<std::string, std::string>& texts) {
  Json json = Json::object();
  for (const auto& [key, text] : texts) json[to_printable(key)] = to_printable(text);
  return json;
}

/// "2024-01-15"
std::string date_text(std::chrono::sys_days date) {
  constexpr std::size_t length = 10;
  return to_string(Instant{date}).substr(0, length);
}

Json to_json(const std::map<std::string, std::uint8_t>& numbers) {
  Json json = Json::object();
  for (const auto& [id, number] : numbers) json[to_printable(id)] = number;
  return json;
}

Json to_json(const std::map<std::string, DayBegin>& begins) {
  Json json = Json::object();
  for (const auto& [key, begin] : begins) {
    json[to_printable(key)] = {{"date", date_text(begin.date)},
                               {"value", to_string(begin.value)},
                               {"unit", unit_text(begin.unit)}};
  }
  return json;
}

std::string to_text(const Json& json) { return json.dump(1) + "\n"; }

// ---- reading -----------------------------------------------------------------------------------
/// Takes values out of JSON that anybody may have written. What is missing keeps its default; the
/// first value of a wrong kind makes the whole unusable.
class Reader {
 public:
  [[nodiscard]] bool good() const noexcept { return good_; }

  /// The member, or nothing; then `good` tells a missing one from one of a wrong kind.
  const Json* member(const Json& json, const char* name) {
    if (!check(json.is_object())) return nullptr;
    const auto found = json.find(name);
    return found == json.end() ? nullptr : &*found;
  }

  void read(const Json& json, const char* name, std::string& out) {
    if (const Json* value = member(json, name)) out = text(*value);
  }
  void read(const Json& json, const char* name, bool& out) {
    const Json* value = member(json, name);
    if (value != nullptr && check(value->is_boolean())) out = value->get<bool>();
  }
  template <class Whole>
  void read_whole(const Json& json, const char* name, Whole& out) {
    if (const Json* value = member(json, name)) out = whole<Whole>(*value);
  }
  template <class Enum, std::size_t size>
  void read(const Json& json, const char* name, const Names<Enum, size>& names, Enum& out) {
    const Json* value = member(json, name);
    if (value == nullptr) return;
    const auto known = value_of(names, text(*value));
    if (check(known.has_value())) out = *known;
  }
  void read(const Json& json, const char* name, std::vector<std::string>& out) {
    const Json* value = member(json, name);
    if (value == nullptr || !check(value->is_array())) return;
    for (const Json& item : *value) out.push_back(text(item));
  }

  std::string text(const Json& json) {
    if (!check(json.is_string())) return {};
    return printable(json.get_ref<const std::string&>());
  }
  std::string printable(const std::string& stored) {
    auto text = from_printable(stored);
    return check(text.has_value()) ? *std::move(text) : std::string{};
  }
  /// A whole number from 0 to the type's largest.
  template <class Whole>
  Whole whole(const Json& json) {
    if (!check(json.is_number_unsigned())) return {};
    const auto number = json.get<std::uint64_t>();
    if (!check(number <= static_cast<std::uint64_t>(std::numeric_limits<Whole>::max()))) return {};
    return static_cast<Whole>(number);
  }
  bool check(bool condition) noexcept {
    good_ = good_ && condition;
    return condition;
  }

 private:
  bool good_{true};
};

KeyInfo read_key(Reader& reader, const Json& json) {
  KeyInfo info;
  reader.read(json, "key", info.key);
  reader.check(!info.key.empty());
  reader.read(json, "name", info.name);
  if (const Json* obis = reader.member(json, "obis")) {
    info.obis = parse_obis(reader.text(*obis));
    reader.check(info.obis.has_value());
  }
  if (const Json* unit = reader.member(json, "unit")) {
    const auto known = parse_unit(unit->is_string() ? unit->get<std::string>() : "?");
    if (reader.check(known.has_value())) info.unit = *known;
  }
  reader.read(json, "kind", kind_names, info.kind);
  reader.read(json, "device", device_names, info.device);
  reader.read_whole(json, "device_number", info.device_number);
  reader.read(json, "device_class", info.device_class);
  reader.read(json, "state_class", info.state_class);
  reader.read(json, "diagnostic", info.diagnostic);
  reader.read(json, "computed", info.computed);
  reader.read(json, "topic", info.topic);
  return info;
}

void read_keys(Reader& reader, const Json& json, std::vector<KeyInfo>& keys) {
  const Json* list = reader.member(json, "keys");
  if (list == nullptr || !reader.check(list->is_array())) return;
  constexpr std::size_t most = std::numeric_limits<KeyId>::max();
  if (!reader.check(list->size() < most)) return;
  for (const Json& key : *list) keys.push_back(read_key(reader, key));
}

/// {"gas/<equipment id>": 1, ...}; every number is above 0.
void read_numbers(Reader& reader, const Json& json, const char* name,
                  std::map<std::string, std::uint8_t>& target) {
  const Json* numbers = reader.member(json, name);
  if (numbers == nullptr || !reader.check(numbers->is_object())) return;
  for (const auto& [id, value] : numbers->items()) {
    const auto number = reader.whole<std::uint8_t>(value);
    reader.check(number > 0);
    target[reader.printable(id)] = number;
  }
}

void read_day_begins(Reader& reader, const Json& json, std::map<std::string, DayBegin>& target) {
  const Json* begins = reader.member(json, "day_begins");
  if (begins == nullptr || !reader.check(begins->is_object())) return;
  for (const auto& [key, stored] : begins->items()) {
    std::string date;
    std::string value;
    std::string unit;
    reader.read(stored, "date", date);
    reader.read(stored, "value", value);
    reader.read(stored, "unit", unit);
    const auto midnight = parse_instant(date + "T00:00:00Z");
    const auto number = parse_decimal(value);
    const auto known_unit = parse_unit(unit);
    if (!reader.check(midnight && number && known_unit)) return;
    target[reader.printable(key)] = {.date = std::chrono::floor<std::chrono::days>(*midnight),
                                     .value = *number,
                                     .unit = *known_unit};
  }
}

void read_mapper(Reader& reader, const Json& json, MapperMemory& mapper) {
  reader.read(json, "equipment_id", mapper.equipment_id);
  reader.read(json, "identification", mapper.identification);
  reader.read(json, "telegram_version", mapper.version);
  reader.read(json, "parts_seen", mapper.parts_seen);
  read_numbers(reader, json, "device_numbers", mapper.device_numbers);
  read_numbers(reader, json, "device_channels", mapper.device_channels);
  read_day_begins(reader, json, mapper.day_begins);
  reader.read(json, "day_scaling", mapper.day_scaling);
}

void read_texts(Reader& reader, const Json& json, const char* name,
                std::map<std::string, std::string>& target) {
  const Json* texts = reader.member(json, name);
  if (texts == nullptr || !reader.check(texts->is_object())) return;
  for (const auto& [key, value] : texts->items())
    target[reader.printable(key)] = reader.text(value);
}

void read_line(Reader& reader, const Json& json, std::optional<link::LineSettings>& out) {
  const Json* value = reader.member(json, "line");
  if (value == nullptr) return;
  link::LineSettings line;
  reader.read_whole(*value, "baud", line.baud);
  reader.read_whole(*value, "data_bits", line.data_bits);
  reader.read(*value, "parity", parity_names, line.parity);
  reader.read_whole(*value, "stop_bits", line.stop_bits);
  reader.check(line.baud > 0 && (line.data_bits == 7 || line.data_bits == 8) &&
               (line.stop_bits == 1 || line.stop_bits == 2));
  out = line;
}

/// The text's object, when it is one that this version understands.
Result<Json, Unusable> parse(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return tl::unexpected{Unusable::damaged};
  const auto version = json.find("version");
  if (version == json.end() || !version->is_number_unsigned()) {
    return tl::unexpected{Unusable::damaged};
  }
  if (version->get<std::uint64_t>() > format_version) return tl::unexpected{Unusable::newer};
  return json;
}

}  // namespace

std::string write_meter(const StoredMeter& stored) {
  const MeterMemory& memory = stored.memory;
  Json json{{"version", format_version}};
  json["checksum"] = name_of(checksum_names, memory.checksum);
  json["period_ms"] = memory.period.count();
  if (stored.line) json["line"] = to_json(*stored.line);
  json["watched"] = to_json(memory.watched);
  json["identification"] = to_printable(memory.mapper.identification);
  json["telegram_version"] = to_printable(memory.mapper.version);
  json["equipment_id"] = to_printable(memory.mapper.equipment_id);
  json["device_numbers"] = to_json(memory.mapper.device_numbers);
  json["device_channels"] = to_json(memory.mapper.device_channels);
  json["parts_seen"] = to_json(memory.mapper.parts_seen);
  json["day_begins"] = to_json(memory.mapper.day_begins);
  json["day_scaling"] = to_printable(memory.mapper.day_scaling);
  json["keys"] = Json::array();
  for (const auto& key : memory.keys) json["keys"].push_back(to_json(key));
  return to_text(json);
}

Result<StoredMeter, Unusable> read_meter(std::string_view text) {
  const auto json = parse(text);
  if (!json) return tl::unexpected{json.error()};
  Reader reader;
  StoredMeter stored;
  MeterMemory& memory = stored.memory;
  reader.read(*json, "checksum", checksum_names, memory.checksum);
  std::uint32_t period = 0;
  reader.read_whole(*json, "period_ms", period);
  memory.period = milliseconds{period};
  read_line(reader, *json, stored.line);
  read_mapper(reader, *json, memory.mapper);
  read_texts(reader, *json, "watched", memory.watched);
  read_keys(reader, *json, memory.keys);
  if (!reader.good()) return tl::unexpected{Unusable::damaged};
  return stored;
}

std::string write_list(const std::vector<std::string>& items) {
  return to_text({{"version", format_version}, {"items", to_json(items)}});
}

Result<std::vector<std::string>, Unusable> read_list(std::string_view text) {
  const auto json = parse(text);
  if (!json) return tl::unexpected{json.error()};
  Reader reader;
  std::vector<std::string> items;
  reader.read(*json, "items", items);
  if (!reader.good()) return tl::unexpected{Unusable::damaged};
  return items;
}

}  // namespace p1meter::state
