// SPDX-License-Identifier: Apache-2.0
// Tests: a program of others, run to its end.
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

#include "support/process.hpp"

namespace p1meter::test {

/// How it ended; 127: it is not installed.
struct Outcome {
  int status{};
  std::string out{};
  std::string err{};
};

inline Outcome run(const Process::Setup& setup) {
  Process process{setup};
  const auto status = process.wait(std::chrono::seconds{60});
  if (!status) throw std::runtime_error{setup.command.front() + " does not end"};
  return {*status, process.out(), process.err()};
}

}  // namespace p1meter::test
