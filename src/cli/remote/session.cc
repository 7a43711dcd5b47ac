#include "cli/remote/session.h"

#include <boost/json.hpp>

#include "base/encoding.h"
#include "cli/remote/listing.h"
#include "cli/terminal.h"

namespace dth::cli {

namespace json = boost::json;
namespace documents = client::documents;

Result<void> do_in_session(client::HubClient& hub, const std::string& given,
                           const InSession& work) {
  std::string email = given;
  if (email.empty()) {
    auto asked = ask("E-mail address at " + hub.name(), Echo::shown);
    if (asked.has_error()) return asked.error();
    email = std::move(*asked);
  }
  auto password = ask("Password", Echo::secret);
  if (password.has_error()) return password.error();
  return do_in_session(hub, documents::sign_in,
                       json::object{{"email", email}, {"password", *password}}, work);
}

Result<void> do_in_session(client::HubClient& hub, const client::Document& begin,
                           json::object input, const InSession& work) {
  hub.use_session();
  auto begun = hub.change(begin, std::move(input));
  if (begun.has_error()) return begun.error();
  const std::string user = printable(text_of(*begun, "user.name")) + " <" +
                           printable(text_of(*begun, "user.email")) + ">";
  auto done = work(hub, user);
  auto ended = hub.change(documents::sign_out, {});
  if (done.has_error()) return done;
  if (ended.has_error()) return std::move(ended.error()).with_context("ending the session");
  return {};
}

}  // namespace dth::cli
