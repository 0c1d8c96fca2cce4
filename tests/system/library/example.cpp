// SPDX-License-Identifier: Apache-2.0
// Reads a telegram with the installed library, and prints an object of it.
#include <cstdio>

#include <p1meter/decoding/decode.hpp>
#include <p1meter/framing/framer.hpp>

int main() {
  p1meter::Framer framer;
  framer.push("noise/ISK5\\2M550T-1012\r\n\r\n1-0:1.8.1(004321.567*kWh)\r\n!\r\n");
  const auto frame = framer.next();
  if (!frame) return 1;
  p1meter::Telegram telegram;
  p1meter::decode_text(frame->bytes.substr(0, frame->body_size), telegram);
  if (telegram.objects.empty()) return 1;
  std::printf("%s\n", p1meter::to_string(telegram.objects.front().obis).c_str());
  return p1meter::to_string(telegram.objects.front().obis) == "1-0:1.8.1" ? 0 : 1;
}
