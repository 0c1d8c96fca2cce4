// SPDX-License-Identifier: Apache-2.0
// CLI: SIGINT and SIGTERM as something that can be waited for.
#pragma once

namespace p1meter::cli {

/// While it lives, SIGINT, SIGTERM and SIGHUP do not end the process but make `descriptor`
/// readable: a loop that polls ends in order.
class StopSignal {
 public:
  /// Errors    throws std::system_error when the system has no descriptor left
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  StopSignal(StopSignal&&) = delete;
  StopSignal& operator=(StopSignal&&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_{-1};
};

}  // namespace p1meter::cli
