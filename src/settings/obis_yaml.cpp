// SPDX-License-Identifier: Apache-2.0
// Settings: OBIS tables in YAML, the shipped one and the user's.
#include "settings/obis_yaml.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "settings/obis_attributes.hpp"

namespace p1meter::settings {
namespace {

constexpr std::size_t largest_text = std::size_t{1} << 20U;
constexpr std::size_t most_entries = 1000;
constexpr std::size_t longest_key = 64;

constexpr std::array<std::string_view, 4> placeholders{"{medium}", "{number}", "{channel}", "{e}"};
// Topics, members of the state, and what Home Assistant is told of a meter besides its readings.
constexpr std::array<std::string_view, 13> reserved_keys{
    "state",     "status",     "raw",         "history",  "events",       "received",        "last",
    "telegrams", "crc_errors", "line_errors", "reopened", "clock_offset", "telegrams_arrive"};

/// One pattern of those that "1-0:32/52/72.7.0" stands for.
struct Alternative {
  ObisPattern pattern{};
  std::string phase{};  // "1", "2", ...; empty when there is only one
};

/// Splits the group with alternatives; at most one group may have them.
std::vector<Alternative> read_patterns(std::string_view text) {
  constexpr std::string_view group_ends = "-:.*";
  std::vector<Alternative> result;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    if (const auto pattern = parse_obis_pattern(text)) result.push_back({*pattern, {}});
    return result;
  }
  const auto before = text.find_last_of(group_ends, slash);
  const auto begin = before == std::string_view::npos ? 0 : before + 1;
  const auto end = std::min(text.find_first_of(group_ends, slash), text.size());
  std::string_view words = text.substr(begin, end - begin);
  while (true) {
    const auto next = words.find('/');
    const std::string one = std::string{text.substr(0, begin)} +
                            std::string{words.substr(0, next)} + std::string{text.substr(end)};
    const auto pattern = parse_obis_pattern(one);
    if (!pattern) return {};
    result.push_back({*pattern, std::to_string(result.size() + 1)});
    if (next == std::string_view::npos) return result;
    words.remove_prefix(next + 1);
  }
}

std::string replace_phase(std::string text, const std::string& phase) {
  constexpr std::string_view placeholder = "{phase}";
  for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder)) {
    text.replace(at, placeholder.size(), phase);
  }
  return text;
}

/// What is wrong with a key; empty when nothing is.
std::string fault_of_key(std::string key) {
  if (std::ranges::find(reserved_keys, key) != reserved_keys.end()) {
    return "is reserved for something else that p1meter publishes about a meter";
  }
  for (const auto placeholder : placeholders) {
    for (auto at = key.find(placeholder); at != std::string::npos; at = key.find(placeholder)) {
      key.replace(at, placeholder.size(), "x");
    }
  }
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  const bool fine = !key.empty() && key.size() <= longest_key && key[0] >= 'a' && key[0] <= 'z' &&
                    std::ranges::all_of(key, allowed);
  return fine ? ""
              : "a key is made of a-z, 0-9 and _, begins with a letter and has at most 64 "
                "characters";
}

bool covers(const ObisPattern::Group& wide, const ObisPattern::Group& narrow) noexcept {
  return wide.first <= narrow.first && wide.last >= narrow.last;
}
bool covers(const ObisPattern& wide, const ObisPattern& narrow) noexcept {
  return covers(wide.a, narrow.a) && covers(wide.b, narrow.b) && covers(wide.c, narrow.c) &&
         covers(wide.d, narrow.d) && covers(wide.e, narrow.e) && covers(wide.f, narrow.f);
}

bool same_condition(const ObisEntry& left, const ObisEntry& right) noexcept {
  const auto family = [](const ObisEntry& entry) {
    return entry.only_with_unit ? std::optional{family_of(*entry.only_with_unit)} : std::nullopt;
  };
  return left.group == right.group && left.only_for == right.only_for &&
         family(left) == family(right);
}

class TableReader {
 public:
  TableReader(const FaultSink& sink, std::vector<ObisEntry> shipped)
      : sink_{sink}, shipped_{std::move(shipped)} {}

