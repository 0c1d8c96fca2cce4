// SPDX-License-Identifier: Apache-2.0
// Mapping: totals and net power where the meter does not send them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/key_book.hpp"
#include "mapping/reading_list.hpp"

namespace p1meter::mapping {

/// energy_import_total, energy_export_total and power_net, exactly, from one telegram's readings.
///
/// Each needs in the same telegram every part that this meter has ever sent (remembered), else it
/// is left out, so that a total never falls. What the meter has ever sent itself is never computed.
class ComputedReadings {
 public:
  ComputedReadings(std::vector<std::string>& parts_seen, KeyBook& keys);

  /// Adds what can be computed behind the telegram's own readings.
  void append(ReadingList& readings, SeenKeys& seen);
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
  static constexpr std::size_t role_count = 7;
  struct Part {
    std::string key{};
    Role role{};
    std::optional<KeyId> id{};
    bool ever{};  // this meter has sent it
  };
  /// The parts of one role that this meter has ever sent.
  struct Sent {
    std::vector<KeyId> ids{};
    bool any{};
    bool out_of_reach{};  // one has not come since the start, so no sum is whole
  };
  struct Amount {
    Decimal number{};
    Unit unit{};
  };
  struct Result {
    KeyId key{};
    Unit unit{};
    bool known{};
  };

  [[nodiscard]] static std::optional<Role> role_of(std::string_view key) noexcept;
  void learn_keys();
  void note_parts(const SeenKeys& seen);
  void sort_by_role();
  [[nodiscard]] const Sent& sent(Role role) const noexcept {
    return sent_[static_cast<std::size_t>(role)];
  }
  /// The sum of all parts of a role that were ever sent; nothing unless all are here.
  [[nodiscard]] std::optional<Amount> sum(Role role, ReadingList& readings,
                                          const SeenKeys& seen) const;
  void add_total(Role parts, Role total, std::string_view key, Result& result,
                 ReadingList& readings, SeenKeys& seen);
  void add_net(ReadingList& readings, SeenKeys& seen);
  void publish(const Amount& amount, std::string_view key, Result& result, ReadingList& readings,
               SeenKeys& seen);

  std::vector<std::string>& parts_seen_;
  KeyBook& keys_;
  std::size_t keys_learnt_{};
  std::vector<Part> parts_{};
  bool all_parts_ever_{true};  // nothing left to note
  std::array<Sent, role_count> sent_{};
  Result import_{};
  Result export_{};
  Result net_{};
};

}  // namespace p1meter::mapping
