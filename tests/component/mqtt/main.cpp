// SPDX-License-Identifier: Apache-2.0
// Tests of the MQTT adapter: the program. With --publish-to PORT it is a publisher that a test
// kills.
#include <cstdlib>
#include <gtest/gtest.h>
#include <string_view>

#include "publisher_fixture.hpp"

namespace {

int publish_until_killed(std::uint16_t port) {
  using namespace std::chrono_literals;
  p1meter::test::TestPublisher publisher{p1meter::test::TestPublisher::at(port)};
  publisher.meter().set("power_import", "193");
  publisher.meter().go_online(true);
  publisher.start();
  static_cast<void>(publisher.eventually([] { return false; }, 60s));
  return EXIT_FAILURE;  // nobody killed it
}

}  // namespace

int main(int count, char** arguments) {
  if (count == 3 && std::string_view{arguments[1]} == "--publish-to")
    return publish_until_killed(static_cast<std::uint16_t>(std::atoi(arguments[2])));
  testing::InitGoogleTest(&count, arguments);
  return RUN_ALL_TESTS();
}
