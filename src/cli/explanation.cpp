// SPDX-License-Identifier: Apache-2.0
// CLI: p1meter decode --explain.
#include "cli/explanation.hpp"

#include <algorithm>

#include "adapters/console/names.hpp"
#include "adapters/console/outline_tree.hpp"

namespace p1meter::cli {
namespace {

/// "12 bytes from byte 40 on", in the input.
std::string place_text(std::uint64_t begin, std::uint64_t end) {
  return counted(static_cast<std::size_t>(end - begin), "byte") + " from byte " +
         std::to_string(begin) + " on";
}

std::string kind_text(const Frame& frame) {
  if (frame.kind == Frame::Kind::text) return "text";
  return frame.link == Link::none ? "dlms"
                                  : "dlms in " + std::string{console::link_name(frame.link)};
}

}  // namespace

void Explanation::append_between(std::string& out, std::uint64_t end,
                                 std::span<const Dropped> dropped) {
  const std::size_t before = out.size();
  if (end > told_) {
    out += "No telegram: " + place_text(told_, end) + "\n";
    told_ = end;
  }
  for (const Dropped& what : dropped) {
    out += "At byte " + std::to_string(what.stream_offset) +
           " a telegram began and broke off: " + std::string{problem_name(what.code)} + "\n";
  }
  if (out.size() > before) out += '\n';
}

void Explanation::append_telegram(std::string& out, std::uint64_t number, const Frame& frame,
                                  const Telegram& telegram, const MappedTelegram& mapped,
                                  const KeyCatalogue& keys) {
  out += "Telegram " + std::to_string(number) + ": " + kind_text(frame) + ", " +
         place_text(frame.stream_offset, frame.stream_end);
  const std::uint64_t between =
      frame.stream_end - frame.stream_offset -
      std::min<std::uint64_t>(frame.bytes.size(), frame.stream_end - frame.stream_offset);
  if (between > 0) {
    out +=
        ", " + counted(static_cast<std::size_t>(between), "byte") + " between its frames left out";
  }
  out += ", " + console::checks_text(telegram) + "\n";
  console::append_outline(out, explainer_.explain(frame, telegram, mapped, keys), colour_);
  out += '\n';
  told_ = std::max(told_, frame.stream_end);
}

}  // namespace p1meter::cli
