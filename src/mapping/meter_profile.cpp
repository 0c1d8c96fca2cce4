// SPDX-License-Identifier: Apache-2.0
// Mapping: in which country's way a meter speaks.
#include "p1meter/mapping/meter_profile.hpp"

#include <algorithm>
#include <array>

namespace p1meter {
namespace {

constexpr Zone central{60, true};
constexpr Zone eastern{120, true};
constexpr Zone normal_time{60, false};  // UTC+1 all year

constexpr MeterProfile netherlands_2{"netherlands-dsmr2", central};
constexpr MeterProfile netherlands_3{"netherlands-dsmr3", central};
constexpr MeterProfile netherlands_4{"netherlands-dsmr4", central};
constexpr MeterProfile netherlands_5{"netherlands-dsmr5", central};
constexpr MeterProfile belgium{"belgium-emucs", central};
constexpr MeterProfile luxembourg{"luxembourg", central};
constexpr MeterProfile sweden{"sweden", normal_time};
// Local or normal time there is not established: the setting must say it.
constexpr MeterProfile finland{"finland", std::nullopt};
constexpr MeterProfile denmark{"denmark", central};
// Clocks of Aidon and Kamstrup stay at UTC+1 all year, those of Kaifa follow the summer time.
constexpr MeterProfile norway{"norway", normal_time};
constexpr MeterProfile norway_kaifa{"norway-kaifa", central};
constexpr MeterProfile hungary{"hungary", central};
constexpr MeterProfile lithuania{"lithuania", eastern};
constexpr MeterProfile austria{"austria", central};
constexpr MeterProfile switzerland{"switzerland", central};
constexpr MeterProfile slovenia{"slovenia", central};
constexpr MeterProfile croatia{"croatia", central};
constexpr MeterProfile poland{"poland", central};
constexpr MeterProfile germany{"germany", central};

/// What a telegram holds, asked by code.
class Objects {
 public:
  explicit Objects(const Telegram& telegram) noexcept : all_{telegram.objects} {}

  template <class Condition>
  [[nodiscard]] const CosemObject* first(Condition condition) const noexcept {
    const auto found = std::ranges::find_if(all_, condition);
    return found == all_.end() ? nullptr : &*found;
  }
  [[nodiscard]] const CosemObject* find(const Obis& obis) const noexcept {
    return first([&obis](const CosemObject& object) { return object.obis == obis; });
  }
  [[nodiscard]] bool has(const Obis& obis) const noexcept { return find(obis) != nullptr; }
  [[nodiscard]] bool has_group_a(unsigned a) const noexcept {
    return first([a](const CosemObject& object) { return object.obis.a() == a; }) != nullptr;
  }

