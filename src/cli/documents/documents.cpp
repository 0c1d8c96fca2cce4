// SPDX-License-Identifier: Apache-2.0
// CLI documents: all files that are made from the program.
#include "cli/documents/documents.hpp"

#include "cli/app.hpp"
#include "cli/documents/completions.hpp"
#include "cli/documents/manual_pages.hpp"
#include "cli/documents/outline.hpp"

namespace p1meter::cli::documents {

std::vector<Document> all_documents() {
  Context context;
  const Command program = outline(*make_app(context));
  return {
      {"docs/man/p1meter.1", command_page(program, P1METER_VERSION)},
      {"docs/man/p1meter.yaml.5", configuration_page(P1METER_VERSION)},
      {"packaging/completions/p1meter.bash", bash_completion(program)},
      {"packaging/completions/_p1meter", zsh_completion(program)},
      {"packaging/completions/p1meter.fish", fish_completion(program)},
  };
}

}  // namespace p1meter::cli::documents
