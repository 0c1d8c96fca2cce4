// SPDX-License-Identifier: Apache-2.0
// Daemon: what `p1meter replay` does with the configured pipeline and broker.
#include "daemon/replay.hpp"

#include <csignal>
#include <cstdio>
#include <istream>
#include <sysexits.h>
#include <unistd.h>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "adapters/log/log.hpp"
#include "adapters/state/state_store.hpp"
#include "daemon/broker.hpp"
#include "daemon/capture_input.hpp"
#include "daemon/clock.hpp"
#include "daemon/identity.hpp"
#include "daemon/meter_runner.hpp"
#include "daemon/progress_bar.hpp"
#include "daemon/replayer.hpp"
#include "json/harmless.hpp"

namespace p1meter::daemon {
namespace {

using std::chrono::seconds;

constexpr seconds connect_patience{10};
constexpr seconds drain_patience{10};
/// A signal ends a replay within 2 s: what drains looks at it after each slice, the goodbye to the
/// broker comes on top.
constexpr milliseconds drain_slice{250};
constexpr milliseconds stop_patience{1200};
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

/// Why no telegram could be used.
std::string why_barren(const MeterPipeline& pipeline) {
  const MeterCounters counters = pipeline.counters();
  if (counters.undeciphered > 0) {
    const auto fault = pipeline.cipher_fault();
    return std::to_string(counters.undeciphered) + " ciphered telegrams could not be used (" +
           std::string{fault ? problem_name(*fault) : "no telegram inside"} + ")";
  }
  if (counters.crc_errors == 0) return "no telegram found";
  return "no telegram passed its checks, " + std::to_string(counters.crc_errors) + " refused";
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
        pipeline_options_{pipeline_options(meter, settings_.readings, make_workbench(settings_))},
        pipeline_{table_, pipeline_options_, policy_lookup(settings_.readings), memory},
        replayer_{pipeline_, pipeline_options_, options.follow_time} {
    if (settings_.mqtt.brokers.empty()) return;
    const std::string role = "replay " + std::to_string(getpid());
    broker_.emplace(context_, settings_.mqtt,
                    make_identity(settings_, configuration.path, role,
                                  options.live ? Realm::live_replay : Realm::test),
                    settings_.readings);
    broker_->set_meters({&pipeline_});
    pipeline_.add_sink(broker_->sink());
  }

  int run() {
    signals_.async_wait([this](const boost::system::error_code& error, int) { stopped_ = !error; });
    if (const int status = open(); status != EX_OK) return status;
    if (!connect()) return stopped_ ? EX_OK : EX_UNAVAILABLE;
    do {
      pass();
    } while (options_.loop && !stopped_ && !barren_ && !fault_ && input_.rewind());
    return finish();
  }

  [[nodiscard]] MeterMemory memory() const { return pipeline_.memory(); }

 private:
  int open() {
    if (const auto reason = input_.open(options_.file)) {
      complain(name() + ": " + *reason);
      return EX_NOINPUT;
    }
    if (options_.loop && !input_.rewind()) {
      complain(name() + ": --loop needs a file, for this cannot be read twice");
      return EX_USAGE;
    }
    progress_bar_.set_total(input_.size());
    return EX_OK;
  }

  [[nodiscard]] std::string name() const {
    return options_.file == "-" ? "standard input" : options_.file;
  }

  /// A line on standard error, beside the progress bar.
  void complain(const std::string& sentence) {
    progress_bar_.clear();
    std::fprintf(stderr, "p1meter: %s\n", json::harmless(sentence).c_str());
  }

  bool connect() {
    if (!broker_) {
      complain("no mqtt.host in the configuration, nothing is published");
      return true;
    }
    broker_->start();
    const auto deadline = live_now().steady + connect_patience;
    while (!stopped_ && !broker_->greeted() && live_now().steady < deadline) wait(milliseconds{10});
    if (broker_->greeted()) {
      std::fprintf(stderr, "publishing under %s/\n", broker_->identity().base_topic.c_str());
      return true;
    }
    if (!stopped_) complain(broker_->state());
    broker_->stop(stop_patience);
    return false;
  }

  /// Once over the capture.
  void pass() {
    const std::uint64_t before = last_.telegrams;
    replayer_.begin(stream_);
    while (!stopped_) {
      const auto progress = replayer_.step();
      if (!progress) break;
      last_ = *progress;
      progress_bar_.show(last_.bytes, last_.telegrams);
      pace(paced_ ? last_.clock - *paced_ : milliseconds{0});
      paced_ = last_.clock;
    }
    if (stopped_) return;
    last_ = replayer_.end_pass();
    barren_ = last_.telegrams == before;
    fault_ = input_.error() ? input_.error() : replayer_.error();
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
      static_cast<void>(drain());
    }
  }

  void wait(milliseconds duration) {
    const auto deadline = live_now().steady + duration;
    context_.poll();
    for (auto left = duration; !stopped_ && left.count() > 0; left = deadline - live_now().steady) {
      context_.run_one_for(left);
    }
  }

  /// Until the broker has everything, or the patience or the user's is at its end.
  bool drain() {
    const auto deadline = live_now().steady + drain_patience;
    do {
      if (broker_->sink().drain(drain_slice)) return true;
      context_.poll();
    } while (!stopped_ && live_now().steady < deadline);
    return false;
  }

  int finish() {
    replayer_.finish();
    progress_bar_.clear();
    bool complete = true;
    mqtt::Statistics sent;
    if (broker_) {
      complete = drain();
      sent = broker_->statistics();
      broker_->stop(stop_patience);
    }
    const MeterCounters counters = pipeline_.counters();
    std::fprintf(
        stderr,
        "%llu telegrams, %llu refused, %llu problems; %llu messages published, %llu dropped\n",
        number(last_.telegrams), number(counters.crc_errors + counters.undeciphered),
        number(counters.problems), number(sent.published), number(sent.dropped));
    return status(complete);
  }

  /// What came of it, for the shell; in words where it is bad.
  int status(bool complete) {
    if (fault_) {
      complain(name() + ": " + *fault_);
      return EX_NOINPUT;
    }
    if (stopped_) return EX_OK;
    if (barren_) {
      complain(name() + ": " + why_barren(pipeline_));
      if (const auto fault = replayer_.hex_fault()) {
        complain(name() + ": nearly hex text: " + *fault);
      }
      return EX_DATAERR;
    }
    if (complete) return EX_OK;
    complain("the broker did not take everything in time");
    return EX_UNAVAILABLE;
  }

  static unsigned long long number(std::uint64_t value) { return value; }

  const ReplayOptions& options_;
  settings::Settings settings_;
  ObisTable table_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      boost::asio::make_work_guard(context_)};
  boost::asio::signal_set signals_{context_, SIGINT, SIGTERM};
  PipelineOptions pipeline_options_;
  MeterPipeline pipeline_;
  std::optional<Broker> broker_{};
  Replayer replayer_;
  ProgressBar progress_bar_{};
  bool stopped_{};
  CaptureInput input_{context_, stopped_};
  std::istream stream_{&input_};
  Replayer::Progress last_{};
  std::optional<milliseconds> paced_{};  // the replay clock that the present has caught up with
  bool barren_{};                        // the pass brought no telegram
  std::optional<std::string> fault_{};   // why the capture was not read to its end
};

}  // namespace

int replay(const Configuration& configuration, settings::Settings settings,
           const ReplayOptions& options) {
  const settings::MeterSettings* meter = find_meter(settings, options.meter);
  if (meter == nullptr) {
    std::fprintf(stderr, "p1meter: no meter is named '%s'\n", options.meter.c_str());
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
