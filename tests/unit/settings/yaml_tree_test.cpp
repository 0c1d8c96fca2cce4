// SPDX-License-Identifier: Apache-2.0
// Settings tests: documents as trees, and documents that are none.
#include "settings/yaml_tree.hpp"

#include <gtest/gtest.h>

#include "loading_text.hpp"

namespace p1meter::settings {
namespace {

struct Parsed {
  YamlNode root;
  std::string faults;
};

Parsed parse(std::string_view text) {
  FaultList list{"f"};
  Parsed parsed{parse_yaml(text, list), {}};
  parsed.faults = test::lines(list.take_faults());
  return parsed;
}

TEST(AYamlTree, knows_the_place_of_every_value) {
  const auto [root, faults] = parse("a: 1\nb:\n  - x\n  - {c: \"y\"}\n");

  EXPECT_EQ(faults, "");
  EXPECT_EQ(root.find("a")->place, (Place{1, 4}));
  EXPECT_EQ(root.find("b")->items[0].place, (Place{3, 5}));
  EXPECT_EQ(root.find("b")->items[1].find("c")->place, (Place{4, 9}));
}

TEST(AYamlTree, tells_quoted_texts_from_plain_ones) {
  const auto [root, faults] = parse("a: true\nb: 'true'\nc: \"5\"\nd: |\n  text\n");

  EXPECT_TRUE(root.find("a")->plain);
  EXPECT_FALSE(root.find("b")->plain);
  EXPECT_FALSE(root.find("c")->plain);
  EXPECT_EQ(root.find("d")->text, "text\n");
}

TEST(AYamlTree, places_an_empty_value_at_its_key) {
  const auto [root, faults] = parse("a:\nb:\n  c:\n");

  EXPECT_EQ(root.find("a")->kind, YamlNode::Kind::null);
  EXPECT_EQ(root.find("a")->place, (Place{1, 1}));
  EXPECT_EQ(root.find("b")->find("c")->place, (Place{3, 3}));
}

TEST(AYamlTree, is_empty_for_an_empty_document) {
  for (const std::string_view text : {"", "\n\n", "# only a comment\n", "---\n", "\xEF\xBB\xBF"}) {
    const auto [root, faults] = parse(text);

    EXPECT_EQ(faults, "") << text;
    EXPECT_EQ(root.kind, YamlNode::Kind::null) << text;
  }
}

TEST(AYamlTree, reports_a_repeated_key_with_both_places_and_keeps_the_first) {
  const auto [root, faults] = parse("a:\n  x: 1\n  y: 2\n  x: 3\na: 4\n");

  EXPECT_EQ(faults,
            "f:4:3: a.x: written twice: first at f:2:3, again here\n"
            "f:5:1: a: written twice: first at f:1:1, again here\n");
  EXPECT_EQ(root.find("a")->find("x")->text, "1");
}

TEST(AYamlTree, finds_repeated_keys_within_lists_and_flow_maps) {
  EXPECT_EQ(parse("l: [{a: 1, \"a\": 2}]\n").faults,
            "f:1:12: l[0].a: written twice: first at f:1:6, again here\n");
}

TEST(AYamlTree, says_that_a_star_must_be_quoted_and_reads_on) {
  const auto [root, faults] = parse("a:\n  *_l1: 1\n  *: 2\nb: *x\n");

  EXPECT_EQ(faults,
            "f:2:3: found an unquoted '*', which begins an alias in YAML; quote it: \"*...\"\n"
            "f:3:3: found an unquoted '*', which begins an alias in YAML; quote it: \"*...\"\n"
            "f:4:4: found an unquoted '*', which begins an alias in YAML; quote it: \"*...\"\n");
  EXPECT_EQ(root.find("a")->find("*_l1")->text, "1");
  EXPECT_EQ(root.find("b")->text, "*x");
}

TEST(AYamlTree, resolves_aliases) {
  const auto [root, faults] = parse("a: &one {x: 1}\nb: *one\n");

  EXPECT_EQ(faults, "");
  EXPECT_EQ(root.find("b")->find("x")->text, "1");
}

TEST(AYamlTree, refuses_an_alias_within_its_own_anchor) {
  EXPECT_EQ(parse("a: &r [1, *r]\n").faults, "f:1:11: an alias within its own anchor has no end\n");
}

TEST(AYamlTree, refuses_aliases_that_multiply_without_measure) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 12; ++level) {
    const std::string last = "*a" + std::to_string(level - 1);
    const std::string name = 'a' + std::to_string(level);
    bomb += name + ": &" + name + " [";
    for (int i = 0; i < 9; ++i) bomb += (i == 0 ? "" : ", ") + last;
    bomb += "]\n";
  }

