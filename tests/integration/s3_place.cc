#include "s3_place.h"

#include <cstdlib>

#include <boost/asio/io_context.hpp>

#include "base/ids.h"
#include "base/testing/run_for_test.h"
#include "objects/s3/requester.h"

namespace dth::objects {
namespace {

std::string variable(const char* name, const char* otherwise = "") {
  const char* value = std::getenv(name);
  return value ? value : otherwise;
}

class ClientTransport final : public s3::Transport {
 public:
  explicit ClientTransport(net::HttpClient& http) : http_(http) {}
  Async<Result<net::HttpResponse>> send(net::HttpOrigin origin, net::HttpRequest request,
                                        Body* body) override {
    return http_.send(std::move(origin), std::move(request), body);
  }

 private:
  net::HttpClient& http_;
};

std::shared_ptr<net::TlsContext> tls_for(const S3Server& server) {
  if (!server.origin.tls) return nullptr;
  return net::make_tls_client_context({.ca_bundle = server.ca_bundle}).value();
}

std::string new_bucket_name() {
  std::string name = "dth-" + random_name();
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

}  // namespace

Result<S3Server> configured_s3_server() {
  S3Server server;
  const std::string endpoint = variable("DTH_TEST_S3_ENDPOINT");
  if (endpoint.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "DTH_TEST_S3_ENDPOINT is not set: start a server and name it", ""};
  }
  auto origin = net::parse_origin(endpoint);
  if (!origin) return origin.error();
  server.origin = *origin;
  server.ca_bundle = variable("DTH_TEST_S3_CA_BUNDLE");
  server.access_key = variable("DTH_TEST_S3_ACCESS_KEY", "TESTACCESSKEY");
  server.secret_key = variable("DTH_TEST_S3_SECRET_KEY", "testsecretkey");
  return server;
}

struct S3Place::Impl {
  Impl(S3Server of, S3Options with)
      : server(std::move(of)),
        options(std::move(with)),
        buffers(context.get_executor(), 64 << 20),
        http(context.get_executor(), clock, buffers, {.tls = tls_for(server)}),
        credentials(aws::make_static_provider({server.access_key, server.secret_key, ""})) {
    options.endpoint = server.origin;
    options.bucket = new_bucket_name();
    control = std::make_unique<s3::Requester>(options, std::make_unique<ClientTransport>(http),
                                              clock, credentials, control_counters);
  }

  Result<s3::Requester::Answer> of_bucket(const char* method) {
    s3::Request request{.method = method};
    return run_for_test(context, control->ask(std::move(request), s3::Requester::answer_size_max));
  }

  S3Server server;
  S3Options options;
  boost::asio::io_context context;
  SystemClock clock;
  net::BufferPool buffers;
  net::HttpClient http;
  std::shared_ptr<aws::CredentialProvider> credentials;
  RequestCounters counters, control_counters;
  std::unique_ptr<s3::Requester> control;
  std::unique_ptr<ObjectStore> store;
};

S3Place::S3Place(S3Server server, S3Options options)
    : impl_(std::make_unique<Impl>(std::move(server), std::move(options))) {
  if (auto made = impl_->of_bucket("PUT"); !made)
    throw std::runtime_error(made.error().to_string());
  impl_->store = another(impl_->options);
  if (auto checked = run_for_test(impl_->context, impl_->store->check()); !checked) {
    throw std::runtime_error(checked.error().to_string());
  }
}

S3Place::~S3Place() {
  // What cannot be removed stays behind in a server that lives no longer than the tests.
  for (int pages = 0; pages < 100; ++pages) {
    auto page = run_for_test(impl_->context, impl_->store->list({}));
    if (!page || page->objects.empty()) break;
    for (const ObjectInfo& object : page->objects) {
      (void)run_for_test(impl_->context, impl_->store->remove({object.key}));
    }
  }
  (void)impl_->of_bucket("DELETE");
}

boost::asio::io_context& S3Place::context() { return impl_->context; }
ObjectStore& S3Place::store() { return *impl_->store; }
const std::string& S3Place::bucket_name() const { return impl_->options.bucket; }
const RequestCounters& S3Place::counters() const { return impl_->counters; }

std::unique_ptr<ObjectStore> S3Place::another(S3Options options) {
  options.endpoint = impl_->server.origin;
  options.bucket = impl_->options.bucket;
  return make_s3_store(std::move(options), impl_->http, impl_->clock, impl_->credentials,
                       impl_->counters);
}

}  // namespace dth::objects
