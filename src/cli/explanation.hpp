// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter decode --explain.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "p1meter/framing/framer.hpp"
#include "p1meter/mapping/mapper.hpp"
#include "p1meter/pipeline/explain.hpp"

namespace p1meter::cli {

/// Telegrams byte by byte, and what lies between them. All append to a string.
class Explanation {
 public:
  Explanation(std::optional<DecipherKeys> keys, bool colour)
      : explainer_{std::move(keys)}, colour_{colour} {}

  /// What lies before byte `end` of the input and belongs to no telegram; what began there and
  /// broke off.
  void append_between(std::string& out, std::uint64_t end, std::span<const Dropped> dropped);

  /// number    of the telegram in the input, from 1
  /// telegram and mapped    what came of the frame
  void append_telegram(std::string& out, std::uint64_t number, const Frame& frame,
                       const Telegram& telegram, const MappedTelegram& mapped,
                       const KeyCatalogue& keys);

 private:
  Explainer explainer_;
  bool colour_;
  std::uint64_t told_{};  // bytes of the input that were accounted for
};

}  // namespace p1meter::cli
