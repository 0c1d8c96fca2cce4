# SPDX-License-Identifier: Apache-2.0
# The pure library for others: find_package(p1meter), or pkg-config p1meter. One archive per room.
include(CMakePackageConfigHelpers)

set(rooms pipeline limiting mapping decoding framing links values)  # users before what they use: the order of a link
foreach(room IN LISTS rooms)
  set_target_properties(p1meter_${room} PROPERTIES EXPORT_NAME ${room})
  list(APPEND p1meter_room_targets p1meter_${room})
endforeach()
add_library(p1meter_core INTERFACE)
set_target_properties(p1meter_core PROPERTIES EXPORT_NAME core)
target_link_libraries(p1meter_core INTERFACE p1meter::pipeline p1meter::links)

install(TARGETS p1meter_core ${p1meter_room_targets} EXPORT p1meter ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/p1meter" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/p1meter")
install(EXPORT p1meter NAMESPACE p1meter:: FILE p1meterTargets.cmake DESTINATION "${package_dir}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/p1meterConfig.cmake.in" "${PROJECT_BINARY_DIR}/p1meterConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/p1meterConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/p1meterConfig.cmake" "${PROJECT_BINARY_DIR}/p1meterConfigVersion.cmake"
  DESTINATION "${package_dir}")

list(TRANSFORM rooms PREPEND "-lp1meter_" OUTPUT_VARIABLE p1meter_archives)
list(JOIN p1meter_archives " " p1meter_archives)
configure_file("${CMAKE_CURRENT_LIST_DIR}/p1meter.pc.in" "${PROJECT_BINARY_DIR}/p1meter.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/p1meter.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
