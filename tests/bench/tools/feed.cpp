// SPDX-License-Identifier: Apache-2.0
// Benchmark tools: many simulated meters on pseudo-terminals, one telegram a second each, evenly
// spread over the second.
//
// Says "ready" once DIRECTORY/meter-NNN lead to the terminals, waits for a line on standard input,
// feeds for so many seconds, says "written N", and keeps the terminals open until standard input
// ends. What it wrote to the first terminals is kept beside them as meter-NNN.telegrams.

#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "adapters/simulator/simulator.hpp"
#include "bench/tools/pty.hpp"
#include "bench/tools/ticker.hpp"

namespace {

using p1meter::bench::Pty;

struct Options {
  unsigned count{1};
  unsigned seconds{60};
  unsigned keep{3};
  std::string profile{"dsmr5"};
  std::filesystem::path directory{};
};

std::string number_of(unsigned index) {
  const auto digits = std::to_string(index);
  return std::string(3 - std::min<std::size_t>(3, digits.size()), '0') + digits;
}

struct Meter {
  explicit Meter(const p1meter::SimulatorOptions& options) : simulator{options} {}
  Pty cable{};
  p1meter::Simulator simulator;
  std::ofstream kept{};
};

std::deque<Meter> make_meters(const Options& options) {
  std::deque<Meter> meters;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  for (unsigned index = 1; index <= options.count; ++index) {
    p1meter::SimulatorOptions wanted;
    wanted.profile = options.profile;
    wanted.seed = index;
    wanted.number = index;
    wanted.start = now;
    wanted.period = std::chrono::seconds{1};
    meters.emplace_back(wanted);
    const auto link = options.directory / ("meter-" + number_of(index));
    std::filesystem::remove(link);
    std::filesystem::create_symlink(meters.back().cable.name(), link);
    if (index <= options.keep) {
      meters.back().kept.open(link.string() + ".telegrams", std::ios::binary);
    }
  }
  return meters;
}

std::uint64_t feed(std::deque<Meter>& meters, unsigned seconds) {
  p1meter::bench::Ticker ticker{std::chrono::nanoseconds{1'000'000'000 / meters.size()}};
  std::uint64_t written{};
  for (unsigned second = 0; second < seconds; ++second) {
    for (auto& meter : meters) {
      const auto telegram = meter.simulator.next();
      ticker.wait();
      meter.cable.write(telegram);
      if (meter.kept.is_open()) {
        meter.kept << telegram;
      }
      ++written;
    }
  }
  for (auto& meter : meters) {
    meter.kept.flush();
  }
  return written;
}

}  // namespace

int main(int argc, char** argv) try {
  Options options;
  CLI::App app{"Simulated meters on pseudo-terminals"};
  app.add_option("--count", options.count, "meters")->check(CLI::Range(1, 999));
  app.add_option("--seconds", options.seconds, "how long");
  app.add_option("--keep", options.keep, "of how many meters the telegrams are kept");
  app.add_option("--profile", options.profile, "of the simulator");
  app.add_option("--directory", options.directory, "where the links go")->required();
  CLI11_PARSE(app, argc, argv);

  auto meters = make_meters(options);
  std::string line;
  std::cout << "ready" << std::endl;
  if (std::getline(std::cin, line)) {
    std::cout << "written " << feed(meters, options.seconds) << std::endl;
    while (std::getline(std::cin, line)) {
    }
  }
  return 0;
} catch (const std::exception& error) {
  std::cerr << "feed: " << error.what() << '\n';
  return 1;
}
