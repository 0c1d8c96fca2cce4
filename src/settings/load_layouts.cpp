// SPDX-License-Identifier: Apache-2.0
// Settings: the user's layouts of DLMS lists.
#include <utility>

#include "settings/layouts_yaml.hpp"
#include "settings/loading.hpp"

namespace p1meter::settings {

void load_user_layouts(const YamlNode& root, Loading& loading) {
  const std::string& path = loading.settings.layouts_path;
  LayoutsLoaded loaded = path.empty() ? load_default_layouts() : load_layouts(path);
  const YamlNode* written = root.find("layouts");
  for (Fault& fault : loaded.faults) {
    const bool about_the_key = written != nullptr && fault.line == 0 && fault.file == path;
    if (about_the_key) {
      loading.faults.add(written->place, "layouts", path + ' ' + fault.message);
    } else {
      loading.faults.add_elsewhere(std::move(fault));
    }
  }
  for (Fault& warning : loaded.warnings) loading.faults.warn(std::move(warning));
  loading.settings.layouts = std::move(loaded.layouts);
}

}  // namespace p1meter::settings
