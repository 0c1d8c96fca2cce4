// SPDX-License-Identifier: Apache-2.0
// MQTT adapter: templates become texts.
#include "adapters/mqtt/rendering.hpp"

#include "json/json_text.hpp"

namespace p1meter::mqtt {
namespace {

using settings::JsonTemplate;

/// Counts what is asked for and what is there.
class Renderer {
 public:
  explicit Renderer(const Lookup& lookup) : lookup_{lookup} {}

  void text(const settings::TextTemplate& text, std::string& out) {
    for (const auto& piece : text.pieces) out += piece.word ? ask(piece).text : piece.text;
  }

  /// False when there is nothing to write: a member whose placeholder has no value.
  bool json(const JsonTemplate& node, std::string& out) {
    switch (node.kind) {
      case JsonTemplate::Kind::leaf:
        return leaf(node.leaf, out);
      case JsonTemplate::Kind::literal:
        out += node.leaf.written;
        return true;
      case JsonTemplate::Kind::list:
        list(node, out);
        return true;
      case JsonTemplate::Kind::object:
        object(node, out);
        return true;
    }
    return false;
  }

  [[nodiscard]] bool says_something() const noexcept { return asked_ == 0 || answered_ > 0; }

 private:
  Answer ask(const settings::TemplatePiece& piece) {
    Answer answer = lookup_(piece);
    ++asked_;
    if (answer.kind != Answer::Kind::absent) ++answered_;
    return answer;
  }

  bool leaf(const settings::TextTemplate& leaf, std::string& out) {
    if (!leaf.is_one_word()) {
      std::string content;
      text(leaf, content);
      json::append_string(out, content);
      return true;
    }
    const Answer answer = ask(leaf.pieces.front());
    switch (answer.kind) {
      case Answer::Kind::absent:
        return false;
      case Answer::Kind::null:
        out += "null";
        break;
      case Answer::Kind::text:
        json::append_string(out, answer.text);
        break;
      case Answer::Kind::number:
      case Answer::Kind::json:
        out += answer.text;
        break;
    }
    return true;
  }

  void list(const JsonTemplate& node, std::string& out) {
    out += '[';
    bool first = true;
    for (const auto& item : node.items) {
      const auto before = out.size();
      if (!first) out += ',';
      if (json(item, out)) {
        first = false;
      } else {
        out.resize(before);
      }
    }
    out += ']';
  }

  void object(const JsonTemplate& node, std::string& out) {
    out += '{';
    bool first = true;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const auto before = out.size();
      if (!first) out += ',';
      json::append_name(out, node.names[i]);
      if (json(node.items[i], out)) {
        first = false;
      } else {
        out.resize(before);
      }
    }
    out += '}';
  }

  const Lookup& lookup_;
  std::size_t asked_{};
  std::size_t answered_{};
};

}  // namespace

bool render_text(const settings::TextTemplate& text, const Lookup& lookup, std::string& out) {
  Renderer renderer{lookup};
  renderer.text(text, out);
  return renderer.says_something();
}

bool render_json(const JsonTemplate& json, const Lookup& lookup, std::string& out) {
  Renderer renderer{lookup};
  return renderer.json(json, out) && renderer.says_something();
}

bool render(const settings::Payload& payload, const Lookup& lookup, std::string& out) {
  if (payload.form == settings::Payload::Form::text) return render_text(payload.text, lookup, out);
  return payload.form == settings::Payload::Form::tree && render_json(payload.tree, lookup, out);
}

}  // namespace p1meter::mqtt
