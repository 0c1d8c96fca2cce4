// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: what the house draws, yields and burns at an instant.
#include "adapters/simulator/appliances.hpp"

#include <cstdlib>

#include "adapters/simulator/random.hpp"

namespace p1meter::simulator {
namespace {

enum Stream : std::uint64_t { noise = 1, kettle, oven, washing, clouds, heating, hot_water, tap };

// W of everything that is always on or comes and goes unnoticed, per hour of the day.
constexpr std::array<std::int64_t, 25> day_curve{180, 160, 150, 150, 150, 170, 260, 380, 340,
                                                 290, 280, 290, 330, 310, 280, 290, 350, 480,
                                                 620, 640, 580, 500, 380, 260, 180};
constexpr std::int64_t roof = 4200;  // W at best

std::int64_t slot(Instant instant, std::int64_t length) noexcept {
  return std::chrono::floor<seconds>(instant.time_since_epoch()).count() / length;
}

std::uint64_t draw(std::uint64_t seed, Stream stream, std::int64_t step) noexcept {
  return random_bits(seed, stream, static_cast<std::uint64_t>(step));
}

// 0 in midwinter, 1000 in midsummer.
std::int64_t season(const LocalTime& local) noexcept {
  const std::int64_t from_summer = std::abs(local.day_of_year - 172);
  return 1000 - (from_summer > 183 ? 366 - from_summer : from_summer) * 1000 / 183;
}

std::int64_t everyday_load(const LocalTime& local) noexcept {
  const std::size_t hour = local.hour;
  const std::int64_t into_hour = local.second_of_day % 3600;
  return day_curve.at(hour) + (day_curve.at(hour + 1) - day_curve.at(hour)) * into_hour / 3600;
}

bool washes(std::uint64_t seed, const LocalTime& local) noexcept {
  const auto bits = draw(seed, washing, std::int64_t{local.year} * 366 + local.day_of_year);
  if (bits % 2 == 0) return false;
  const std::int64_t begin = random_between(bits, 32400, 50400);
  return local.second_of_day >= begin && local.second_of_day < begin + 1500;
}

bool boils_water(std::uint64_t seed, Instant instant, const LocalTime& local) noexcept {
  const bool awake = local.hour >= 6 && local.hour < 23;
  return awake && local.second_of_day % 300 < 160 &&
         draw(seed, kettle, slot(instant, 300)) % 20 == 0;
}

bool bakes(std::uint64_t seed, Instant instant, const LocalTime& local) noexcept {
  return local.hour >= 17 && local.hour < 20 && draw(seed, oven, slot(instant, 900)) % 3 == 0;
}

}  // namespace

std::array<std::int64_t, 3> consumption(std::uint64_t seed, Instant instant,
                                        const LocalTime& local) noexcept {
  const std::int64_t load = everyday_load(local);
  const auto hum = draw(seed, noise, slot(instant, 1));
  std::array<std::int64_t, 3> watts{load / 2 + random_between(hum, 0, 30),
                                    load / 4 + random_between(hum << 8U, 0, 20),
                                    load / 4 + random_between(hum << 16U, 0, 20)};
  const bool fridge_runs = slot(instant, 60) % 47 < 15;
  if (fridge_runs) watts[0] += 85;
  if (washes(seed, local)) watts[0] += 2050;
  if (boils_water(seed, instant, local)) watts[1] += 1980;
  if (bakes(seed, instant, local)) watts[2] += 2320;
  return watts;
}

std::int64_t solar_yield(std::uint64_t seed, Instant instant, const LocalTime& local) noexcept {
  const std::int64_t summer = season(local);
  const std::int64_t half_day = (245 + 255 * summer / 1000) * 60;  // s from noon to sunset
  const std::int64_t noon = 12 * 3600 + 40 * 60 + (local.summer ? 3600 : 0);
  const std::int64_t from_noon = local.second_of_day - noon;
  if (std::abs(from_noon) >= half_day) return 0;
  const std::int64_t height =
      1000 * (half_day * half_day - from_noon * from_noon) / (half_day * half_day);

  const std::int64_t here = slot(instant, 1200);
  const std::int64_t into = slot(instant, 1) % 1200;
  const std::int64_t sky = random_between(draw(seed, clouds, here), 150, 1000);
  const std::int64_t next_sky = random_between(draw(seed, clouds, here + 1), 150, 1000);
  const std::int64_t clear = sky + (next_sky - sky) * into / 1200;
  return roof * (350 + 650 * summer / 1000) / 1000 * height / 1000 * clear / 1000;
}

std::int64_t gas_flow(std::uint64_t seed, Instant instant, const LocalTime& local) noexcept {
  const std::int64_t cold = 1000 - season(local);
  const bool warm_house = local.hour >= 6 && local.hour < 23;
  std::int64_t litres = 0;
  const auto burner = draw(seed, heating, slot(instant, 900));
  if (cold > 250 && random_between(burner, 0, 1000) < cold) litres += warm_house ? cold : cold / 4;
  if (warm_house && draw(seed, hot_water, slot(instant, 300)) % 12 == 0) litres += 1400;
  return litres;
}

std::int64_t water_flow(std::uint64_t seed, Instant instant, const LocalTime& local) noexcept {
  const auto bits = draw(seed, tap, slot(instant, 300));
  if (local.hour < 6 || bits % 7 != 0) return 0;
  return random_between(bits, 12, 360);
}

}  // namespace p1meter::simulator
