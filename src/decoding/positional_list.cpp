// SPDX-License-Identifier: Apache-2.0
// Decoding: DLMS lists of bare values, which a layout names by their positions.
#include <algorithm>
#include <optional>

#include "decoding/cosem_codes.hpp"
#include "decoding/dlms_clock.hpp"
#include "decoding/list_forms.hpp"
#include "p1meter/values/glob.hpp"

namespace p1meter::decoding {
namespace {

/// Whether an element is there, a text, and fits.
bool text_fits(Elements elements, std::size_t position, const std::string& glob) noexcept {
  return position < elements.size() && elements[position].is_text() &&
         matches_glob(glob, elements[position].content);
}

/// Without a name a list is known by what all its elements look like: none may be missing, and what
/// is to be the clock must be as long as one.
bool looks_alike(const ListLayout& layout, const OpenList& list, Elements elements) noexcept {
  const auto clock_fits = [&](const ListPosition& place) {
    if (place.role != ListPosition::Role::object || !is_clock(place.obis)) return true;
    const AxdrElement& element = elements[place.position];
    return element.type == AxdrType::date_time || element.is_octets(clock_size);
  };
  return elements.size() == list.head.count && std::ranges::all_of(layout.positions, clock_fits);
}

bool fits(const ListLayout& layout, const OpenList& list, Elements elements) {
  if (!fits_beginning(layout, list, elements)) return false;
  if (layout.list_name.empty() && !looks_alike(layout, list, elements)) return false;
  const auto type_fits = [&](const ListType& type) {
    if (type.position >= elements.size()) return true;  // cut off
    const auto tag = static_cast<unsigned>(elements[type.position].type);
    return (type.tags >> tag & 1U) != 0;
  };
  const auto meter_type_fits = [&](const ListPosition& place) {
    return place.role == ListPosition::Role::object && is_meter_type(place.obis) &&
           text_fits(elements, place.position, layout.meter_type);
  };
  return std::ranges::all_of(layout.types, type_fits) &&
         (layout.meter_type.empty() || std::ranges::any_of(layout.positions, meter_type_fits));
}

class PositionalList {
 public:
  explicit PositionalList(ListWriter& writer) noexcept : writer_{writer} {}

  void take(const ListLayout& layout, Elements elements) {
    auto place = layout.positions.begin();
    for (std::uint32_t i = 0; i < elements.size(); ++i) {
      while (place != layout.positions.end() && place->position < i) ++place;
      if (place == layout.positions.end() || place->position != i) {
        writer_.show(elements[i], i);
      } else {
        take_element(*place, elements[i]);
      }
    }
    if (time_ != nullptr && date_ != nullptr) take_clock();
  }

 private:
  void take_element(const ListPosition& place, const AxdrElement& element) {
    switch (place.role) {
      case ListPosition::Role::object:
        return take_object(place, element);
      case ListPosition::Role::list_name:
        if (element.is_text()) writer_.take_list_name(element);
        return;
      case ListPosition::Role::clock_time:
        time_ = &element;
        return;
      case ListPosition::Role::clock_date:
        date_ = &element;
        return;
    }
  }

  void take_object(const ListPosition& place, const AxdrElement& element) {
    CosemObject& object =
        writer_.take_object(place.obis, element.at, element, std::nullopt, is_clock(place.obis));
    if (place.scale && object.scale_unknown) writer_.set_scale(object, *place.scale);
  }

  /// The clock's two elements become one object.
  void take_clock() {
    if (writer_.find_or_enter(clock_code) != nullptr) return;
    CosemObject& object = writer_.append(clock_code, date_->at);
    object.raw = date_->content;
    set_clock(object, read_clock(date_->content, time_->content));
    if (object.time) writer_.telegram().time = object.time;
  }

  ListWriter& writer_;
  const AxdrElement* time_{};
  const AxdrElement* date_{};
};

}  // namespace

/// Lists that are known by their types alone are structures: the elements of an array are all of
/// one type, which tells nothing.
bool fits_beginning(const ListLayout& layout, const OpenList& list, Elements first) noexcept {
  if (layout.elements && *layout.elements != list.head.count) return false;
  if (layout.list_name.empty()) return list.head.type == AxdrType::structure;
  return text_fits(first, 0, layout.list_name);
}

const ListLayout* find_positional(const OpenList& list, Elements first, bool with_name) {
  for (const std::uint32_t i : list.layouts.of_form(ListForm::positional)) {
    const ListLayout& layout = list.layouts.all()[i];
    if (layout.list_name.empty() != with_name && fits(layout, list, first)) return &layout;
  }
  return nullptr;
}

void take_positional(const ListLayout& layout, const OpenList& list, const Directory& directory,
                     ListWriter& writer) {
  writer.telegram().layout = layout.name;
  writer.telegram().profile = layout.profile;
  PositionalList{writer}.take(layout, directory.known);
  if (directory.broken && directory.broken->fault_at() != nullptr) {
    writer.report_fault(*directory.broken);
  } else if (directory.broken) {
    writer.report(ProblemCode::count_impossible, list.head.at);
  }
}

}  // namespace p1meter::decoding
