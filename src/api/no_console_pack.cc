#include "api/console_pack.h"

namespace dth::api {

std::span<const ConsoleFile> embedded_console() { return {}; }

}  // namespace dth::api
