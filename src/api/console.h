#pragma once

#include "api/console_pack.h"
#include "net/server/static_assets.h"

namespace dth::api {

// What serves the web console at / and at its pages' addresses (/runs/run_...), with its
// Content-Security-Policy. Null where there are no files. internal where they are no console: a
// bug of the build.
Result<std::shared_ptr<const net::StaticAssets>> make_console(std::span<const ConsoleFile> files);

// The page at / of a program without a console: it says so, and where the API is.
net::ServerResponse no_console_page(const std::string& version);

}  // namespace dth::api
