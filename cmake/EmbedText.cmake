# SPDX-License-Identifier: Apache-2.0
# Run as a script: writes a .cpp that defines a string_view with a file's text.
# cmake -DINPUT=config/obis.yaml -DOUTPUT=shipped.cpp -DFUNCTION=shipped_obis_yaml -P EmbedText.cmake
file(READ "${INPUT}" text)
file(WRITE "${OUTPUT}" "// Made from ${INPUT}. Do not edit.
#include <string_view>
namespace p1meter::settings {
std::string_view ${FUNCTION}() noexcept;
std::string_view ${FUNCTION}() noexcept {
  return R\"embedded(${text})embedded\";
}
}  // namespace p1meter::settings
")
