// SPDX-License-Identifier: Apache-2.0
// Decoding: a DLMS push list to COSEM objects.
#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "decoding/axdr.hpp"
#include "decoding/dlms_clock.hpp"
#include "decoding/list_items.hpp"
#include "decoding/list_values.hpp"
#include "decoding/object_index.hpp"
#include "decoding/text_memory.hpp"
#include "p1meter/decoding/decode.hpp"
#include "p1meter/values/glob.hpp"

namespace p1meter {
namespace {

using decoding::AxdrElement;
using decoding::AxdrReader;
using decoding::AxdrType;
using decoding::ScalerUnit;
using decoding::Stamp;

constexpr std::uint8_t notification_tag = 0x0F;
constexpr std::size_t obis_size = 6;  // octets
constexpr Obis clock_code{0, 0, 1, 0, 0};

/// The code in six octets with two more behind them.
Obis obis_before_two(const char* at) noexcept {
  return Obis::from_packed(decoding::load_big_endian(at) >> 16U);
}

Obis obis_of(std::string_view octets) noexcept {
  const auto group = [&](std::size_t i) { return decoding::octet(octets[i]); };
  return {group(0), group(1), group(2), group(3), group(4), group(5)};
}

/// Whether six octets can name the value behind them. A push setup's code (x.25.9.x) stands at the
/// beginning of some lists as a mark, and a serial number may have six octets too.
constexpr bool can_name(const Obis& obis) noexcept {
  constexpr unsigned media = 0x10;  // values of group A that exist
  const bool push_mark = obis.c() == 25 && obis.d() == 9;
  return obis.a() < media && !push_mark;
}
bool is_name(const AxdrElement& element) noexcept {
  return element.is_octets(obis_size) && can_name(obis_of(element.content));
}

constexpr bool is_clock(const Obis& obis) noexcept {
  return obis.a() == 0 && obis.c() == 1 && obis.d() == 0 && obis.e() == 0;
}
constexpr bool is_list_name(const Obis& obis) noexcept {
  return obis.c() == 0 && obis.d() == 2 && obis.e() == 129;
}
constexpr bool is_meter_type(const Obis& obis) noexcept {
  return obis.c() == 96 && obis.d() == 1 && (obis.e() == 1 || obis.e() == 7);
}

/// A whole number of at most four octets, by its tag: how to get it out of the eight octets that
/// begin with it.
struct PlainNumber {
  std::uint8_t size{};    // 0: this type is none
  std::uint8_t unused{};  // bits behind it
  bool is_signed{};
  bool has_scale{};  // booleans and enums have none

  [[nodiscard]] std::int64_t at(const char* octets) const noexcept {
    const std::uint64_t word = decoding::load_big_endian(octets);
    return is_signed ? static_cast<std::int64_t>(word) >> unused
                     : static_cast<std::int64_t>(word >> unused);
  }
};
constexpr auto plain_numbers = [] {
  std::array<PlainNumber, 256> numbers{};
  for (std::size_t tag = 0; tag < decoding::axdr_type_count; ++tag) {
    const decoding::AxdrShape& shape = decoding::axdr_shapes[tag];
    if (!shape.is_integer || shape.size > 4) continue;
    const auto type = static_cast<AxdrType>(tag);
    numbers[tag] = {.size = shape.size,
                    .unused = static_cast<std::uint8_t>(64 - 8 * shape.size),
                    .is_signed = shape.is_signed,
                    .has_scale = type != AxdrType::boolean && type != AxdrType::enumeration};
  }
  return numbers;
}();

/// One entry of the array that a described list begins with.
struct Descriptor {
  std::uint16_t interface_class{};
  Obis obis{};
  std::uint8_t attribute{};
};

constexpr unsigned class_data = 1;
constexpr unsigned class_register = 3;
constexpr unsigned class_extended_register = 4;
constexpr unsigned class_demand_register = 5;
constexpr unsigned class_clock = 8;
constexpr unsigned class_push_setup = 40;
// Attributes by number. Source    Blue Book, interface classes 3, 4 and 5
constexpr std::uint8_t register_value = 2;  // of a demand register the current average
constexpr std::uint8_t register_scale = 3;
constexpr std::uint8_t demand_register_scale = 4;
constexpr std::uint8_t capture_time = 5;  // of an extended register

/// The attribute with scaler and unit; 0 for classes that have none.
constexpr std::uint8_t scale_attribute(unsigned interface_class) noexcept {
  switch (interface_class) {
    case class_register:
    case class_extended_register:
      return register_scale;
    case class_demand_register:
      return demand_register_scale;
    default:
      return 0;
  }
}
constexpr std::size_t descriptor_elements = 4;

/// One pass over a data-notification, and a look back at what had no scaler.
class ListDecoder {
 public:
  ListDecoder(std::string_view apdu, const ListLayouts& layouts, Telegram& telegram) noexcept
      : layouts_{layouts},
        telegram_{telegram},
        begin_{apdu.data()},
        end_{begin_ + apdu.size()},
        reader_{begin_, end_} {}

