#include <boost/asio/ip/address.hpp>

#include "base/encoding.h"
#include "cloud/aws/credential_json.h"
#include "cloud/aws/metadata_sources.h"
#include "cloud/aws/read_small_file.h"

namespace dth::aws {
namespace {

constexpr std::size_t authorization_size_max = 16 * 1024;

struct Place {
  net::HttpOrigin origin;
  std::string path;
};

// Would plain HTTP stay on this machine? Loopback, and the agents of ECS and EKS.
bool is_on_this_machine(const std::string& host) {
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address(host, failure);
  if (failure) return host == "localhost";
  return address.is_loopback() || host == "169.254.170.2" || host == "169.254.170.23" ||
         address == boost::asio::ip::make_address("fd00:ec2::23");
}

Result<Place> parse_place(const std::string& url) {
  const std::size_t scheme_end = url.find("://");
  const std::size_t path = scheme_end == url.npos ? url.npos : url.find('/', scheme_end + 3);
  auto origin = net::parse_origin(url.substr(0, path));
  if (origin.has_error()) {
    return Error{ErrorCode::invalid_argument,
                 "AWS_CONTAINER_CREDENTIALS_FULL_URI is no URL that can be asked; it begins with "
                 "https:// or http:// and a host",
                 ""};
  }
  if (!origin->tls && !is_on_this_machine(origin->host)) {
    return Error{ErrorCode::invalid_argument,
                 "AWS_CONTAINER_CREDENTIALS_FULL_URI names " + printable(origin->url()) +
                     ": over plain HTTP only loopback addresses, 169.254.170.2, 169.254.170.23 and "
                     "fd00:ec2::23 are asked; "
                     "use https",
                 ""};
  }
  return Place{std::move(*origin), path == url.npos ? "/" : url.substr(path)};
}

class ContainerSource final : public CredentialSource {
 public:
  ContainerSource(IdentityServices services, Environment environment)
      : services_(services), environment_(std::move(environment)) {}

  Async<Result<Fetched>> fetch() override {
    const std::string relative = value_of(environment_, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const std::string full = value_of(environment_, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (relative.empty() && full.empty()) {
      co_return Error{ErrorCode::not_found,
                      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set", ""};
    }
    Place place{net::HttpOrigin{"169.254.170.2", 80, false}, relative};
    if (relative.empty()) {
      auto parsed = parse_place(full);
      if (parsed.has_error()) co_return parsed.error();
      place = std::move(*parsed);
    }
    net::HttpRequest request;
    request.target = place.path;
    request.headers = {{"Accept", "application/json"}};
    auto token = find_token();
    if (token.has_error()) co_return token.error();
    if (!token->empty()) request.headers.push_back({"Authorization", std::move(*token)});
    const std::string what = "what the container's agent at " + place.origin.url() + " gives";
    auto answer = co_await ask(services_, place.origin, std::move(request), "",
                               IdentityTransport::Patience::service);
    if (answer.has_error())
      co_return answer.error().with_context("cannot get the container's credentials");
    if (answer->status != 200) {
      co_return Error{ErrorCode::permission_denied,
                      "cannot get the container's credentials: its agent at " + place.origin.url() +
                          " answered with status " + std::to_string(answer->status) +
                          "; check the role and the authorization token of the container",
                      ""};
    }
    co_return parse_credential_json(answer->text, CredentialDialect::metadata,
                                    answered_at(*answer, services_.clock), what);
  }

 private:
  Result<std::string> find_token() const {
    const std::string file = value_of(environment_, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    std::string token = value_of(environment_, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    if (!file.empty()) {
      auto text = read_small_file(file, authorization_size_max);
      if (text.has_error())
        return std::move(text.error()).with_context("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
      token = std::move(*text);
    }
    while (token.ends_with('\n') || token.ends_with('\r')) token.pop_back();
    if (token.find_first_of("\r\n") == token.npos) return token;
    return Error{ErrorCode::invalid_argument,
                 "the container's authorization token holds a line break", ""};
  }

  IdentityServices services_;
  Environment environment_;
};

}  // namespace

std::shared_ptr<CredentialSource> make_container_source(IdentityServices services,
                                                        Environment environment) {
  return std::make_shared<ContainerSource>(services, std::move(environment));
}

}  // namespace dth::aws
