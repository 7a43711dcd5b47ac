#include "main/builtins.h"

#include "objects/file/file_kind.h"
#include "objects/s3/s3_kind.h"

namespace dth {

std::unique_ptr<objects::StoreOpener> make_builtin_opener(
    credentials::CredentialResolver& resolver) {
  std::vector<std::unique_ptr<objects::StoreKind>> kinds;
  kinds.push_back(objects::make_s3_kind(resolver));
  kinds.push_back(objects::make_file_kind());
  return objects::make_store_opener(std::move(kinds));
}

}  // namespace dth