  void decode() {
    telegram_.protocol = Protocol::dlms;
    if (begin_ == end_ || decoding::octet(*begin_) != notification_tag) {
      return report(ProblemCode::apdu_unknown, begin_);
    }
    const std::optional<Stamp> sent = take_header();
    if (!sent) return;
    take_list();
    if (!telegram_.time && sent->kind == Stamp::Kind::clock) {
      telegram_.time = sent->clock;
      constexpr std::size_t before_time = 5;
      if (sent_doubt_) report_doubt(begin_ + before_time);
    }
  }

 private:
  // ---- envelope

  /// Tag, invoke-id and priority, date-time. Output    nothing when the last is in no known form
  std::optional<Stamp> take_header() {
    constexpr std::size_t before_time = 5;
    const char* const time = begin_ + before_time;
    const auto left = static_cast<std::size_t>(std::max<std::ptrdiff_t>(end_ - begin_, 5)) - 5;
    const std::string_view form{left > 0 ? time : begin_, left};
    std::size_t mark = 1;
    if (form.starts_with('\x00')) {
      reader_.go_to(time + mark);
      return Stamp{Stamp::Kind::none, {}};
    }
    if (form.starts_with("\x09\x0C")) {
      mark = 2;
    } else if (!form.starts_with('\x0C') && !form.starts_with('\x19')) {
      report(ProblemCode::apdu_malformed, begin_ + std::min(before_time, size()));
      return std::nullopt;
    }
    if (left < mark + decoding::clock_size) {
      report(ProblemCode::apdu_malformed, time);
      return std::nullopt;
    }
    const Stamp stamp = decoding::read_clock(form.substr(mark, decoding::clock_size));
    if (stamp.kind == Stamp::Kind::malformed) {
      telegram_.problems.push_back({ProblemCode::time_malformed, offset_of(time), {}, {}});
    }
    sent_doubt_ = decoding::is_doubtful(form.substr(mark, decoding::clock_size));
    reader_.go_to(time + mark + decoding::clock_size);
    return stamp;
  }

  // ---- the list's form

  void take_list() {
    if (!reader_.next(list_)) {
      report_fault(reader_);
      // The elements that are there can be read all the same.
      if (reader_.fault() != ProblemCode::count_impossible) return;
    }
    count_ = std::min(list_.count, static_cast<std::uint32_t>(reader_.left()));
    if (list_.is_container() && begins_with_name(reader_.at())) {
      memory_.reserve(2 * size());
      enter_objects(most_named());
      take_named(ListForm::structures);
    } else {
      take_other_form();
    }
  }

  void take_other_form() {
    memory_.reserve(decoding::item_text_size(static_cast<std::size_t>(end_ - list_.at)));
    if (!list_.is_container()) {
      report(ProblemCode::list_unknown, list_.at);
      items_.add(list_, 0);
      return;
    }
    if (is_surely_pairs()) {
      enter_objects(most_named());
      take_named(ListForm::pairs);
    } else {
      take_by_elements();
    }
  }

  /// Pairs are told by their first elements, unless those are a positional list's too: the others
  /// need not be looked at twice.
  [[nodiscard]] bool is_surely_pairs() const {
    std::array<AxdrElement, most_before_pairs + 1> room;
    AxdrReader reader = reader_;
    const Elements first = read_first(room, reader);
    const bool may_be_positional = std::ranges::any_of(layouts_.all(), [&](const auto& layout) {
      return !layout.list_name.empty() && fits_beginning(layout, first);
    });
    return !may_be_positional && !is_described(first) && is_pairs(first);
  }

  void take_by_elements() {
    Directory directory;
    read_directory(directory);
    const Elements elements = directory.known;
    enter_objects(std::max(most_named(), static_cast<std::uint32_t>(elements.size() + 1)));
    if (const ListLayout* layout = find_positional(elements, true)) {
      take_positional(*layout, directory);
    } else if (is_described(elements)) {
      take_described(elements[0]);
    } else if (is_pairs(elements)) {
      take_named(ListForm::pairs);
    } else if (const ListLayout* other = find_positional(elements, false)) {
      take_positional(*other, directory);
    } else {
      show_unknown();
    }
  }

