// SPDX-License-Identifier: Apache-2.0
// Settings: whether the entries of readings fit the keys that there are.
#include "settings/check_readings.hpp"

#include <algorithm>
#include <utility>

#include "settings/nearest.hpp"
#include "settings/reading_kinds.hpp"
#include "settings/topic_book.hpp"

namespace p1meter::settings {
namespace {

using Known = KnownKeys::Known;

/// One entry with its place.
struct Entry {
  const ReadingRule& rule;
  const YamlNode& name;
  const YamlNode& options;
  std::string path;

  [[nodiscard]] Place place_of(std::string_view option) const {
    const YamlNode* value = options.find(option);
    return value != nullptr ? value->place : name.place;
  }
};

/// True when no reading that the entry may stand for fits.
template <class Fits>
bool none_fits(const std::vector<Known>& readings, Fits fits) {
  return std::none_of(readings.begin(), readings.end(), fits);
}

void check_options(const Entry& entry, const std::vector<Known>& readings, FaultList& faults) {
  const ReadingRule& rule = entry.rule;
  const std::string& key = readings.front().key;
  if (rule.aggregate && *rule.aggregate != Aggregate::last &&
      none_fits(readings, [](const Known& known) { return takes_aggregate(known.kind); })) {
    faults.add(entry.place_of("aggregate"), join_path(entry.path, "aggregate"),
               key + " is no value that rises and falls, expected last");
  }
  if (rule.deadband && rule.deadband->amount > Decimal{} &&
      none_fits(readings, [](const Known& known) { return takes_deadband(known.kind); })) {
    faults.add(entry.place_of("deadband"), join_path(entry.path, "deadband"),
               key + " is no measured number, expected no deadband");
  }
  if (rule.unit && none_fits(readings, [&](const Known& known) {
        return family_of(known.unit) == family_of(*rule.unit);
      })) {
    const auto unit = unit_text(readings.front().unit);
    faults.add(entry.place_of("unit"), join_path(entry.path, "unit"),
               "found " + std::string{unit_text(*rule.unit)} +
                   ", expected a unit of the same kind as " +
                   (unit.empty() ? key + ", which has none" : std::string{unit}));
  }
}

std::vector<Known> readings_of(const ReadingRule& rule, const KnownKeys& known) {
  if (rule.match == ReadingRule::Match::obis) return known.by_obis(*rule.obis);
  return known.by_key(rule.pattern);
}

void report_unknown(const Entry& entry, const KnownKeys& known, FaultList& faults) {
  if (entry.rule.match == ReadingRule::Match::obis) {
    faults.add(entry.name.place, entry.path,
               "no entry of the OBIS table takes this code; an entry under obis gives it a key");
    return;
  }
  // looking for near keys is the dear part: nobody sees it once the list is full
  const auto names = faults.full() ? std::vector<std::string_view>{} : known.names();
  const auto near = nearest(entry.rule.pattern, names);
  faults.add(
      entry.name.place, entry.path,
      "unknown key" + (near.empty() ? "; p1meter show keys lists them" : did_you_mean(near)));
}

void check_entry(const Entry& entry, const KnownKeys& known, TopicBook& topics, FaultList& faults) {
  switch (entry.rule.match) {
    case ReadingRule::Match::fallback:
      return;
    case ReadingRule::Match::glob:
      if (!known.any_matches(entry.rule.pattern)) {
        faults.warn(entry.name.place, entry.path, "matches no key that is known");
      }
      return;
    case ReadingRule::Match::key:
    case ReadingRule::Match::obis:
      break;
  }
  const auto readings = readings_of(entry.rule, known);
  if (readings.empty()) {
    report_unknown(entry, known, faults);
    return;
  }
  check_options(entry, readings, faults);
  if (!entry.rule.topic) return;
  const auto taken = topics.take(*entry.rule.topic, readings, entry.name.place);
  if (!taken.empty()) {
    faults.add(entry.place_of("topic"), join_path(entry.path, "topic"),
               "found '" + *entry.rule.topic + "', " + taken);
  }
}

}  // namespace

void check_readings(const YamlNode& map, const KnownKeys& known, Loading& loading) {
  TopicBook topics{loading.settings, known};
  for (const auto& rule : loading.rules) {
    if (rule.topic && !rule.pattern.empty()) topics.free(readings_of(rule, known));
  }
  for (std::size_t i = 0; i < loading.rules.size(); ++i) {
    const ReadingRule& rule = loading.rules[i];
    if (rule.pattern.empty()) continue;
    check_entry({rule, map.keys[i], map.items[i], join_path("readings", map.keys[i].text)}, known,
                topics, loading.faults);
  }
}

}  // namespace p1meter::settings