  void read(const YAML::Node& mapping, const std::string& path) {
    if (!mapping.IsDefined() || mapping.IsNull()) return;
    if (!mapping.IsMap()) {
      sink_.add(mapping.Mark(), path, "expected a map of OBIS pattern to attributes");
      return;
    }
    for (const auto& item : mapping) {
      const YAML::Node& pattern = item.first;
      const YAML::Node& value = item.second;
      if (entries_.size() > most_entries) {
        sink_.add(pattern.Mark(), path, "more than " + std::to_string(most_entries) + " entries");
        return;
      }
      read_pattern(pattern, value, path);
    }
  }
  [[nodiscard]] std::vector<ObisEntry> take() { return std::move(entries_); }

 private:
  void read_pattern(const YAML::Node& pattern, const YAML::Node& value, const std::string& path) {
    const std::string text = pattern.IsScalar() ? pattern.Scalar() : "";
    const auto alternatives =
        text.size() <= longest_key ? read_patterns(text) : std::vector<Alternative>{};
    if (alternatives.empty()) {
      sink_.add(pattern.Mark(), path,
                as_shown(text) + R"(: expected an OBIS pattern like "1-0:1.8.0" or "0-n:24.2.*")");
      return;
    }
    const std::string place = path.empty() ? text : path + '.' + text;
    if (value.IsMap()) {
      read_entry(pattern, value, alternatives, place);
    } else if (value.IsSequence() && value.size() > 0) {
      for (const auto& variant : value) read_entry(pattern, variant, alternatives, place);
    } else {
      sink_.add(value.Mark(), place, "expected attributes like {key: pump_hours, unit: h}");
    }
  }

  void read_entry(const YAML::Node& pattern, const YAML::Node& map,
                  const std::vector<Alternative>& alternatives, const std::string& place) {
    if (!map.IsMap()) {
      sink_.add(map.Mark(), place, "expected attributes like {key: pump_hours, unit: h}");
      return;
    }
    const std::size_t faults_before = sink_.faults.size();
    const ObisAttributes stated = read_obis_attributes(map, place, sink_);
    if (sink_.faults.size() > faults_before) return;
    for (const Alternative& alternative : alternatives) {
      if (!add_entries(stated, alternative, pattern, map, place)) return;
    }
  }

  /// False after a fault.
  bool add_entries(const ObisAttributes& stated, const Alternative& alternative,
                   const YAML::Node& pattern, const YAML::Node& map, const std::string& place) {
    auto bases = overridden_by(stated, alternative.pattern);
    if (bases.empty()) bases.push_back(nullptr);
    for (const ObisEntry* base : bases) {
      ObisEntry entry = complete_obis_entry(stated, base);
      entry.pattern = alternative.pattern;
      if (base != nullptr) entry.pattern.b_is_channel |= base->pattern.b_is_channel;
      entry.key = replace_phase(std::move(entry.key), alternative.phase);
      entry.name = replace_phase(std::move(entry.name), alternative.phase);
      if (!check(entry, stated, base, map, place) || !check_only_one(entry, pattern, place)) {
        return false;
      }
      lines_.push_back(pattern.Mark().line + 1);
      entries_.push_back(std::move(entry));
    }
    return true;
  }

  /// The shipped entries for the same objects that an entry changes: all of their variants, unless
  /// it names one by a condition or makes something new by a key.
  [[nodiscard]] std::vector<const ObisEntry*> overridden_by(const ObisAttributes& stated,
                                                            const ObisPattern& pattern) const {
    std::vector<const ObisEntry*> bases;
    const ObisEntry conditions = complete_obis_entry(stated, nullptr);
    const bool conditional = stated.when_unit || stated.when_device || stated.group;
    for (const ObisEntry& entry : shipped_) {
      if (!covers(entry.pattern, pattern)) continue;
      if (!conditional || same_condition(entry, conditions)) bases.push_back(&entry);
      const bool takes_all = !entry.only_with_unit && !entry.only_for && entry.group == 0;
      if (takes_all) break;
    }
    if (stated.key && bases.size() > 1) bases.clear();
    return bases;
  }

