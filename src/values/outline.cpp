// SPDX-License-Identifier: Apache-2.0
// Values: how bytes were understood, as a tree for people.
#include "p1meter/values/outline.hpp"

#include <algorithm>
#include <utility>

namespace p1meter {
namespace {

void append_hex(std::string& text, char octet) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto bits = static_cast<unsigned char>(octet);
  text += digits[bits >> 4U];
  text += digits[bits & 0x0FU];
}

/// The index behind a line and all that lies in it.
std::size_t behind(const Outline& outline, std::size_t line) noexcept {
  std::size_t next = line + 1;
  while (next < outline.size() && outline[next].depth > outline[line].depth) ++next;
  return next;
}

/// Whether the lines from `line` to `last` that are one deeper lie in a range one after the other.
bool lie_within(const Outline& outline, std::size_t line, std::size_t last, std::uint64_t begin,
                std::uint64_t end) noexcept {
  while (line < last) {
    const std::uint64_t line_end = std::uint64_t{outline[line].offset} + outline[line].size;
    if (outline[line].offset < begin || line_end > end) return false;
    // A remark may stand anywhere in what it remarks on.
    if (outline[line].size > 0) begin = line_end;
    line = behind(outline, line);
  }
  return true;
}

}  // namespace

void OutlineWriter::take(std::size_t size, std::string text) {
  const auto octets = left().substr(0, size);
  if (octets.empty()) return;
  if (octets.size() < size) text += " (cut off)";
  outline_.push_back({.offset = static_cast<std::uint32_t>(base_ + at_),
                      .size = static_cast<std::uint32_t>(octets.size()),
                      .depth = depth_,
                      .text = std::move(text),
                      .octets = octets});
  at_ += octets.size();
}

void OutlineWriter::pass(std::size_t size) noexcept { at_ += std::min(size, left().size()); }

std::size_t OutlineWriter::open(std::string text) {
  outline_.push_back({.offset = static_cast<std::uint32_t>(base_ + at_),
                      .depth = depth_,
                      .text = std::move(text),
                      .octets = left().substr(0, 0)});
  ++depth_;
  return outline_.size() - 1;
}

void OutlineWriter::close(std::size_t line) noexcept {
  const std::size_t begin = outline_[line].offset - base_;
  outline_[line].octets = octets_.substr(begin, at_ - begin);
  outline_[line].size = static_cast<std::uint32_t>(at_ - begin);
  --depth_;
}

void OutlineWriter::append(Outline lines, std::size_t size) {
  for (OutlineLine& line : lines) {
    line.offset += static_cast<std::uint32_t>(base_ + at_);
    line.depth = static_cast<std::uint16_t>(line.depth + depth_);
    outline_.push_back(std::move(line));
  }
  pass(size);
}

bool is_sound(const Outline& outline, std::size_t size) noexcept {
  std::uint64_t covered = 0;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const OutlineLine& line = outline[i];
    const std::uint64_t end = std::uint64_t{line.offset} + line.size;
    if (end > size) return false;
    if (line.depth == 0 && !line.again && line.size > 0) {
      if (line.offset != covered) return false;
      covered = end;
    }
    if (line.depth > (i == 0 ? 0 : outline[i - 1].depth + 1)) return false;
    if (!lie_within(outline, i + 1, behind(outline, i), line.offset, end)) return false;
  }
  return covered == size;
}

std::size_t line_size(std::string_view text) noexcept {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const auto line_end = text.substr(end);
  if (line_end.starts_with("\r\n")) return end + 2;
  return line_end.empty() ? end : end + 1;
}

std::string outline_hex(std::string_view octets, std::size_t most) {
  std::string text;
  for (const char octet : octets.substr(0, most)) append_hex(text, octet);
  if (octets.size() > most) text += "..";
  return text;
}

std::string outline_text(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7F) {
      shown += c;
    } else {
      shown += "\\x";
      append_hex(shown, c);
    }
  }
  return shown;
}

std::string counted(std::size_t number, std::string_view noun) {
  std::string text = std::to_string(number) + ' ';
  text += noun;
  if (number != 1) text += 's';
  return text;
}

}  // namespace p1meter
