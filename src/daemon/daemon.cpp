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
#include "daemon/candidate.hpp"
#include "daemon/clock.hpp"
#include "daemon/compose.hpp"
#include "daemon/log_level.hpp"
#include "daemon/log_outlets.hpp"
#include "daemon/remote_control.hpp"
#include "daemon/state_keeper.hpp"
#include "daemon/statistics.hpp"
#include "daemon/turn.hpp"

namespace p1meter::daemon {
namespace {

using std::chrono::seconds;

constexpr seconds statistics_interval{60};
constexpr seconds status_interval{1};
constexpr seconds housekeeping_interval{10};
/// SIGTERM must end the program within 2 s, in every state of broker and source.
constexpr milliseconds stop_patience{1500};

std::string plural(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

settings::Loaded load(const Configuration& configuration) {
  if (!configuration.must_exist && !std::filesystem::exists(configuration.path)) {
    return settings::load_text("", configuration.path.string());
  }
  return settings::load_file(configuration.path, configuration.credentials);
}

struct Daemon::Impl {
  Impl(Configuration configuration, settings::Settings settings) {
    parts.configuration = std::move(configuration);
    parts.settings = std::move(settings);
    parts.on_connected = [this] {
      publish_statistics();
      log_outlets.deliver_all();
      state.save_soon();
    };
    parts.on_more_retained = [this] { state.save_soon(); };
    parts.on_command = [this](Broker& broker, const mqtt::Received& message) {
      if (!stopping) remote_control.receive(broker, message);
    };
    load_retained(state.store(), parts);
  }

  Daemon::End run() {
    apply_log_settings();
    wait_for_signal();
    compose(context, state.store(), parts);
    repeat(status_look, status_interval, [this] { tell_status(); });
    repeat(housekeeping, housekeeping_interval, [this] { keep_house(); });
    repeat(statistics, statistics_interval, [this] { publish_statistics(); });
    if (const auto interval = systemd::watchdog_interval()) {
      repeat(watchdog, *interval, [this] { feed_watchdog(); });
    }
    // Reading the configuration and the table needs ten times the memory that the daemon needs from
    // here on.
    malloc_trim(0);
    tell_ready();
    log::write(log::Level::info, "p1meter is up",
               {{"version", P1METER_VERSION},
                {"meters", std::to_string(parts.meters.size())},
                {"broker", parts.settings.mqtt.brokers.empty()
                               ? "none, set mqtt.host"
                               : mqtt::broker_names(parts.settings.mqtt).front()}});
    context.run();
    state.save_all();
    if (restarting && !told_to_stop()) return Daemon::End::restart;
    log::write(log::Level::info, "p1meter has stopped");
    return Daemon::End::stopped;
  }

  void apply_log_settings() {
    log::set_level(log_level(parts.settings.log.level));
    log_outlets.apply();
  }

  /// Runs `action` every `interval`, on an even grid, until the daemon stops.
  void repeat(boost::asio::steady_timer& timer, milliseconds interval,
              std::function<void()> action) {
    timer.expires_after(interval);
    timer.async_wait([this, &timer, interval,
                      action = std::move(action)](const boost::system::error_code& error) mutable {
      if (error || stopping) return;
      {
        const Turn turn;
        action();
      }
      repeat(timer, interval, std::move(action));
    });
  }

  void wait_for_signal() {
    signals.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      if (signal != SIGHUP) {
        restarting = false;
        stop();
        return;
      }
      static_cast<void>(reload());
      wait_for_signal();
    });
  }

  /// Whether SIGTERM or SIGINT came while a restart said goodbye: then it is an end after all.
  bool told_to_stop() {
    bool told = false;
    const std::function<void()> look = [&] {
      signals.async_wait([&](const boost::system::error_code& error, int signal) {
        if (error) return;
        told = told || signal != SIGHUP;
        look();
      });
    };
    look();
    context.restart();
    context.poll();
    signals.cancel();
    context.restart();
    context.poll();
    return told;
  }

  /// With faults in the configuration the program would not come back.
  std::vector<settings::Fault> restart(const std::function<void()>& accepted) {
    settings::Loaded loaded = load(parts.configuration);
    if (!loaded.faults.empty()) return std::move(loaded.faults);
    accepted();
    restarting = true;
    boost::asio::post(context, [this] {
      if (!stopping) stop();
    });
    return {};
  }

