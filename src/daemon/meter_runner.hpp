// SPDX-License-Identifier: Apache-2.0
// Daemon: one meter from its source to its sinks, on the read loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/source/line_errors.hpp"
#include "adapters/state/state_store.hpp"
#include "daemon/meter_observer.hpp"
#include "daemon/sink_list.hpp"
#include "p1meter/pipeline/meter_pipeline.hpp"
#include "settings/settings.hpp"

namespace boost::asio {
class io_context;
}

namespace p1meter::daemon {

/// What a meter's source is doing, for people.
struct LinkState {
  std::string where{};    // device and line settings, address, file or simulator
  bool open{};            // bytes may come
  std::string reason{};   // why not, when that is known
  std::uint64_t bytes{};  // received so far
};

/// Runs one meter: opens its source, feeds its pipeline, keeps its timer.
/// Threads   the read loop only
class MeterRunner {
 public:
  /// `stored` is what an earlier run remembered. `rules` and `table` must outlive the runner.
  MeterRunner(boost::asio::io_context& context, const settings::MeterSettings& settings,
              const settings::ReadingRules& rules, const ObisTable& table,
              std::optional<StoredMeter> stored, std::shared_ptr<Workbench> workbench = {});
  ~MeterRunner();
  MeterRunner(const MeterRunner&) = delete;
  MeterRunner& operator=(const MeterRunner&) = delete;
  MeterRunner(MeterRunner&&) = delete;
  MeterRunner& operator=(MeterRunner&&) = delete;

  void set_sinks(std::vector<Sink*> sinks);
  void start();
  void stop();
  /// Applies new rules and pipeline options; the source stays open.
  void reload(const settings::MeterSettings& settings);
  /// Intervals that hold whatever the rules say, the newest last. They survive a reload.
  void override_intervals(std::vector<settings::ReadingRule> rules);
  /// Called at the end of a finite source (a file).
  void on_ended(std::function<void()> ended);

  [[nodiscard]] const settings::MeterSettings& settings() const noexcept;
  [[nodiscard]] const MeterPipeline& pipeline() const noexcept;
  [[nodiscard]] const MeterObserver& observer() const noexcept;
  [[nodiscard]] std::uint64_t reopened() const noexcept;
  [[nodiscard]] std::optional<link::LineSettings> line() const;
  [[nodiscard]] LinkState link() const;
  /// Looks at the serial line's error counters, and has the log say what is new. Now and then.
  void watch_line(Moment now);
  /// As of the last look, since the start; nothing where no driver counts.
  [[nodiscard]] const std::optional<LineErrors>& line_errors() const noexcept;

  /// True while telegrams come as they should, or their absence was noticed. False: the pipeline is
  /// stuck.
  [[nodiscard]] bool makes_progress(Moment now) const;
  /// What to store, when it differs from what was taken last.
  [[nodiscard]] std::optional<StoredMeter> take_changed_memory();
  /// What was taken last has not been stored: it is given once more.
  void memory_not_stored() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The layouts of DLMS lists that these settings know.
[[nodiscard]] std::shared_ptr<const ListLayouts> make_layouts(const settings::Settings& settings);
/// What the pipelines of one thread share.
[[nodiscard]] std::shared_ptr<Workbench> make_workbench(const settings::Settings& settings);

/// The pipeline's options and policies as the settings state them. Shared by run, replay and
/// monitor.
[[nodiscard]] PipelineOptions pipeline_options(const settings::MeterSettings& settings,
                                               const settings::ReadingRules& rules,
                                               std::shared_ptr<Workbench> workbench = {});
[[nodiscard]] PolicyLookup policy_lookup(const settings::ReadingRules& rules);

}  // namespace p1meter::daemon