  using Elements = std::span<const AxdrElement>;

  /// The first elements of a list, for forms that are told by looking at several.
  struct Directory {
    std::array<AxdrElement, list_position_limit> room{};
    Elements known{};
    std::optional<AxdrReader> broken{};  // what could not be read, if anything
  };

  /// Output    as many as there are and can be read, at most as there is room for
  [[nodiscard]] Elements read_first(std::span<AxdrElement> room,
                                    AxdrReader& reader) const noexcept {
    const std::size_t most = std::min<std::size_t>(count_, room.size());
    std::size_t count = 0;
    while (count < most && reader.next_whole(room[count], 1)) ++count;
    return room.first(count);
  }

  void read_directory(Directory& directory) const {
    AxdrReader reader = reader_;
    directory.known = read_first(directory.room, reader);
    const std::size_t wanted = std::min<std::size_t>(list_.count, list_position_limit);
    if (directory.known.size() < wanted) directory.broken = reader;
  }

  /// structure of two or more elements whose first is an octet-string of six
  [[nodiscard]] bool begins_with_name(const char* at) const noexcept {
    return end_ - at > 4 + static_cast<std::ptrdiff_t>(obis_size) && at[0] == '\x02' &&
           decoding::octet(at[1]) >= 2 && decoding::octet(at[1]) < 0x80 && at[2] == '\x09' &&
           at[3] == static_cast<char>(obis_size);
  }

  [[nodiscard]] static bool is_described(Elements elements) noexcept {
    if (elements.empty() || elements[0].type != AxdrType::array) return false;
    AxdrReader reader = inside(elements[0]);
    Descriptor descriptor;
    return elements[0].count > 0 && take_descriptor(reader, descriptor);
  }

  [[nodiscard]] bool is_pairs(Elements elements) const noexcept {
    for (std::size_t i = 0; i < std::min(most_before_pairs, elements.size()); ++i) {
      if (!is_name(elements[i])) continue;
      const bool value_follows =
          i + 1 < elements.size() ? !is_name(elements[i + 1]) : i + 1 < list_.count;
      if (value_follows) return true;
    }
    return false;
  }

  // ---- structures and pairs

  void take_named(ListForm form) {
    for (std::uint32_t i = 0; i < count_;) {
      const std::uint32_t most = count_ - i;
      i += form == ListForm::pairs ? take_plain_pairs(most) : take_plain_registers(most);
      if (i == count_) break;
      const std::uint32_t taken = take_named_element(form, i);
      if (taken == 0) break;
      i += taken;
    }
    settle(form);
  }

  /// The usual structures, each read at one go: a list may have thirty.
  ///
  ///     02 03 | 09 06 01 00 01 07 00 FF | 06 00 00 04 D2 | 02 02 0F 00 16 1B
  ///
  /// Output    how many were taken; it stops at the first that is not one of these or has something
  ///           the matter with it
  std::uint32_t take_plain_registers(std::uint32_t most) {
    constexpr std::ptrdiff_t tag_at = 10;
    constexpr std::ptrdiff_t value_at = tag_at + 1;
    constexpr std::ptrdiff_t longest = value_at + 4 + decoding::scaler_unit_size;
    const char* at = reader_.at();
    std::uint32_t taken = 0;
    for (; taken < most; ++taken) {
      if (end_ - at < longest || std::memcmp(at, "\x02\x03\x09\x06", 4) != 0) break;
      const PlainNumber plain = plain_numbers[decoding::octet(at[tag_at])];
      const char* const behind = at + value_at + plain.size;
      if (plain.size == 0 || !decoding::begins_scaler_unit(behind)) break;
      const ScalerUnit scale = decoding::scaler_unit_at(behind);
      if (!decoding::is_exponent(scale.scaler)) break;
      const Obis obis = obis_before_two(at + 4);
      if (index_->find_or_enter(obis) != nullptr) break;
      CosemObject& object = append(obis, at);
      object.raw = {at + value_at, plain.size};
      object.number = Decimal{plain.at(at + value_at), scale.scaler};
      decoding::set_unit(object, scale.unit);
      at = behind + decoding::scaler_unit_size;
    }
    reader_.go_to(at);
    return taken;
  }

