// An S3 server in memory for benchmarks: light, so that it is not what is measured, and strict
// about what it is sent.
#include <csignal>
#include <cstdio>
#include <exception>
#include <thread>

#include "event_loop.h"
#include "options.h"
#include "service.h"
#include "socket.h"

int main(int argc, char** argv) {
  using namespace dth::bench;
  const Options options = parse_options(argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    Service service(options);
    ssl_ctx_st* tls =
        options.tls_certificate_path.empty()
            ? nullptr
            : make_tls_context(options.tls_certificate_path.c_str(), options.tls_key_path.c_str());
    std::vector<int> listeners;
    for (unsigned i = 0; i < options.threads; ++i) listeners.push_back(listen_on(options.port));
    std::vector<std::thread> threads;
    for (const int listener : listeners)
      threads.emplace_back([&, listener] { run_event_loop(service, tls, listener); });
    std::printf("serving on 127.0.0.1:%u\n", unsigned{options.port});
    std::fflush(stdout);
    for (std::thread& thread : threads) thread.join();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bench_s3_server: %s\n", failure.what());
    return 1;
  }
}
