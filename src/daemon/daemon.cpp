// SPDX-License-Identifier: Apache-2.0
// Daemon: what the service runs: signals, timers, systemd, and the parts that compose.cpp joins.
#include "daemon/daemon.hpp"

#include <csignal>
#include <malloc.h>
#include <sys/resource.h>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/log/log.hpp"
#include "adapters/systemd/notify.hpp"
#include "daemon/clock.hpp"
#include "daemon/compose.hpp"
#include "daemon/state_saver.hpp"
#include "daemon/statistics.hpp"

namespace p1meter::daemon {
namespace {

using std::chrono::seconds;

constexpr seconds statistics_interval{60};
constexpr seconds housekeeping_interval{10};
/// SIGTERM must end the program within 2 s, in every state of broker and source.
constexpr milliseconds stop_patience{1500};

log::Level log_level(const std::string& name) {
  if (name == "debug") return log::Level::debug;
  if (name == "warning") return log::Level::warning;
  if (name == "error") return log::Level::error;
  return log::Level::info;
}

std::string plural(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

settings::Loaded load(const Configuration& configuration) {
  if (!configuration.must_exist && !std::filesystem::exists(configuration.path)) {
    return settings::load_text("", configuration.path.string());
  }
  return settings::load_file(configuration.path);
}

struct Daemon::Impl {
  Impl(Configuration configuration, settings::Settings settings) {
    parts.configuration = std::move(configuration);
    parts.settings = std::move(settings);
    parts.on_connected = [this] { publish_statistics(); };
    if (!store.lock()) {
      throw StateBusy{"another p1meter is running with the state directory " +
                      state_directory().string() + ", stop it first"};
    }
    if (const std::string why = store.unusable(); !why.empty()) saver.cannot_save(why);
    load_retained(store, parts);
  }

  void run() {
    log::set_level(log_level(parts.settings.log.level));
    wait_for_signal();
    compose(context, store, parts);
    repeat(housekeeping, housekeeping_interval, [this] { keep_house(); });
    repeat(statistics, statistics_interval, [this] { publish_statistics(); });
    if (const auto interval = systemd::watchdog_interval()) {
      repeat(watchdog, *interval, [this] { feed_watchdog(); });
    }
    // Reading the configuration and the table needs ten times the memory that the daemon needs from
    // here on.
    malloc_trim(0);
    systemd::ready(status());
    log::write(log::Level::info, "p1meter is up",
               {{"version", P1METER_VERSION},
                {"meters", std::to_string(parts.meters.size())},
                {"broker", parts.settings.mqtt.brokers.empty()
                               ? "none, set mqtt.host"
                               : mqtt::broker_names(parts.settings.mqtt).front()}});
    context.run();
    save_all();
    log::write(log::Level::info, "p1meter has stopped");
  }

  /// Runs `action` every `interval`, on an even grid, until the daemon stops.
  void repeat(boost::asio::steady_timer& timer, milliseconds interval,
              std::function<void()> action) {
    timer.expires_after(interval);
    timer.async_wait([this, &timer, interval,
                      action = std::move(action)](const boost::system::error_code& error) mutable {
      if (error || stopping) return;
      action();
      repeat(timer, interval, std::move(action));
    });
  }

  void wait_for_signal() {
    signals.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      if (signal != SIGHUP) {
        stop();
        return;
      }
      reload();
      wait_for_signal();
    });
  }

  void stop() {
    stopping = true;
    systemd::stopping();
    log::write(log::Level::info, "stopping");
    signals.cancel();
    for (auto* timer : {&housekeeping, &statistics, &watchdog}) timer->cancel();
    for (auto& [name, meter] : parts.meters) meter->stop();
    if (parts.live) parts.live->stop(stop_patience);
    if (parts.test) parts.test->stop(parts.live ? milliseconds{300} : stop_patience);
  }

  void reload() {
    systemd::reloading();
    settings::Loaded loaded = load(parts.configuration);
    if (!loaded.faults.empty()) {
      for (const auto& fault : loaded.faults) log::write(log::Level::error, to_string(fault));
      log::write(log::Level::error, "the new configuration has faults, keeping the old one",
                 {{"faults", std::to_string(loaded.faults.size())}});
    } else {
      for (const auto& warning : loaded.warnings)
        log::write(log::Level::warning, to_string(warning));
      recompose(context, store, parts, std::move(loaded.settings));
      log::set_level(log_level(parts.settings.log.level));
      log::write(log::Level::info, "configuration reloaded",
                 {{"meters", std::to_string(parts.meters.size())}});
    }
    systemd::ready(status());
  }

  void keep_house() {
    systemd::status(status());
    save_next();
  }

  /// One meter after the other: copies of all of them at once would be a good part of our memory.
  void save_next() {
    if (saving || stopping) return;
    StateChanges changes = take_changes(1);
    if (changes.empty()) return;
    saving = true;
    saver.save(std::move(changes), [this] {
      boost::asio::post(context, [this] {
        saving = false;
        save_next();
      });
    });
  }

  StateChanges take_changes(std::size_t most_meters) {
    StateChanges changes;
    for (auto& [name, meter] : parts.meters) {
      if (changes.meters.size() == most_meters) break;
      if (auto memory = meter->take_changed_memory()) {
        changes.meters.emplace_back(name, std::move(*memory));
      }
    }
    changes.lists = take_changed_retained(parts);
    return changes;
  }

  void save_all() { saver.save_now(take_changes(parts.meters.size())); }

  void publish_statistics() {
    for (Broker* broker : {parts.live.get(), parts.test.get()}) {
      if (broker != nullptr) broker->forget_silent_neighbours();
    }
    std::vector<const MeterRunner*> live;
    std::vector<const MeterRunner*> test;
    for (const auto& [name, meter] : parts.meters) {
      (is_test(meter->settings()) ? test : live).push_back(meter.get());
    }
    const Moment now = live_now();
    if (parts.live)
      parts.live->sink().publish_statistics(statistics_json(*parts.live, live, started, now));
    if (parts.test)
      parts.test->sink().publish_statistics(statistics_json(*parts.test, test, started, now));
  }

  void feed_watchdog() {
    const Moment now = live_now();
    for (const auto& [name, meter] : parts.meters) {
      if (meter->makes_progress(now)) continue;
      log::write(log::Level::error,
                 "telegrams are no longer processed, leaving the restart to the watchdog",
                 {{"meter", name}});
      return;
    }
    systemd::watchdog();
  }

  [[nodiscard]] std::string status() const {
    std::size_t online = 0;
    for (const auto& [name, meter] : parts.meters) online += meter->pipeline().online() ? 1U : 0U;
    const std::string broker =
        parts.live ? parts.live->state() : "no broker configured (mqtt.host)";
    return std::to_string(online) + " of " + plural(parts.meters.size(), "meter") + " online; " +
           broker;
  }

  boost::asio::io_context context{1};
  StateStore store{state_directory()};
  StateSaver saver{store};
  Parts parts{};
  boost::asio::signal_set signals{context, SIGTERM, SIGINT, SIGHUP};
  boost::asio::steady_timer housekeeping{context};
  boost::asio::steady_timer statistics{context};
  boost::asio::steady_timer watchdog{context};
  Moment started{live_now()};
  bool saving{};
  bool stopping{};
};

Daemon::Daemon(Configuration configuration, settings::Settings settings)
    : impl_{std::make_unique<Impl>(std::move(configuration), std::move(settings))} {}

Daemon::~Daemon() = default;

void Daemon::run() { impl_->run(); }

}  // namespace p1meter::daemon