  EXPECT_TRUE(test::contains(parse(bomb).faults, "more than 100000 values"));
}

TEST(AYamlTree, refuses_depth) {
  EXPECT_TRUE(
      test::contains(parse(std::string(100'000, '[')).faults, "nested deeper than 32 levels"));
  EXPECT_EQ(parse(std::string(32, '[') + std::string(32, ']')).faults, "");
}

TEST(AYamlTree, refuses_a_second_document) {
  EXPECT_TRUE(test::contains(parse("a: 1\n---\nb: 2\n").faults, "a second document"));
}

TEST(AYamlTree, refuses_tags_that_other_programs_give_a_meaning) {
  EXPECT_TRUE(test::contains(parse("a: !secret mqtt_password\n").faults,
                             "f:1:4: found the tag '!secret', which has no meaning here; "
                             "password_file keeps a password out of this file"));
  EXPECT_EQ(parse("a: !!str 5\n").faults, "");
}

TEST(AYamlTree, refuses_keys_that_are_no_texts) {
  EXPECT_EQ(parse("? [a, b]\n: 1\n").faults,
            "f:1:3: found a key that is no text, expected 'key: value'\n");
}

TEST(AYamlTree, refuses_binary_files_with_the_place_of_the_first_bad_byte) {
  EXPECT_EQ(parse(std::string_view{"a: 1\nb\0c", 8}).faults,
            "f:2:2: found the byte 0x00, expected a text file in UTF-8 without control "
            "characters\n");
  EXPECT_EQ(parse("a: \xFF\n").faults,
            "f:1:4: found the byte 0xFF, expected a text file in UTF-8\n");
  EXPECT_EQ(parse("\xC0\xAF").faults,
            "f:1:1: found the byte 0xC0, expected a text file in UTF-8\n");
  EXPECT_EQ(parse("\xED\xA0\x80").faults,
            "f:1:1: found the byte 0xED, expected a text file in UTF-8\n");
  EXPECT_EQ(parse("\xFE\xFF").faults,
            "f:1:1: found the byte 0xFE, expected a text file in UTF-8\n");
}

TEST(AYamlTree, takes_text_beyond_ascii) {
  const auto [root, faults] = parse("a: \"m³ – € 𝄞\"\n");

  EXPECT_EQ(faults, "");
  EXPECT_EQ(root.find("a")->text, "m³ – € 𝄞");
}

TEST(AYamlTree, refuses_a_file_of_more_than_a_mebibyte) {
  EXPECT_TRUE(test::contains(parse(std::string(yaml_size_limit + 1, '#')).faults, "1 MiB"));
  EXPECT_EQ(parse(std::string(yaml_size_limit, '#')).faults, "");
}

TEST(AYamlTree, keeps_what_stands_before_a_fault_in_the_syntax) {
  const auto [root, faults] = parse("a: 1\nb: {c: 2}\nd: [1, 2\ne: 3\n");

  EXPECT_TRUE(test::contains(faults, "this is not YAML")) << faults;
  ASSERT_NE(root.find("a"), nullptr);
  ASSERT_NE(root.find("b"), nullptr);
  EXPECT_EQ(root.find("d"), nullptr);
}

TEST(AYamlTree, names_the_place_where_an_open_quote_began) {
  for (const std::string open : {"\"abc", "'abc", "'it''s", "\"a\\\"", "!!str \"abc", "'", "\""}) {
    for (const std::string end : {"", "\n", "\nc: 1\n"}) {
      const std::string faults = parse("a: \"\xC3\xBC\"\r\nb: " + open + end).faults;
      EXPECT_NE(faults, "") << open + end;
      // The parser's own fault is the end of the file.
      if (end.empty()) continue;
      EXPECT_EQ(faults, "f:2:4: the quote that opens here is never closed\n") << open + end;
    }
  }
  for (const std::string whole : {"\"abc\"", "'it''s'", "''", "''''", "\"a\\\"b\\\\\"", "it's",
                                  "5\"", "\"a\n  b\"", "&x 'c'", "[\"a\", 'b']"})
    EXPECT_EQ(parse("a: \"\xC3\xBC\"\r\nb: " + whole + "\nc: 'd'\n").faults, "") << whole;
}

TEST(AYamlTree, names_the_place_where_an_open_bracket_began) {
  EXPECT_TRUE(test::contains(parse("a: 1\nb: {c: 2\n").faults, "f:2:4: this is not YAML"));
}

TEST(AYamlTree, says_what_is_commonly_wrong_with_a_line) {
  const auto hint = [](const std::string& text) {
    const std::string faults = parse(text).faults;
    return faults.substr(std::min(faults.find('('), faults.size()));
  };
  const std::string indented = "(is the line indented like its neighbours?";

  EXPECT_TRUE(test::contains(hint("mqtt:\n\thost: x\n"), "a tab cannot indent"));
  for (const auto* const text :
       {"mqtt:\n host: x\n  port: 1\n", "mqtt:\n  host: x\n port: 1\n",
        "meters:\n  - name: a\n source: b\n", "meters:\n  - name: a\n - name: b\n", "a: 1\n- b\n"})
    EXPECT_TRUE(hint(text).starts_with(indented)) << text << parse(text).faults;
  EXPECT_TRUE(test::contains(hint("mqtt:\n  client_id: my: meter\n"), "needs quotes"));
  EXPECT_TRUE(test::contains(hint("mqtt:\n  client_id: @me\n"), "needs quotes"));
  EXPECT_TRUE(test::contains(hint("mqtt\n  host: x\n"), "is a ':' missing above?"));
}

TEST(ANull, knows_whether_it_was_written) {
  for (const std::string bom : {"", "\xEF\xBB\xBF"}) {
    FaultList faults{"f"};
    const auto root = parse_yaml(bom +
                                     "\xC3\xA4: ö\r\na: null\nb:\nc: ~\nd: {e, f: , g: null, h: }\n"
                                     "i: [null, ~, Null]\nj: 'null'\nk:\nnullx: 1\n",
                                 faults);
    ASSERT_EQ(faults.take_faults().size(), 0U);
    EXPECT_TRUE(root.find("a")->plain);
    EXPECT_FALSE(root.find("b")->plain);
    EXPECT_TRUE(root.find("c")->plain);
    const auto* const flow = root.find("d");
    EXPECT_FALSE(flow->find("e")->plain);
    EXPECT_FALSE(flow->find("f")->plain);
    EXPECT_TRUE(flow->find("g")->plain);
    EXPECT_FALSE(flow->find("h")->plain);
    for (const auto& item : root.find("i")->items) EXPECT_TRUE(item.plain);
    EXPECT_FALSE(root.find("j")->plain);
    EXPECT_FALSE(root.find("k")->plain);
  }
}

TEST(ANull, knows_whether_it_was_written_behind_an_anchor) {
  FaultList faults{"f"};
  const auto root = parse_yaml(
      "a: &a null\nb: &b\nc: &c\n  ~\nd: {e: &e null, f: &f , g: &g }\nh: &null\ni: [&i , &k "
      "null]\n",
      faults);

  ASSERT_EQ(faults.take_faults().size(), 0U);
  EXPECT_TRUE(root.find("a")->plain);
  EXPECT_FALSE(root.find("b")->plain);
  EXPECT_TRUE(root.find("c")->plain);
  const auto* const flow = root.find("d");
  EXPECT_TRUE(flow->find("e")->plain);
  EXPECT_FALSE(flow->find("f")->plain);
  EXPECT_FALSE(flow->find("g")->plain);
  EXPECT_FALSE(root.find("h")->plain);
  EXPECT_FALSE(root.find("i")->items[0].plain);
  EXPECT_TRUE(root.find("i")->items[1].plain);
}

TEST(APath, leads_through_maps) {
  FaultList faults{"f"};
  const auto root = parse_yaml("a: {b: {c: 1}, d: 2}\n", faults);

  EXPECT_EQ(root.find_path(""), &root);
  EXPECT_EQ(root.find_path("a.b.c")->text, "1");
  EXPECT_EQ(root.find_path("a.d")->text, "2");
  EXPECT_EQ(root.find_path("a.x.c"), nullptr);
  EXPECT_EQ(root.find_path("a.d.c"), nullptr);
}

}  // namespace
}  // namespace p1meter::settings
