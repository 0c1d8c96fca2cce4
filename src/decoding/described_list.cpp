// SPDX-License-Identifier: Apache-2.0
// Decoding: DLMS lists that begin with an array of what their values are.
#include <optional>

#include "decoding/cosem_codes.hpp"
#include "decoding/dlms_clock.hpp"
#include "decoding/list_forms.hpp"

namespace p1meter::decoding {
namespace {

/// One entry of the array: {class, code, attribute, data index}.
struct Descriptor {
  std::uint16_t interface_class{};
  Obis obis{};
  std::uint8_t attribute{};
};
constexpr std::size_t descriptor_elements = 4;

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

AxdrReader inside(const AxdrElement& container) noexcept {
  const std::string_view content = container.content;
  return {content.data(), content.data() + content.size()};
}

bool take_descriptor(AxdrReader& reader, Descriptor& descriptor) noexcept {
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
  descriptor = {static_cast<std::uint16_t>(octet(number[0]) << 8U | octet(number[1])),
                obis_of(name.content), octet(attribute.content[0])};
  return true;
}

/// What ended a walk before its end.
struct Fault {
  ProblemCode code{};
  const char* at{};
};

/// Goes through descriptors and values side by side. The first descriptor stands for the array of
/// descriptors itself, unless that has no descriptor: then there is one value more.
///
/// Input     reader: in front of the array
template <class Use>
std::optional<Fault> for_each_described(const AxdrElement& array, std::uint32_t values,
                                        AxdrReader reader, Use&& use) {
  AxdrReader descriptors = inside(array);
  Descriptor descriptor;
  AxdrElement value;
  static_cast<void>(reader.next_whole(value, 1));  // the array: it was read before
  std::uint32_t described = 0;
  if (values != array.count + 1) {
    static_cast<void>(take_descriptor(descriptors, descriptor));
    ++described;
  }
  for (std::uint32_t i = 1; i < values && described < array.count; ++i, ++described) {
    const char* const at = descriptors.at();
    if (!take_descriptor(descriptors, descriptor)) return Fault{ProblemCode::object_malformed, at};
    if (!reader.next_whole(value, 1)) return Fault{reader.fault(), reader.fault_at()};
    use(descriptor, value, i);
  }
  if (described < array.count) return Fault{ProblemCode::object_malformed, descriptors.at()};
  return std::nullopt;
}

bool is_scale(const Descriptor& descriptor, const AxdrElement& value, const char* end) noexcept {
  const std::uint8_t attribute = scale_attribute(descriptor.interface_class);
  return attribute != 0 && descriptor.attribute == attribute && value.type == AxdrType::structure &&
         has_scaler_unit(value.at, end);
}

/// An attribute of an object as its interface class defines it.
void take_attribute(const Descriptor& descriptor, const AxdrElement& value, std::uint32_t position,
                    ListWriter& writer) {
  const unsigned interface_class = descriptor.interface_class;
  const bool logical_name = descriptor.attribute == 1 && interface_class != class_push_setup;
  if (logical_name) return;  // the code once more
  if (interface_class == class_extended_register && descriptor.attribute == capture_time) {
    CosemObject* const object = writer.find(descriptor.obis);
    if (object != nullptr) set_clock(*object, read_clock(value.content));
    return;
  }
  const bool is_register = scale_attribute(interface_class) != 0;
  if (is_register && descriptor.attribute != register_value) return writer.show(value, position);
  CosemObject& object = writer.take_object(descriptor.obis, value.at, value, std::nullopt,
                                           interface_class == class_clock);
  if (interface_class == class_data) object.scale_unknown = false;  // this class has no scale
}

}  // namespace

bool is_described(Elements first) noexcept {
  if (first.empty() || first[0].type != AxdrType::array) return false;
  AxdrReader reader = inside(first[0]);
  Descriptor descriptor;
  return first[0].count > 0 && take_descriptor(reader, descriptor);
}

/// Scales may stand in front of their values, so that they are set in a second walk.
void take_described(const AxdrElement& descriptors, OpenList& list, ListWriter& writer) {
  const char* const end = list.reader.end();
  bool scales_too = false;
  const auto take = [&](const Descriptor& descriptor, const AxdrElement& value,
                        std::uint32_t position) {
    if (is_scale(descriptor, value, end)) {
      scales_too = true;
    } else {
      take_attribute(descriptor, value, position, writer);
    }
  };
  const auto set_scale = [&](const Descriptor& descriptor, const AxdrElement& value,
                             std::uint32_t /*position*/) {
    if (!is_scale(descriptor, value, end)) return;
    CosemObject* const object = writer.find(descriptor.obis);
    if (object != nullptr) writer.set_scale(*object, scaler_unit_at(value.at));
  };
  const auto fault = for_each_described(descriptors, list.head.count, list.reader, take);
  if (fault) writer.report(fault->code, fault->at);
  if (scales_too) {  // it ends where the first walk did, which has been said
    static_cast<void>(for_each_described(descriptors, list.head.count, list.reader, set_scale));
  }
  fill_gaps(ListForm::described, list, {}, writer);
}

}  // namespace p1meter::decoding
