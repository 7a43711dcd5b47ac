#pragma once

#include <string>
#include <vector>

#include "cloud/aws/credentials.h"
#include "options/option.h"

namespace dth::cli {

// Puts the place for ledgers that DTH_LEDGER names, and the endpoints that AWS's environment
// variables and profiles name, into the spec of a new run, for each side on S3 whose endpoint is
// not given by hand. They become the run's own: it goes to
// the same store whenever it is taken up again, whatever the environment is then. Returns a note
// for each one found. Errors: those of aws::configured_endpoint_url(). Blocks.
Result<std::vector<std::string>> take_configured_endpoints(options::Values* spec,
                                                           const aws::Environment& environment);

}  // namespace dth::cli