  bool check(const ObisEntry& entry, const ObisAttributes& stated, const ObisEntry* base,
             const YAML::Node& map, const std::string& place) {
    if (entry.form == ValueForm::ignored) return true;
    if (entry.key.empty()) {
      sink_.add(map.Mark(), place,
                "'key' is missing, and no shipped entry takes just these objects");
      return false;
    }
    if (const auto fault = fault_of_key(entry.key); !fault.empty()) {
      sink_.add(map["key"] ? map["key"].Mark() : map.Mark(), place + ".key",
                as_shown(entry.key) + ": " + fault);
      return false;
    }
    if (const auto fault = fault_of_own_key(entry); !fault.empty()) {
      sink_.add(map["key"] ? map["key"].Mark() : map.Mark(), place + ".key",
                as_shown(entry.key) + ": " + fault);
      return false;
    }
    const bool key_is_shipped = base != nullptr && (!stated.key || entry.key == base->key);
    if (key_is_shipped && family_of(entry.unit) != family_of(base->unit)) {
      sink_.add(map["unit"].Mark(), place + ".unit",
                "'" + std::string{unit_text(entry.unit)} + "' does not measure what " + entry.key +
                    " (" + std::string{unit_text(base->unit)} + ") does; give it a key of its own");
      return false;
    }
    return true;
  }

  /// What a user's key may not be, because a member of the state object has that name already.
  [[nodiscard]] std::string fault_of_own_key(const ObisEntry& entry) const {
    const bool shipped = shipped_.empty() ||
                         std::ranges::find(shipped_, entry.key, &ObisEntry::key) != shipped_.end();
    if (entry.key.ends_with("_time") && !shipped) {
      return "may not end in _time, for <key>_time is the time of a key's value";
    }
    if (entry.key == "timestamp" && entry.form != ValueForm::clock) {
      return "is the time of the telegram";
    }
    return {};
  }

  bool check_only_one(const ObisEntry& entry, const YAML::Node& pattern, const std::string& place) {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].pattern != entry.pattern || !same_condition(entries_[i], entry)) continue;
      sink_.add(pattern.Mark(), place,
                "takes the same objects as line " + std::to_string(lines_[i]) + " (" +
                    entries_[i].key + "): one pattern, one key");
      return false;
    }
    return true;
  }

  const FaultSink& sink_;
  std::vector<ObisEntry> shipped_;
  std::vector<ObisEntry> entries_{};
  std::vector<int> lines_{};  // of the entries, from 1
};

ObisLoaded read_node(const YAML::Node& mapping, const std::string& file, const std::string& path,
                     std::vector<ObisEntry> shipped) {
  ObisLoaded loaded;
  const FaultSink sink{file, loaded.faults};
  TableReader reader{sink, std::move(shipped)};
  try {
    reader.read(mapping, path);
  } catch (const YAML::Exception& error) {
    sink.add(error.mark, path, error.msg);
  }
  loaded.entries = reader.take();
  return loaded;
}

ObisLoaded read_text(std::string_view yaml, const std::string& file,
                     std::vector<ObisEntry> shipped) {
  ObisLoaded loaded;
  const FaultSink sink{file, loaded.faults};
  if (yaml.size() > largest_text) {
    sink.add(YAML::Mark{}, "", "larger than 1 MiB");
    return loaded;
  }
  try {
    return read_node(YAML::Load(std::string{yaml}), file, "", std::move(shipped));
  } catch (const YAML::Exception& error) {
    sink.add(error.mark, "", error.msg);
  }
  return loaded;
}

std::vector<ObisEntry> shipped_entries() {
  return load_obis_table_text(shipped_obis_yaml(), "obis.yaml").entries;
}

}  // namespace

ObisLoaded load_user_obis(const YAML::Node& mapping, const std::string& file,
                          const std::string& key_path) {
  return read_node(mapping, file, key_path, shipped_entries());
}

ObisLoaded load_user_obis_text(std::string_view yaml, const std::string& file) {
  return read_text(yaml, file, shipped_entries());
}

ObisLoaded load_obis_table_text(std::string_view yaml, const std::string& file) {
  return read_text(yaml, file, {});
}

}  // namespace p1meter::settings
