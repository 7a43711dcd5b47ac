#pragma once

#include "net/server/answer_head.h"
#include "net/server/router.h"
#include "net/server/server_tls.h"

namespace dth::net {

// What all connections of a server share. On its thread.
struct ServerCore {
  Executor executor;
  ServerOptions options;  // without the routes: they are in `router`
  Router router;
  AnswerHeads heads;
  std::shared_ptr<ServerTlsContext> tls =
      {};  // for new connections; null where the server is plain
  bool stopping = false;
  SystemClock clock = {};

  void tell_problem(std::string_view message) const {
    if (options.on_problem) options.on_problem(message);
  }
};

}  // namespace dth::net
