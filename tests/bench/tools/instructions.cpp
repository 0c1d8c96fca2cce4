// SPDX-License-Identifier: Apache-2.0
// Benchmark tools: framing, integrity and full decode of one telegram, deciphered where need be, so
// many times; for callgrind, which counts instructions. The difference of two counts leaves out
// everything but the decoding.

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "bench/simulated_frame.hpp"
#include "p1meter/framing/framer.hpp"
#include "p1meter/pipeline/frame_reader.hpp"
#include "settings/settings.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: instructions PROFILE COUNT\n";
    return 64;
  }
  const std::string bytes = p1meter::bench::simulated_frame(argv[1]);
  const auto count = std::strtoul(argv[2], nullptr, 10);

  p1meter::Framer framer;
  p1meter::FrameReader reader{
      std::make_shared<const p1meter::ListLayouts>(p1meter::settings::make_list_layouts()),
      p1meter::bench::simulated_keys(argv[1])};
  p1meter::Telegram telegram;
  std::uint64_t objects{};
  for (unsigned long round = 0; round < count; ++round) {
    framer.push(bytes);
    while (const auto frame = framer.next()) {
      reader.read(*frame, telegram);
      if (telegram.integrity != p1meter::Integrity::ok) {
        std::cerr << "the telegram was not believed\n";
        return 1;
      }
      objects += telegram.objects.size();
    }
  }
  std::cout << "bytes " << bytes.size() << " objects " << objects << '\n';
  return 0;
}
