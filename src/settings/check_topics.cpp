// SPDX-License-Identifier: Apache-2.0
// Settings: whether classes and messages have topics of their own.
#include "settings/check_topics.hpp"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "settings/sample_topics.hpp"
#include "settings/template_text.hpp"

namespace p1meter::settings {
namespace {

/// A topic of the mqtt.topics section.
struct ClassTopic {
  std::string_view section{};
  std::string_view option{};
  const TopicClass& kind;
  const TextTemplate& topic;

  [[nodiscard]] std::string path() const {
    return "mqtt.topics." + std::string{section} + '.' + std::string{option};
  }
};

/// Where a topic was written, by whom.
struct Writer {
  std::string path{};       // "mqtt.messages[0].topic"
  std::size_t document{};   // 0: the user's
  const YamlNode* value{};  // none: nobody wrote it, it is built in
};

class TopicCheck {
 public:
  TopicCheck(const std::vector<TopicDocument>& documents, const Settings& settings,
             const TopicBook* readings)
      : documents_{documents}, settings_{settings}, fixed_{settings}, readings_{readings} {}

  /// The farthest from the user first: who comes later is told.
  void run() {
    const auto classes = written_classes();
    for (std::size_t i = documents_.size() + 1; i-- > 0;) {
      for (const auto& [writer, topic] : classes) {
        if (writer.document == i) claim(writer, *topic);
      }
      if (i < documents_.size()) claim_messages(i);
    }
  }

 private:
  [[nodiscard]] std::vector<std::pair<Writer, const ClassTopic*>> written_classes() const {
    std::vector<std::pair<Writer, const ClassTopic*>> all;
    for (const auto& topic : classes_) {
      // raw keeps its topic although it is off unless somebody wants it
      if (!topic.kind.enabled && &topic.kind != &settings_.mqtt.raw) continue;
      all.emplace_back(writer_of(topic.path()), &topic);
    }
    return all;
  }

  [[nodiscard]] Writer writer_of(const std::string& path) const {
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      if (const auto* value = documents_[i].root->find_path(path)) return {path, i, value};
    }
    return {path, documents_.size(), nullptr};
  }

  void claim_messages(std::size_t document) {
    const YamlNode* const list = documents_[document].root->find_path("mqtt.messages");
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      const YamlNode* const value = list->items[i].find("topic");
      if (value == nullptr || value->kind != YamlNode::Kind::scalar) continue;
      auto topic = parse_template(value->text, TemplateScope::statistics_topic);
      if (!topic) topic = parse_template(value->text, TemplateScope::meter_topic);
      // what is no topic has its fault already
      if (!topic || !check_topic_template(*topic).empty()) continue;
      claim_for_meters(Writer{item_path("mqtt.messages", i) + ".topic", document, value}, *topic);
    }
  }

  void claim(const Writer& writer, const ClassTopic& topic) {
    if (topic.section == "keys") {
      const std::string sample = "{key}";
      const auto path = fill_sample(
          topic.topic, {settings_.mqtt.base_topic, first_meter(settings_), sample, sample});
      if (const auto owner = fixed_.whose(path); !owner.empty()) refuse(writer, path, owner);
    } else {
      claim_for_meters(writer, topic.topic);
    }
  }

  void claim_for_meters(const Writer& writer, const TextTemplate& topic) {
    for (const auto& meter : settings_.meters) {
      const auto path = fill_sample(topic, {settings_.mqtt.base_topic, meter.name});
      const auto owner = owner_of(path, writer);
      if (owner && !owner->empty()) refuse(writer, path, *owner);
      if (owner || !topic.uses(Word::meter)) return;
    }
  }

  /// Output    nothing when the topic is the writer's now; empty when the fault is another's
  std::optional<std::string> owner_of(const std::string& path, const Writer& writer) {
    if (auto owner = fixed_.whose(path); !owner.empty()) return owner;
    const auto [other, fresh] = taken_.emplace(path, writer);
    if (!fresh && other->second.path == writer.path && other->second.document == writer.document) {
      return std::nullopt;
    }
    if (!fresh) return "it is the topic of " + name(other->second, writer);
    return reading_at(path, writer);
  }

