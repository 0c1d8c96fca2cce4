// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: the names of topics.
#include "adapters/mqtt/topics.hpp"

namespace p1meter::mqtt {
namespace {

Topic join(std::string_view base, std::string_view meter, std::string_view last) {
  std::string topic;
  topic.reserve(base.size() + meter.size() + last.size() + 2);
  topic.append(base).append("/").append(meter).append("/").append(last);
  return std::make_shared<const std::string>(std::move(topic));
}

}  // namespace

bool publishable(std::string_view topic) noexcept {
  constexpr std::size_t longest = 65'535;
  return !topic.empty() && topic.size() <= longest &&
         topic.find_first_of(std::string_view{"+#\0", 3}) == std::string_view::npos;
}

std::string key_topic(const BaseTopic& base, std::string_view meter, const KeyInfo& key,
                      const settings::ReadingRules& rules) {
  std::string chosen = key.topic;
  if (chosen.empty()) chosen = rules.topic(key).value_or(key.key);
  if (chosen.find('/') == std::string::npos) return *join(base.used, meter, chosen);
  if (base.used == base.configured) return chosen;
  const std::string own = base.configured + '/';
  if (chosen.starts_with(own)) chosen.erase(0, own.size());
  return base.used + '/' + chosen;
}

MeterTopics::MeterTopics(std::string_view base, std::string_view meter)
    : state{join(base, meter, "state")},
      status{join(base, meter, "status")},
      raw{join(base, meter, "raw")} {}

MeterTopics::Key& MeterTopics::key(KeyId id) {
  if (keys_.size() <= id) keys_.resize(std::size_t{id} + 1);
  return keys_[id];
}

}  // namespace p1meter::mqtt
