// SPDX-License-Identifier: Apache-2.0
// Settings: whether the entries of readings fit the keys that there are.
#include "settings/check_readings.hpp"

#include <algorithm>
#include <map>
#include <set>
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

void check_topic_of(const Entry& entry, const std::vector<Known>& readings, TopicBook& topics,
                    Loading& loading) {
  if (!entry.rule.topic) return;
  const TopicBook::Wish wish{*entry.rule.topic,
                             readings,
                             loading.faults.file(),
                             entry.place_of("topic"),
                             join_path(entry.path, "topic"),
                             entry.rule.preset};
  const auto refused = topics.take(wish);
  if (refused.reason.empty()) return;
  Fault fault{wish.file, wish.place.line, wish.place.column, wish.path,
              "found '" + wish.topic + "', " + refused.reason};
  if (refused.between_meters) {
    loading.shared_topics.push_back({std::move(fault), wish.topic});
  } else {
    loading.faults.add(std::move(fault));
  }
}

void check_entry(const Entry& entry, const KnownKeys& known, TopicBook& topics, Loading& loading) {
  FaultList& faults = loading.faults;
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
  check_topic_of(entry, readings, topics, loading);
}

using CodesOfKeys = std::map<std::string, std::vector<Obis>, std::less<>>;

/// The codes that entries name, by the keys that they may give.
CodesOfKeys codes_of_keys(const std::vector<ReadingRule>& rules, const KnownKeys& known) {
  CodesOfKeys codes;
  for (const auto& rule : rules) {
    if (rule.match != ReadingRule::Match::obis) continue;
    for (const auto& reading : known.by_obis(*rule.obis)) codes[reading.key].push_back(*rule.obis);
  }
  return codes;
}

/// Keys of which the rules say that they are not published. By which code a meter sends a key
/// nobody knows here: where entries name codes that may give it, it is one of those.
std::set<std::string, std::less<>> unpublished_keys(std::vector<ReadingRule> rules,
                                                    const KnownKeys& known) {
  std::erase_if(rules, [](const ReadingRule& rule) { return !rule.publish; });
  std::set<std::string, std::less<>> keys;
  if (std::none_of(rules.begin(), rules.end(), [](const auto& rule) { return !*rule.publish; }))
    return keys;
  const CodesOfKeys codes = codes_of_keys(rules, known);
  const ReadingRules asked{std::move(rules)};
  for (const auto name : known.names()) {
    KeyInfo key;
    key.key = name;
    const auto published_as = [&](const Obis& code) {
      key.obis = code;
      return asked.policy(key).publish;
    };
    const auto named = codes.find(name);
    const bool published = named == codes.end() ? asked.policy(key).publish
                                                : std::any_of(named->second.begin(),
                                                              named->second.end(), published_as);
    if (!published) keys.emplace(name);
  }
  return keys;
}

}  // namespace

void free_topics(const std::vector<ReadingRule>& rules, const KnownKeys& known, TopicBook& topics) {
  for (const auto& rule : rules) {
    if (rule.topic) topics.free(readings_of(rule, known));
  }
  topics.leave_out(unpublished_keys(rules, known));
}

void check_readings(const YamlNode& map, const KnownKeys& known, TopicBook& topics,
                    Loading& loading) {
  for (std::size_t i = 0; i < loading.rules.size(); ++i) {
    const ReadingRule& rule = loading.rules[i];
    if (rule.pattern.empty()) continue;
    check_entry({rule, map.keys[i], map.items[i], join_path("readings", map.keys[i].text)}, known,
                topics, loading);
  }
}

}  // namespace p1meter::settings
