// SPDX-License-Identifier: Apache-2.0
// Decoding: a data-notification: its header, and of which form its list is.
#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "decoding/axdr.hpp"
#include "decoding/dlms_clock.hpp"
#include "decoding/list_forms.hpp"
#include "decoding/list_writer.hpp"
#include "p1meter/decoding/decode.hpp"
#include "p1meter/values/apdu.hpp"

namespace p1meter {
namespace {

using decoding::AxdrElement;
using decoding::AxdrReader;
using decoding::Directory;
using decoding::Elements;
using decoding::ListWriter;
using decoding::OpenList;
using decoding::Stamp;

constexpr std::size_t date_time_at = 5;  // behind tag, invoke-id and priority

// ---- header

/// The notification's own date-time.
struct SentTime {
  Stamp stamp{};
  bool doubtful{};     // it calls itself invalid or doubtful
  std::size_t size{};  // in the APDU, its mark included
};

/// Grammar   00 | 0C octets | 19 octets | 09 0C octets, twelve each
/// Output    nothing when it is in no known form; the problem is then reported
std::optional<SentTime> read_sent_time(std::string_view apdu, ListWriter& writer) {
  const std::string_view form = apdu.substr(std::min(date_time_at, apdu.size()));
  if (form.starts_with('\x00')) return SentTime{.size = 1};
  std::size_t mark = 1;
  if (form.starts_with("\x09\x0C")) {
    mark = 2;
  } else if (!form.starts_with('\x0C') && !form.starts_with('\x19')) {
    writer.report(ProblemCode::apdu_malformed, form.data());
    return std::nullopt;
  }
  if (form.size() < mark + decoding::clock_size) {
    writer.report(ProblemCode::apdu_malformed, form.data());
    return std::nullopt;
  }
  const std::string_view octets = form.substr(mark, decoding::clock_size);
  const Stamp stamp = decoding::read_clock(octets);
  if (stamp.kind == Stamp::Kind::malformed) {
    writer.report_time(ProblemCode::time_malformed, form.data());
  }
  return SentTime{stamp, decoding::is_doubtful(octets), mark + octets.size()};
}

// ---- the list's form

/// Output    as many as there are and can be read, at most as there is room for
Elements read_first(const OpenList& list, std::span<AxdrElement> room,
                    AxdrReader& reader) noexcept {
  const std::size_t most = std::min<std::size_t>(list.count, room.size());
  std::size_t count = 0;
  while (count < most && reader.next_whole(room[count], 1)) ++count;
  return room.first(count);
}

void read_directory(const OpenList& list, Directory& directory) {
  AxdrReader reader = list.reader;
  directory.known = read_first(list, directory.room, reader);
  const std::size_t wanted = std::min<std::size_t>(list.head.count, list_position_limit);
  if (directory.known.size() < wanted) directory.broken = reader;
}

/// Pairs are told by their first elements, unless those are a positional list's too: the others
/// need not be looked at twice.
bool is_surely_pairs(const OpenList& list) {
  std::array<AxdrElement, decoding::most_before_pairs + 1> room;
  AxdrReader reader = list.reader;
  const Elements first = read_first(list, room, reader);
  const bool may_be_positional =
      std::ranges::any_of(list.layouts.of_form(ListForm::positional), [&](std::uint32_t i) {
        const ListLayout& layout = list.layouts.all()[i];
        return !layout.list_name.empty() && fits_beginning(layout, list, first);
      });
  return !may_be_positional && !decoding::is_described(first) && is_pairs(list, first);
}

void show_unknown(OpenList& list, ListWriter& writer) {
  writer.report(ProblemCode::list_unknown, list.head.at);
  AxdrElement element;
  for (std::uint32_t i = 0; i < list.head.count; ++i) {
    if (!list.reader.next_whole(element, 1)) return writer.report_fault(list.reader);
    writer.show(element, i);
  }
}

/// A list whose form is told by looking at all of its elements.
void take_by_elements(OpenList& list, ListWriter& writer) {
  Directory directory;
  read_directory(list, directory);
  const Elements elements = directory.known;
  writer.expect_objects(
      std::max(list.most_named(), static_cast<std::uint32_t>(elements.size() + 1)));
  if (const ListLayout* layout = find_positional(list, elements, true)) {
    take_positional(*layout, list, directory, writer);
  } else if (decoding::is_described(elements)) {
    take_described(elements[0], list, writer);
  } else if (is_pairs(list, elements)) {
    take_named(ListForm::pairs, list, writer);
  } else if (const ListLayout* other = find_positional(list, elements, false)) {
    take_positional(*other, list, directory, writer);
  } else {
    show_unknown(list, writer);
  }
}

void take_elements(OpenList& list, ListWriter& writer) {
  const auto size = static_cast<std::size_t>(list.reader.end() - list.head.at);
  if (list.head.is_container() && decoding::begins_with_name(list.reader)) {
    writer.reserve_texts(2 * size);
    writer.expect_objects(list.most_named());
    return take_named(ListForm::structures, list, writer);
  }
  writer.reserve_texts(decoding::item_text_size(size));
  if (!list.head.is_container()) {
    writer.report(ProblemCode::list_unknown, list.head.at);
    writer.show(list.head, 0);
  } else if (is_surely_pairs(list)) {
    writer.expect_objects(list.most_named());
    take_named(ListForm::pairs, list, writer);
  } else {
    take_by_elements(list, writer);
  }
}

/// Input     data: behind the header
void take_list(std::string_view data, const ListLayouts& layouts, ListWriter& writer) {
  OpenList list{.reader = {data.data(), data.data() + data.size()}, .layouts = layouts};
  if (!list.reader.next(list.head)) {
    writer.report_fault(list.reader);
    // The elements that are there can be read all the same.
    if (list.reader.fault() != ProblemCode::count_impossible) return;
  }
  list.count = std::min(list.head.count, static_cast<std::uint32_t>(list.reader.left()));
  take_elements(list, writer);
}

}  // namespace

void decode_notification(std::string_view apdu, const ListLayouts& layouts, Telegram& telegram) {
  telegram.protocol = Protocol::dlms;
  ListWriter writer{apdu, telegram};
  if (!apdu.starts_with(apdu_tag::notification)) {
    return writer.report(ProblemCode::apdu_unknown, apdu.data());
  }
  const auto sent = read_sent_time(apdu, writer);
  if (!sent) return;
  take_list(apdu.substr(date_time_at + sent->size), layouts, writer);
  if (writer.has_ended()) telegram.layout = {};  // who knows what the whole list would have been
  if (telegram.time || sent->stamp.kind != Stamp::Kind::clock) return;
  telegram.time = sent->stamp.clock;
  if (sent->doubtful) writer.report_time(ProblemCode::time_doubtful, apdu.data() + date_time_at);
}

}  // namespace p1meter
