#pragma once

#include "service.h"

struct ssl_ctx_st;

namespace dth::bench {

// Serves connections of its own listening socket on 127.0.0.1 (SO_REUSEPORT: every thread has one)
// until the process ends. Throws std::system_error where it cannot listen.
void run_event_loop(Service& service, ssl_ctx_st* tls, int listener);

// A listening socket for one loop. Throws std::system_error.
int listen_on(std::uint16_t port);

}  // namespace dth::bench