  /// The usual pairs, likewise.
  ///
  ///     09 06 01 01 01 07 00 FF | 06 00 00 04 D2 [ | 02 02 0F 00 16 1B ]
  ///
  /// Output    how many elements of the list were taken
  std::uint32_t take_plain_pairs(std::uint32_t most) {
    constexpr std::ptrdiff_t tag_at = 8;
    constexpr std::ptrdiff_t value_at = tag_at + 1;
    constexpr std::ptrdiff_t longest = value_at + 8;  // as many as are loaded for a number
    const char* at = reader_.at();
    std::uint32_t taken = 0;
    while (most - taken >= 2) {
      if (end_ - at < longest || std::memcmp(at, "\x09\x06", 2) != 0) break;
      const PlainNumber plain = plain_numbers[decoding::octet(at[tag_at])];
      const Obis obis = obis_before_two(at + 2);
      if (plain.size == 0 || !can_name(obis)) break;
      const char* const behind = at + value_at + plain.size;
      const bool scaled = most - taken > 2 && decoding::has_scaler_unit(behind, end_);
      const ScalerUnit scale = scaled ? decoding::scaler_unit_at(behind) : ScalerUnit{};
      if (!decoding::is_exponent(scale.scaler)) break;
      if (index_->find_or_enter(obis) != nullptr) break;
      CosemObject& object = append(obis, at);
      object.raw = {at + value_at, plain.size};
      object.number = Decimal{plain.at(at + value_at), scale.scaler};
      if (scaled) {
        decoding::set_unit(object, scale.unit);
      } else {
        object.scale_unknown = plain.has_scale;
      }
      at = scaled ? behind + decoding::scaler_unit_size : behind;
      taken += scaled ? 3 : 2;
    }
    reader_.go_to(at);
    return taken;
  }

  /// A structure, a pair with or without scaler, or an element without a name.
  ///
  /// Output    how many elements of the list it took; 0 after a fault
  std::uint32_t take_named_element(ListForm form, std::uint32_t position) {
    if (begins_with_name(reader_.at())) return take_structure() ? 1 : 0;
    constexpr std::uint32_t nothing = 0;
    AxdrElement element;
    if (!reader_.next_whole(element, 1)) return report_fault(reader_), nothing;
    if (!is_name(element)) {
      if (form == ListForm::structures) {
        report(ProblemCode::object_malformed, element.at);
      } else {
        take_unnamed(element, position);
      }
      return 1;
    }
    const Obis obis = obis_of(element.content);
    if (position + 1 == list_.count) {
      report(ProblemCode::object_malformed, element.at, obis);
      return 1;
    }
    AxdrElement value;
    if (!reader_.next_whole(value, 1)) return report_fault(reader_), nothing;
    std::optional<ScalerUnit> scale;
    if (position + 2 < count_) scale = take_scaler_unit();
    take_object(obis, element.at, value, scale, is_clock(obis));
    return scale ? 3 : 2;
  }

  /// structure {code, value, {scaler, unit}}; what may follow is passed over
  bool take_structure() {
    AxdrElement structure;
    AxdrElement name;
    AxdrElement value;
    const bool has_value =
        reader_.next(structure) && reader_.next(name) && reader_.next_whole(value, 2);
    if (!has_value) return give_up();
    std::optional<ScalerUnit> scale;
    std::uint32_t taken = 2;
    if (structure.count > taken) scale = take_scaler_unit();
    if (scale) ++taken;
    for (AxdrElement rest; taken < structure.count; ++taken) {
      if (!reader_.next_whole(rest, 2)) return give_up();
    }
    const Obis obis = obis_of(name.content);
    take_object(obis, structure.at, value, scale, is_clock(obis));
    return true;
  }

  std::optional<ScalerUnit> take_scaler_unit() noexcept {
    const char* const at = reader_.at();
    if (!decoding::has_scaler_unit(at, end_)) return std::nullopt;
    reader_.go_to(at + decoding::scaler_unit_size);
    return decoding::scaler_unit_at(at);
  }

  /// The list's name and clock stand in front without a code; what else there is must wait until
  /// the layouts have been asked.
  void take_unnamed(const AxdrElement& element, std::uint32_t position) {
    if (element.type == AxdrType::null_data) return;  // some lists are filled up with these
    const bool taken = position == 0 && element.is_text() && take_leading_text(element);
    if (!taken) keep_unnamed(element, position);
  }

  /// The list's clock or its name. Output    false: it is neither
  bool take_leading_text(const AxdrElement& element) {
    if (!element.is_octets(decoding::clock_size)) {
      const bool is_name = decoding::is_printable(element.content);
      if (is_name) telegram_.identification = element.content;
      return is_name;
    }
    const Stamp stamp = decoding::read_clock(element.content);
    if (stamp.kind == Stamp::Kind::clock) {
      telegram_.time = stamp.clock;
      if (decoding::is_doubtful(element.content)) report_doubt(element.at);
    }
    return stamp.kind != Stamp::Kind::malformed;
  }

