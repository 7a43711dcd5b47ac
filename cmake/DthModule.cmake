set(DTH_TEST_OPTIONS $<$<CONFIG:Debug>:-O0>)

# dth_module(NAME SOURCES a.cc ... [DEPENDS module ...] [LINK library ...] [TESTS a_test.cc ...] [TEST_DEPENDS module ...]
#            [TEST_LINK library ...])
#
# Declares the library dth_NAME and, with tests on, the test program NAME_test. Everything is listed: no globs.
function(dth_module name)
  cmake_parse_arguments(M "" "" "SOURCES;DEPENDS;LINK;TESTS;TEST_DEPENDS;TEST_LINK" ${ARGN})
  set(library dth_${name})
  add_library(${library} STATIC ${M_SOURCES})
  list(TRANSFORM M_DEPENDS PREPEND dth_)
  list(TRANSFORM M_TEST_DEPENDS PREPEND dth_)
  target_link_libraries(${library} PUBLIC dth_compile_options ${M_DEPENDS} ${M_LINK})
  dth_precompile(${library})
  if(DTH_UNITY)
    set_target_properties(${library} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    # Structs that hide what a header only names hold types of their source's own.
    target_compile_options(${library} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
  if(DTH_TESTS AND M_TESTS)
    dth_test(${name}_test SOURCES ${M_TESTS} LINK ${library} ${M_TEST_DEPENDS} ${M_TEST_LINK})
  endif()
endfunction()

# dth_test(NAME SOURCES a_test.cc ... LINK target ... [LABELS label ...] [TIMEOUT seconds] [COST seconds])
#
# COST: what each of its tests takes, roughly. The longest begin first.
function(dth_test name)
  cmake_parse_arguments(T "" "TIMEOUT;COST" "SOURCES;LINK;LABELS" ${ARGN})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 120)
  endif()
  if(NOT T_COST)
    set(T_COST 0)
  endif()
  if(NOT T_LABELS)
    set(T_LABELS unit)
  endif()
  add_executable(${name} ${T_SOURCES})
  target_link_libraries(${name} PRIVATE ${T_LINK} GTest::gtest_main)
  dth_precompile_test(${name})
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${name}." PROPERTIES LABELS "${T_LABELS}"
                       TIMEOUT ${T_TIMEOUT} COST ${T_COST})
endfunction()

# One precompiled header serves every target: it is built once, with dth_base.
function(dth_precompile target)
  if(target STREQUAL "dth_base")
    target_precompile_headers(dth_base PRIVATE "${CMAKE_SOURCE_DIR}/cmake/precompiled.h")
  else()
    target_precompile_headers(${target} REUSE_FROM dth_base)
  endif()
endfunction()

# What tests share: their precompiled header with the framework, built once, and what drives their coroutines. Tests are compiled without
# optimization: it takes half of the time to compile them otherwise.
function(dth_test_support)
  if(TARGET dth_test_support)
    return()
  endif()
  add_library(dth_test_support STATIC "${CMAKE_SOURCE_DIR}/src/base/testing/run_for_test.cc")
  target_link_libraries(dth_test_support PUBLIC dth_base GTest::gtest GTest::gmock)
  target_compile_options(dth_test_support PRIVATE ${DTH_TEST_OPTIONS})
  target_precompile_headers(dth_test_support PRIVATE "${CMAKE_SOURCE_DIR}/cmake/precompiled.h"
                            "${CMAKE_SOURCE_DIR}/cmake/precompiled_test.h")
endfunction()

# Of a program or a library of tests.
function(dth_precompile_test target)
  dth_test_support()
  target_link_libraries(${target} PRIVATE dth_test_support)
  target_compile_options(${target} PRIVATE ${DTH_TEST_OPTIONS})
  target_precompile_headers(${target} REUSE_FROM dth_test_support)
endfunction()
