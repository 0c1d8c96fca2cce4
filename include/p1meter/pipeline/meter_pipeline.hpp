// SPDX-License-Identifier: Apache-2.0
// Pipeline: the stages joined. Includes the pure rooms only.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "p1meter/decoding/list_layout.hpp"
#include "p1meter/framing/framer.hpp"
#include "p1meter/limiting/limiter.hpp"
#include "p1meter/limiting/policy.hpp"
#include "p1meter/mapping/mapper.hpp"
#include "p1meter/pipeline/sink.hpp"
#include "p1meter/values/cipher_key.hpp"

namespace p1meter {

/// Which telegrams are believed: `crc` in docs/configuration.md.
enum class CrcMode : std::uint8_t { automatic, strict, off };

/// What a meter's pipeline must remember across restarts. Plain data: the daemon stores it.
struct MeterMemory {
  ChecksumRule checksum{ChecksumRule::none};  // pinned by the first good telegram
  milliseconds period{0};                     // median gap between telegrams; 0: unknown
  std::vector<KeyInfo> keys{};                // every key that this meter has sent
  MapperMemory mapper{};
  std::map<std::string, std::string> watched{};  // by key: what tells of an event when it changes
};

struct MeterCounters {
  std::uint64_t telegrams{};     // believed and mapped
  std::uint64_t crc_errors{};    // refused: checksum wrong, or missing where one is owed
  std::uint64_t unchecked{};     // published although bad or absent in spite of the rule (crc: off)
  std::uint64_t held_back{};     // registers withheld without a checksum
  std::uint64_t undeciphered{};  // ciphered, and not opened: no key or a wrong one
  std::uint64_t counter_fell{};  // invocation counters that were not above the one before
  std::uint64_t unknown_objects{};  // of the newest telegram
  std::uint64_t problems{};         // lines and values refused
  FramingCounters framing{};
};

/// What pipelines that one thread feeds may share: layouts, and all that they need only while a
/// telegram is in hand, which is most of a pipeline's memory. Hundreds of meters then cost little
/// more than one.
struct Workbench {
  Telegram telegram{};
  std::shared_ptr<const ListLayouts> layouts{};  // none: only DLMS lists with codes and scalers
  std::shared_ptr<SharedMapping> mapping{make_shared_mapping()};
  std::shared_ptr<Limiter::Batch> due{std::make_shared<Limiter::Batch>()};
};

struct PipelineOptions {
  std::string name{"home"};
  CrcMode crc{CrcMode::automatic};
  std::size_t frame_limit{default_frame_limit};
  std::optional<DecipherKeys> keys{};  // none: encrypted telegrams are counted, and lost
  MapperOptions mapper{};
  std::shared_ptr<Workbench> workbench{};  // none: the pipeline has its own
};

/// Policies by key, asked when a key first appears. The settings room's rules implement it.
using PolicyLookup = std::function<LimitPolicy(const KeyInfo&)>;

/// All that happens to the bytes of one meter, from chunk to sinks. No I/O, no clock, no log: what
/// is noteworthy is reported through counters and `notices`.
class MeterPipeline final : public MeterView {
 public:
  MeterPipeline(const ObisTable& table, const PipelineOptions& options, PolicyLookup policies,
                const MeterMemory& memory = {});
  ~MeterPipeline() override;
  MeterPipeline(const MeterPipeline&) = delete;
  MeterPipeline(MeterPipeline&&) = delete;
  MeterPipeline& operator=(const MeterPipeline&) = delete;
  MeterPipeline& operator=(MeterPipeline&&) = delete;

  /// Sinks are called in the order of adding; they must outlive the pipeline.
  void add_sink(Sink& sink);

  /// Bytes that arrived now. Returns how many telegrams were believed.
  std::size_t feed(std::string_view bytes, Moment now);
  /// End of a file: a telegram without '!' is still used.
  std::size_t finish(Moment now);
  /// The link was opened anew: a half telegram is dropped.
  void link_reopened();

  /// When to call on_timer next: held values, staleness of keys, the meter's offline limit.
  [[nodiscard]] std::optional<milliseconds> next_deadline() const;
  void on_timer(Moment now);
  /// Replay: all timer instants before `until`, in order, each at its own time.
  void run_timers_before(Moment until);
  /// End of a replay: held values go out.
  void flush(Moment now);

  /// Everything current once more to one sink: after a broker connect.
  void announce(Sink& sink, Moment now) const;
  void reload(const PipelineOptions& options, PolicyLookup policies);
  /// Only how often keys are published.
  void reload_limits(PolicyLookup policies);

  [[nodiscard]] MeterCounters counters() const noexcept;
  /// Why the newest ciphered telegram was not opened or not believed (key_missing, key_wrong,
  /// tag_mismatch ...); none when it was.
  [[nodiscard]] std::optional<ProblemCode> cipher_fault() const noexcept;
  /// Changes when something worth storing was learnt.
  [[nodiscard]] std::uint64_t memory_version() const noexcept;
  [[nodiscard]] MeterMemory memory() const;
  /// max(3 x median of the last 8 gaps, 10 s); with fewer than 2 gaps 3 x the remembered period,
  /// else 200 s.
  [[nodiscard]] milliseconds offline_limit() const noexcept;
  [[nodiscard]] std::optional<Moment> last_telegram() const noexcept;

  // MeterView
  [[nodiscard]] std::string_view name() const noexcept override;
  [[nodiscard]] const KeyCatalogue& keys() const noexcept override;
  [[nodiscard]] std::optional<DueReading> current(KeyId key) const override;
  [[nodiscard]] bool published(KeyId key) const override;
  [[nodiscard]] bool online() const noexcept override;
  [[nodiscard]] const LimitPolicy& policy(KeyId key) const override;
  [[nodiscard]] Nameplate nameplate() const override;
  [[nodiscard]] std::string_view equipment_id() const noexcept override;
  [[nodiscard]] std::optional<MeterTime> state_time() const override;
  [[nodiscard]] std::optional<Instant> state_received() const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace p1meter
