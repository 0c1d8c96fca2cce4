// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what waits to be published. Sans I/O, no lock of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace p1meter::mqtt {

using Topic = std::shared_ptr<const std::string>;

struct Message {
  Topic topic{};
  std::string payload{};
  std::uint8_t qos{};
  bool retain{};
  bool step{};             // of a sequence: a newer one of its topic does not take its place
  bool takes_back{};       // what the broker keeps; that it has arrived is told (TakenBack)
  std::uint32_t expiry{};  // s, MQTT 5: how long the broker keeps it; 0: for good
};

/// Messages on their way to the broker.
///
/// While the broker takes them they leave in the order they came, all of them. While it does not
/// (held), or when there are too many, a topic keeps only its newest message, in the order of the
/// newest; those replaced are counted as dropped. Steps of a sequence keep their places always.
/// Cost      no lookup by topic while messages flow; nodes are recycled
class Mailbox {
 public:
  struct Limits {
    std::size_t messages{16384};
    std::size_t bytes{std::size_t{8} * 1024 * 1024};  // payloads
  };

  Mailbox() : Mailbox{Limits{}} {}
  explicit Mailbox(Limits limits) : limits_{limits} {}

  void put(Message message);
  /// A message that left and did not arrive: goes to the front unless a newer one of its topic
  /// waits.
  void put_back(Message message);
  /// The next to leave; none when empty.
  [[nodiscard]] const Message* front() const noexcept {
    return waiting_.empty() ? nullptr : &waiting_.front();
  }
  [[nodiscard]] std::optional<Message> take();
  /// Throws all away, counted.
  void drop_all();

  /// From now on only the newest per topic; what waits is thinned out at once.
  void hold();
  /// Messages flow again; nothing that waits is lost by this.
  void release();

  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  using Messages = std::list<Message>;

  [[nodiscard]] bool newest_only() const noexcept { return held_ || crowded_; }
  [[nodiscard]] bool full(std::size_t more_bytes) const noexcept;
  void append(Message&& message);
  void replace(Messages::iterator old, Message&& message);
  void thin_out();
  void recycle(Messages::iterator node);

  Limits limits_;
  Messages waiting_{};
  Messages spare_{};                                                   // emptied nodes
  std::unordered_map<std::string_view, Messages::iterator> newest_{};  // filled while newest_only
  std::size_t bytes_{};
  std::uint64_t dropped_{};
  bool held_{};
  bool crowded_{};  // a limit was reached; until all has left
};

}  // namespace p1meter::mqtt
