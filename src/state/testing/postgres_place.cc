#include "state/testing/postgres_place.h"

#include <stdexcept>

#include "base/ids.h"
#include "state/postgres/connection.h"

namespace dth::state::testing {
namespace {

std::string server() {
  const char* url = std::getenv("DTH_TEST_POSTGRES");
  return url == nullptr ? std::string() : std::string(url);
}

std::unique_ptr<postgres::Connection> connect(const std::string& url) {
  auto options = postgres::parse_url(url, postgres::Access::read_write);
  if (options.has_error()) throw std::runtime_error(options.error().to_string());
  auto connection = postgres::Connection::open(*options, {});
  if (connection.has_error()) throw std::runtime_error(connection.error().to_string());
  return std::move(*connection);
}

void execute_at(const std::string& url, const std::string& sql) {
  const auto connection = connect(url);
  connection->run_script(sql.c_str());
  if (auto error = connection->take_error()) throw std::runtime_error(error->to_string());
}

}  // namespace

bool PostgresSchema::is_there() { return !server().empty(); }

PostgresSchema::PostgresSchema() {
  if (!is_there()) return;
  name_ = "dth_test_" + random_name();
  for (char& c : name_) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  execute_at(server(), "create schema " + name_);
  // Its connections are known to the server by the same name.
  url_ = server() + "?options=-csearch_path%3D" + name_ + "&application_name=" + name_;
}

PostgresSchema::~PostgresSchema() {
  if (name_.empty()) return;
  try {
    execute_at(server(), "set client_min_messages = warning; drop schema " + name_ + " cascade");
  } catch (const std::exception&) {
    // A test that stopped the server.
  }
}

void PostgresSchema::execute(const std::string& sql) const { execute_at(url_, sql); }

std::string PostgresSchema::value(const std::string& sql) const {
  const auto connection = connect(url_);
  sql::Query query = connection->query(sql);
  return query.next() ? query.text(0) : std::string();
}

}  // namespace dth::state::testing
