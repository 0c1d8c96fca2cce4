// SPDX-License-Identifier: Apache-2.0
// Settings: a YAML document as a plain tree in which every value knows its place.
#include "settings/yaml_tree.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "settings/yaml_keys.hpp"
#include "settings/yaml_text.hpp"

namespace p1meter::settings {
namespace {

/// Stands for a '*' that YAML would take for an alias, so that reading can go on behind it. DEL
/// cannot occur: check_text() refuses it.
constexpr char star = '\x7F';
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // the parser's places leave it out
constexpr std::size_t most_stars = 20;
constexpr std::size_t most_bytes_read_again =
    std::size_t{4} * 1024 * 1024;  // for the sake of stars

Place to_place(const YAML::Mark& mark) {
  return mark.is_null() ? Place{} : Place{mark.line + 1, mark.column + 1};
}

/// Ends the parser from within its events.
struct Refused {
  Place place;
  std::string message;
};

/// Builds the tree from the parser's events.
class TreeBuilder final : public YAML::EventHandler {
 public:
  /// `repaired`: the text has stand-ins for '*'.
  /// Borrows the text.
  TreeBuilder(std::string_view text, bool repaired)
      : text_{text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text},
        repaired_{repaired} {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0)
      throw Refused{
          to_place(mark),
          "a second document or a text that belongs to no key begins here, expected one mapping"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto node = make(YamlNode::Kind::null, mark);
    node.plain = !mark.is_null() && names_null(static_cast<std::size_t>(mark.pos));
    put(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw Refused{to_place(mark), "an alias within its own anchor has no end"};
    count(found->second.nodes, mark);
    put(found->second.node, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    auto node = make(YamlNode::Kind::scalar, mark);
    node.text = value;
    if (repaired_) std::replace(node.text.begin(), node.text.end(), star, '*');
    node.plain = tag == "?";
    check_quotes(mark);
    check_tag(tag, mark);
    put(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(YamlNode::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(YamlNode::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

  /// The whole document.
  [[nodiscard]] YamlNode take() { return std::move(root_); }
  /// What was complete before the parser gave up: the root's entries but the one it stood in.
  [[nodiscard]] YamlNode take_partial() {
    if (open_.empty()) return {};
    YamlNode root = std::move(open_.front().node);
    if (root.kind != YamlNode::Kind::map) return {};
    if (open_.size() == 1 && !root.items.empty()) root.items.pop_back();
    root.keys.resize(root.items.size());
    return root;
  }
  /// Where the innermost list or map that is still open began.
  [[nodiscard]] std::optional<Place> innermost() const {
    if (open_.empty()) return std::nullopt;
    return open_.back().node.place;
  }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor{};
    int nodes_before{};
  };
  struct Anchored {
    YamlNode node;
    int nodes{};
  };

  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark) {
    count(1, mark);
    YamlNode node;
    node.kind = kind;
    node.place = to_place(mark);
    return node;
  }

  void count(int nodes, const YAML::Mark& mark) {
    nodes_ += nodes;
    if (nodes_ > yaml_node_limit) {
      throw Refused{to_place(mark), "the document has more than " +
                                        std::to_string(yaml_node_limit) +
                                        " values; that is no configuration"};
    }
  }

  static void check_tag(const std::string& tag, const YAML::Mark& mark) {
    constexpr std::string_view standard = "tag:yaml.org,2002:";
    if (tag.empty() || tag == "?" || tag == "!" || tag.substr(0, standard.size()) == standard)
      return;
    throw Refused{to_place(mark),
                  tag == "!secret"
                      ? "found the tag '!secret', which has no meaning here; password_file keeps a "
                        "password out of this file"
                      // what begins with '!' may be a password or a key: not echoed
                      : "found a tag, which has no meaning here; quote a text that begins with "
                        "'!'"};
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    check_tag(tag, mark);
    if (open_.size() >= static_cast<std::size_t>(yaml_depth_limit)) {
      throw Refused{to_place(mark),
                    "nested deeper than " + std::to_string(yaml_depth_limit) + " levels"};
    }
    const int before = nodes_;
    open_.push_back({make(kind, mark), anchor, before});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    const int nodes = nodes_ - done.nodes_before;
    if (done.anchor != 0) anchors_[done.anchor] = {done.node, nodes};
    attach(std::move(done.node));
  }

  void put(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = {node, 1};
    attach(std::move(node));
  }

  void attach(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    YamlNode& parent = open_.back().node;
    const bool key =
        parent.kind == YamlNode::Kind::map && parent.keys.size() == parent.items.size();
    // What is left empty has no place of its own but the next line's: its key is the better place.
    if (!key && parent.kind == YamlNode::Kind::map && node.kind == YamlNode::Kind::null) {
      node.place = parent.keys.back().place;
    }
    (key ? parent.keys : parent.items).push_back(std::move(node));
  }

  /// A value's anchor and tag come before it, and the parser's mark is where they begin.
  [[nodiscard]] static std::string_view without_properties(std::string_view rest) {
    constexpr std::string_view space = " \t\r\n";
    while (rest.starts_with('&') || rest.starts_with('!')) {
      rest.remove_prefix(std::min(rest.find_first_of(space), rest.size()));
      rest.remove_prefix(std::min(rest.find_first_not_of(space), rest.size()));
    }
    return rest;
  }

  /// The parser takes the end of the file for a quote.
  void check_quotes(const YAML::Mark& mark) const {
    if (mark.is_null()) return;
    const auto rest = without_properties(
        text_.substr(std::min(static_cast<std::size_t>(mark.pos), text_.size())));
    if (!rest.starts_with('"') && !rest.starts_with('\'')) return;
    const bool with_backslash = rest.front() == '"';  // else doubled, where it is no end
    for (std::size_t i = 1; i < rest.size(); ++i) {
      const bool quote = rest[i] == rest.front();
      const bool doubled = !with_backslash && i + 1 < rest.size() && rest[i + 1] == rest.front();
      if (quote && !doubled) return;
      if (quote || (with_backslash && rest[i] == '\\')) ++i;
    }
    throw Refused{to_place(mark), "the quote that opens here is never closed"};
  }

  /// The parser does not tell a null that was written from one that was left out.
  [[nodiscard]] bool names_null(std::size_t offset) const {
    constexpr std::array<std::string_view, 4> words{"null", "~", "Null", "NULL"};
    const auto rest = without_properties(text_.substr(std::min(offset, text_.size())));
    const auto word = rest.substr(0, rest.find_first_of(" \t\r\n,]}"));
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  std::string_view text_;
  bool repaired_;
  int documents_{};
  int nodes_{};
  YamlNode root_{};
  std::vector<Open> open_{};
  std::map<YAML::anchor_t, Anchored> anchors_{};
};

/// Offset of a place in a text; its end when there is none.
std::size_t offset_of(std::string_view text, Place place) {
  std::size_t offset = 0;
  for (int line = 1; line < place.line; ++line) {
    const auto end = text.find('\n', offset);
    if (end == std::string_view::npos) return text.size();
    offset = end + 1;
  }
  return offset + static_cast<std::size_t>(place.column - 1);
}

struct SyntaxFault {
  Place place;
  std::string message;
  bool may_be_a_star{};
};

/// yaml-cpp does not name the commonest causes.
std::string hint_for(std::string_view text, Place fault, std::string_view message) {
  const auto line = text.substr(std::min(offset_of(text, {fault.line, 1}), text.size()));
  const auto indentation = line.substr(0, line.find_first_not_of(" \t"));
  if (indentation.find('\t') != std::string_view::npos)
    return " (a tab cannot indent in YAML, expected spaces)";
  if (message == "illegal map value")
    return " (is the line indented like its neighbours? is a ':' missing above? "
           "a text with ': ' in it needs quotes)";
  if (message == "end of map not found" || message == "end of sequence not found" ||
      message == "illegal block entry")
    return " (is the line indented like its neighbours?)";
  if (message == "unknown token") return " (a text that begins with this needs quotes)";
  return {};
}

/// One run of the parser. Output    what was wrong, or none
std::optional<SyntaxFault> run_parser(const std::string& text, TreeBuilder& builder) {
  std::istringstream stream{text};
  try {
    YAML::Parser parser{stream};
    while (parser.HandleNextDocument(builder)) {
    }
    return std::nullopt;
  } catch (const Refused& refused) {
    return SyntaxFault{refused.place, refused.message};
  } catch (const YAML::Exception& error) {
    // the end of the file is no help: where the bracket was opened is
    const bool placed = !error.msg.ends_with("flow not found") || !builder.innermost();
    const auto place = placed ? to_place(error.mark) : *builder.innermost();
    return SyntaxFault{place, "this is not YAML: " + error.msg + hint_for(text, place, error.msg),
                       true};
  } catch (const std::exception& error) {
    return SyntaxFault{{}, std::string{"this is not YAML: "} + error.what()};
  }
}

/// Where a line begins to say something; nothing when it says nothing.
std::optional<Place> first_sign(std::string_view text, int line) {
  const auto begin = offset_of(text, {line, 1});
  const auto sign = text.find_first_not_of(" -", begin);
  if (sign == std::string_view::npos || text[sign] == '\n' || text[sign] == '#')
    return std::nullopt;
  return Place{line, static_cast<int>(sign - begin) + 1};
}

bool is_star(std::string_view text, Place place) {
  const auto offset = offset_of(text, place);
  return offset < text.size() && text[offset] == '*';
}

/// The '*' that a fault in the syntax comes from: at its place, or where its line or the one before
/// begins, for "*: x" is only found out by what follows.
std::optional<Place> star_of(std::string_view text, Place fault) {
  if (is_star(text, fault)) return fault;
  int lines = 0;
  for (int line = fault.line; line > 0 && lines < 2; --line) {
    const auto sign = first_sign(text, line);
    if (!sign) continue;
    if (is_star(text, *sign)) return sign;
    ++lines;
  }
  return std::nullopt;
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const noexcept {
  for (std::size_t i = 0; i < items.size() && i < keys.size(); ++i) {
    if (keys[i].text == key) return &items[i];
  }
  return nullptr;
}

const YamlNode* YamlNode::find_path(std::string_view path) const noexcept {
  const YamlNode* node = this;
  while (node != nullptr && !path.empty()) {
    const auto end = std::min(path.find('.'), path.size());
    node = node->find(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return node;
}

YamlNode parse_yaml(std::string_view text, FaultList& faults) {
  if (!check_text(text, faults)) return {};
  std::string work{text};
  const std::size_t most_repairs = std::min(most_stars, most_bytes_read_again / (text.size() + 1));
  for (std::size_t repairs = 0;; ++repairs) {
    TreeBuilder builder{work, repairs > 0};
    const auto fault = run_parser(work, builder);
    YamlNode root = fault ? builder.take_partial() : builder.take();
    const bool repair = fault && fault->may_be_a_star && repairs < most_repairs;
    const auto quote = repair ? star_of(work, fault->place) : std::nullopt;
    if (quote) {
      faults.add(*quote, "",
                 "found an unquoted '*', which begins an alias in YAML; quote it: \"*...\"");
      work[offset_of(work, *quote)] = star;
      continue;
    }
    if (fault) faults.add(fault->place, "", fault->message);
    check_keys(root, "", faults);
    return root;
  }
}

std::string join_path(std::string_view parent, std::string_view key) {
  if (parent.empty()) return std::string{key};
  return std::string{parent} + '.' + std::string{key};
}

std::string item_path(std::string_view parent, std::size_t index) {
  return std::string{parent} + '[' + std::to_string(index) + ']';
}

}  // namespace p1meter::settings
