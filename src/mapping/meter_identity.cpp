// SPDX-License-Identifier: Apache-2.0
// Mapping: whether the electricity meter is still the same one.
#include "mapping/meter_identity.hpp"

namespace p1meter::mapping {
namespace {

constexpr int needed_confirmations = 3;  // telegrams in a row, where no checksum vouches for the id

}  // namespace

void MeterIdentity::offer(const Obis& obis, std::string_view id) noexcept {
  if (id.find_first_not_of(' ') == std::string_view::npos || count_ == offers_.size()) return;
  offers_[count_++] = {obis, id};
}

const MeterIdentity::Offer* MeterIdentity::pick() const noexcept {
  for (std::size_t i = 0; i < count_; ++i) {
    if (offers_[i].id == id_) return &offers_[i];
  }
  if (!source_known_) return count_ > 0 ? offers_.data() : nullptr;
  for (std::size_t i = 0; i < count_; ++i) {
    if (offers_[i].obis == source_) return &offers_[i];
  }
  return nullptr;
}

bool MeterIdentity::changed(Integrity integrity) {
  const Offer* const offer = pick();
  current_ = offer == nullptr ? std::string_view{} : offer->id;
  if (offer == nullptr) return false;
  source_known_ = true;
  source_ = offer->obis;
  if (current_ == id_) {
    confirmations_ = 0;
    return false;
  }
  const bool first = id_.empty();
  if (!first && integrity != Integrity::ok) {
    if (unconfirmed_ != current_) confirmations_ = 0;
    unconfirmed_ = current_;
    if (++confirmations_ < needed_confirmations) return false;
  }
  confirmations_ = 0;
  id_ = current_;
  return !first;
}

}  // namespace p1meter::mapping
