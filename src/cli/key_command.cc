#include "cli/key_command.h"

#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/paths.h"

namespace dth::cli {
namespace {

int print(const Result<PublicKey>& key, bool pem) {
  if (key.has_error()) return print_error(key.error());
  put(pem ? key->pem() : key->hex() + "\n");
  return 0;
}

}  // namespace

int run_key_show(bool pem) {
  auto keys = signing_keys();
  if (keys.has_error()) return print_error(keys.error());
  auto key = keys->load_or_create();
  return print(
      key.has_error() ? Result<PublicKey>(key.error()) : Result<PublicKey>(key->public_key()), pem);
}

int run_key_rotate(bool pem) {
  auto keys = signing_keys();
  if (keys.has_error()) return print_error(keys.error());
  return print(keys->rotate(), pem);
}

}  // namespace dth::cli
