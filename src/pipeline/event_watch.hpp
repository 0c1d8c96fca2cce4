// SPDX-License-Identifier: Apache-2.0
// Pipeline: what happened at a meter, told from readings that changed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "p1meter/pipeline/sink.hpp"

namespace p1meter {

/// Watches counters of power failures, switches, messages and equipment ids.
///
/// The first value of a key is where it starts from, unless one is remembered: a power failure is
/// told although it took this program down too. Without a checksum a new value must come twice in a
/// row.
/// Cost      one look per reading; allocates only when something happens
class EventWatch {
 public:
  explicit EventWatch(std::map<std::string, std::string> remembered)
      : remembered_{std::move(remembered)} {}

  /// Owns      the events are valid until the next call
  [[nodiscard]] std::span<const MeterEvent> note(const MappedTelegram& mapped, Integrity integrity,
                                                 const KeyCatalogue& keys);
  /// True when what is to be remembered has changed since the last call.
  [[nodiscard]] bool take_changed() noexcept { return std::exchange(changed_, false); }
  [[nodiscard]] std::map<std::string, std::string> memory() const;

 private:
  enum class Watch : std::uint8_t { counter, text, position };
  struct Watched {
    Watch watch{};
    MeterEvent::Type type{};
    std::string key{};
    std::optional<std::string> last{};  // none before the first value
    std::string candidate{};            // came once without a checksum
    bool candidate_came{};
  };

  /// Output    none for a key that is not watched
  [[nodiscard]] static std::unique_ptr<Watched> watched(const std::string& key);
  void learn_keys(const KeyCatalogue& keys);
  void note(Watched& watched, const Reading& reading, Integrity integrity);
  void replaced(const MappedTelegram& mapped);
  /// Another meter's counters begin where they like.
  void forget();
  void forget(const DeviceRef& device, const KeyCatalogue& keys);
  static void forget(Watched& watched) noexcept;

  std::map<std::string, std::string> remembered_;  // of keys that have not come yet
  std::vector<std::unique_ptr<Watched>> keys_{};   // by KeyId; few are watched
  std::vector<MeterEvent> events_{};
  bool changed_{};
};

}  // namespace p1meter