  void keep_unnamed(const AxdrElement& element, std::uint32_t position) {
    if (unnamed_count_ == unnamed_.size()) return items_.add(element, position);
    unnamed_[unnamed_count_++] = {element, position};
  }

  // ---- described

  /// From an array {class, code, attribute, data index}.
  static bool take_descriptor(AxdrReader& reader, Descriptor& descriptor) noexcept {
    AxdrElement structure;
    AxdrElement interface_class;
    AxdrElement name;
    AxdrElement attribute;
    AxdrElement data_index;
    const bool whole = reader.next(structure) && structure.type == AxdrType::structure &&
                       structure.count == descriptor_elements && reader.next(interface_class) &&
                       reader.next(name) && reader.next(attribute) && reader.next(data_index);
    if (!whole || interface_class.type != AxdrType::long_unsigned || !name.is_octets(obis_size) ||
        attribute.type != AxdrType::integer || data_index.type != AxdrType::long_unsigned) {
      return false;
    }
    const std::string_view number = interface_class.content;
    descriptor = {
        static_cast<std::uint16_t>(decoding::octet(number[0]) << 8U | decoding::octet(number[1])),
        obis_of(name.content), decoding::octet(attribute.content[0])};
    return true;
  }

  /// Goes through descriptors and values side by side. The first descriptor stands for the array of
  /// descriptors itself, unless that has no descriptor: then there is one value more.
  template <class Use>
  void for_each_described(const AxdrElement& array, Use&& use) {
    AxdrReader descriptors = inside(array);
    Descriptor descriptor;
    AxdrElement value;
    static_cast<void>(reader_.next_whole(value, 1));  // the array: it was read before
    std::uint32_t described = 0;
    if (list_.count != array.count + 1) {
      static_cast<void>(take_descriptor(descriptors, descriptor));
      ++described;
    }
    for (std::uint32_t i = 1; i < list_.count && described < array.count; ++i, ++described) {
      const char* const at = descriptors.at();
      if (!take_descriptor(descriptors, descriptor)) {
        return report(ProblemCode::object_malformed, at);
      }
      if (!reader_.next_whole(value, 1)) return report_fault(reader_);
      use(descriptor, value, i);
    }
    if (described < array.count) report(ProblemCode::object_malformed, descriptors.at());
  }

  void take_described(const AxdrElement& array) {
    const AxdrReader first = reader_;
    bool scales_too = false;
    const auto take = [&](const Descriptor& descriptor, const AxdrElement& value,
                          std::uint32_t position) {
      if (is_scale(descriptor, value)) {
        scales_too = true;
      } else {
        take_attribute(descriptor, value, position);
      }
    };
    for_each_described(array, take);
    if (scales_too) {
      reader_ = first;
      const bool ended = std::exchange(reported_end_, true);  // what is wrong has been said
      const auto scale = [&](const Descriptor& descriptor, const AxdrElement& value,
                             std::uint32_t /*position*/) {
        CosemObject* const object =
            is_scale(descriptor, value) ? index_->find(descriptor.obis) : nullptr;
        if (object != nullptr) set_scale(*object, decoding::scaler_unit_at(value.at));
      };
      for_each_described(array, scale);
      reported_end_ = ended;
    }
    settle(ListForm::described);
  }

  /// An attribute of an object as its interface class defines it.
  void take_attribute(const Descriptor& descriptor, const AxdrElement& value,
                      std::uint32_t position) {
    const unsigned interface_class = descriptor.interface_class;
    const bool logical_name = descriptor.attribute == 1 && interface_class != class_push_setup;
    if (logical_name) return;  // the code once more
    if (interface_class == class_extended_register && descriptor.attribute == capture_time) {
      CosemObject* const object = index_->find(descriptor.obis);
      if (object != nullptr) decoding::set_clock(*object, decoding::read_clock(value.content));
      return;
    }
    const bool is_register = scale_attribute(interface_class) != 0;
    if (is_register && descriptor.attribute != register_value) return items_.add(value, position);
    take_object(descriptor.obis, value.at, value, std::nullopt, interface_class == class_clock);
    if (interface_class != class_data) return;
    CosemObject* const object = index_->find(descriptor.obis);
    if (object != nullptr) object->scale_unknown = false;  // this class has no scale
  }

