#pragma once

#include "control/vault/hub_credentials.h"
#include "engine/plugin.h"
#include "objects/store_opener.h"

namespace dth::cli {

// The program's commands. Returns the exit code: 0 everything verified, 1 could not run, 2 usage, 5
// finished with failed items, 130 interrupted.
//
// `credentials` is what the opener finds credentials in: commands that open a vault attach it
// there.
int run(int argc, char** argv, engine::Plugin& object_copy, objects::StoreOpener& opener,
        control::HubCredentials& credentials);

}  // namespace dth::cli
