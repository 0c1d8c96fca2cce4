// SPDX-License-Identifier: Apache-2.0
// Simulator adapter: meters that send lists of COSEM objects, as data. Source    meters.md c.8, c.9
#include <array>

#include "adapters/simulator/profile.hpp"

namespace p1meter::simulator {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

constexpr auto i16 = AxdrType::long_signed;
constexpr auto u16 = AxdrType::long_unsigned;
constexpr auto u32 = AxdrType::double_long_unsigned;
constexpr auto octets = AxdrType::octet_string;
constexpr auto visible = AxdrType::visible_string;

constexpr Element number(Shape shape, std::string_view code, std::string_view quantity,
                         AxdrType type = u32, int scaler = 0) {
  return {.shape = shape, .code = code, .type = type, .text = quantity, .scaler = scaler};
}
constexpr Element text(Shape shape, std::string_view code, AxdrType type, std::string_view text) {
  return {.shape = shape, .code = code, .content = Content::text, .type = type, .text = text};
}
constexpr Element other(Shape shape, std::string_view code, Content content) {
  return {.shape = shape, .code = code, .content = content, .type = octets};
}

// ---- Aidon ------------------------------------------------------------------------------------
constexpr auto record = Shape::record;

constexpr std::array aidon_power{number(record, "1-0:1.7.0", "power_import")};
constexpr std::array aidon_all{
    text(record, "1-1:0.2.129", visible, "AIDON_V0001"),
    text(record, "0-0:96.1.0", visible, "735999{number}"),
    text(record, "0-0:96.1.7", visible, "6525"),
    number(record, "1-0:1.7.0", "power_import"),
    number(record, "1-0:2.7.0", "power_export"),
    number(record, "1-0:3.7.0", "var_import"),
    number(record, "1-0:4.7.0", "var_export"),
    number(record, "1-0:31.7.0", "signed_current_l1", i16, -1),
    number(record, "1-0:51.7.0", "signed_current_l2", i16, -1),
    number(record, "1-0:71.7.0", "signed_current_l3", i16, -1),
    number(record, "1-0:32.7.0", "voltage_l1", u16, -1),
    number(record, "1-0:52.7.0", "voltage_l2", u16, -1),
    number(record, "1-0:72.7.0", "voltage_l3", u16, -1),
};
constexpr std::array aidon_hour{
    other(record, "0-0:1.0.0", Content::clock),
    number(record, "1-0:1.8.0", "import", u32, 1),
    number(record, "1-0:2.8.0", "export", u32, 1),
    number(record, "1-0:3.8.0", "varh_import", u32, 1),
    number(record, "1-0:4.8.0", "varh_export", u32, 1),
};
constexpr ListForm aidon_list(std::span<const Element> elements, milliseconds every,
                              std::span<const Element> more = {}, milliseconds offset = 0ms) {
  return {.elements = elements,
          .more = more,
          .root = AxdrType::array,
          .clock = ClockStyle::wall_only,
          .invoke_id = 0x40000000,
          .every = every,
          .offset = offset};
}
constexpr std::array aidon_no_lists{aidon_list(aidon_all, 1h, aidon_hour, 10s),
                                    aidon_list(aidon_all, 10s), aidon_list(aidon_power, 0s)};
constexpr LinkForm aidon_link{
    .link = Link::hdlc, .destination = "\x41", .source = "\x08\x83", .control = 0x13};
constexpr LinkForm aidon_segments{.link = Link::hdlc_segments,
                                  .destination = "\x41",
                                  .source = "\x08\x83",
                                  .control = 0x13,
                                  .piece = 120};

// ---- Austria: Kaifa and Sagemcom on wired M-Bus -------------------------------------------------
constexpr auto triple = Shape::triple;

constexpr std::array netz_noe_all{
    other(Shape::bare, "", Content::clock),
    number(triple, "1-0:1.8.0", "import"),
    number(triple, "1-0:2.8.0", "export"),
    number(triple, "1-0:1.7.0", "power_import"),
    number(triple, "1-0:2.7.0", "power_export"),
    number(triple, "1-0:32.7.0", "voltage_l1", u16, -1),
    number(triple, "1-0:52.7.0", "voltage_l2", u16, -1),
    number(triple, "1-0:72.7.0", "voltage_l3", u16, -1),
    number(triple, "1-0:31.7.0", "current_l1", u16, -2),
    number(triple, "1-0:51.7.0", "current_l2", u16, -2),
    number(triple, "1-0:71.7.0", "current_l3", u16, -2),
    number(triple, "1-0:13.7.0", "factor", u16, -3),
    text(Shape::bare, "0-0:96.1.0", octets, "18{number}"),
};
constexpr std::array netz_noe_lists{
    ListForm{.elements = netz_noe_all, .date_time = DateTimeForm::plain, .invoke_id = 1}};
constexpr LinkForm kaifa_mbus{.link = Link::mbus, .piece = 245};

constexpr link::LineSettings mbus_line{2400, 8, link::Parity::even, 1};
constexpr link::LineSettings hdlc_line{2400, 8, link::Parity::none, 1};
constexpr Zone normal_time{.standard_offset = 60, .summer_time = false};

constexpr std::array table{
    Profile{.face = {.name = "aidon-no",
                     .description = "Norway, Aidon: HDLC, lists of 2.5 s, 10 s and an hour",
                     .period = 2500ms,
                     .line = hdlc_line},
            .lists = aidon_no_lists,
            .link = aidon_link,
            .zone = normal_time},
    Profile{.face = {.name = "aidon-no-segmented",
                     .description = "Norway, Aidon: the same in HDLC segments",
                     .period = 2500ms,
                     .line = hdlc_line},
            .lists = aidon_no_lists,
            .link = aidon_segments,
            .zone = normal_time},
    Profile{.face = {.name = "netz-noe",
                     .description = "Austria, Netz NOE, Kaifa MA309: M-Bus, encrypted",
                     .period = 5s,
                     .line = mbus_line,
                     .key = test_key},
            .lists = netz_noe_lists,
            .link = kaifa_mbus,
            .security = 0x20,
            .maker = "KFM"},
};

}  // namespace

std::span<const Profile> binary_profiles() noexcept { return table; }

}  // namespace p1meter::simulator
