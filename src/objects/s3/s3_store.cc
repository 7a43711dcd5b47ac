#include "objects/s3/s3_store.h"

#include "objects/s3/store.h"

namespace dth::objects {
namespace {

class HttpTransport final : public s3::Transport {
 public:
  explicit HttpTransport(net::HttpClient& http) : http_(http) {}
  Async<Result<net::HttpResponse>> send(net::HttpOrigin origin, net::HttpRequest request,
                                        Body* body) override {
    return http_.send(std::move(origin), std::move(request), body);
  }

 private:
  net::HttpClient& http_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_s3_store(S3Options options, net::HttpClient& http, Clock& clock,
                                           std::shared_ptr<aws::CredentialProvider> credentials,
                                           RequestCounters& counters) {
  return std::make_unique<s3::S3Store>(std::move(options), std::make_unique<HttpTransport>(http),
                                       clock, std::move(credentials), counters);
}

}  // namespace dth::objects
