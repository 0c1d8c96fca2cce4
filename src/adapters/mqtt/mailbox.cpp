// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: what waits to be published.
#include "adapters/mqtt/mailbox.hpp"

#include <utility>

namespace p1meter::mqtt {

bool Mailbox::full(std::size_t more_bytes) const noexcept {
  return waiting_.size() >= limits_.messages || bytes_ + more_bytes > limits_.bytes;
}

void Mailbox::put(Message message) {
  if (!newest_only() && full(message.payload.size())) {
    crowded_ = true;
    thin_out();
  }
  if (newest_only() && !message.step) {
    if (const auto old = newest_.find(*message.topic); old != newest_.end()) {
      replace(old->second, std::move(message));
      return;
    }
  }
  if (newest_only() && full(message.payload.size())) {
    ++dropped_;
    return;
  }
  append(std::move(message));
}

void Mailbox::append(Message&& message) {
  bytes_ += message.payload.size();
  if (spare_.empty()) {
    waiting_.push_back(std::move(message));
  } else {
    waiting_.splice(waiting_.end(), spare_, spare_.begin());
    waiting_.back() = std::move(message);
  }
  const Message& last = waiting_.back();
  if (newest_only() && !last.step) newest_.emplace(*last.topic, std::prev(waiting_.end()));
}

/// The newer value takes the last place. The same value once more is no loss.
void Mailbox::replace(Messages::iterator old, Message&& message) {
  if (old->payload != message.payload) ++dropped_;
  bytes_ -= old->payload.size();
  bytes_ += message.payload.size();
  old->payload = std::move(message.payload);
  old->qos = message.qos;
  old->retain = message.retain;
  old->takes_back = message.takes_back;
  old->expiry = message.expiry;
  waiting_.splice(waiting_.end(), waiting_, old);
}

void Mailbox::put_back(Message message) {
  for (const Message& waiting : waiting_) {
    if (message.step || *waiting.topic != *message.topic) continue;
    ++dropped_;
    return;
  }
  if (full(message.payload.size())) {
    ++dropped_;
    return;
  }
  bytes_ += message.payload.size();
  waiting_.push_front(std::move(message));
  if (newest_only() && !waiting_.front().step)
    newest_.emplace(*waiting_.front().topic, waiting_.begin());
}

std::optional<Message> Mailbox::take() {
  if (waiting_.empty()) return std::nullopt;
  const auto first = waiting_.begin();
  if (newest_only() && !first->step) newest_.erase(*first->topic);
  Message message = std::move(*first);
  bytes_ -= message.payload.size();
  recycle(first);
  if (waiting_.empty()) crowded_ = false;
  return message;
}

void Mailbox::drop_all() {
  dropped_ += waiting_.size();
  waiting_.clear();
  newest_.clear();
  bytes_ = 0;
  crowded_ = false;
}

void Mailbox::hold() {
  if (held_) return;
  const bool thin = crowded_;
  held_ = true;
  if (!thin) thin_out();
}

void Mailbox::release() {
  if (!held_) return;
  held_ = false;
  if (!crowded_) newest_.clear();
}

void Mailbox::thin_out() {
  newest_.clear();
  for (auto it = waiting_.end(); it != waiting_.begin();) {
    --it;
    if (it->step) continue;
    if (newest_.emplace(*it->topic, it).second) continue;
    ++dropped_;
    bytes_ -= it->payload.size();
    const auto newer = std::next(it);
    recycle(it);
    it = newer;
  }
}

/// Keeps a few nodes for the next messages; their topic is let go.
void Mailbox::recycle(Messages::iterator node) {
  constexpr std::size_t enough = 256;
  if (spare_.size() >= enough) {
    waiting_.erase(node);
    return;
  }
  *node = Message{};
  spare_.splice(spare_.begin(), waiting_, node);
}

}  // namespace p1meter::mqtt
