#pragma once

#include <string>

// `dth key …`: the key that this machine signs its ledgers with. Both return the exit code.
namespace dth::cli {

// Prints the public key, which may be given to anybody; makes the key where there is none yet.
int run_key_show(bool pem);

// Makes a new key and prints its public half. The old one is remembered, so that its ledgers are
// known to be own ones.
int run_key_rotate(bool pem);

}  // namespace dth::cli