  [[nodiscard]] bool is_scale(const Descriptor& descriptor,
                              const AxdrElement& value) const noexcept {
    const std::uint8_t attribute = scale_attribute(descriptor.interface_class);
    return attribute != 0 && descriptor.attribute == attribute &&
           value.type == AxdrType::structure && decoding::has_scaler_unit(value.at, end_);
  }

  // ---- positional

  [[nodiscard]] const ListLayout* find_positional(Elements elements, bool with_name) const {
    const auto fits = [&](const ListLayout& layout) {
      return layout.list_name.empty() != with_name && fits_positions(layout, elements);
    };
    const auto found = std::ranges::find_if(layouts_.all(), fits);
    return found == layouts_.all().end() ? nullptr : &*found;
  }

  /// Whether an element is there, a text, and fits.
  [[nodiscard]] static bool text_fits(Elements elements, std::size_t position,
                                      const std::string& glob) noexcept {
    return position < elements.size() && elements[position].is_text() &&
           matches_glob(glob, elements[position].content);
  }

  /// What of a positional layout can be told by the list's count and its first element.
  [[nodiscard]] bool fits_beginning(const ListLayout& layout, Elements elements) const noexcept {
    return layout.form == ListForm::positional &&
           (!layout.elements || *layout.elements == list_.count) &&
           (layout.list_name.empty() || text_fits(elements, 0, layout.list_name));
  }

  [[nodiscard]] bool fits_positions(const ListLayout& layout, Elements elements) const {
    const auto type_fits = [&](const ListType& type) {
      if (type.position >= elements.size()) return true;  // cut off
      const auto tag = static_cast<unsigned>(elements[type.position].type);
      return (type.tags >> tag & 1U) != 0;
    };
    const auto meter_type_fits = [&](const ListPosition& place) {
      return place.role == ListPosition::Role::object && is_meter_type(place.obis) &&
             text_fits(elements, place.position, layout.meter_type);
    };
    return fits_beginning(layout, elements) && std::ranges::all_of(layout.types, type_fits) &&
           (layout.meter_type.empty() || std::ranges::any_of(layout.positions, meter_type_fits));
  }

  void take_positional(const ListLayout& layout, const Directory& directory) {
    telegram_.layout = layout.name;
    telegram_.profile = layout.profile;
    const AxdrElement* time = nullptr;
    const AxdrElement* date = nullptr;
    auto place = layout.positions.begin();
    for (std::uint32_t i = 0; i < directory.known.size(); ++i) {
      const AxdrElement& element = directory.known[i];
      while (place != layout.positions.end() && place->position < i) ++place;
      if (place == layout.positions.end() || place->position != i) {
        items_.add(element, i);
        continue;
      }
      switch (place->role) {
        case ListPosition::Role::object:
          take_placed(*place, element);
          break;
        case ListPosition::Role::list_name:
          if (element.is_text()) {
            telegram_.identification = decoding::text_of(element.content, memory_);
          }
          break;
        case ListPosition::Role::clock_time:
          time = &element;
          break;
        case ListPosition::Role::clock_date:
          date = &element;
          break;
      }
    }
    if (time != nullptr && date != nullptr) take_clock(*date, *time);
    if (directory.broken) report_broken(*directory.broken);
    report_unknown_scales();
  }

  void take_placed(const ListPosition& place, const AxdrElement& element) {
    take_object(place.obis, element.at, element, std::nullopt, is_clock(place.obis));
    if (!place.scale) return;
    CosemObject* const object = index_->find(place.obis);
    if (object != nullptr && object->scale_unknown) set_scale(*object, *place.scale);
  }

  void take_clock(const AxdrElement& date, const AxdrElement& time) {
    if (index_->find_or_enter(clock_code) != nullptr) return;
    CosemObject& object = append(clock_code, date.at);
    object.raw = date.content;
    decoding::set_clock(object, decoding::read_clock(date.content, time.content));
    if (object.time) telegram_.time = object.time;
  }

  // ---- unknown

  void show_unknown() {
    report(ProblemCode::list_unknown, list_.at);
    AxdrElement element;
    for (std::uint32_t i = 0; i < list_.count; ++i) {
      if (!reader_.next_whole(element, 1)) return report_fault(reader_);
      items_.add(element, i);
    }
  }

  // ---- objects

  /// A code and its value have at least nine bytes.
  [[nodiscard]] std::uint32_t most_named() const noexcept {
    return std::min(count_, static_cast<std::uint32_t>(reader_.left() / 9 + 1));
  }
  void enter_objects(std::uint32_t most) {
    index_.emplace(telegram_, std::size_t{most} + most / 2 + 2);
  }

