// SPDX-License-Identifier: Apache-2.0
// Daemon: what `p1meter replay` does with the configured pipeline and broker.
#include "daemon/replay.hpp"

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sysexits.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "adapters/log/log.hpp"
#include "adapters/state/state_store.hpp"
#include "daemon/broker.hpp"
#include "daemon/clock.hpp"
#include "daemon/identity.hpp"
#include "daemon/meter_runner.hpp"
#include "daemon/progress_bar.hpp"
#include "daemon/replayer.hpp"

namespace p1meter::daemon {
namespace {

using std::chrono::seconds;

constexpr seconds connect_patience{10};
constexpr seconds drain_patience{10};
constexpr milliseconds stop_patience{1500};
/// Messages handed over and not yet sent, beyond which a replay at full speed waits: live topics
/// keep only their newest value, and a replay is to lose none.
constexpr std::uint64_t queue_limit = 256;

const settings::MeterSettings* find_meter(const settings::Settings& settings,
                                          const std::string& name) {
  for (const auto& meter : settings.meters) {
    if (name.empty() || meter.name == name) return &meter;
  }
  return nullptr;
}

/// One replay from opening to summary.
class Session {
 public:
  Session(const Configuration& configuration, settings::Settings settings,
          const settings::MeterSettings& meter, const ReplayOptions& options,
          const MeterMemory& memory)
      : options_{options},
        settings_{std::move(settings)},
        table_{settings::make_obis_table(settings_.obis)},
        pipeline_{table_, pipeline_options(meter, settings_.readings),
                  policy_lookup(settings_.readings), memory},
        replayer_{pipeline_, meter.zone, options.follow_time} {
    if (settings_.mqtt.brokers.empty()) return;
    const std::string role = "replay " + std::to_string(getpid());
    broker_.emplace(context_, settings_.mqtt,
                    make_identity(settings_.mqtt, configuration.path, role,
                                  options.live ? Realm::live_replay : Realm::test),
                    settings_.readings);
    broker_->set_meters({&pipeline_});
    pipeline_.add_sink(broker_->sink());
  }

  int run() {
    signals_.async_wait([this](const boost::system::error_code& error, int) { stopped_ = !error; });
    if (!open()) return EX_NOINPUT;
    if (!connect()) return EX_UNAVAILABLE;
    do {
      if (!pass()) return EX_NOINPUT;
    } while (options_.loop && !stopped_ && rewind());
    const bool complete = finish();
    return complete ? EX_OK : EX_UNAVAILABLE;
  }

  [[nodiscard]] MeterMemory memory() const { return pipeline_.memory(); }

 private:
  bool open() {
    if (options_.file == "-") {
      std::ios::sync_with_stdio(false);  // in blocks, not byte by byte
      return true;
    }
    file_.open(options_.file, std::ios::binary);
    if (file_) {
      file_.seekg(0, std::ios::end);
      progress_bar_.set_total(
          static_cast<std::uint64_t>(std::max<std::streamoff>(file_.tellg(), 0)));
      file_.clear();
      file_.seekg(0);
    }
    if (!file_) std::fprintf(stderr, "p1meter: %s: cannot be read\n", options_.file.c_str());
    return static_cast<bool>(file_);
  }

  bool rewind() {
    file_.clear();
    file_.seekg(0);
    return static_cast<bool>(file_);
  }

  bool connect() {
    if (!broker_) {
      std::fputs("p1meter: no mqtt.host in the configuration, nothing is published\n", stderr);
      return true;
    }
    broker_->start();
    const auto deadline = live_now().steady + connect_patience;
    while (!stopped_ && !broker_->connected() && live_now().steady < deadline)
      wait(milliseconds{10});
    if (broker_->connected()) {
      std::fprintf(stderr, "publishing under %s/\n", broker_->identity().base_topic.c_str());
      return true;
    }
    std::fprintf(stderr, "p1meter: %s\n", broker_->state().c_str());
    broker_->stop(stop_patience);
    return false;
  }

