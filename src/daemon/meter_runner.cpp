// SPDX-License-Identifier: Apache-2.0
// Daemon: one meter from its source to its sinks, on the read loop.
#include "daemon/meter_runner.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/simulator/simulator.hpp"
#include "adapters/source/source.hpp"
#include "daemon/clock.hpp"
#include "daemon/line_watch.hpp"
#include "daemon/meter_source.hpp"
#include "daemon/turn.hpp"
#include "settings/source_text.hpp"

namespace p1meter::daemon {

using settings::MeterSettings;

std::shared_ptr<const ListLayouts> make_layouts(const settings::Settings& settings) {
  return std::make_shared<const ListLayouts>(settings::make_list_layouts(settings.layouts));
}

std::shared_ptr<Workbench> make_workbench(const settings::Settings& settings) {
  auto workbench = std::make_shared<Workbench>();
  workbench->layouts = make_layouts(settings);
  return workbench;
}

PipelineOptions pipeline_options(const MeterSettings& settings, const settings::ReadingRules& rules,
                                 std::shared_ptr<Workbench> workbench) {
  PipelineOptions options;
  options.workbench = std::move(workbench);
  options.name = settings.name;
  options.crc = settings.crc;
  options.frame_limit = settings.telegram_limit;
  options.keys = settings.cipher.keys();
  options.mapper.profile = find_meter_profile(settings.profile);
  options.mapper.zone = settings.zone;
  options.mapper.transformer = settings.transformer;
  options.mapper.energy_scale = settings.energy_scale;
  options.mapper.publish_unscaled = settings.publish_unscaled;
  options.mapper.null_until_known = true;
  options.mapper.unit_of = [&rules](const KeyInfo& key) { return rules.unit(key); };
  options.mapper.name_of = [&rules](const KeyInfo& key) { return rules.name(key); };
  options.mapper.topic_of = [&rules](const KeyInfo& key) { return rules.topic(key); };
  return options;
}

PolicyLookup policy_lookup(const settings::ReadingRules& rules) {
  return [&rules](const KeyInfo& key) { return rules.policy(key); };
}

struct MeterRunner::Impl {
  Impl(boost::asio::io_context& context, const MeterSettings& meter_settings,
       const settings::ReadingRules& reading_rules, const ObisTable& table,
       std::optional<StoredMeter> stored, std::shared_ptr<Workbench> workbench)
      : settings{meter_settings},
        rules{reading_rules},
        pipeline{table, pipeline_options(meter_settings, reading_rules, std::move(workbench)),
                 policy_lookup(reading_rules), stored ? stored->memory : MeterMemory{}},
        deadline_timer{context},
        simulator_timer{context},
        stored_line{stored ? stored->line : std::nullopt},
        saved_version{pipeline.memory_version()} {
    pipeline.add_sink(sinks);
    if (auto target = make_target(settings, stored_line)) {
      const auto link = make_link_settings(*target, pipeline.offline_limit());
      fixed_line = link.probe.size() == 1;
      source = std::make_unique<Source>(context, std::move(*target), link, handlers());
    }
  }

  SourceHandlers handlers() {
    return {.bytes = [this](std::string_view received) { feed(received); },
            .reopened = [this] { pipeline.link_reopened(); },
            .changed =
                [this](const link::Step& step, const std::string& where) {
                  link_reason = step.reason;
                  log_link_change(settings.name, step, where);
                },
            .ended =
                [this] {
                  static_cast<void>(pipeline.finish(live_now()));
                  arm_deadline();
                  if (ended) ended();
                }};
  }

  /// The configuration's rules with what was changed since on top of them.
  [[nodiscard]] PolicyLookup lookup() const {
    return [this](const KeyInfo& key) {
      LimitPolicy policy = rules.policy(key);
      for (const auto& rule : overrides) {
        if (settings::meets(rule, key)) policy.interval = rule.interval.value_or(policy.interval);
      }
      return policy;
    };
  }

  void apply_rules() {
    pipeline.reload(pipeline_options(settings, rules), lookup());
    arm_deadline();
  }

  /// Nothing but the limits: what is known of the meter stays.
  void apply_intervals() {
    pipeline.reload_limits(lookup());
    arm_deadline();
  }

  void feed(std::string_view received) {
    const Turn turn;
    bytes += received.size();
    static_cast<void>(pipeline.feed(received, live_now()));
    note_progress();
    arm_deadline();
  }

  /// Tells the source that its line settings are right. What no key opens, or proves genuine,
  /// proves them all the same.
  void note_progress() {
    const MeterCounters counters = pipeline.counters();
    const bool telegrams_came = counters.telegrams > telegrams_seen;
    if (source && (telegrams_came || counters.undeciphered > unopened_seen)) {
      source->telegram_seen();
    }
    if (source && telegrams_came) source->set_silence(pipeline.offline_limit());
    telegrams_seen = counters.telegrams;
    unopened_seen = counters.undeciphered;
    observer.note_ciphering(pipeline);
  }

  void arm_deadline() {
    const auto deadline = pipeline.next_deadline();
    if (deadline == armed) return;
    armed = deadline;
    if (!deadline) {
      deadline_timer.cancel();
      return;
    }
    deadline_timer.expires_at(std::chrono::steady_clock::time_point{*deadline});
    deadline_timer.async_wait([this](const boost::system::error_code& error) {
      if (error || stopped) return;
      const Turn turn;
      armed.reset();
      pipeline.on_timer(live_now());
      note_progress();
      arm_deadline();
    });
  }

