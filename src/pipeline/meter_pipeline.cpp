// SPDX-License-Identifier: Apache-2.0
// Pipeline: the stages joined. Reads like the data path: bytes, believed readings, what is due,
// sinks.
#include "p1meter/pipeline/meter_pipeline.hpp"

#include <algorithm>
#include <utility>

#include "p1meter/limiting/limiter.hpp"
#include "pipeline/arrivals.hpp"
#include "pipeline/availability.hpp"
#include "pipeline/event_watch.hpp"
#include "pipeline/fit_policy.hpp"
#include "pipeline/intake.hpp"
#include "pipeline/meter_facts.hpp"

namespace p1meter {

struct MeterPipeline::Impl {
  Impl(const MeterPipeline& meter, const ObisTable& table, const PipelineOptions& options,
       PolicyLookup policies, const MeterMemory& memory,
       const std::shared_ptr<Workbench>& workbench);

  // ---- a telegram ----
  std::size_t take_all(Moment now);
  void take(Moment now);
  void start_afresh();
  void start_afresh(const DeviceRef& device);
  void note_units();
  void stamp_state(std::span<const DueReading> held);
  void retire(KeyId key);
  void note_own_keys();
  void learn(bool other_keys);

  void wait_for_binary(milliseconds now) noexcept;
  std::size_t give_up_if_silent(Moment now);

  // ---- what happens without one ----
  void on_timer(Moment now);
  void run_timers_before(Moment until);
  void flush(Moment now);
  [[nodiscard]] std::optional<milliseconds> next_deadline() const;

  void reload(const PipelineOptions& options, PolicyLookup policies);
  void deliver(const Delivery& delivery);
  [[nodiscard]] Limiter::PolicyOf policy_of(PolicyLookup policies) const;
  [[nodiscard]] const KeyCatalogue& keys() const noexcept { return intake.mapper().keys(); }
  [[nodiscard]] bool is_former(KeyId key) const { return key < former.size() && former[key]; }

