// SPDX-License-Identifier: Apache-2.0
// Fuzzing: streams of wired M-Bus frames.
#include <numeric>

#include "link_stream.hpp"

namespace {

/// Writes the sum of whatever begins and ends as a long frame, one behind the other.
void seal_mbus(char* bytes, std::size_t size) {
  constexpr std::size_t start_size = 4;
  for (std::size_t at = 0; at + start_size < size; ++at) {
    if (bytes[at] != '\x68' || bytes[at + 3] != '\x68' || bytes[at + 1] != bytes[at + 2]) continue;
    for (const std::size_t carry : {0U, 256U}) {
      const std::size_t body = at + start_size;
      const std::size_t end = body + static_cast<unsigned char>(bytes[at + 1]) + carry;
      if (end + 1 >= size || bytes[end + 1] != '\x16') continue;
      const unsigned sum = std::accumulate(bytes + body, bytes + end, 0U, [](unsigned all, char c) {
        return all + static_cast<unsigned char>(c);
      });
      bytes[end] = static_cast<char>(sum & 0xFFU);
      at = end + 1;
      break;
    }
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t room, unsigned seed) {
  return p1meter::test::mutate_link_stream(data, size, room, seed, seal_mbus);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  p1meter::test::check_link_stream(data, size);
  return 0;
}
