// SPDX-License-Identifier: Apache-2.0
// Settings: which rule holds for a key.
#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "settings/glob.hpp"
#include "settings/reading_kinds.hpp"
#include "settings/settings.hpp"

namespace p1meter::settings {
namespace {

/// How specific a rule is for one key; greater is asked first.
struct Rank {
  int nearness{};  // to the user: 0 his own, -1 his preset's
  int match{};
  std::size_t literal{};
  int line{};
  std::size_t order{};

  [[nodiscard]] auto by_weight() const noexcept {
    return std::tie(nearness, match, literal, line, order);
  }
};

/// How a rule meets a key: nothing when it does not.
std::optional<std::size_t> meet(const ReadingRule& rule, const KeyInfo& key) {
  switch (rule.match) {
    case ReadingRule::Match::fallback:
      return 0;
    case ReadingRule::Match::glob:
      return match_glob(rule.pattern, key.key);
    case ReadingRule::Match::key:
      return rule.pattern == key.key ? std::optional{rule.pattern.size()} : std::nullopt;
    case ReadingRule::Match::obis:
      return key.obis && key.obis == rule.obis ? std::optional<std::size_t>{0} : std::nullopt;
  }
  return std::nullopt;
}

int nearness(const ReadingRule& rule) noexcept {
  return rule.built_in ? std::numeric_limits<int>::min() : -rule.preset;
}

/// The rules that meet a key, most specific first.
std::vector<const ReadingRule*> matching(const std::vector<ReadingRule>& rules,
                                         const KeyInfo& key) {
  std::vector<std::pair<Rank, const ReadingRule*>> ranked;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto literal = meet(rules[i], key);
    if (!literal) continue;
    ranked.push_back(
        {{nearness(rules[i]), static_cast<int>(rules[i].match), *literal, rules[i].line, i},
         &rules[i]});
  }
  std::sort(ranked.begin(), ranked.end(), [](const auto& left, const auto& right) {
    return left.first.by_weight() > right.first.by_weight();
  });
  std::vector<const ReadingRule*> found;
  found.reserve(ranked.size());
  for (const auto& [rank, rule] : ranked) found.push_back(rule);
  return found;
}

/// The option of the most specific rule that sets it.
template <class Option>
std::optional<Option> first_set(const std::vector<const ReadingRule*>& rules,
                                std::optional<Option> ReadingRule::*option) {
  for (const auto* rule : rules) {
    if (rule->*option) return rule->*option;
  }
  return std::nullopt;
}

}  // namespace

bool meets(const ReadingRule& rule, const KeyInfo& key) { return meet(rule, key).has_value(); }

std::vector<ReadingRule> built_in_rules() {
  using Match = ReadingRule::Match;
  using std::chrono::minutes;
  ReadingRule rest{.match = Match::fallback, .pattern = "default", .built_in = true};
  rest.interval = seconds{10};
  rest.on_change = true;
  rest.refresh = minutes{5};
  ReadingRule power{
      .match = Match::glob, .pattern = "power_{import,export,net}*", .built_in = true};
  power.on_change = false;
  power.aggregate = Aggregate::mean;
  ReadingRule energy{.match = Match::glob, .pattern = "energy_*", .built_in = true};
  energy.interval = seconds{60};
  return {rest, power, energy};
}

ReadingRules::ReadingRules() : ReadingRules(std::vector<ReadingRule>{}) {}

ReadingRules::ReadingRules(std::vector<ReadingRule> rules) : rules_(std::move(rules)) {
  for (auto& rule : built_in_rules()) rules_.push_back(std::move(rule));
}

LimitPolicy ReadingRules::policy(const KeyInfo& key) const {
  const auto rules = matching(rules_, key);
  LimitPolicy policy;
  policy.publish = first_set(rules, &ReadingRule::publish).value_or(true);
  policy.interval = first_set(rules, &ReadingRule::interval).value_or(milliseconds{0});
  policy.on_change = first_set(rules, &ReadingRule::on_change).value_or(false);
  policy.every = first_set(rules, &ReadingRule::every).value_or(1);
  policy.refresh = first_set(rules, &ReadingRule::refresh);
  if (policy.refresh == milliseconds{0}) policy.refresh.reset();
  if (takes_aggregate(key.kind)) {
    policy.aggregate = first_set(rules, &ReadingRule::aggregate).value_or(Aggregate::last);
  }
  const auto deadband = first_set(rules, &ReadingRule::deadband);
  if (deadband && deadband->amount > Decimal{} && takes_deadband(key.kind)) {
    policy.deadband = deadband;
    policy.on_change = true;
  }
  return policy;
}

std::optional<std::string> ReadingRules::topic(const KeyInfo& key) const {
  return first_set(matching(rules_, key), &ReadingRule::topic);
}

std::optional<Unit> ReadingRules::unit(const KeyInfo& key) const {
  for (const auto* rule : matching(rules_, key)) {
    if (rule->unit && family_of(*rule->unit) == family_of(key.unit)) return rule->unit;
  }
  return std::nullopt;
}

std::optional<std::string> ReadingRules::name(const KeyInfo& key) const {
  return first_set(matching(rules_, key), &ReadingRule::name);
}

ReadingStyle ReadingRules::style(const KeyInfo& key) const {
  const auto rules = matching(rules_, key);
  ReadingStyle style;
  style.decimals = first_set(rules, &ReadingRule::decimals);
  style.payload = first_set(rules, &ReadingRule::payload);
  style.qos = first_set(rules, &ReadingRule::qos);
  style.retain = first_set(rules, &ReadingRule::retain);
  // each field is an option of its own
  for (const auto* rule : rules) style.fields.insert(rule->fields.begin(), rule->fields.end());
  return style;
}

bool ReadingRules::any_style() const noexcept {
  return std::any_of(rules_.begin(), rules_.end(), [](const ReadingRule& rule) {
    return rule.decimals || rule.payload || rule.qos || rule.retain || !rule.fields.empty();
  });
}

bool ReadingRules::any_topic() const noexcept {
  return std::any_of(rules_.begin(), rules_.end(),
                     [](const ReadingRule& rule) { return rule.topic.has_value(); });
}

}  // namespace p1meter::settings