  std::optional<std::string> reading_at(const std::string& path, const Writer& writer) {
    const bool keys = readings_ != nullptr && settings_.mqtt.keys.enabled;
    const auto holder = keys ? readings_->holder_of(path) : std::nullopt;
    if (!holder) return std::nullopt;
    const TopicBook::Wish* const wish = holder->wish;
    if (wish != nullptr && static_cast<std::size_t>(wish->preset) < writer.document) {
      const Writer reading{wish->path, static_cast<std::size_t>(wish->preset), nullptr};
      documents_[reading.document].faults->add(wish->place, wish->path,
                                               "found '" + wish->topic +
                                                   "', expected another: it is the topic of " +
                                                   name(writer, reading));
      return std::string{};
    }
    if (const auto cause = nearer_cause(*holder, writer)) {
      documents_[cause->document].faults->add(
          cause->value->place, cause->path,
          "found '" + cause->value->text + "', expected another: with it the key " + holder->key +
              " and " + name(writer, *cause) + " have the same topic, " + path);
      return std::string{};
    }
    return "it is the topic of the key " + holder->key;
  }

  /// What moved a reading to the writer's topic and is nearer to the user than the writer.
  [[nodiscard]] std::optional<Writer> nearer_cause(const TopicBook::Holder& holder,
                                                   const Writer& writer) const {
    const bool whole = holder.wish != nullptr && holder.wish->topic.find('/') != std::string::npos;
    if (!whole) {
      auto keys = writer_of("mqtt.topics.keys.topic");
      if (keys.document < writer.document) return keys;
    }
    // another base parts only two of which one begins with it
    const auto& written = whole ? holder.wish->topic : topics_.keys.written;
    if (has_base(written) == has_base(writer)) return std::nullopt;
    auto base = writer_of("mqtt.base_topic");
    if (base.document < writer.document) return base;
    return std::nullopt;
  }

  [[nodiscard]] static bool has_base(std::string_view written) {
    return written.find("{base}") != std::string_view::npos;
  }
  /// All that are built in have it.
  [[nodiscard]] static bool has_base(const Writer& writer) {
    return writer.value == nullptr || has_base(writer.value->text);
  }

  /// How somebody is named in a fault of another's.
  [[nodiscard]] std::string name(const Writer& writer, const Writer& told) const {
    std::string name = writer.path.substr(0, writer.path.rfind('.'));
    const bool elsewhere = writer.value != nullptr && writer.document != told.document;
    if (elsewhere) name.append(" in ").append(documents_[writer.document].faults->file());
    return name;
  }

  void refuse(const Writer& writer, const std::string& path, const std::string& owner) const {
    if (writer.value != nullptr) {
      documents_[writer.document].faults->add(
          writer.value->place, writer.path,
          "found '" + writer.value->text + "', expected another: " + owner);
      return;
    }
    // a built-in one can only meet what these name, and which of them is wrong nobody knows
    for (const std::string_view cause :
         {"mqtt.base_topic", "home_assistant.birth_topic", "home_assistant.prefix"}) {
      const Writer by = writer_of(std::string{cause});
      if (by.value == nullptr) continue;
      std::string message = "found '" + by.value->text + "', expected another: it gives ";
      message.append(writer.path).append(" the topic ").append(path).append(", and ").append(owner);
      documents_[by.document].faults->add(by.value->place, by.path, message);
      return;
    }
  }

  const std::vector<TopicDocument>& documents_;
  const Settings& settings_;
  FixedTopics fixed_;
  const TopicBook* readings_;
  const MqttSettings& mqtt_{settings_.mqtt};
  const TopicTemplates& topics_{mqtt_.templates};
  const ClassTopic classes_[7]{{"status", "topic", mqtt_.status, topics_.status},
                               {"status", "meter_topic", mqtt_.status, topics_.meter_status},
                               {"state", "topic", mqtt_.state, topics_.state},
                               {"keys", "topic", mqtt_.keys, topics_.keys},
                               {"raw", "topic", mqtt_.raw, topics_.raw},
                               {"events", "topic", mqtt_.events, topics_.events},
                               {"statistics", "topic", mqtt_.statistics, topics_.statistics}};
  std::map<std::string, Writer, std::less<>> taken_{};
};

}  // namespace

bool names_topics(const TopicDocument& document) {
  return document.root->find_path("mqtt.topics") != nullptr ||
         document.root->find_path("mqtt.messages") != nullptr;
}

void check_topics(const std::vector<TopicDocument>& documents, const Settings& settings,
                  const TopicBook* readings) {
  TopicCheck{documents, settings, readings}.run();
}

}  // namespace p1meter::settings
