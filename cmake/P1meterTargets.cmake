# SPDX-License-Identifier: Apache-2.0
# How targets are made here: one static library per room, so that a forbidden include or call fails to link.

add_library(p1meter_options INTERFACE)
target_compile_features(p1meter_options INTERFACE cxx_std_20)
target_compile_options(p1meter_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-qual
  -Wnon-virtual-dtor -Woverloaded-virtual -Wdouble-promotion -Wformat=2 -Wundef
  $<$<BOOL:${P1METER_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-psabi>)
add_library(p1meter::options ALIAS p1meter_options)

# What every byte of every telegram passes is worth more of the compiler's effort. g++ 12 then warns of its own
# std::string (GCC bug 105651).
set(p1meter_hot_options $<$<NOT:$<CONFIG:Debug>>:-O3>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND p1meter_hot_options -Wno-restrict)
endif()

# p1meter_room(NAME [HOT] [DEPENDS target...])
# A room's library from every .cpp in the current folder. Headers: include/ is public, src/ is for rooms
# that are not part of the pure library. HOT: telegrams pass here, see docs/budget.md.
function(p1meter_room name)
  cmake_parse_arguments(ROOM "HOT" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_library(p1meter_${name} STATIC ${sources})
  add_library(p1meter::${name} ALIAS p1meter_${name})
  set_target_properties(p1meter_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(p1meter_${name} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>" PRIVATE "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(p1meter_${name} PRIVATE "$<BUILD_INTERFACE:p1meter::options>" PUBLIC ${ROOM_DEPENDS})
  if(ROOM_HOT)
    target_compile_options(p1meter_${name} PRIVATE ${p1meter_hot_options})
  endif()
endfunction()

# p1meter_tests(NAME LABEL label [SLOW filter] [LIBS target...])
# A GoogleTest executable from every .cpp in the current folder; each test is a ctest of its own. Tests that the
# GoogleTest filter SLOW matches are labelled "slow-LABEL", so that `ctest --label-exclude slow` leaves them out, and
# begin first.
function(p1meter_tests name)
  cmake_parse_arguments(TESTS "" "LABEL;SLOW" "LIBS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
  # Not __FILE__: a compiler cache may make that relative.
  target_compile_definitions(${name} PRIVATE P1METER_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  # Half of a sanitizer build's time went into optimising the tests themselves.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Debug>:-Og>)
  target_link_libraries(${name} PRIVATE p1meter::options ${TESTS_LIBS} GTest::gtest GTest::gtest_main)
  set(quick)
  if(TESTS_SLOW)
    set(quick TEST_FILTER "-${TESTS_SLOW}")
    gtest_discover_tests(${name} TEST_PREFIX "${name}." TEST_FILTER "${TESTS_SLOW}" DISCOVERY_TIMEOUT 120
      PROPERTIES LABELS slow-${TESTS_LABEL} TIMEOUT 300 COST 100)
  endif()
  gtest_discover_tests(${name} TEST_PREFIX "${name}." ${quick} DISCOVERY_TIMEOUT 120
    PROPERTIES LABELS ${TESTS_LABEL} TIMEOUT 300)
endfunction()
