#pragma once

#include <string>

#include "cli/database.h"

// `dth database …`: what can be done with a state as a whole. All return the exit code.
namespace dth::cli {

// Prints which schema it has, and which this program makes.
int run_database_status(const DatabaseFlags& flags);
// Makes it where it is missing, and brings it up to date.
int run_database_migrate(const DatabaseFlags& flags);
int run_database_backup(const DatabaseFlags& flags, const std::string& file);
int run_database_restore(const DatabaseFlags& flags, const std::string& file);
// From one database into another, which has no runs.
int run_database_copy(const DatabaseFlags& from, const DatabaseFlags& to);

}  // namespace dth::cli