  void start_simulator(const std::string& profile) {
    SimulatorOptions options;
    options.profile = profile;
    options.start = live_now().wall;
    options.number = static_cast<std::uint32_t>(std::hash<std::string>{}(settings.name));
    simulator = std::make_unique<Simulator>(options);
    simulator_timer.expires_after(std::chrono::steady_clock::duration::zero());
    simulate_next();
  }

  void simulate_next() {
    simulator_timer.async_wait([this](const boost::system::error_code& error) {
      if (error || stopped) return;
      feed(simulator->next());
      simulator_timer.expires_at(simulator_timer.expiry() + simulator->period());
      simulate_next();
    });
  }

  MeterSettings settings;
  const settings::ReadingRules& rules;
  std::vector<settings::ReadingRule> overrides{};  // of intervals, the newest last
  SinkList sinks{};
  MeterPipeline pipeline;
  MeterObserver observer{};
  std::unique_ptr<Source> source{};
  std::unique_ptr<Simulator> simulator{};
  boost::asio::steady_timer deadline_timer;
  boost::asio::steady_timer simulator_timer;
  std::optional<milliseconds> armed{};
  std::optional<link::LineSettings> stored_line{};
  bool fixed_line{};  // there is nothing to try
  LineWatch line_watch{};
  std::optional<LineErrors> line_errors{};
  std::uint64_t saved_version{};
  bool unstored{};  // what was taken last
  std::function<void()> ended{};
  std::string link_reason{};
  std::uint64_t bytes{};
  std::uint64_t telegrams_seen{};
  std::uint64_t unopened_seen{};
  bool stopped{};
};

MeterRunner::MeterRunner(boost::asio::io_context& context, const MeterSettings& settings,
                         const settings::ReadingRules& rules, const ObisTable& table,
                         std::optional<StoredMeter> stored, std::shared_ptr<Workbench> workbench)
    : impl_{std::make_unique<Impl>(context, settings, rules, table, std::move(stored),
                                   std::move(workbench))} {}

MeterRunner::~MeterRunner() = default;

void MeterRunner::set_sinks(std::vector<Sink*> sinks) {
  sinks.insert(sinks.begin(), &impl_->observer);
  impl_->sinks.replace(std::move(sinks));
}

void MeterRunner::start() {
  if (const auto* simulated = std::get_if<settings::SimulatorSource>(&impl_->settings.source)) {
    impl_->start_simulator(simulated->profile);
  } else {
    impl_->source->start();
  }
  impl_->arm_deadline();
}

void MeterRunner::stop() {
  impl_->stopped = true;
  if (impl_->source) impl_->source->stop();
  impl_->deadline_timer.cancel();
  impl_->simulator_timer.cancel();
}

void MeterRunner::reload(const MeterSettings& settings) {
  impl_->settings = settings;
  impl_->apply_rules();
}

void MeterRunner::override_intervals(std::vector<settings::ReadingRule> rules) {
  impl_->overrides = std::move(rules);
  impl_->apply_intervals();
}

void MeterRunner::on_ended(std::function<void()> ended) { impl_->ended = std::move(ended); }

const MeterSettings& MeterRunner::settings() const noexcept { return impl_->settings; }
const MeterPipeline& MeterRunner::pipeline() const noexcept { return impl_->pipeline; }
const MeterObserver& MeterRunner::observer() const noexcept { return impl_->observer; }

std::uint64_t MeterRunner::reopened() const noexcept {
  return impl_->source ? impl_->source->reopened_count() : 0;
}

std::optional<link::LineSettings> MeterRunner::line() const {
  return impl_->source ? impl_->source->settled() : std::nullopt;
}

LinkState MeterRunner::link() const {
  const Impl& impl = *impl_;
  if (!impl.source) {
    return {.where = settings::to_string(impl.settings.source), .open = true, .bytes = impl.bytes};
  }
  return {.where = impl.source->where(),
          .open = impl.source->is_open(),
          .reason = impl.link_reason,
          .bytes = impl.bytes};
}

void MeterRunner::watch_line(Moment now) {
  Impl& impl = *impl_;
  if (!impl.source) return;
  impl.line_errors = impl.source->line_errors();
  if (!impl.line_errors) return;
  const bool settings_known = impl.fixed_line || impl.source->settled();
  log_line_news(impl.line_watch.look(*impl.line_errors, settings_known, now.steady),
                impl.settings.name, *impl.line_errors);
}

const std::optional<LineErrors>& MeterRunner::line_errors() const noexcept {
  return impl_->line_errors;
}

bool MeterRunner::makes_progress(Moment now) const {
  const auto last = impl_->pipeline.last_telegram();
  if (!impl_->pipeline.online() || !last) return true;
  // Twice the limit: its own timer has noticed the silence long before.
  return now.steady - last->steady <= 2 * impl_->pipeline.offline_limit();
}

std::optional<StoredMeter> MeterRunner::take_changed_memory() {
  const auto settled = line();
  const bool line_changed = settled && settled != impl_->stored_line;
  const bool changed = impl_->pipeline.memory_version() != impl_->saved_version || line_changed;
  if (!std::exchange(impl_->unstored, false) && !changed) return std::nullopt;
  impl_->saved_version = impl_->pipeline.memory_version();
  if (settled) impl_->stored_line = settled;
  return StoredMeter{.memory = impl_->pipeline.memory(), .line = impl_->stored_line};
}

void MeterRunner::memory_not_stored() noexcept { impl_->unstored = true; }

}  // namespace p1meter::daemon
