// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: lists of COSEM objects as data, and how they are filled in.
#include "adapters/simulator/dlms_list.hpp"

#include <array>
#include <stdexcept>

#include "p1meter/values/decimal.hpp"
#include "p1meter/values/dlms_unit.hpp"
#include "p1meter/values/obis.hpp"

namespace p1meter::simulator {
namespace {

std::string name_of(std::string_view code) {
  std::string bytes;
  const auto obis = parse_obis(code);
  if (!obis) return bytes;
  append_big_endian(bytes, obis->packed(), 6);
  return bytes;
}

std::int64_t raw_number(const Element& element, const Quantity& quantity, const Household& house) {
  return rescale(quantity.value(house), quantity.decimals, -element.scaler);
}

std::string tariff_bytes(const Scene& scene) {
  std::string bytes;
  append_big_endian(bytes, scene.house.tariff() + 1, 2);
  return bytes;
}

std::string filled(const Template& text, const Scene& scene) {
  std::string result;
  text.append(result, scene);
  return result;
}

// Source    recordings of meters (Iskra IE.5): hour, minute, second, hundredths
std::string time_of_day(const Scene& scene) {
  return date_time(scene.house.now(), scene.house.zone(), ClockStyle::with_deviation).substr(5, 4);
}

// Year, month, day, weekday
std::string date(const Scene& scene) {
  return date_time(scene.house.now(), scene.house.zone(), ClockStyle::with_deviation).substr(0, 5);
}

}  // namespace

ListWriter::ListWriter(const ListForm& form) : form_{form} {
  for (const auto part : {form.elements, form.more}) {
    for (const auto& element : part) {
      const bool number = element.content == Content::number;
      const Quantity* quantity = number ? find_quantity(element.text) : nullptr;
      if (number && quantity == nullptr) {
        throw std::logic_error{"no such simulator quantity: " + std::string{element.text}};
      }
      const bool text = element.content == Content::text;
      items_.push_back(
          {element, name_of(element.code), quantity, Template{text ? element.text : ""}});
    }
  }
}

bool ListWriter::due(Instant from, Instant to) const noexcept {
  if (form_.every == milliseconds::zero()) return true;
  const auto turns = [this](Instant instant) {
    return (instant.time_since_epoch() - form_.offset).count() / form_.every.count();
  };
  return turns(to) > turns(from);
}

std::string ListWriter::apdu(const Scene& scene) const {
  std::string data;
  std::size_t elements = form_.described ? 1 : 0;
  for (const auto& item : items_) {
    if (item.element.shape == Shape::pair)
      elements += 2;
    else if (item.element.shape == Shape::triple)
      elements += 3;
    else
      ++elements;
  }
  append_container(data, form_.root, elements);
  if (form_.described) append_descriptors(data);
  for (const auto& item : items_) append_item(data, item, scene);
  return data_notification(form_.invoke_id, form_.date_time,
                           date_time(scene.house.now(), scene.house.zone(), form_.clock), data);
}

// The first describes the array itself: the object list of the push setup that the first value
// names.
void ListWriter::append_descriptors(std::string& bytes) const {
  const auto append = [&bytes](std::uint16_t class_id, const std::string& name, int attribute) {
    append_container(bytes, AxdrType::structure, 4);
    append_integer(bytes, AxdrType::long_unsigned, class_id);
    append_string(bytes, AxdrType::octet_string, name);
    append_integer(bytes, AxdrType::integer, attribute);
    append_integer(bytes, AxdrType::long_unsigned, 0);
  };
  append_container(bytes, AxdrType::array, items_.size() + 1);
  append(items_.front().element.class_id, items_.front().name, 2);
  for (const auto& item : items_) append(item.element.class_id, item.name, item.element.attribute);
}

void ListWriter::append_item(std::string& bytes, const Item& item, const Scene& scene) const {
  const Element& element = item.element;
  const bool with_unit = item.quantity != nullptr &&
                         (element.shape == Shape::triple || element.shape == Shape::record);
  if (element.shape == Shape::record) {
    append_container(bytes, AxdrType::structure, with_unit ? 3 : 2);
  }
  if (element.shape != Shape::bare) append_string(bytes, AxdrType::octet_string, item.name);
  append_value(bytes, item, scene);
  if (with_unit) append_scaler_unit(bytes, element.scaler, dlms_unit_number(item.quantity->unit));
}

void ListWriter::append_value(std::string& bytes, const Item& item, const Scene& scene) const {
  const Element& element = item.element;
  const auto octets = [&bytes](const std::string& content) {
    append_string(bytes, AxdrType::octet_string, content);
  };
  switch (element.content) {
    case Content::number:
      append_integer(bytes, element.type, raw_number(element, *item.quantity, scene.house));
      break;
    case Content::text:
      append_string(bytes, element.type, filled(item.text, scene));
      break;
    case Content::clock:
      octets(date_time(scene.house.now(), scene.house.zone(), form_.clock));
      break;
    case Content::time_of_day:
      octets(time_of_day(scene));
      break;
    case Content::date:
      octets(date(scene));
      break;
    case Content::tariff:
      octets(tariff_bytes(scene));
      break;
    case Content::bytes:
      bytes += element.text;
      break;
  }
}

void ListWriter::list(std::vector<SimulatedValue>& values, const Scene& scene) const {
  for (const auto& item : items_) {
    const Element& element = item.element;
    const std::string code{element.code};
    if (code.empty()) continue;
    if (element.content == Content::number) {
      const Decimal sent{raw_number(element, *item.quantity, scene.house),
                         static_cast<std::int8_t>(element.scaler)};
      values.push_back({code, to_string(sent), std::string{unit_text(item.quantity->unit)}});
    } else if (element.content == Content::text) {
      values.push_back({code, filled(item.text, scene), {}});
    } else if (element.content == Content::tariff) {
      values.push_back({code, scene.house.tariff() == 0 ? "0001" : "0002", {}});
    }
  }
}

}  // namespace p1meter::simulator
