// SPDX-License-Identifier: Apache-2.0
// Decoding: what DLMS lists with codes leave out, as layouts know it.
#include <algorithm>

#include "decoding/cosem_codes.hpp"
#include "decoding/list_forms.hpp"
#include "p1meter/values/glob.hpp"

namespace p1meter::decoding {
namespace {

bool matches(const std::string& glob, std::string_view text) noexcept {
  return glob.empty() || matches_glob(glob, text);
}

class GapFiller {
 public:
  GapFiller(ListForm form, const OpenList& list, ListWriter& writer) noexcept
      : form_{form},
        list_{list},
        layouts_{list.layouts},
        writer_{writer},
        telegram_{writer.telegram()} {}

  void fill(std::span<const Unnamed> unnamed) {
    telegram_.layout = form_name(form_);
    const bool complete = std::ranges::none_of(telegram_.objects, &CosemObject::scale_unknown);
    if (complete && unnamed.empty()) return;
    collect_fitting();
    note_profile();
    for (CosemObject& object : telegram_.objects) {
      if (object.scale_unknown) find_scale(object);
    }
    for (const Unnamed& one : unnamed) {
      if (!find_name(one)) writer_.show(one.element, one.position);
    }
  }

 private:
  /// Puts the numbers of the layouts that fit into telegram.slots: the index of objects is not
  /// needed any more.
  void collect_fitting() {
    telegram_.slots.clear();
    for (const std::uint32_t i : layouts_.of_form(form_)) {
      if (fits(layouts_.all()[i])) telegram_.slots.push_back(i);
    }
  }

  [[nodiscard]] bool fits(const ListLayout& layout) const {
    const auto is_there = [&](const CodePattern& code) {
      return std::ranges::any_of(
          telegram_.objects, [&](const CosemObject& object) { return code.matches(object.obis); });
    };
    return (!layout.elements || *layout.elements == list_.head.count) &&
           matches(layout.meter_type, writer_.meter_type()) &&
           matches(layout.list_name, telegram_.identification) &&
           std::ranges::all_of(layout.contains, is_there);
  }

  /// Every layout that fits knows the list, whether or not it has something to add to this one.
  void note_profile() noexcept {
    for (const std::uint32_t i : telegram_.slots) {
      telegram_.profile = layouts_.all()[i].profile;
      if (!telegram_.profile.empty()) return;
    }
  }

  void find_scale(CosemObject& object) {
    for (const std::uint32_t i : telegram_.slots) {
      const CodeScale* const entry = layouts_.find_scale(i, object.obis, object.number->mantissa);
      if (entry == nullptr) continue;
      note_layout(i);
      if (entry->scale) writer_.set_scale(object, *entry->scale);
      return;
    }
  }

  bool find_name(const Unnamed& unnamed) {
    for (const std::uint32_t i : telegram_.slots) {
      const auto& positions = layouts_.all()[i].positions;
      const auto place = std::ranges::find(positions, unnamed.position, &ListPosition::position);
      if (place == positions.end() || place->role != ListPosition::Role::object) continue;
      const bool known = std::ranges::any_of(
          telegram_.objects, [&](const CosemObject& other) { return other.obis == place->obis; });
      if (known) return false;
      note_layout(i);
      CosemObject& object =
          writer_.append(place->obis, unnamed.element.at, unnamed.element, is_clock(place->obis));
      if (place->scale && object.scale_unknown) writer_.set_scale(object, *place->scale);
      return true;
    }
    return false;
  }

  /// The telegram shows the first of the layouts that had something to say.
  void note_layout(std::uint32_t number) noexcept {
    if (number >= noted_) return;
    telegram_.layout = layouts_.all()[number].name;
    noted_ = number;
  }

  ListForm form_;
  const OpenList& list_;
  const ListLayouts& layouts_;
  ListWriter& writer_;
  Telegram& telegram_;
  std::uint32_t noted_{UINT32_MAX};
};

}  // namespace

void fill_gaps(ListForm form, const OpenList& list, std::span<const Unnamed> unnamed,
               ListWriter& writer) {
  GapFiller{form, list, writer}.fill(unnamed);
}

}  // namespace p1meter::decoding
