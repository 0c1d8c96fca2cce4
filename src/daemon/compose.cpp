// SPDX-License-Identifier: Apache-2.0
// Daemon: which parts a configuration needs, and who is joined to whom. This is the whole program
// on one screen: source -> framing -> decoding -> mapping -> limiting (a MeterRunner) -> sinks.
#include "daemon/compose.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "adapters/log/log.hpp"
#include "daemon/identity.hpp"

namespace p1meter::daemon {
namespace {

constexpr const char* live_list = "retained-live";
constexpr const char* test_list = "retained-test";
constexpr const char* homie_list = "retained-homie";

/// Has no topics of its own: only clears.
bool sweeps(const Broker& broker) { return !broker.identity().daemon_topics; }

std::optional<StoredMeter> load_memory(const StateStore& store, const std::string& meter) {
  std::string report;
  auto stored = store.load(meter, report);
  if (!report.empty()) log::write(log::Level::warning, report, {{"meter", meter}});
  return stored;
}

bool simulates(const settings::Settings& settings) {
  return std::any_of(settings.meters.begin(), settings.meters.end(), is_test);
}

std::unique_ptr<Broker> make_broker(boost::asio::io_context& context, Parts& parts, Realm realm) {
  auto identity = make_identity(parts.settings, parts.configuration.path, "run", realm);
  auto broker = std::make_unique<Broker>(context, parts.settings.mqtt, std::move(identity),
                                         parts.settings.readings);
  broker->on_connected(parts.on_connected);
  broker->on_command(parts.on_command);
  broker->on_more_retained(parts.on_more_retained);
  broker->remember_in(realm == Realm::live ? parts.live_topics : parts.test_topics);
  return broker;
}

/// A connection that clears what former simulated meters left retained, and then ends.
std::unique_ptr<Broker> make_sweeper(boost::asio::io_context& context, Parts& parts) {
  auto sweeper = make_broker(context, parts, Realm::test_sweep);
  sweeper->on_connected({});
  sweeper->on_cleared([&context, &parts] {
    // Later, for the broker goes with this very function.
    boost::asio::post(context, [&context, &parts] {
      if (parts.test && sweeps(*parts.test)) parts.test.replace(context, nullptr);
    });
  });
  return sweeper;
}

std::unique_ptr<Broker> make_live(boost::asio::io_context& context, Parts& parts) {
  if (parts.settings.mqtt.brokers.empty()) return nullptr;
  return make_broker(context, parts, Realm::live);
}

/// What the test topics need, if anything.
std::unique_ptr<Broker> make_test(boost::asio::io_context& context, Parts& parts) {
  if (parts.settings.mqtt.brokers.empty()) return nullptr;
  if (simulates(parts.settings)) return make_broker(context, parts, Realm::test);
  const bool left = parts.test_topics.any_at(mqtt::broker_names(parts.settings.mqtt));
  return left ? make_sweeper(context, parts) : nullptr;
}

/// The brokers that are wanted and missing. They are started when all is joined.
void make_missing_brokers(boost::asio::io_context& context, Parts& parts) {
  if (!parts.live) parts.live.replace(context, make_live(context, parts));
  if (!parts.test) parts.test.replace(context, make_test(context, parts));
}

/// Connections that the new settings want otherwise go, and their successors follow them.
void replace_changed_brokers(boost::asio::io_context& context, Parts& parts, bool other_broker) {
  if (other_broker) {
    if (parts.live) parts.live->leave();
    parts.live.replace(context, make_live(context, parts));
  }
  const bool other_purpose = parts.test && sweeps(*parts.test) == simulates(parts.settings);
  if (other_broker || other_purpose) {
    // Before its successor is chosen: only now is it known what it leaves.
    if (parts.test) parts.test->leave();
    parts.test.replace(context, make_test(context, parts));
  }
}

std::vector<MeterRunner*> make_missing_meters(boost::asio::io_context& context,
                                              const StateStore& store, Parts& parts) {
  std::vector<MeterRunner*> fresh;
  for (const auto& settings : parts.settings.meters) {
    if (parts.meters.contains(settings.name)) continue;
    auto runner =
        std::make_unique<MeterRunner>(context, settings, parts.settings.readings, parts.table,
                                      load_memory(store, settings.name), parts.workbench);
    if (auto rules = parts.overrides.of(settings.name, is_test(settings)); !rules.empty())
      runner->override_intervals(std::move(rules));
    fresh.push_back(runner.get());
    parts.meters.emplace(settings.name, std::move(runner));
  }
  return fresh;
}

/// The meters that are devices for others too, and their connections.
void arrange_homie(boost::asio::io_context& context, Parts& parts) {
  std::vector<const MeterView*> meters;
  for (const auto& [name, meter] : parts.meters) {
    if (!is_test(meter->settings())) meters.push_back(&meter->pipeline());
  }
  parts.homie.on_more_retained(parts.on_more_retained);
  parts.homie.arrange(context, parts.settings, parts.configuration.path, meters);
}

/// Joins every meter to its sinks, and every broker to the meters it announces.
void join(Parts& parts) {
  std::vector<const MeterView*> live;
  std::vector<const MeterView*> test;
  for (auto& [name, meter] : parts.meters) {
    const bool simulated = is_test(meter->settings());
    Broker* broker = simulated ? parts.test.get() : parts.live.get();
    (simulated ? test : live).push_back(&meter->pipeline());
    std::vector<Sink*> sinks;
    if (broker != nullptr) sinks.push_back(&broker->sink());
    if (Sink* const homie = parts.homie.sink_of(name)) sinks.push_back(homie);
    meter->set_sinks(std::move(sinks));
  }
  if (parts.live) parts.live->set_meters(std::move(live));
  if (parts.test) parts.test->set_meters(std::move(test));
}

/// What cannot change without opening the source anew.
bool same_input(const settings::MeterSettings& left, const settings::MeterSettings& right) {
  return left.source == right.source && left.serial == right.serial && left.live == right.live &&
         left.telegram_limit == right.telegram_limit;
}

/// Lets handlers that are queued already run before the runner goes.
void retire(boost::asio::io_context& context, std::unique_ptr<MeterRunner> meter) {
  meter->stop();
  boost::asio::post(context, [meter = std::move(meter)] {});
}

void retire_changed_meters(boost::asio::io_context& context, const StateStore& store, Parts& parts,
                           const settings::Settings& next) {
  for (auto it = parts.meters.begin(); it != parts.meters.end();) {
    const auto wanted = std::find_if(next.meters.begin(), next.meters.end(),
                                     [&](const auto& meter) { return meter.name == it->first; });
    const bool stays = wanted != next.meters.end() && same_input(*wanted, it->second->settings()) &&
                       next.obis == parts.settings.obis;
    if (stays) {
      ++it;
      continue;
    }
    if (auto memory = it->second->take_changed_memory())
      static_cast<void>(store.save(it->first, *memory));
    const bool gone =
        wanted == next.meters.end() || is_test(*wanted) != is_test(it->second->settings());
    for (Broker* broker : {parts.live.get(), parts.test.get()}) {
      if (broker == nullptr) continue;
      if (gone) {
        broker->sink().remove(it->first);
      } else {
        broker->sink().renumbered(it->first);
      }
    }
    retire(context, std::move(it->second));
    it = parts.meters.erase(it);
  }
}

}  // namespace

void load_retained(const StateStore& store, Parts& parts) {
  for (auto [name, topics] :
       {std::pair{live_list, &parts.live_topics}, std::pair{test_list, &parts.test_topics}}) {
    std::string report;
    *topics = RetainedTopics{store.load_list(name, report)};
    if (!report.empty()) log::write(log::Level::warning, report);
  }
  std::string report;
  parts.homie.remember(store.load_list(homie_list, report));
  if (!report.empty()) log::write(log::Level::warning, report);
}

std::vector<std::pair<std::string, std::vector<std::string>>> take_changed_retained(Parts& parts) {
  if (parts.live) parts.live->note_retained();
  if (parts.test) parts.test->note_retained();
  std::vector<std::pair<std::string, std::vector<std::string>>> lists;
  if (auto live = parts.live_topics.take_changed()) lists.emplace_back(live_list, *std::move(live));
  if (auto test = parts.test_topics.take_changed()) lists.emplace_back(test_list, *std::move(test));
  if (auto homie = parts.homie.take_changed_retained())
    lists.emplace_back(homie_list, *std::move(homie));
  return lists;
}

void retained_not_stored(Parts& parts) noexcept {
  parts.live_topics.not_stored();
  parts.test_topics.not_stored();
  parts.homie.retained_not_stored();
}

bool is_test(const settings::MeterSettings& settings) {
  return std::holds_alternative<settings::SimulatorSource>(settings.source) && !settings.live;
}

namespace {

void take_tables(Parts& parts) {
  parts.table = settings::make_obis_table(parts.settings.obis);
  parts.known_keys.reset();
  parts.workbench->layouts = make_layouts(parts.settings);
}

/// Makes what is missing, joins it to what is there, and starts it.
void assemble(boost::asio::io_context& context, const StateStore& store, Parts& parts) {
  make_missing_brokers(context, parts);
  const auto meters = make_missing_meters(context, store, parts);
  arrange_homie(context, parts);
  join(parts);
  for (MeterRunner* meter : meters) meter->start();
  parts.live.start();
  parts.test.start();
}

}  // namespace

void compose(boost::asio::io_context& context, const StateStore& store, Parts& parts) {
  take_tables(parts);
  assemble(context, store, parts);
}

void recompose(boost::asio::io_context& context, const StateStore& store, Parts& parts,
               settings::Settings next) {
  retire_changed_meters(context, store, parts, next);
  const bool other_broker =
      next.mqtt != parts.settings.mqtt || next.home_assistant != parts.settings.home_assistant;
  parts.settings = std::move(next);
  take_tables(parts);
  for (const auto& meter : parts.settings.meters) {
    if (const auto it = parts.meters.find(meter.name); it != parts.meters.end())
      it->second->reload(meter);
  }
  replace_changed_brokers(context, parts, other_broker);
  assemble(context, store, parts);
  for (const auto& broker : {parts.live.get(), parts.test.get()}) {
    if (broker != nullptr) broker->announce({.clear = true});
  }
  parts.homie.announce();
}

}  // namespace p1meter::daemon