  void stop() {
    stopping = true;
    // To systemd a restart in the same process is a reload: after STOPPING=1 it waits for an end.
    if (restarting) {
      systemd::reloading();
    } else {
      systemd::stopping();
    }
    log::write(log::Level::info, restarting ? "stopping, to start anew" : "stopping");
    log_outlets.deliver_all();
    signals.cancel();
    state.stop();
    for (auto* timer : {&status_look, &housekeeping, &statistics, &watchdog}) timer->cancel();
    for (auto& [name, meter] : parts.meters) meter->stop();
    for (Broker* broker : {parts.live.get(), parts.test.get()}) {
      if (broker != nullptr) broker->begin_nothing();
    }
    parts.homie.begin_to_stop(stop_patience);
    if (parts.live) parts.live->stop(stop_patience);
    if (parts.test) parts.test->stop(parts.live ? milliseconds{300} : stop_patience);
    parts.homie.stop();
  }

  /// Output    the faults of the configuration; with any, the old one stays in force
  std::vector<settings::Fault> reload(const std::function<void()>& accepted = {}) {
    systemd::reloading();
    settings::Loaded loaded = load(parts.configuration);
    outdated = !loaded.faults.empty();
    if (outdated) {
      for (const auto& fault : loaded.faults) log::write(log::Level::error, to_string(fault));
      log::write(log::Level::error, "the new configuration has faults, keeping the old one",
                 {{"faults", std::to_string(loaded.faults.size())}});
    } else {
      for (const auto& warning : loaded.warnings)
        log::write(log::Level::warning, to_string(warning));
      if (accepted) accepted();
      recompose(context, state.store(), parts, std::move(loaded.settings));
      apply_log_settings();
      log::write(log::Level::info, "configuration reloaded",
                 {{"meters", std::to_string(parts.meters.size())}});
    }
    tell_ready();
    return std::move(loaded.faults);
  }

  void tell_ready() {
    told_status = status();
    systemd::ready(told_status);
  }

  void tell_status() {
    std::string now = status();
    if (now == told_status) return;
    systemd::status(now);
    told_status = std::move(now);
  }

  void keep_house() {
    watch_lines();
    state.save_next();
  }

  void watch_lines() {
    for (const auto& [name, meter] : parts.meters) meter->watch_line(live_now());
  }

  void publish_statistics() {
    watch_lines();
    for (Broker* broker : {parts.live.get(), parts.test.get()}) {
      if (broker != nullptr) broker->forget_silent_neighbours();
    }
    std::vector<const MeterRunner*> live;
    std::vector<const MeterRunner*> test;
    for (const auto& [name, meter] : parts.meters) {
      (is_test(meter->settings()) ? test : live).push_back(meter.get());
    }
    const Moment now = live_now();
    started = start_by_todays_clock(started, now);
    const ProgramCounters program{remote_control.refused(),
                                  log_outlets.topic_dropped(),
                                  log_outlets.udp_dropped(),
                                  state.failures(),
                                  state.saved(),
                                  candidate.look()};
    if (parts.live) publish_statistics(*parts.live, live, program, now);
    if (parts.test) publish_statistics(*parts.test, test, program, now);
  }

  void publish_statistics(Broker& broker, const std::vector<const MeterRunner*>& meters,
                          const ProgramCounters& program, Moment now) const {
    if (program.latest_version) broker.sink().announce_update();
    const bool templates = !parts.settings.mqtt.messages.empty();
    broker.sink().publish_statistics(
        statistics_json(broker, meters, program, started, now),
        templates ? statistics_figures(broker, meters, started, now) : mqtt::Figures{}, now.steady);
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
           broker +
           (outdated ? "; the configuration has faults, that before them is in force" : "");
  }

  boost::asio::io_context context{1};
  Parts parts{};
  StateKeeper state{context, parts};
  LogOutlets log_outlets{context, parts};
  Candidate candidate{P1METER_VERSION};
  RemoteControl remote_control{
      parts,
      {.reload = [this](const auto& accepted) { return reload(accepted); },
       .restart = [this](const auto& accepted) { return restart(accepted); }}};
  boost::asio::signal_set signals{context, SIGTERM, SIGINT, SIGHUP};
  boost::asio::steady_timer status_look{context};
  boost::asio::steady_timer housekeeping{context};
  boost::asio::steady_timer statistics{context};
  boost::asio::steady_timer watchdog{context};
  Moment started{live_now()};
  std::string told_status{};  // to systemd
  bool stopping{};
  bool restarting{};  // after the stop
  bool outdated{};    // the configuration in force: its successor has faults
};

Daemon::Daemon(Configuration configuration, settings::Settings settings)
    : impl_{std::make_unique<Impl>(std::move(configuration), std::move(settings))} {}

Daemon::~Daemon() = default;

Daemon::End Daemon::run() { return impl_->run(); }

}  // namespace p1meter::daemon
