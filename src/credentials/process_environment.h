#pragma once

#include <string>

#include "cloud/aws/credentials.h"

namespace dth::credentials {

// All variables of this process. The composition root and the command line take them once and hand
// them down; no module below reads the environment itself (tools/tidy.py checks). They may hold
// secrets.
aws::Environment process_environment();

// Where temporary files go: TMPDIR, else /var/tmp.
std::string temporary_directory(const aws::Environment& environment);

}  // namespace dth::credentials
