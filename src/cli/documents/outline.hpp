// SPDX-License-Identifier: Apache-2.0
// CLI documents: the command line as plain data, for everything that describes it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <CLI/App.hpp>

namespace p1meter::cli::documents {

/// An option, or an argument that stands for itself.
struct Parameter {
  enum class Path : std::uint8_t { none, file, directory };

  std::vector<std::string> spellings{};  // "-h", "--help"; empty: an argument
  std::string value{};                   // "FILE", "N|max"; empty: a flag
  std::string meaning{};                 // on one line
  std::vector<std::string> choices{};    // words that may be given; others may be possible too
  Path path{Path::none};                 // what the value names
  bool required{};
};

struct Command {
  std::string name{};
  std::string meaning{};               // a sentence
  std::string notes{};                 // paragraphs, line by line; lines that begin with blanks are
                                       // to stay as they are
  std::vector<Parameter> options{};    // without help, which all commands have
  std::vector<Parameter> arguments{};  // in their order
  std::vector<Command> commands{};
};

/// Of a whole program, or of one command of it.
[[nodiscard]] Command outline(CLI::App& app);

}  // namespace p1meter::cli::documents