  CosemObject& append(const Obis& obis, const char* at) {
    static constexpr CosemObject
        blank{};  // copied in a few moves; g++ would clear by a slow rep stos
    CosemObject& object = telegram_.objects.emplace_back(blank);
    object.obis = obis;
    object.offset = offset_of(at);
    return object;
  }

  void take_object(const Obis& obis, const char* at, const AxdrElement& value,
                   const std::optional<ScalerUnit>& scale, bool clock) {
    const CosemObject* const known = index_->find_or_enter(obis);
    const auto known_at = known == nullptr ? 0 : known - telegram_.objects.data();
    CosemObject& object = append(obis, at);
    if (!decoding::fill_value(object, value, clock, memory_)) {
      report_value(ProblemCode::number_too_long, object);
    }
    if (scale) set_scale(object, *scale);
    if (known != nullptr)
      return drop_repeated(telegram_.objects[static_cast<std::size_t>(known_at)]);
    note_facts(object, value);
  }

  /// The object just appended repeats a code: the first one counts.
  void drop_repeated(const CosemObject& first) {
    const CosemObject& second = telegram_.objects.back();
    const bool differs = second.raw != first.raw || second.unit != first.unit ||
                         second.number.has_value() != first.number.has_value() ||
                         (second.number && *second.number != *first.number);
    if (differs) report_value(ProblemCode::duplicate_object, second);
    telegram_.objects.pop_back();
  }

  /// What the list says about itself.
  void note_facts(const CosemObject& object, const AxdrElement& value) {
    if (object.time && is_clock(object.obis)) {
      telegram_.time = object.time;
      if (decoding::is_doubtful(object.raw)) report_value(ProblemCode::time_doubtful, object);
    }
    if (!value.is_text() || object.text.empty()) return;
    if (is_list_name(object.obis) && telegram_.identification.empty()) {
      telegram_.identification = object.text;
    }
    if (is_meter_type(object.obis)) meter_type_ = object.text;
  }

  // ---- scales

  void set_scale(CosemObject& object, const ScalerUnit& scale) {
    decoding::set_unit(object, scale.unit);
    set_scaler(object, scale.scaler);
  }
  void set_scale(CosemObject& object, const ListScale& scale) {
    object.unit = scale.unit;
    object.has_unit = scale.unit != Unit::none;
    set_scaler(object, scale.scaler);
  }
  void set_scaler(CosemObject& object, std::int8_t scaler) {
    object.scale_unknown = false;
    if (!object.number) return;
    if (decoding::is_exponent(scaler)) {
      object.number->exponent = scaler;
    } else {
      object.number.reset();
      report_value(ProblemCode::number_too_long, object);
    }
  }

  /// Asks the layouts for what a named list has left out.
  void settle(ListForm form) {
    telegram_.layout = form_name(form);
    const bool complete = std::ranges::none_of(telegram_.objects, &CosemObject::scale_unknown);
    if (complete && unnamed_count_ == 0) return;
    collect_fitting(form);
    note_profile();
    for (CosemObject& object : telegram_.objects) {
      if (object.scale_unknown) take_scale(object);
    }
    for (std::size_t i = 0; i < unnamed_count_; ++i) settle_unnamed(unnamed_[i]);
    report_unknown_scales();
  }

  /// Puts the numbers of the layouts that fit into telegram.slots: the index is not needed any
  /// more.
  void collect_fitting(ListForm form) {
    telegram_.slots.clear();
    for (std::size_t i = 0; i < layouts_.all().size(); ++i) {
      if (fits_names(layouts_.all()[i], form)) {
        telegram_.slots.push_back(static_cast<std::uint32_t>(i));
      }
    }
  }

  [[nodiscard]] bool fits_names(const ListLayout& layout, ListForm form) const {
    const auto is_there = [&](const CodePattern& code) {
      return std::ranges::any_of(
          telegram_.objects, [&](const CosemObject& object) { return code.matches(object.obis); });
    };
    return layout.form == form && (!layout.elements || *layout.elements == list_.count) &&
           matches(layout.meter_type, meter_type_) &&
           matches(layout.list_name, telegram_.identification) &&
           std::ranges::all_of(layout.contains, is_there);
  }
  [[nodiscard]] static bool matches(const std::string& glob, std::string_view text) noexcept {
    return glob.empty() || matches_glob(glob, text);
  }

