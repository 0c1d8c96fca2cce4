// SPDX-License-Identifier: Apache-2.0
// The built program, run to its end.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/process.hpp"

namespace p1meter::test {

inline constexpr auto patience = std::chrono::seconds{60};

/// How a run of the program ended.
struct Outcome {
  int status{};
  std::string out{};
  std::string err{};
};

inline Outcome outcome_of(const Process::Setup& setup) {
  Process process{setup};
  const auto status = process.wait(patience);
  if (!status) throw std::runtime_error{setup.command.front() + " does not end"};
  return {*status, process.out(), process.err()};
}

/// p1meter with arguments and what it reads on standard input.
inline Outcome p1meter(std::vector<std::string> arguments, std::string input = {}) {
  arguments.insert(arguments.begin(), P1METER_PROGRAM);
  return outcome_of({.command = std::move(arguments), .input = std::move(input)});
}

/// A line of shell in which $P1METER is the program.
inline Outcome shell(const std::string& line) {
  return outcome_of({.command = {"sh", "-c", line}, .environment = {{"P1METER", P1METER_PROGRAM}}});
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace p1meter::test
