# The web console in the program: AUTO builds it where npm is there, ON requires npm, OFF leaves it out.
set(DTH_CONSOLE AUTO CACHE STRING "Build the web console into dth: AUTO, ON or OFF")
set_property(CACHE DTH_CONSOLE PROPERTY STRINGS AUTO ON OFF)

# dth_console_pack(VARIABLE): the C++ source that holds the console, built by tools/build_console.sh. That script keeps what it built by
# the content of console/, so that several build trees, and runs of ./test, pay once.
function(dth_console_pack variable)
  find_program(DTH_NPM npm)
  if(DTH_CONSOLE STREQUAL "ON" AND NOT DTH_NPM)
    message(FATAL_ERROR "DTH_CONSOLE is ON and npm is missing: tools/install_packages.sh console installs it, or set DTH_CONSOLE=OFF")
  endif()
  if(DTH_CONSOLE STREQUAL "OFF" OR NOT DTH_NPM)
    if(NOT DTH_CONSOLE STREQUAL "OFF")
      message(WARNING "npm is missing: dth is built without its web console. tools/install_packages.sh console installs it.")
    endif()
    set(${variable} no_console_pack.cc PARENT_SCOPE)
    return()
  endif()
  set(source "${CMAKE_SOURCE_DIR}/console")
  file(GLOB_RECURSE inputs CONFIGURE_DEPENDS "${source}/src/*" "${source}/public/*" "${source}/scripts/*")
  list(FILTER inputs EXCLUDE REGEX "/generated_style/|_test\\.")
  set(out "${CMAKE_CURRENT_BINARY_DIR}/console")
  add_custom_command(OUTPUT "${out}/console_pack.cc" "${out}/console_pack.bin"
    COMMAND "${CMAKE_SOURCE_DIR}/tools/build_console.sh" "${out}"
    DEPENDS ${inputs} "${source}/index.html" "${source}/vite.config.ts" "${source}/package.json" "${source}/package-lock.json"
            "${CMAKE_SOURCE_DIR}/tools/build_console.sh"
    COMMENT "Building the web console" VERBATIM)
  set_source_files_properties("${out}/console_pack.cc" PROPERTIES
    COMPILE_DEFINITIONS "DTH_CONSOLE_PACK=\"${out}/console_pack.bin\"" OBJECT_DEPENDS "${out}/console_pack.bin"
    SKIP_UNITY_BUILD_INCLUSION ON SKIP_PRECOMPILE_HEADERS ON)
  set(${variable} "${out}/console_pack.cc" PARENT_SCOPE)
endfunction()
