// SPDX-License-Identifier: Apache-2.0
// The program p1meter.
#include <cstdio>
#include <exception>

#include "cli/app.hpp"
#include "cli/exit_codes.hpp"

int main(int argc, char** argv) {
  try {
    return p1meter::cli::run_app(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "p1meter: %s\n", error.what());
    return p1meter::cli::exit_software;
  }
}
