include(GoogleTest)

# sockscope_test(<name> LABEL <label> SOURCES <source>... LIBS <target>...)
#
# Defines a GoogleTest program and registers each of its tests under <label>:
#   unit         needs no privilege and no particular machine;
#   integration  traces for real; a test that cannot calls GTEST_SKIP() and counts as skipped, never as passed;
#   benchmark    runs what measures.
# The last two run alone, because other tests beside them would show in what they measure.
#
# Those of one label can be built by the target <label>_tests. What nearly every test includes is compiled once, since it
# takes longer than the tests themselves.
add_library(sockscope_test_prelude OBJECT ${CMAKE_CURRENT_LIST_DIR}/test_prelude.cc)
target_link_libraries(sockscope_test_prelude PRIVATE GTest::gmock fmt::fmt)
target_precompile_headers(sockscope_test_prelude PRIVATE <gmock/gmock.h> <gtest/gtest.h> <fmt/format.h> <string> <vector>)

function(sockscope_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL" "SOURCES;LIBS")
  set(labels unit integration benchmark)
  if(NOT arg_LABEL IN_LIST labels)
    message(FATAL_ERROR "sockscope_test(${name}): LABEL is one of ${labels}, not '${arg_LABEL}'")
  endif()
  set(runs_alone TRUE)
  if(arg_LABEL STREQUAL "unit")
    set(runs_alone FALSE)
  endif()

  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM sockscope_test_prelude)
  if(NOT TARGET ${arg_LABEL}_tests)
    add_custom_target(${arg_LABEL}_tests)
  endif()
  add_dependencies(${arg_LABEL}_tests ${name})
  # A sanitizer's program on a loaded machine takes longer than the default 5 s to list its tests.
  gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${arg_LABEL} RUN_SERIAL ${runs_alone} TIMEOUT 300)
endfunction()
