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

namespace p1meter::mapping {

/// The readings of one telegram. Its memory stays for the next.
class ReadingList {
 public:
  /// Empty, with room for as many readings as a telegram of `objects` objects can give.
  void begin(std::size_t objects) {
    constexpr std::size_t computed_readings = 3;
    size_ = 0;
    if (readings_.size() < objects + computed_readings) {
      readings_.resize(objects + computed_readings);
    }
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Reading& operator[](std::size_t index) noexcept { return readings_[index]; }
  /// One more, which holds anything: the caller sets every member.
  [[nodiscard]] Reading& next() {
    if (size_ == readings_.size()) readings_.emplace_back();  // a line with two value groups
    return readings_[size_++];
  }
  /// The same where begin() has made room.
  [[nodiscard]] Reading& next_with_room() noexcept { return readings_[size_++]; }
  [[nodiscard]] std::span<const Reading> all() const noexcept { return {readings_.data(), size_}; }

 private:
  std::vector<Reading> readings_{};
  std::size_t size_{};
};

/// Which keys a telegram has brought, and where in its readings.
class SeenKeys {
 public:
  void begin() noexcept { ++telegram_; }
  /// False when this telegram has brought the key before.
  bool mark(KeyId key, std::size_t index) {
    if (key >= seen_.size()) seen_.resize(std::size_t{key} + 1);
    return mark_known(key, index);
  }
  /// The same for a key that was marked in some telegram before.
  bool mark_known(KeyId key, std::size_t index) noexcept {
    Seen& seen = seen_[key];
    if (seen.telegram == telegram_) return false;
    seen.telegram = telegram_;
    seen.index = static_cast<std::uint32_t>(index);
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
