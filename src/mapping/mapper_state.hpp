// SPDX-License-Identifier: Apache-2.0
// Mapping: a mapper's insides. Two passes over a telegram: who is speaking, then what is said.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mapping/computed_readings.hpp"
#include "mapping/daily_readings.hpp"
#include "mapping/device_registry.hpp"
#include "mapping/key_book.hpp"
#include "mapping/meter_identity.hpp"
#include "mapping/reading_list.hpp"
#include "mapping/slot_table.hpp"
#include "p1meter/mapping/mapper.hpp"
#include "p1meter/mapping/meter_profile.hpp"

namespace p1meter {

class SharedMapping {
 public:
  mapping::ReadingList readings{};
  std::vector<UnknownObject> unknown{};
  std::vector<Problem> problems{};
  std::deque<DecimalBuffer> digits{};  // of unknown objects that came without characters
  std::shared_ptr<KeyPool> descriptions{std::make_shared<KeyPool>()};
};

struct Mapper::State {
  State(const ObisTable& table, MapperOptions wanted, MapperMemory remembered,
        std::shared_ptr<SharedMapping> share)
      : obis_table{table},
        options{std::move(wanted)},
        memory{std::move(remembered)},
        keys{table, options, share->descriptions},
        slots{table},
        devices{memory, options.number_by_channel},
        identity{memory.equipment_id},
        computed{memory.parts_seen, keys},
        daily{memory, keys, options.null_until_known},
        zone{options.zone},
        shared{std::move(share)} {
    settle_ratios();
    if (std::string scaling = day_scaling(); memory.day_scaling != scaling) {
      memory.day_begins.clear();
      memory.day_scaling = std::move(scaling);
    }
  }

  MappedTelegram map(const Telegram& telegram, Instant now);

  // first pass: who is speaking
  void look_around(const Telegram& telegram);
  void look_at(mapping::Slot& slot, const CosemObject& object);
  /// Which country's meter it is: asked again only when it names itself otherwise, and kept until
  /// it shows another one.
  void recognise(const Telegram& telegram, bool other_objects);
  void set_profile(const MeterProfile& found);
  void settle_ratios() noexcept;
  void forget_ratios(const Telegram& telegram);
  /// All by which the settings multiply registers: with another, a remembered one means nothing.
  [[nodiscard]] std::string day_scaling() const;
  void place_telegram(const Telegram& telegram);

  // second pass: what is said
  void map_object(mapping::Slot& slot, const CosemObject& object);
  /// The usual case: a number of the electricity meter. False when it needs a closer look.
  [[nodiscard]] bool map_simple(const mapping::Step& step, const CosemObject& object) {
    const int exponent = object.number->exponent + step.shift;
    const bool fits = exponent <= 0 && exponent >= -max_exponent;
    if (!fits || !seen.mark_known(step.key, readings.size())) return false;
    Reading& reading = readings.next();
    reading.key = step.key;
    reading.value = Decimal{object.number->mantissa, static_cast<std::int8_t>(exponent)};
    reading.unit = step.unit;
    reading.time.reset();
    reading.obis = object.obis;
    reading.channel = 0;
    reading.raw = object.text;
    reading.raw_unit = step.raw_unit;
    return true;
  }
  void map_value(const mapping::Outcome& outcome, mapping::Slot& slot, const CosemObject& object);
  void refuse(mapping::Verdict verdict, const CosemObject& object);
  [[nodiscard]] std::optional<Value> read_value(const mapping::Outcome& outcome,
                                                mapping::Slot& slot, const CosemObject& object);
  [[nodiscard]] std::optional<Value> read_number(const mapping::Outcome& outcome,
                                                 const CosemObject& object);
  [[nodiscard]] std::optional<Value> read_list(const mapping::Outcome& outcome, mapping::Slot& slot,
                                               const CosemObject& object);
  [[nodiscard]] bool make_list(const mapping::Outcome& outcome, mapping::Memo& memo,
                               std::string_view raw, std::span<const ObjectRow> rows) const;
  /// A message or an identifier in characters. The result stays until the object changes.
  [[nodiscard]] std::string_view characters(mapping::Slot& slot, const CosemObject& object) const;
  [[nodiscard]] std::string_view whole_text(const CosemObject& object) const noexcept;
  /// Nobody says which power of ten it has, and that matters for this entry.
  [[nodiscard]] static bool needs_scale(const mapping::Outcome& outcome,
                                        const CosemObject& object) noexcept;
  /// False, and reported, when its scale or the transformer's ratio is not known.
  [[nodiscard]] bool may_be_published(const mapping::Outcome& outcome, const CosemObject& object);
  /// The number with the scale and the ratios that the settings and the meter give it.
  [[nodiscard]] std::optional<Decimal> scaled(const mapping::Outcome& outcome,
                                              const CosemObject& object,
                                              const Decimal& number) const;
  [[nodiscard]] const std::optional<Ratio>& ratio_for(mapping::Scaling scaling) const noexcept {
    return ratios[static_cast<std::size_t>(scaling)];
  }
  /// What a person is shown of an object: the value groups, or digits where only they were sent.
  [[nodiscard]] std::string_view shown(const CosemObject& object);
  [[nodiscard]] bool stamp_is_bad(const CosemObject& object);
  [[nodiscard]] bool read_time(mapping::Slot& slot, const CosemObject& object,
                               std::optional<MeterTime>& time);
  [[nodiscard]] MeterTime placed(mapping::Slot& slot, const CosemObject& object);
  void push(const mapping::Outcome& outcome, const mapping::Slot& slot, const CosemObject& object,
            const Value& value, const std::optional<MeterTime>& time);
  void replace_older(std::size_t index, const Value& value, const CosemObject& object,
                     const std::optional<MeterTime>& time);
  void report(ProblemCode code, const CosemObject& object);
  void keep_unknown(const CosemObject& object);

  const ObisTable& obis_table;
  MapperOptions options;
  MapperMemory memory;
  mapping::KeyBook keys;
  mapping::SlotTable slots;
  mapping::Layout layout{slots};
  mapping::DeviceRegistry devices;
  mapping::MeterIdentity identity;
  mapping::ComputedReadings computed;
  mapping::DailyReadings daily;
  mapping::SeenKeys seen{};
  MeterProfile profile{};
  std::optional<Zone> zone;      // the user's, else the profile's
  std::string identification{};  // what the profile was made from
  std::string version{};
  std::string list_form{};
  // what the transformers make of a power, a current, a voltage; nothing: not known yet
  std::array<std::optional<Ratio>, 4> ratios{};
  std::optional<Ratio> sent_current_ratio{};
  std::optional<Ratio> sent_voltage_ratio{};
  std::shared_ptr<SharedMapping> shared;

  // of the telegram in hand
  const Telegram* telegram{};
  Instant received{};
  std::optional<MeterTime> time{};
  std::optional<Instant> previous_time{};
  bool meter_changed{};
  mapping::Sightings sightings{};
  std::size_t digits_used{};
  mapping::ReadingList& readings{shared->readings};
  std::vector<UnknownObject>& unknown{shared->unknown};
  std::vector<Problem>& problems{shared->problems};
  std::deque<DecimalBuffer>& digits{shared->digits};
};

}  // namespace p1meter
