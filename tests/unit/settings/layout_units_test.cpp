// SPDX-License-Identifier: Apache-2.0
// Settings: units that a layout cannot mean.
#include "settings/layout_units.hpp"

#include <gtest/gtest.h>

#include "loading_text.hpp"
#include "settings/layouts_yaml.hpp"
#include "support/temporary_directory.hpp"

namespace p1meter::settings {
namespace {

using test::lines;

std::string doubtful(std::string_view yaml) {
  EXPECT_EQ(lines(load_layouts_text(yaml, "f").faults), "");
  return lines(doubtful_layout_units(yaml, "f"));
}

TEST(TheUnitsOfALayout, are_doubtful_where_the_table_has_another_kind) {
  EXPECT_EQ(doubtful("mine:\n"
                     "  form: positional\n"
                     "  elements: 2\n"
                     "  positions:\n"
                     "    0: {code: \"1-0:1.8.0\", unit: V}\n"
                     "    1: {code: \"1-0:32.7.0\", unit: V, scaler: -1}\n"),
            "f:5:34: mine.positions.0.unit: V cannot be the unit of 1-0:1.8.0, expected one like "
            "kWh\n");
  EXPECT_EQ(doubtful("mine:\n"
                     "  form: pairs\n"
                     "  scales: {\"1-1:31/51/71.7.0\": {unit: kWh}}\n"),
            "f:3:39: mine.scales.1-1:31/51/71.7.0.unit: kWh cannot be the unit of 1-1:31.7.0, "
            "expected one like A\n");
}

TEST(TheUnitsOfALayout, are_not_doubted_where_anything_is_open) {
  EXPECT_EQ(doubtful("mine:\n"
                     "  form: pairs\n"
                     "  scales:\n"
                     "    \"1-0:1.7.0\": {unit: kW}\n"    // same kind
                     "    \"1-1:*.8.0\": {unit: V}\n"     // no one code
                     "    \"1-0:94.99.9\": {unit: V}\n"   // no code of the table
                     "    \"1-0:2.8.0\": {unit: none}\n"  // a bare number
                     "    \"0-0:17.0.0\": {unit: A}\n"    // one of several
                     "    \"0-1:24.2.1\": {unit: kWh}\n"  // by the device
                     "    \"0-0:96.1.0\": {unit: W}\n"    // no number
                     "    \"1-1:4.7.0\": unknown\n"),
            "");
}

TEST(TheUnitsOfALayout, are_plausible_in_the_shipped_ones) {
  for (const EmbeddedText& file : shipped_layouts()) {
    EXPECT_EQ(lines(doubtful_layout_units(file.text, std::string{file.name})), "");
  }
}

TEST(TheUnitsOfALayout, are_warned_about_with_the_configuration) {
  const p1meter::test::TemporaryDirectory directory;
  const auto layouts =
      directory.file("my.yaml", "mine: {form: pairs, scales: {\"1-0:1.7.0\": {unit: Hz}}}\n");
  const auto loaded = load_text("layouts: " + layouts + "\n", "f");
  EXPECT_EQ(lines(loaded.faults), "");
  EXPECT_EQ(lines(loaded.warnings),
            layouts +
                ":1:50: mine.scales.1-0:1.7.0.unit: Hz cannot be the unit of 1-0:1.7.0, "
                "expected one like W\n");
}

}  // namespace
}  // namespace p1meter::settings
