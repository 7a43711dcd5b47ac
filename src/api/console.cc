#include "api/console.h"

namespace dth::api {
namespace {

// No script, style or font but the hub's own, and no string ever becomes a script.
constexpr const char* content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

}  // namespace

Result<std::shared_ptr<const net::StaticAssets>> make_console(std::span<const ConsoleFile> files) {
  if (files.empty()) return std::shared_ptr<const net::StaticAssets>();
  std::vector<net::StaticFile> assets;
  assets.reserve(files.size());
  for (const ConsoleFile& file : files)
    assets.push_back({std::string(file.path), std::string(file.content)});
  net::StaticAssetsOptions options;
  options.index_for_unknown = true;
  options.content_security_policy = content_security_policy;
  auto made = net::StaticAssets::make(std::move(assets), std::move(options));
  if (made.has_error()) return std::move(made.error()).with_context("the embedded console");
  return made;
}

net::ServerResponse no_console_page(const std::string& version) {
  net::ServerResponse answer;
  answer.headers.add("Content-Type", "text/html; charset=utf-8");
  answer.body =
      R"(<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Data Transfer Hub</title><meta name="viewport" content="width=device-width"></head>
<body>
<h1>Data Transfer Hub</h1>
<p>Version )" +
      version +
      R"(. This build has no web console: npm was missing when it was built, or DTH_CONSOLE was OFF. The API works.</p>
<ul>
<li>GraphQL: POST /graphql, WebSocket /graphql (graphql-transport-ws), server-sent events /graphql/stream</li>
<li><a href="/readyz?verbose">/readyz?verbose</a> shows whether the hub can work.</li>
<li><a href="/healthz">/healthz</a>, <a href="/version">/version</a>, <a href="/metrics">/metrics</a></li>
</ul>
</body>
</html>
)";
  return answer;
}

}  // namespace dth::api
