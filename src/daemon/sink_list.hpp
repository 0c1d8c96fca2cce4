// SPDX-License-Identifier: Apache-2.0
// Daemon: the sinks of one meter, exchangeable while the meter runs on.
#pragma once

#include <utility>
#include <vector>

#include "p1meter/pipeline/sink.hpp"

namespace p1meter::daemon {

/// Hands every delivery to each sink in turn. A reload replaces the list without touching the
/// pipeline. Owns      borrows the sinks
class SinkList final : public Sink {
 public:
  void replace(std::vector<Sink*> sinks) { sinks_ = std::move(sinks); }

  void accept(const Delivery& delivery) override {
    for (Sink* sink : sinks_) sink->accept(delivery);
  }

 private:
  std::vector<Sink*> sinks_{};
};

}  // namespace p1meter::daemon