  bool pass() {
    replayer_.begin(options_.file == "-" ? std::cin : static_cast<std::istream&>(file_));
    std::optional<milliseconds> before;
    while (!stopped_) {
      const auto progress = replayer_.step();
      if (!progress) break;
      last_ = *progress;
      progress_bar_.show(last_.bytes, last_.telegrams);
      pace(before ? last_.clock - *before : milliseconds{0});
      before = last_.clock;
    }
    const auto error = replayer_.error();
    if (error) std::fprintf(stderr, "p1meter: %s: %s\n", options_.file.c_str(), error->c_str());
    return !error;
  }

  /// Waits as long as the capture did, divided by the speed; at full speed only until the broker
  /// keeps up.
  void pace(milliseconds gap) {
    if (options_.speed) {
      wait(gap / *options_.speed);
      return;
    }
    context_.poll();
    if (broker_ && broker_->statistics().queue > queue_limit) {
      static_cast<void>(broker_->sink().drain(drain_patience));
    }
  }

  void wait(milliseconds duration) {
    const auto deadline = live_now().steady + duration;
    context_.poll();
    for (auto left = duration; !stopped_ && left.count() > 0; left = deadline - live_now().steady) {
      context_.run_for(left);
    }
  }

  bool finish() {
    last_ = replayer_.finish();
    progress_bar_.clear();
    bool complete = true;
    std::uint64_t published = 0;
    std::uint64_t dropped = 0;
    if (broker_) {
      complete = broker_->sink().drain(drain_patience);
      published = broker_->statistics().published;
      dropped = broker_->statistics().dropped;
      broker_->stop(stop_patience);
    }
    const MeterCounters& counters = pipeline_.counters();
    std::fprintf(
        stderr,
        "%llu telegrams, %llu refused, %llu problems; %llu messages published, %llu dropped\n",
        number(last_.telegrams), number(counters.crc_errors), number(counters.problems),
        number(published), number(dropped));
    if (!complete) std::fputs("p1meter: the broker did not take everything in time\n", stderr);
    return complete;
  }

  static unsigned long long number(std::uint64_t value) { return value; }

  const ReplayOptions& options_;
  settings::Settings settings_;
  ObisTable table_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      boost::asio::make_work_guard(context_)};
  boost::asio::signal_set signals_{context_, SIGINT, SIGTERM};
  MeterPipeline pipeline_;
  std::optional<Broker> broker_{};
  Replayer replayer_;
  ProgressBar progress_bar_{};
  std::ifstream file_{};
  Replayer::Progress last_{};
  bool stopped_{};
};

}  // namespace

int replay(const Configuration& configuration, settings::Settings settings,
           const ReplayOptions& options) {
  const settings::MeterSettings* meter = find_meter(settings, options.meter);
  if (meter == nullptr) {
    std::fprintf(stderr, "p1meter: no meter is named %s\n", options.meter.c_str());
    return EX_USAGE;
  }
  const settings::MeterSettings chosen = *meter;
  if (!options.live) return Session{configuration, std::move(settings), chosen, options, {}}.run();

  StateStore store{state_directory()};
  if (!store.lock()) {
    std::fputs(
        "p1meter: a p1meter is running with this state directory; stop it, or leave out --live\n",
        stderr);
    return EX_TEMPFAIL;
  }
  if (const std::string why = store.unusable(); !why.empty())
    std::fprintf(
        stderr,
        "p1meter: cannot use the state directory (%s): nothing is remembered, and a p1meter "
        "that runs is not noticed\n",
        why.c_str());
  std::string report;
  const auto stored = store.load(chosen.name, report);
  Session session{configuration, std::move(settings), chosen, options,
                  stored ? stored->memory : MeterMemory{}};
  const int status = session.run();
  const std::string fault = store.save(
      chosen.name, {.memory = session.memory(), .line = stored ? stored->line : std::nullopt});
  if (!fault.empty()) std::fprintf(stderr, "p1meter: %s\n", fault.c_str());
  return status;
}

}  // namespace p1meter::daemon
