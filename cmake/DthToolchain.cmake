# Compiler, warnings, sanitizers, dependencies. Everything here comes from Debian packages (docs/dependencies.md).
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
option(DTH_TESTS "Build the tests" ON)
set(DTH_SANITIZE "" CACHE STRING "Sanitizers, as given to -fsanitize=")
option(DTH_JEMALLOC "Allocate with jemalloc; not together with a sanitizer" OFF)
option(DTH_UNITY "Compile the sources of a module eight at a time: for a build of everything, as ./test makes it" OFF)
option(DTH_LIBFUZZER "Make the fuzz targets libFuzzer programs; needs clang" OFF)

find_program(DTH_CCACHE ccache)
if(DTH_CCACHE)
  # Precompiled headers carry time stamps of their sources; ccache must not mistrust them.
  set(DTH_CCACHE_ENVIRONMENT CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_NOHASHDIR=1 "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}")
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env ${DTH_CCACHE_ENVIRONMENT} ${DTH_CCACHE})
endif()

add_library(dth_compile_options INTERFACE)
target_compile_features(dth_compile_options INTERFACE cxx_std_20)
target_include_directories(dth_compile_options INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_compile_options(dth_compile_options INTERFACE -Wall -Wextra -Werror -Wnon-virtual-dtor -Woverloaded-virtual
                       -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # A source full of coroutines makes the compiler collect garbage for a tenth of its time; it needs some 700 MB at most without.
  target_compile_options(dth_compile_options INTERFACE "SHELL:--param ggc-min-heapsize=4000000")
  # g++ 12 gives false alarms of these two in coroutines and std::string at -O2.
  target_compile_options(dth_compile_options INTERFACE -fpch-preprocess -Wno-restrict -Wno-maybe-uninitialized
                         -Wno-dangling-pointer -Wno-mismatched-new-delete
                         $<$<CONFIG:RelWithDebInfo>:-Wno-array-bounds> $<$<CONFIG:RelWithDebInfo>:-Wno-stringop-overflow>
                         $<$<CONFIG:RelWithDebInfo>:-Wno-stringop-overread>)
endif()
# Without its aligned allocation, Asio takes the memory of coroutines from operator new: glibc keeps no cache for
# aligned_alloc(), and that was a tenth of the cost of a small object.
target_compile_definitions(dth_compile_options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
                           BOOST_ASIO_HAS_STD_INVOKE_RESULT BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC
                           BOOST_ASIO_DISABLE_BOOST_ALIGN SPDLOG_FMT_EXTERNAL SPDLOG_COMPILED_LIB)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # clang 14 has coroutines, but does not tell libstdc++ of it.
  target_compile_definitions(dth_compile_options INTERFACE __cpp_impl_coroutine=201902L)
endif()
if(DTH_LIBFUZZER)
  target_compile_options(dth_compile_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(DTH_SANITIZE)
  target_compile_options(dth_compile_options INTERFACE -fsanitize=${DTH_SANITIZE})
  target_link_options(dth_compile_options INTERFACE -fsanitize=${DTH_SANITIZE})
  if(DTH_SANITIZE MATCHES "thread")
    # ThreadSanitizer does not know atomic_thread_fence, which Asio uses beside other synchronization.
    target_compile_options(dth_compile_options INTERFACE -Wno-tsan -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
  if(DTH_SANITIZE MATCHES "undefined")
    target_compile_options(dth_compile_options INTERFACE -fno-sanitize-recover=undefined)
    if(NOT DTH_LIBFUZZER)
      # These three are 45 % of what the compiler takes for a source full of coroutines. AddressSanitizer stops at a null pointer as
      # well, and the fuzz targets check all of them.
      target_compile_options(dth_compile_options INTERFACE -fno-sanitize=null,alignment,vptr)
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
      # What it puts before each function has no place before the pieces that clang 14 splits coroutines into.
      target_compile_options(dth_compile_options INTERFACE -fno-sanitize=function)
    endif()
  endif()
endif()

find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(CLI11 REQUIRED)
find_package(absl REQUIRED)
find_library(DTH_SPDLOG spdlog REQUIRED)
find_library(DTH_FMT fmt REQUIRED)
find_path(DTH_PUGIXML_INCLUDE pugixml.hpp REQUIRED)
find_library(DTH_PUGIXML pugixml REQUIRED)
find_path(DTH_ZSTD_INCLUDE zstd.h REQUIRED)
find_library(DTH_ZSTD zstd REQUIRED)
find_path(DTH_RE2_INCLUDE re2/re2.h REQUIRED)
find_library(DTH_RE2 re2 REQUIRED)
find_path(DTH_SODIUM_INCLUDE sodium.h REQUIRED)
find_library(DTH_SODIUM sodium REQUIRED)
find_path(DTH_UTF8PROC_INCLUDE utf8proc.h REQUIRED)
find_library(DTH_UTF8PROC utf8proc REQUIRED)
if(DTH_JEMALLOC)
  if(DTH_SANITIZE)
    message(FATAL_ERROR "DTH_JEMALLOC and DTH_SANITIZE both take the place of malloc: choose one")
  endif()
  find_library(DTH_JEMALLOC_LIBRARY jemalloc REQUIRED)
endif()
find_path(DTH_YAML_CPP_INCLUDE yaml-cpp/yaml.h REQUIRED)
find_library(DTH_YAML_CPP yaml-cpp REQUIRED)
find_path(DTH_PROMETHEUS_INCLUDE prometheus/registry.h REQUIRED)
find_library(DTH_PROMETHEUS prometheus-cpp-core REQUIRED)
if(DTH_TESTS)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()