  const MeterPipeline& view;
  std::string name;
  std::vector<Sink*> sinks{};
  Intake intake;
  Limiter limiter;
  Availability availability;
  Arrivals arrivals{};
  Stamp state_stamp{};  // of the newest telegram that has an output in the state
  MeterFacts facts;
  EventWatch events;
  bool reloaded{};
  std::vector<Unit> units{};  // by key, of its newest value
  std::vector<KeyId> stale{};
  std::vector<KeyId> gone{};   // what readers must be told is null now
  std::vector<bool> former{};  // by key: the meter before this one sent it, this one has not yet
  std::optional<Moment> last_telegram{};
  Instant last_wall{};
  std::optional<milliseconds> patience{};  // until when the rest of a binary frame is awaited
};

MeterPipeline::Impl::Impl(const MeterPipeline& meter, const ObisTable& table,
                          const PipelineOptions& options, PolicyLookup policies,
                          const MeterMemory& memory, const std::shared_ptr<Workbench>& workbench)
    : view{meter},
      name{options.name},
      intake{table, options, memory, workbench},
      limiter{policy_of(std::move(policies)), workbench->due},
      availability{memory.period},
      facts{memory.checksum, memory.period, memory.mapper, memory.keys.size()},
      events{memory.watched} {}

std::size_t MeterPipeline::Impl::take_all(Moment now) {
  std::size_t believed = 0;
  for (; intake.next(now); ++believed) take(now);
  return believed;
}

/// One believed telegram, from its readings to the sinks.
void MeterPipeline::Impl::take(Moment now) {
  run_timers_before(now);
  const MappedTelegram& mapped = intake.mapped();
  const bool came_online = availability.telegram_came(now.steady);
  if (came_online) limiter.empty_windows();
  if (mapped.meter_changed) start_afresh();
  for (const DeviceRef& device : mapped.exchanged) start_afresh(device);
  const bool other_keys = arrivals.telegram_came(mapped.readings, mapped.time, now);
  if (other_keys || reloaded) note_units();
  if (other_keys || mapped.meter_changed) note_own_keys();
  last_telegram = now;
  last_wall = now.wall;

  const auto happened = events.note(mapped, intake.telegram().integrity, keys());
  if (events.take_changed()) facts.learn_event();
  const auto due = limiter.offer(mapped.readings, now.steady);
  if (!due.empty()) state_stamp = arrivals.newest();
  std::erase_if(gone, [this](KeyId key) { return limiter.last_output(key).has_value(); });
  deliver({.meter = view,
           .now = now,
           .telegram = &intake.telegram(),
           .mapped = &mapped,
           .due = due,
           .gone = gone,
           .events = happened,
           .availability_changed = came_online});
  gone.clear();
  learn(other_keys);
}

/// After a reload a key may have another unit, in which its last output is a wrong number.
void MeterPipeline::Impl::note_units() {
  reloaded = false;
  units.resize(keys().size());
  for (const Reading& reading : intake.mapped().readings) {
    if (std::exchange(units[reading.key], reading.unit) != reading.unit) retire(reading.key);
  }
}

/// What the interval held back belongs to the telegram that brought its newest value.
void MeterPipeline::Impl::stamp_state(std::span<const DueReading> held) {
  for (const DueReading& reading : held) {
    const Stamp& stamp = arrivals.stamp_of(reading.key);
    if (stamp.telegram > state_stamp.telegram) state_stamp = stamp;
  }
}

/// Takes a key's last output away from its readers.
void MeterPipeline::Impl::retire(KeyId key) {
  if (limiter.last_output(key)) gone.push_back(key);
  limiter.retire(key);
}

/// Another meter behind the same port: nothing of the old one's state is left.
void MeterPipeline::Impl::start_afresh() {
  for (std::size_t key = 0; key < keys().size(); ++key) {
    const auto id = static_cast<KeyId>(key);
    if (limiter.last_output(id)) gone.push_back(id);
  }
  limiter.start_afresh();
  state_stamp = {};
  former.assign(keys().size(), true);
}

void MeterPipeline::Impl::note_own_keys() {
  if (former.empty()) return;
  for (const Reading& reading : intake.mapped().readings) {
    if (reading.key < former.size()) former[reading.key] = false;
  }
  if (std::ranges::count(former, true) == 0) former.clear();
}

/// Another M-Bus device under the former one's number: its register begins where it likes, and must
/// not be shown beside the former one's id.
void MeterPipeline::Impl::start_afresh(const DeviceRef& device) {
  for (std::size_t key = 0; key < keys().size(); ++key) {
    const auto id = static_cast<KeyId>(key);
    if (keys()[id].device != device.device || keys()[id].device_number != device.number) continue;
    if (limiter.last_output(id)) gone.push_back(id);
    limiter.start_afresh(id);
  }
}

void MeterPipeline::Impl::learn(bool other_keys) {
  constexpr std::uint64_t looks_at_ids_every = 16;  // comparing all of them costs more than a value
  facts.learn_checksum(intake.checksum());
  const auto others = static_cast<std::size_t>(std::ranges::count(former, true));
  facts.learn_keys(keys().size() - others);
  if (other_keys || intake.mapped().meter_changed ||
      arrivals.newest().telegram % looks_at_ids_every == 0) {
    facts.learn_mapper(intake.mapper().memory());
  }
  if (availability.period_settled()) facts.learn_period(availability.period());
}

/// Bytes of a frame follow each other at once; after a second of silence the rest never comes.
/// Source    recordings of meters
void MeterPipeline::Impl::wait_for_binary(milliseconds now) noexcept {
  constexpr milliseconds silence = seconds{1};
  if (intake.awaits_binary()) {
    patience = now + silence;
  } else {
    patience.reset();
  }
}

/// How many telegrams came to light behind what was given up.
std::size_t MeterPipeline::Impl::give_up_if_silent(Moment now) {
  if (!patience || now.steady < *patience) return 0;
  patience.reset();
  intake.stop_waiting();
  return take_all(now);
}

void MeterPipeline::Impl::on_timer(Moment now) {
  static_cast<void>(give_up_if_silent(now));
  stale.clear();
  arrivals.expire(now.steady, stale);
  for (const KeyId key : stale) retire(key);
  const bool went_offline = availability.expire(now.steady);
  last_wall = std::max(last_wall, now.wall);
  const auto due = limiter.decide_held(now.steady);
  if (due.empty() && gone.empty() && !went_offline) return;
  stamp_state(due);
  deliver(
      {.meter = view, .now = now, .due = due, .gone = gone, .availability_changed = went_offline});
  gone.clear();
}

void MeterPipeline::Impl::run_timers_before(Moment until) {
  for (auto next = next_deadline(); next && *next < until.steady; next = next_deadline()) {
    // The wall clock of that instant; where it does not go with the steady one (a replay that
    // stamps with the present), never earlier than it already was.
    const Instant wall = until.wall - (until.steady - *next);
    on_timer({*next, std::max(last_wall, wall)});
  }
}

void MeterPipeline::Impl::flush(Moment now) {
  for (auto next = limiter.next_decision(); next; next = limiter.next_decision()) {
    const Moment at{std::max(*next, now.steady), now.wall};
    const auto due = limiter.decide_held(at.steady);
    stamp_state(due);
    deliver({.meter = view, .now = at, .due = due});
  }
}

std::optional<milliseconds> MeterPipeline::Impl::next_deadline() const {
  std::optional<milliseconds> earliest = limiter.next_decision();
  for (const auto other : {arrivals.next_check(), availability.deadline(), patience}) {
    if (other && (!earliest || *other < *earliest)) earliest = other;
  }
  return earliest;
}

void MeterPipeline::Impl::reload(const PipelineOptions& options, PolicyLookup policies) {
  name = options.name;
  intake.reload(options);
  limiter.reload(policy_of(std::move(policies)));
  reloaded = true;
  for (std::size_t key = 0; key < units.size(); ++key) {
    const auto id = static_cast<KeyId>(key);
    const Unit unit = keys()[id].unit;
    if (std::exchange(units[key], unit) != unit) retire(id);
  }
}

void MeterPipeline::Impl::deliver(const Delivery& delivery) {
  for (Sink* sink : sinks) sink->accept(delivery);
}

Limiter::PolicyOf MeterPipeline::Impl::policy_of(PolicyLookup policies) const {
  return [this, policies = std::move(policies)](KeyId key) {
    const KeyInfo& info = keys()[key];
    return fit_policy(policies(info), info.kind);
  };
}

// ---- the public face ----

MeterPipeline::MeterPipeline(const ObisTable& table, const PipelineOptions& options,
                             PolicyLookup policies, const MeterMemory& memory)
    : impl_{std::make_unique<Impl>(
          *this, table, options, std::move(policies), memory,
          options.workbench ? options.workbench : std::make_shared<Workbench>())} {}
MeterPipeline::~MeterPipeline() = default;

void MeterPipeline::add_sink(Sink& sink) { impl_->sinks.push_back(&sink); }

std::size_t MeterPipeline::feed(std::string_view bytes, Moment now) {
  std::size_t believed = impl_->give_up_if_silent(now);
  impl_->patience.reset();
  impl_->intake.push(bytes);
  believed += impl_->take_all(now);
  impl_->wait_for_binary(now.steady);
  return believed;
}

std::size_t MeterPipeline::finish(Moment now) {
  impl_->patience.reset();
  std::size_t believed = impl_->take_all(now);
  for (; impl_->intake.finish(now); ++believed) impl_->take(now);
  return believed;
}

void MeterPipeline::link_reopened() {
  impl_->patience.reset();
  impl_->intake.reset();
}
std::optional<milliseconds> MeterPipeline::next_deadline() const { return impl_->next_deadline(); }
void MeterPipeline::on_timer(Moment now) { impl_->on_timer(now); }
void MeterPipeline::run_timers_before(Moment until) { impl_->run_timers_before(until); }
void MeterPipeline::flush(Moment now) { impl_->flush(now); }

void MeterPipeline::announce(Sink& sink, Moment now) const {
  std::vector<DueReading> outputs{};
  for (std::size_t key = 0; key < keys().size(); ++key) {
    const auto id = static_cast<KeyId>(key);
    if (!published(id)) continue;
    if (const auto output = current(id)) outputs.push_back(*output);
  }
  sink.accept({.meter = *this, .now = now, .due = outputs});
}

void MeterPipeline::reload(const PipelineOptions& options, PolicyLookup policies) {
  impl_->reload(options, std::move(policies));
}

void MeterPipeline::reload_limits(PolicyLookup policies) {
  impl_->limiter.reload(impl_->policy_of(std::move(policies)));
}

MeterCounters MeterPipeline::counters() const noexcept { return impl_->intake.counters(); }
std::optional<ProblemCode> MeterPipeline::cipher_fault() const noexcept {
  return impl_->intake.cipher_fault();
}
std::uint64_t MeterPipeline::memory_version() const noexcept { return impl_->facts.version(); }

MeterMemory MeterPipeline::memory() const {
  MeterMemory memory{.checksum = impl_->intake.checksum(),
                     .period = impl_->availability.period(),
                     .mapper = impl_->intake.mapper().memory(),
                     .watched = impl_->events.memory()};
  for (std::size_t key = 0; key < keys().size(); ++key) {
    const auto id = static_cast<KeyId>(key);
    if (!impl_->is_former(id)) memory.keys.push_back(keys()[id]);
  }
  return memory;
}

milliseconds MeterPipeline::offline_limit() const noexcept { return impl_->availability.limit(); }
std::optional<Moment> MeterPipeline::last_telegram() const noexcept { return impl_->last_telegram; }

std::string_view MeterPipeline::name() const noexcept { return impl_->name; }
const KeyCatalogue& MeterPipeline::keys() const noexcept { return impl_->keys(); }
std::optional<DueReading> MeterPipeline::current(KeyId key) const {
  return impl_->limiter.last_output(key);
}
bool MeterPipeline::published(KeyId key) const {
  return !impl_->is_former(key) && impl_->limiter.policy(key).publish;
}
const LimitPolicy& MeterPipeline::policy(KeyId key) const { return impl_->limiter.policy(key); }

std::string_view MeterPipeline::equipment_id() const noexcept {
  return impl_->intake.mapper().memory().equipment_id;
}

Nameplate MeterPipeline::nameplate() const {
  const MapperMemory& memory = impl_->intake.mapper().memory();
  return {.equipment_id = memory.equipment_id,
          .identification = memory.identification,
          .version = memory.version,
          .devices = impl_->intake.mapper().devices(),
          .period = impl_->availability.period()};
}

bool MeterPipeline::online() const noexcept { return impl_->availability.online(); }
std::optional<MeterTime> MeterPipeline::state_time() const { return impl_->state_stamp.time; }
std::optional<Instant> MeterPipeline::state_received() const {
  if (impl_->state_stamp.telegram == 0) return std::nullopt;
  return impl_->state_stamp.received;
}

}  // namespace p1meter
