// SPDX-License-Identifier: Apache-2.0
// Mapping: totals and net power where the meter does not send them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/key_book.hpp"

namespace p1meter::mapping {

/// Which keys a telegram has brought, and where in its readings.
class SeenKeys {
 public:
  void begin() noexcept { ++telegram_; }
  /// False when this telegram has brought the key before.
  bool mark(KeyId key, std::size_t index) {
    if (key >= seen_.size()) seen_.resize(std::size_t{key} + 1);
    if (seen_[key].telegram == telegram_) return false;
    seen_[key] = {telegram_, static_cast<std::uint32_t>(index)};
    return true;
  }
  [[nodiscard]] std::optional<std::size_t> index(KeyId key) const noexcept {
    if (key >= seen_.size() || seen_[key].telegram != telegram_) return std::nullopt;
    return seen_[key].index;
  }

 private:
  struct Seen {
    std::uint32_t telegram{};
    std::uint32_t index{};
  };
  std::uint32_t telegram_{};
  std::vector<Seen> seen_{};
};

/// energy_import_total, energy_export_total and power_net, exactly, from one telegram's readings.
///
/// Each needs in the same telegram every part that this meter has ever sent (remembered), else it
/// is left out, so that a total never falls. What the meter has ever sent itself is never computed.
class ComputedReadings {
 public:
  ComputedReadings(std::vector<std::string>& parts_seen, KeyBook& keys);

  /// Adds what can be computed behind the telegram's own readings.
  void append(std::vector<Reading>& readings, SeenKeys& seen);
  /// Another meter: what the former one sent is forgotten.
  void forget();

 private:
  enum class Role : std::uint8_t {
    import_tariff,
    export_tariff,
    import_total,
    export_total,
    power_import,
    power_export,
    power_net
  };
  struct Part {
    std::string key{};
    Role role{};
    std::optional<KeyId> id{};
    bool ever{};  // this meter has sent it
  };
  struct Result {
    KeyId key{};
    Unit unit{};
    bool known{};
  };

  [[nodiscard]] static std::optional<Role> role_of(std::string_view key) noexcept;
  void learn_keys();
  void note_parts(const SeenKeys& seen);
  [[nodiscard]] bool ever(Role role) const noexcept;
  /// The sum of all parts of a role that were ever sent; nothing unless all are here.
  [[nodiscard]] std::optional<Reading> sum(Role role, const std::vector<Reading>& readings,
                                           const SeenKeys& seen) const;
  void add_total(Role parts, Role total, std::string_view key, Result& result,
                 std::vector<Reading>& readings, SeenKeys& seen);
  void add_net(std::vector<Reading>& readings, SeenKeys& seen);
  void publish(Reading value, std::string_view key, Result& result, std::vector<Reading>& readings,
               SeenKeys& seen);

  std::vector<std::string>& parts_seen_;
  KeyBook& keys_;
  std::size_t keys_learnt_{};
  std::vector<Part> parts_{};
  Result import_{};
  Result export_{};
  Result net_{};
};

}  // namespace p1meter::mapping