  void take_scale(CosemObject& object) {
    for (const std::uint32_t i : telegram_.slots) {
      const ListLayout& layout = layouts_.all()[i];
      const auto entry = std::ranges::find_if(
          layout.scales, [&](const CodeScale& scale) { return scale.code.matches(object.obis); });
      if (entry == layout.scales.end()) continue;
      note_layout(i);
      if (entry->scale) set_scale(object, *entry->scale);
      return;
    }
  }

  struct Unnamed {
    AxdrElement element{};
    std::uint32_t position{};
  };

  void settle_unnamed(const Unnamed& unnamed) {
    for (const std::uint32_t i : telegram_.slots) {
      const ListLayout& layout = layouts_.all()[i];
      const auto place =
          std::ranges::find(layout.positions, unnamed.position, &ListPosition::position);
      if (place == layout.positions.end() || place->role != ListPosition::Role::object) continue;
      const bool known = std::ranges::any_of(
          telegram_.objects, [&](const CosemObject& other) { return other.obis == place->obis; });
      if (known) break;
      note_layout(i);
      CosemObject& object = append(place->obis, unnamed.element.at);
      if (!decoding::fill_value(object, unnamed.element, is_clock(place->obis), memory_)) {
        report_value(ProblemCode::number_too_long, object);
      }
      if (place->scale && object.scale_unknown) set_scale(object, *place->scale);
      return;
    }
    items_.add(unnamed.element, unnamed.position);
  }

  /// Every layout that fits knows the list, whether or not it has something to add to this one.
  void note_profile() noexcept {
    for (const std::uint32_t i : telegram_.slots) {
      telegram_.profile = layouts_.all()[i].profile;
      if (!telegram_.profile.empty()) return;
    }
  }

  /// The telegram shows the first of the layouts that had something to say.
  void note_layout(std::uint32_t number) noexcept {
    if (number >= noted_layout_) return;
    telegram_.layout = layouts_.all()[number].name;
    noted_layout_ = number;
  }

  void report_unknown_scales() {
    for (const CosemObject& object : telegram_.objects) {
      if (object.scale_unknown) report_value(ProblemCode::scale_unknown, object);
    }
  }

  // ---- problems

  void report(ProblemCode code, const char* at, std::optional<Obis> obis = std::nullopt) {
    if (reported_end_) return;
    const bool ends = code != ProblemCode::object_malformed && code != ProblemCode::list_unknown;
    reported_end_ = ends;
    telegram_.problems.push_back({code, offset_of(at), obis, {}});
  }
  /// Has nothing to do with where the list ends.
  void report_doubt(const char* at) {
    telegram_.problems.push_back({ProblemCode::time_doubtful, offset_of(at), {}, {}});
  }
  void report_fault(const AxdrReader& reader) { report(reader.fault(), reader.fault_at()); }
  void report_broken(const AxdrReader& reader) {
    if (reader.fault_at() != nullptr) return report_fault(reader);
    report(ProblemCode::count_impossible, list_.at);
  }
  bool give_up() {
    report_fault(reader_);
    return false;
  }
  void report_value(ProblemCode code, const CosemObject& object) {
    telegram_.problems.push_back({code, object.offset, object.obis, {}});
  }

  [[nodiscard]] static AxdrReader inside(const AxdrElement& container) noexcept {
    const std::string_view content = container.content;
    return {content.data(), content.data() + content.size()};
  }
  [[nodiscard]] std::uint32_t offset_of(const char* at) const noexcept {
    return static_cast<std::uint32_t>(at - begin_);
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return static_cast<std::size_t>(end_ - begin_);
  }

  static constexpr std::size_t most_before_pairs = 3;  // elements before the first value
  static constexpr std::size_t most_unnamed = 4;       // that a layout may name; more are shown

  bool sent_doubt_{};  // the notification's own date-time calls itself invalid or doubtful
  const ListLayouts& layouts_;
  Telegram& telegram_;
  const char* begin_;
  const char* end_;
  AxdrReader reader_;
  AxdrElement list_{};
  std::uint32_t count_{};  // of the list's elements, as far as they can be there
  decoding::TextMemory memory_{telegram_.text_memory};
  decoding::ItemList items_{telegram_, begin_, memory_};
  std::optional<decoding::ObjectIndex> index_{};
  std::string_view meter_type_{};
  std::array<Unnamed, most_unnamed> unnamed_{};
  std::size_t unnamed_count_{};
  std::uint32_t noted_layout_{UINT32_MAX};
  bool reported_end_{};  // the problem that ends the list was said: what follows from it is not
};

}  // namespace

void decode_notification(std::string_view apdu, const ListLayouts& layouts, Telegram& telegram) {
  ListDecoder{apdu, layouts, telegram}.decode();
}

}  // namespace p1meter
