// SPDX-License-Identifier: Apache-2.0
// Daemon: how far a long replay has come.
#pragma once

#include <cstdint>
#include <optional>

#include "p1meter/values/time.hpp"

namespace p1meter::daemon {

/// A bar with the rate, on standard error, redrawn a few times a second. Shows nothing when that is
/// not a terminal.
class ProgressBar {
 public:
  ProgressBar();
  /// Bytes that make 100 %. Unknown (a pipe) when never called: then only counts and the rate are
  /// shown.
  void set_total(std::uint64_t bytes) { total_ = bytes; }
  void show(std::uint64_t bytes, std::uint64_t telegrams);
  /// Takes the bar off the terminal.
  void clear();

 private:
  bool terminal_;
  bool drawn_{};
  std::uint64_t total_{};
  milliseconds begun_{};
  milliseconds last_{};
};

}  // namespace p1meter::daemon
