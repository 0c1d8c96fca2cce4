# SPDX-License-Identifier: Apache-2.0
# Run as a script: writes a .cpp that defines a list of files' names and texts.
# cmake "-DINPUTS=a.yaml;b.yaml" -DOUTPUT=shipped.cpp -DFUNCTION=shipped_layouts
#       -DHEADER=settings/layouts_yaml.hpp -P EmbedTexts.cmake
set(texts "")
foreach(input IN LISTS INPUTS)
  get_filename_component(name "${input}" NAME)
  file(READ "${input}" text)
  string(APPEND texts "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made from the files named below. Do not edit.
#include \"${HEADER}\"
namespace p1meter::settings {
std::vector<EmbeddedText> ${FUNCTION}() {
  return {
${texts}  };
}
}  // namespace p1meter::settings
")
