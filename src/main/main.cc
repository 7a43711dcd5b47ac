// The composition root: puts the stores, the plugins and the commands together.
#include <cstdio>
#include <exception>

#include "cli/app.h"
#include "main/builtins.h"
#include "plugins/object_copy/plugin.h"

int main(int argc, char** argv) {
  try {
    auto opener = dth::make_builtin_opener();
    auto object_copy = dth::object_copy::make_object_copy_plugin(*opener);
    return dth::cli::run(argc, argv, *object_copy);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "dth: a bug, please report it: %s\n", problem.what());
    return 1;
  }
}
