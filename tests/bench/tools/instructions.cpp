// SPDX-License-Identifier: Apache-2.0
// Benchmark tools: integrity and full decode of one telegram, so many times; for callgrind, which
// counts instructions. The difference of two counts leaves out everything but the decoding.

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "adapters/simulator/simulator.hpp"
#include "p1meter/decoding/decode.hpp"
#include "p1meter/framing/framer.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: instructions PROFILE COUNT\n";
    return 64;
  }
  p1meter::SimulatorOptions options;
  options.profile = argv[1];
  options.start = p1meter::Instant{std::chrono::seconds{1'704'067'200}};
  const std::string text{p1meter::Simulator{options}.next()};
  const auto count = std::strtoul(argv[2], nullptr, 10);

  p1meter::Framer framer;
  p1meter::Telegram telegram;
  std::uint64_t objects{};
  for (unsigned long round = 0; round < count; ++round) {
    framer.push(text);
    while (const auto frame = framer.next()) {
      if (frame->integrity != p1meter::Integrity::ok) {
        std::cerr << "the telegram was not believed\n";
        return 1;
      }
      p1meter::decode_text(frame->bytes.substr(0, frame->body_size), telegram);
      objects += telegram.objects.size();
    }
  }
  std::cout << "bytes " << text.size() << " objects " << objects << '\n';
  return 0;
}
