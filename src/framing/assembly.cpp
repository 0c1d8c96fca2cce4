// SPDX-License-Identifier: Apache-2.0
// Framing: link frames to APDUs.
#include "framing/assembly.hpp"

#include <algorithm>
#include <utility>

namespace p1meter {
namespace {

/// The three bytes that HDLC frames put before an APDU.
/// Source    Green Book 8.3: LLC of a response, of a command
bool has_llc(std::string_view part) noexcept {
  using namespace std::string_view_literals;
  return part.starts_with("\xE6\xE7\0"sv) || part.starts_with("\xE6\xE6\0"sv);
}

std::string_view without_llc(std::string_view part) noexcept {
  return has_llc(part) ? part.substr(3) : part;
}

bool is_block(std::string_view apdu) noexcept { return apdu.starts_with(apdu_tag::block_transfer); }

/// general-block-transfer: tag, control, block number, number acknowledged, length, block.
struct Block {
  bool last{};
  std::uint16_t number{};
  std::size_t begin{};
  std::size_t size{};
};

std::optional<Block> read_block(std::string_view apdu) noexcept {
  constexpr std::size_t length_at = 6;
  if (apdu.size() <= length_at) return std::nullopt;
  const AxdrLength length = read_axdr_length(apdu.substr(length_at));
  const auto number = static_cast<std::uint16_t>(octet(apdu, 2) << 8 | octet(apdu, 3));
  if (!length.is_within(apdu.size() - length_at) || number == 0) return std::nullopt;
  const std::size_t begin = length_at + length.size;
  if (length.value > apdu.size() - begin) return std::nullopt;
  return Block{(octet(apdu, 1) & 0x80U) != 0, number, begin, length.value};
}

Problem problem_of(const LinkFrame& link, std::size_t base, std::string_view bytes) noexcept {
  return {.code = *link.fault,
          .offset = static_cast<std::uint32_t>(base + link.fault_at),
          .obis = std::nullopt,
          .text = bytes.substr(link.fault_at, 0)};
}

}  // namespace

void Assembly::Joined::clear() noexcept {
  bytes.clear();
  pieces.clear();
}

void Assembly::Joined::append(std::string_view part, std::uint32_t frame_offset) {
  pieces.push_back({static_cast<std::uint32_t>(bytes.size()), frame_offset});
  bytes.insert(bytes.end(), part.begin(), part.end());
}

void Assembly::Joined::append(const Joined& other, std::size_t begin, std::size_t size) {
  const std::size_t end = begin + size;
  for (std::size_t i = 0; i < other.pieces.size(); ++i) {
    const std::size_t first = other.pieces[i].apdu_offset;
    const bool is_last = i + 1 == other.pieces.size();
    const std::size_t behind = is_last ? other.bytes.size() : other.pieces[i + 1].apdu_offset;
    if (behind <= begin || first >= end) continue;
    const std::size_t from = std::max(first, begin);
    append(other.view().substr(from, std::min(behind, end) - from),
           other.pieces[i].frame_offset + static_cast<std::uint32_t>(from - first));
  }
}

std::optional<Frame> Assembly::add(const LinkFrame& link, std::string_view bytes,
                                   std::uint64_t stream_offset) {
  if (std::exchange(finished_, false)) forget();
  auto part = bytes.substr(link.part_begin, link.part_end - link.part_begin);
  if (part.empty() && !link.fault && !link.cut) return std::nullopt;  // it only keeps the link up
  if (pending() && (link.cut || link.link != link_)) give_up();
  if (!expects(link) || breaks_off_segments(link, part, stream_offset)) {
    give_up();
    if (link.number != 0) {
      dropped_ = Dropped{ProblemCode::part_missing, stream_offset};
      return std::nullopt;
    }
  }
  if (link.link == Link::hdlc && unit_.empty()) part = without_llc(part);
  if (!pending() && link.last && !is_block(part)) {
    Frame frame;
    frame.kind = Frame::Kind::apdu;
    frame.link = link.link;
    frame.bytes = bytes;
    frame.apdu = part;
    single_ = {0, static_cast<std::uint32_t>(part.data() - bytes.data())};
    frame.pieces = {&single_, 1};
    frame.integrity = link.link == Link::none ? Integrity::absent : Integrity::ok;
    if (link.fault || link.cut) frame.integrity = Integrity::bad;
    if (link.fault) frame.fault = problem_of(link, 0, bytes);
    frame.ended = !link.cut;
    frame.stream_offset = stream_offset;
    frame.stream_end = stream_offset + bytes.size();
    return frame;
  }
  keep(link, bytes, part, stream_offset);
  if (raw_.size() > size_limit_) {
    oversized_ = true;
    forget();
    return std::nullopt;
  }
  if (!link.last) return std::nullopt;
  if (is_block(unit_.view())) return take_block();
  if (!blocks_.empty()) drop_blocks();  // something else came between: they are lost, it is not
  finished_ = true;
  return joined(unit_);
}

/// M-Bus numbers its parts; HDLC has only their order.
bool Assembly::expects(const LinkFrame& link) const noexcept {
  return link.link != Link::mbus || link.number == (parts_ & 0x0FU);
}

/// Segments have no numbers: what is missing shows by the bytes that lie between, or by the next
/// APDU's beginning.
bool Assembly::breaks_off_segments(const LinkFrame& link, std::string_view part,
                                   std::uint64_t stream_offset) const noexcept {
  constexpr std::uint64_t shortest_frame = 9;
  if (link.link != Link::hdlc || unit_.empty()) return false;
  return has_llc(part) || stream_offset >= stream_end_ + shortest_frame;
}

void Assembly::keep(const LinkFrame& link, std::string_view bytes, std::string_view part,
                    std::uint64_t stream_offset) {
  if (!pending()) {
    raw_.clear();
    fault_.reset();
    stream_offset_ = stream_offset;
  }
  link_ = link.link;
  const std::size_t base = raw_.size();
  if (unit_.empty()) {
    unit_at_ = static_cast<std::uint32_t>(base);
    unit_offset_ = stream_offset;
    unit_fault_.reset();
  }
  raw_.insert(raw_.end(), bytes.begin(), bytes.end());
  stream_end_ = stream_offset + bytes.size();
  const auto within = static_cast<std::size_t>(part.data() - bytes.data());
  unit_.append(part, static_cast<std::uint32_t>(base + within));
  ++parts_;
  if (link.fault && !unit_fault_) {
    unit_fault_ = problem_of(link, base, bytes);
    unit_fault_->text = {};
    if (!fault_) fault_ = unit_fault_;
  }
}

/// The unit is a block: it joins those before it.
std::optional<Frame> Assembly::take_block() {
  const auto block = read_block(unit_.view());
  const bool first = block && block->number == 1;
  if (!block || (!first && block->number != block_ + 1)) {
    give_up(block ? ProblemCode::part_missing : ProblemCode::part_malformed);
    return std::nullopt;
  }
  if (first && !blocks_.empty()) drop_blocks();
  blocks_.append(unit_, block->begin, block->size);
  block_ = block->number;
  unit_.clear();
  parts_ = 0;
  if (!block->last) return std::nullopt;
  finished_ = true;
  return joined(blocks_);
}

/// The set of blocks that the newest unit does not belong to.
void Assembly::drop_blocks() {
  dropped_ = Dropped{ProblemCode::part_missing, stream_offset_};
  blocks_.clear();
  raw_.erase(raw_.begin(), raw_.begin() + unit_at_);
  for (Piece& piece : unit_.pieces) piece.frame_offset -= unit_at_;
  fault_ = unit_fault_;
  if (fault_) fault_->offset -= unit_at_;
  unit_at_ = 0;
  stream_offset_ = unit_offset_;
}

Frame Assembly::joined(const Joined& apdu) const {
  Frame frame;
  frame.kind = Frame::Kind::apdu;
  frame.link = link_;
  frame.bytes = {raw_.data(), raw_.size()};
  frame.apdu = apdu.view();
  frame.pieces = apdu.pieces;
  frame.fault = fault_;
  frame.integrity = fault_ ? Integrity::bad : Integrity::ok;
  frame.stream_offset = stream_offset_;
  frame.stream_end = stream_end_;
  return frame;
}

std::optional<Frame> Assembly::unfinished() const {
  if (!pending()) return std::nullopt;
  Frame frame = joined({});
  frame.apdu = {};
  frame.pieces = {};
  frame.ended = false;
  frame.integrity = Integrity::bad;
  return frame;
}

void Assembly::give_up(ProblemCode code) {
  if (pending()) dropped_ = Dropped{code, stream_offset_};
  forget();
}

void Assembly::forget() noexcept {
  unit_.clear();
  blocks_.clear();
  parts_ = 0;
  block_ = 0;
  finished_ = false;
}

std::optional<Dropped> Assembly::take_dropped() noexcept {
  return std::exchange(dropped_, std::nullopt);
}

bool Assembly::take_oversized() noexcept { return std::exchange(oversized_, false); }

}  // namespace p1meter