 private:
  const std::vector<CosemObject>& all_;
};

constexpr Obis import_total{1, 0, 1, 8, 0};
constexpr Obis import_tariff_1{1, 0, 1, 8, 1};
constexpr Obis equipment_id{0, 0, 96, 1, 1};
constexpr Obis older_equipment_id{0, 0, 96, 1, 0};

/// Headers that only one country's meters have.
struct Header {
  std::string_view begin;
  MeterProfile profile;
};
constexpr std::array headers{
    Header{"FLU", belgium},         Header{"ESO", lithuania},
    Header{"LUX", luxembourg},      Header{"SAG5SAG", hungary},
    Header{"HLY", hungary},         Header{"ELL", sweden},
    Header{"ADN9 7", finland},      Header{"NES", denmark},
    Header{"EST", austria},         Header{"ELS", austria},
    Header{"GRE", switzerland},     Header{"EGM", poland},
    Header{"ESY", germany},         Header{"NWA", netherlands_5},
    Header{"ISK5\\2MIE5", belgium},  // REW in Wavre
};

constexpr std::array all_profiles{
    netherlands_2, netherlands_3, netherlands_4, netherlands_5, belgium, luxembourg, sweden,
    finland,       denmark,       norway,        norway_kaifa,  hungary, lithuania,  austria,
    switzerland,   slovenia,      croatia,       poland,        germany};

constexpr char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool begins_with(std::string_view text, std::string_view begin) noexcept {
  return text.size() >= begin.size() &&
         std::ranges::equal(text.substr(0, begin.size()), begin, {}, upper);
}

bool is_swiss(const Objects& objects) noexcept {
  return objects.first([](const CosemObject& object) {
    const Obis& obis = object.obis;
    return obis.a() == 1 && obis.b() == 1 && obis.c() <= 2 && obis.d() >= 6 && obis.d() <= 8;
  }) != nullptr;
}

/// The Swedish branch recommendation: totals only, phase by phase, neither version nor id.
bool is_nordic(const Telegram& telegram, const Objects& objects) noexcept {
  constexpr Obis reactive_phase{1, 0, 23, 7, 0};
  return telegram.version.empty() && objects.has(import_total) && !objects.has(import_tariff_1) &&
         objects.has(reactive_phase) && !objects.has(equipment_id) &&
         !objects.has(older_equipment_id);
}

/// Only in Sweden every stamp is normal time: a letter for summer speaks against it.
MeterProfile nordic(const Telegram& telegram) noexcept {
  const bool summer = telegram.time && telegram.time->season == SeasonLetter::summer;
  return summer ? finland : sweden;
}

bool is_hungarian(const Objects& objects) noexcept {
  constexpr Obis month_record{0, 0, 98, 1, 0};
  constexpr Obis combined{1, 0, 15, 8, 0};
  constexpr Obis quadrant{1, 0, 5, 8, 0};
  const CosemObject* const record = objects.find(month_record);
  return objects.has(older_equipment_id) && ((objects.has(combined) && objects.has(quadrant)) ||
                                             (record != nullptr && record->time.has_value()));
}

bool sends_watt_hours(const Objects& objects) noexcept {
  const CosemObject* const energy = objects.find(import_total);
  return energy != nullptr && energy->unit == Unit::watt_hour;
}

MeterProfile by_version(const Telegram& telegram, const Objects& objects) noexcept {
  constexpr Obis logical_name{0, 0, 42, 0, 0};
  if (telegram.emucs) return belgium;
  if (sends_watt_hours(objects)) return austria;
  const bool totals_only = objects.has(import_total) && !objects.has(import_tariff_1);
  if (totals_only && objects.has(logical_name)) return luxembourg;
  if (begins_with(telegram.version, "5")) return netherlands_5;
  if (begins_with(telegram.version, "4")) return netherlands_4;
  return {};
}

MeterProfile of_text(const Telegram& telegram, const Objects& objects) noexcept {
  constexpr Obis clock_time{1, 0, 0, 9, 1};
  constexpr Obis status_of_easymeter{1, 0, 96, 5, 5};
  constexpr Obis private_of_stoen{0, 0, 94, 98, 31};
  constexpr Obis import_of_dsmr_2{0, 0, 42, 0, 0};
  if (is_swiss(objects)) return switzerland;
  for (const Header& header : headers) {
    if (begins_with(telegram.identification, header.begin)) return header.profile;
  }
  // Kaifa's meters elsewhere send this header in plain text only.
  if (telegram.encrypted && begins_with(telegram.identification, "KFM5")) return poland;
  if (is_hungarian(objects)) return hungary;
  if (!telegram.version.empty()) return by_version(telegram, objects);
  if (objects.has(private_of_stoen)) return poland;
  if (objects.has(clock_time)) return slovenia;
  if (objects.has(status_of_easymeter)) return germany;
  const bool aidon = begins_with(telegram.identification, "ADN");
  if (aidon || is_nordic(telegram, objects)) return nordic(telegram);
  if (!objects.has(import_tariff_1)) return {};
  if (objects.has_group_a(7) || objects.has(import_of_dsmr_2)) return netherlands_2;
  return objects.has(equipment_id) ? netherlands_3 : MeterProfile{};
}

/// "DLMS push 1" (Denmark, Switzerland) names the meter by its number and has powers of each phase,
/// the lists of Norway name it by its GS1 number. Either leaves out what a meter lacks.
MeterProfile of_kamstrup(const Objects& objects) noexcept {
  const auto has = [&objects](unsigned c, unsigned d, unsigned e) {
    return objects.first([&](const CosemObject& object) {
      const Obis& obis = object.obis;
      return obis.a() == 1 && obis.b() <= 1 && obis.c() == c && obis.d() == d && obis.e() == e;
    }) != nullptr;
  };
  if (has(0, 0, 1) || has(21, 7, 0)) return denmark;
  return has(0, 0, 5) ? norway : MeterProfile{};
}

MeterProfile of_dlms(const Telegram& telegram, const Objects& objects) noexcept {
  if (const auto stated = find_meter_profile(telegram.profile)) return *stated;
  const std::string_view list_name = telegram.identification;
  if (begins_with(list_name, "AIDON_H")) return sweden;
  if (begins_with(list_name, "AIDON_")) return norway;
  if (begins_with(list_name, "KFM_")) return norway_kaifa;
  if (begins_with(list_name, "KAMSTRUP")) return of_kamstrup(objects);
  if (objects.has({0, 6, 25, 9, 0})) return slovenia;
  const CosemObject* const push = objects.first([](const CosemObject& object) {
    return object.obis.a() == 0 && object.obis.c() == 25 && object.obis.d() == 9;
  });
  if (push != nullptr) return switzerland;
  return telegram.link == Link::mbus ? austria : MeterProfile{};
}

}  // namespace

std::span<const MeterProfile> meter_profiles() noexcept { return all_profiles; }

MeterProfile detect_profile(const Telegram& telegram) noexcept {
  const Objects objects{telegram};
  return telegram.protocol == Protocol::dlms ? of_dlms(telegram, objects)
                                             : of_text(telegram, objects);
}

std::optional<MeterProfile> find_meter_profile(std::string_view name) noexcept {
  const auto found = std::ranges::find(all_profiles, name, &MeterProfile::name);
  return found == all_profiles.end() ? std::nullopt : std::optional{*found};
}

}  // namespace p1meter
