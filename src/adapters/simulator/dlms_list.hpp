// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: lists of COSEM objects as data, and how they are filled in.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/simulator/axdr.hpp"
#include "adapters/simulator/field.hpp"

namespace p1meter::simulator {

/// How an object stands in its list. Source    recordings of meters
enum class Shape : std::uint8_t {
  bare,    // the value alone: its position says what it is
  pair,    // name, value
  triple,  // name, value, {scaler, unit}
  record,  // {name, value, {scaler, unit}}, texts {name, value}
};

enum class Content : std::uint8_t {
  number,       // text names a quantity
  text,         // fields are filled in; any string type
  clock,        // octet-string of twelve bytes
  time_of_day,  // octet-string of four
  date,         // octet-string of five
  tariff,       // octet-string of two
  bytes,        // A-XDR, ready
};

struct Element {
  Shape shape{Shape::bare};
  std::string_view code{};  // what the value is, also where the list does not say so
  Content content{Content::number};
  AxdrType type{AxdrType::double_long_unsigned};
  std::string_view text{};
  int scaler{};
  std::uint16_t class_id{3};  // for lists that begin with their own description
  int attribute{2};
};

struct ListForm {
  std::span<const Element> elements{};
  std::span<const Element> more{};  // follow the others
  AxdrType root{AxdrType::structure};
  bool described{};  // the first element is the array of descriptors
  DateTimeForm date_time{DateTimeForm::none};
  ClockStyle clock{ClockStyle::with_deviation};
  std::uint32_t invoke_id{};
  milliseconds every{};   // zero: at every turn that has no other list
  milliseconds offset{};  // after the whole multiple
};

/// A list, taken apart once.
class ListWriter {
 public:
  /// Throws std::logic_error for a quantity that does not exist.
  explicit ListWriter(const ListForm& form);

  /// True when one of the list's instants lies after `from` and not after `to`.
  [[nodiscard]] bool due(Instant from, Instant to) const noexcept;
  /// The whole data-notification.
  [[nodiscard]] std::string apdu(const Scene& scene) const;
  /// The numbers and texts that apdu writes.
  void list(std::vector<SimulatedValue>& values, const Scene& scene) const;

 private:
  struct Item {
    Element element{};
    std::string name{};  // OBIS code, six bytes; empty when there is none
    const Quantity* quantity{};
    Template text;
  };
  void append_descriptors(std::string& bytes) const;
  void append_item(std::string& bytes, const Item& item, const Scene& scene) const;
  void append_value(std::string& bytes, const Item& item, const Scene& scene) const;

  ListForm form_;
  std::vector<Item> items_{};
};

}  // namespace p1meter::simulator
