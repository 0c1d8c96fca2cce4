// SPDX-License-Identifier: Apache-2.0
// Mapping: whether the electricity meter is still the same one.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "p1meter/values/telegram.hpp"

namespace p1meter::mapping {

/// Watches the equipment id. Some meters send several; the one that was looked at first counts as
/// long as it is sent. Without a checksum a new id must come in three telegrams in a row.
class MeterIdentity {
 public:
  /// `remembered` is the id of the latest run, and is kept up to date.
  explicit MeterIdentity(std::string& remembered) : id_{remembered} {}

  void begin() noexcept { count_ = 0; }
  /// An id of this telegram, with the code it came under.
  void offer(const Obis& obis, std::string_view id) noexcept;
  /// After the last id: true when the meter is another one than before.
  bool changed(Integrity integrity);
  /// The id that counts in this telegram; empty when there is none.
  [[nodiscard]] std::string_view current() const noexcept { return current_; }

 private:
  struct Offer {
    Obis obis{};
    std::string_view id{};
  };
  [[nodiscard]] const Offer* pick() const noexcept;

  std::string& id_;
  std::array<Offer, 4> offers_{};
  std::size_t count_{};
  std::string_view current_{};
  bool source_known_{};
  Obis source_{};  // the code that the id comes under
  std::string unconfirmed_{};
  int confirmations_{};
};

}  // namespace p1meter::mapping
