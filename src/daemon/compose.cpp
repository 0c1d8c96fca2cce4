// SPDX-License-Identifier: Apache-2.0
// Daemon: which parts a configuration needs, and who is joined to whom. This is the whole program
// on one screen: source -> framing -> decoding -> mapping -> limiting (a MeterRunner) -> sinks.
#include "daemon/compose.hpp"

#include <algorithm>
#include <functional>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "adapters/log/log.hpp"
#include "daemon/identity.hpp"

namespace p1meter::daemon {
namespace {

constexpr milliseconds broker_patience{1500};

std::optional<StoredMeter> load_memory(const StateStore& store, const std::string& meter) {
  std::string report;
  auto stored = store.load(meter, report);
  if (!report.empty()) log::write(log::Level::warning, report, {{"meter", meter}});
  return stored;
}

std::unique_ptr<Broker> make_broker(boost::asio::io_context& context, const StateStore& store,
                                    const Parts& parts, Realm realm) {
  auto identity = make_identity(parts.settings.mqtt, parts.configuration.path, "run", realm);
  auto broker = std::make_unique<Broker>(context, parts.settings.mqtt, std::move(identity),
                                         parts.settings.readings);
  broker->on_connected(parts.on_connected);
  std::string report;
  broker->remember(store.load_list(retained_list(*broker), report));
  if (!report.empty()) log::write(log::Level::warning, report);
  return broker;
}

/// Makes the brokers that are wanted and missing. Gives the new ones: they are started when all is
/// joined.
std::vector<Broker*> make_missing_brokers(boost::asio::io_context& context, const StateStore& store,
                                          Parts& parts) {
  std::vector<Broker*> fresh;
  if (parts.settings.mqtt.brokers.empty()) return fresh;
  const auto& meters = parts.settings.meters;
  if (!parts.live) {
    parts.live = make_broker(context, store, parts, Realm::live);
    fresh.push_back(parts.live.get());
  }
  if (!parts.test && std::any_of(meters.begin(), meters.end(), is_test)) {
    parts.test = make_broker(context, store, parts, Realm::test);
    fresh.push_back(parts.test.get());
  }
  return fresh;
}

std::vector<MeterRunner*> make_missing_meters(boost::asio::io_context& context,
                                              const StateStore& store, Parts& parts) {
  std::vector<MeterRunner*> fresh;
  for (const auto& settings : parts.settings.meters) {
    if (parts.meters.contains(settings.name)) continue;
    auto runner =
        std::make_unique<MeterRunner>(context, settings, parts.settings.readings, parts.table,
                                      load_memory(store, settings.name), parts.workbench);
    fresh.push_back(runner.get());
    parts.meters.emplace(settings.name, std::move(runner));
  }
  return fresh;
}

/// Joins every meter to its sinks, and every broker to the meters it announces.
void join(Parts& parts) {
  std::vector<const MeterView*> live;
  std::vector<const MeterView*> test;
  for (auto& [name, meter] : parts.meters) {
    const bool simulated = is_test(meter->settings());
    Broker* broker = simulated ? parts.test.get() : parts.live.get();
    (simulated ? test : live).push_back(&meter->pipeline());
    meter->set_sinks(broker == nullptr ? std::vector<Sink*>{}
                                       : std::vector<Sink*>{&broker->sink()});
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

/// Ends a connection on a thread of its own, for that may take a second; `then` runs on the read
/// loop afterwards. A successor must not connect earlier: it has the same client id.
void retire(boost::asio::io_context& context, std::unique_ptr<Broker> broker,
            std::function<void()> then) {
  std::thread{[&context, broker = std::move(broker), then = std::move(then),
               work = boost::asio::make_work_guard(context)]() mutable {
    broker->stop(broker_patience);
    boost::asio::post(context, [broker = std::move(broker), then = std::move(then)] { then(); });
  }}.detach();
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
    if (wanted == next.meters.end() || is_test(*wanted) != is_test(it->second->settings())) {
      for (Broker* broker : {parts.live.get(), parts.test.get()}) {
        if (broker != nullptr) broker->sink().remove(it->first);
      }
    }
    retire(context, std::move(it->second));
    it = parts.meters.erase(it);
  }
}

/// Replaces a connection: the new one starts when the old one has said goodbye.
void replace(boost::asio::io_context& context, std::unique_ptr<Broker>& slot,
             std::unique_ptr<Broker> next) {
  Broker* successor = next.get();
  auto old = std::exchange(slot, std::move(next));
  if (!old) {
    if (successor != nullptr) successor->start();
    return;
  }
  // The slot may have been replaced again meanwhile; then the successor is gone too.
  retire(context, std::move(old), [&slot, successor] {
    if (successor != nullptr && slot.get() == successor) successor->start();
  });
}

}  // namespace

std::string retained_list(const Broker& broker) {
  // A base topic may have levels, a file name not.
  std::string name = "retained-" + broker.identity().base_topic;
  std::replace(name.begin(), name.end(), '/', '-');
  return name;
}

bool is_test(const settings::MeterSettings& settings) {
  return std::holds_alternative<settings::SimulatorSource>(settings.source) && !settings.live;
}

void compose(boost::asio::io_context& context, const StateStore& store, Parts& parts) {
  parts.table = settings::make_obis_table(parts.settings.obis);
  const auto brokers = make_missing_brokers(context, store, parts);
  const auto meters = make_missing_meters(context, store, parts);
  join(parts);
  for (MeterRunner* meter : meters) meter->start();
  for (Broker* broker : brokers) broker->start();
}

void recompose(boost::asio::io_context& context, const StateStore& store, Parts& parts,
               settings::Settings next) {
  retire_changed_meters(context, store, parts, next);
  const bool other_broker = next.mqtt != parts.settings.mqtt;
  parts.settings = std::move(next);
  for (const auto& meter : parts.settings.meters) {
    if (const auto it = parts.meters.find(meter.name); it != parts.meters.end())
      it->second->reload(meter);
  }
  if (other_broker) {
    const bool publishes = !parts.settings.mqtt.brokers.empty();
    const auto& meters = parts.settings.meters;
    const bool simulates = std::any_of(meters.begin(), meters.end(), is_test);
    replace(context, parts.live,
            publishes ? make_broker(context, store, parts, Realm::live) : nullptr);
    replace(context, parts.test,
            publishes && simulates ? make_broker(context, store, parts, Realm::test) : nullptr);
  }
  compose(context, store, parts);
  for (const auto& broker : {parts.live.get(), parts.test.get()}) {
    if (broker != nullptr) broker->announce();
  }
}

}  // namespace p1meter::daemon
