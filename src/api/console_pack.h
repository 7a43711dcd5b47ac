#pragma once

#include <span>
#include <string_view>

namespace dth::api {

// One file of the console's build, as the program holds it.
struct ConsoleFile {
  std::string_view path;  // "assets/app-3f9ac2d1.js", "index.html.br"
  std::string_view content;
};

// The console that was built into the program, with its compressed variants; empty where the
// program was built without one (DTH_CONSOLE=OFF, or npm was missing).
std::span<const ConsoleFile> embedded_console();

}  // namespace dth::api
