// SPDX-License-Identifier: Apache-2.0
// Decoding: what each octet of a DLMS push list is.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "decoding/axdr.hpp"
#include "decoding/cosem_codes.hpp"
#include "decoding/dlms_clock.hpp"
#include "decoding/list_values.hpp"
#include "p1meter/decoding/outline.hpp"
#include "p1meter/values/decimal.hpp"

namespace p1meter {
namespace {

using decoding::AxdrElement;
using decoding::AxdrReader;
using decoding::AxdrType;

/// "05", or what stands for a value that the clock does not have.
std::string two_digits(unsigned value) {
  if (value == 0xFF) return "--";
  return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string weekday_text(unsigned day) {
  static constexpr std::array<std::string_view, 7> names{
      "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  if (day == 0xFF) return "no weekday";
  return day >= 1 && day <= names.size() ? std::string{names[day - 1]}
                                         : "weekday " + std::to_string(day);
}

std::string deviation_text(std::string_view octets) {
  const auto deviation = static_cast<std::int16_t>(octet(octets[0]) << 8U | octet(octets[1]));
  if (deviation == -0x8000) return "no deviation";
  const int east = -deviation;
  const int minutes = east < 0 ? -east : east;
  return "deviation " + std::to_string(deviation) + " min (UTC" + (east < 0 ? "-" : "+") +
         two_digits(static_cast<unsigned>(minutes / 60)) + ":" +
         two_digits(static_cast<unsigned>(minutes % 60)) + ")";
}

/// Source    Blue Book, clock status
std::string status_text(unsigned status) {
  if (status == 0xFF) return "no status";
  std::string text = "status " + std::to_string(status);
  const auto add = [&](unsigned bit, std::string_view what) {
    if ((status & bit) != 0) text.append(": ").append(what);
  };
  add(0x01, "invalid");
  add(0x02, "doubtful");
  add(0x04, "other clock base");
  add(0x08, "invalid status");
  add(0x80, "summer time");
  return text;
}

/// All fields of a date-time. There must be clock_size octets.
std::string clock_text(std::string_view octets) {
  const unsigned year = unsigned{octet(octets[0])} << 8U | octet(octets[1]);
  const auto field = [&](std::size_t i) { return two_digits(octet(octets[i])); };
  return (year == 0xFFFF ? std::string{"----"} : std::to_string(year)) + "-" + field(2) + "-" +
         field(3) + " (" + weekday_text(octet(octets[4])) + ") " + field(5) + ":" + field(6) + ":" +
         field(7) + "." + field(8) + ", " + deviation_text(octets.substr(9, 2)) + ", " +
         status_text(octet(octets[11]));
}

std::string text_of_octets(std::string_view octets) {
  if (octets.empty()) return "";
  if (decoding::is_printable(octets)) return "\"" + std::string{octets} + "\"";
  if (octets.size() == decoding::obis_size && decoding::has_medium(decoding::obis_of(octets))) {
    return to_string(decoding::obis_of(octets));
  }
  const bool is_clock = octets.size() == decoding::clock_size &&
                        decoding::read_clock(octets).kind == decoding::Stamp::Kind::clock;
  return is_clock ? clock_text(octets) : outline_hex(octets);
}

std::string integer_text(const AxdrElement& element) {
  if (const auto number = decoding::number_of(element)) return std::to_string(*number);
  // more digits than a Decimal holds, which only 64 bits can have
  const std::uint64_t bits = decoding::load_big_endian(element.content.data());
  return decoding::shape_of(element.type).is_signed
             ? std::to_string(static_cast<std::int64_t>(bits))
             : std::to_string(bits);
}

std::string value_text(const AxdrElement& element) {
  const decoding::AxdrShape& shape = decoding::shape_of(element.type);
  std::string text{shape.name};
  if (element.is_text()) {
    const std::string value = text_of_octets(element.content);
    return text + " of " + std::to_string(element.content.size()) +
           (value.empty() ? "" : ": " + value);
  }
  switch (element.type) {
    case AxdrType::null_data:
      return text;
    case AxdrType::bit_string:
      return text + " of " + counted(element.count, "bit") + ": " + outline_hex(element.content);
    case AxdrType::boolean:
      return text + (octet(element.content.front()) == 0 ? ": false" : ": true");
    case AxdrType::date_time:
      return text + ": " + clock_text(element.content);
    case AxdrType::float32:
    case AxdrType::float64:
      return text + ": " + outline_hex(element.content) + ", no exact decimal";
    default:
      return text + ": " +
             (shape.is_integer ? integer_text(element) : outline_hex(element.content));
  }
}

std::string scale_text(const decoding::ScalerUnit& scale) {
  std::string text = ": times 10^" + std::to_string(scale.scaler);
  const std::uint8_t unit = dlms_units[scale.unit];
  if (unit == no_known_unit) {
    return text + ", unit number " + std::to_string(scale.unit) + " is not known";
  }
  const auto name = unit_text(static_cast<Unit>(unit));
  return name.empty() ? text + ", no unit" : text + ", in " + std::string{name};
}

/// The list of a data-notification, element by element.
class ListLines {
 public:
  ListLines(std::string_view octets, OutlineWriter& writer) noexcept
      : reader_{octets.data(), octets.data() + octets.size()}, writer_{writer} {}

  void describe() {
    static_cast<void>(take_element(0));
    const std::size_t left = writer_.left().size();
    writer_.take(left, fault_ ? "cannot be read: " + std::string{problem_name(*fault_)}
                              : "behind the list: not looked at");
  }

 private:
  /// False: nothing behind it can be read.
  bool take_element(std::size_t level) {
    const char* const begin = reader_.at();
    AxdrElement element;
    const bool read = reader_.next(element);
    if (!read && !fault_) fault_ = reader_.fault();
    // The elements that are there can be read all the same.
    if (!read && reader_.fault() != ProblemCode::count_impossible) return false;
    const auto size = static_cast<std::size_t>(reader_.at() - begin);
    if (!element.is_container()) {
      writer_.take(size, value_text(element));
      return true;
    }
    std::string text{decoding::shape_of(element.type).name};
    text += " of " + std::to_string(element.count);
    if (decoding::has_scaler_unit(begin, reader_.end())) {
      text += scale_text(decoding::scaler_unit_at(begin));
    }
    const std::size_t line = writer_.open(text);
    writer_.pass(size);
    const bool whole = read && take_elements(element.count, level);
    if (!read) static_cast<void>(take_elements(element.count, level));
    writer_.close(line);
    return whole;
  }

  bool take_elements(std::uint32_t count, std::size_t level) {
    if (level >= decoding::axdr_depth_limit) {
      if (!fault_) fault_ = ProblemCode::nested_too_deep;
      return false;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!take_element(level + 1)) return false;
    }
    return true;
  }

  AxdrReader reader_;
  OutlineWriter& writer_;
  std::optional<ProblemCode> fault_{};  // the first
};

/// Source    Green Book, Long-Invoke-Id-And-Priority
std::string invoke_text(std::string_view octets) {
  const std::uint32_t bits = big_endian(octets);
  std::string text = "invoke id " + std::to_string(bits & 0xFFFFFFU);
  text += (bits & 0x80000000U) != 0 ? ", high priority" : ", normal priority";
  text += (bits & 0x40000000U) != 0 ? ", confirmed service" : ", unconfirmed service";
  return text;
}

/// Output    false: in no known form, or cut
bool take_date_time(OutlineWriter& writer) {
  const auto left = writer.left();
  const auto fits = [&](std::size_t mark) { return left.size() >= mark + decoding::clock_size; };
  const auto take = [&](std::size_t mark, std::string_view form) {
    const auto clock = left.substr(mark, decoding::clock_size);
    writer.take(mark + decoding::clock_size,
                "date-time, " + std::string{form} + ": " + clock_text(clock));
    return true;
  };
  if (left.starts_with('\x00')) {
    writer.take(1, "date-time: none");
    return true;
  }
  if (left.starts_with("\x09\x0C") && fits(2)) return take(2, "as an octet-string with its type");
  if (left.starts_with('\x0C') && fits(1)) return take(1, "by its length");
  if (left.starts_with('\x19') && fits(1)) return take(1, "with its own type");
  return false;
}

}  // namespace

Outline outline_notification(std::string_view apdu) {
  constexpr std::size_t invoke_size = 4;
  Outline outline;
  OutlineWriter writer{apdu, outline};
  writer.take(1, "tag: data-notification");
  writer.take(invoke_size, invoke_text(writer.left().substr(0, invoke_size)));
  if (take_date_time(writer)) {
    if (!writer.left().empty()) ListLines{writer.left(), writer}.describe();
  } else {
    writer.take(writer.left().size(), "cannot be read: no date-time in a known form");
  }
  return outline;
}

}  // namespace p1meter
