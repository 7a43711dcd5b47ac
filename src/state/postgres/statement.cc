#include "state/postgres/statement.h"

#include <cctype>
#include <cstdlib>

#include <libpq-fe.h>

#include "base/encoding.h"
#include "state/postgres/connection.h"

namespace dth::state::postgres {
namespace {

// Of pg_type.
constexpr unsigned type_bool = 16, type_bytea = 17, type_bigint = 20, type_smallint = 21,
                   type_integer = 23, type_text = 25;
constexpr int binary = 1;

std::string big_endian(std::int64_t value) {
  std::string bytes(8, '\0');
  auto rest = static_cast<std::uint64_t>(value);
  for (std::size_t i = bytes.size(); i-- > 0; rest >>= 8) bytes[i] = static_cast<char>(rest & 0xff);
  return bytes;
}

std::int64_t from_big_endian(const char* bytes, int size) {
  // The first byte has the sign.
  auto value = static_cast<std::int64_t>(static_cast<signed char>(bytes[0]));
  for (int i = 1; i < size; ++i)
    value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << 8 |
                                      static_cast<unsigned char>(bytes[i]));
  return value;
}

}  // namespace

std::string number_parameters(std::string_view sql) {
  std::string numbered;
  int next = 1;
  bool quoted = false;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '\'') quoted = !quoted;
    if (quoted || sql[i] != '?') {
      numbered += sql[i];
      continue;
    }
    numbered += '$';
    const bool has_number =
        i + 1 < sql.size() && std::isdigit(static_cast<unsigned char>(sql[i + 1]));
    if (!has_number) numbered += std::to_string(next++);
  }
  return numbered;
}

PostgresStatement::PostgresStatement(Connection& connection, std::string key, std::string sql,
                                     std::string server_name)
    : connection_(connection),
      key_(std::move(key)),
      sql_(std::move(sql)),
      server_name_(std::move(server_name)),
      answer_(nullptr, PQclear) {}

PostgresStatement::~PostgresStatement() = default;

PostgresStatement::Parameter& PostgresStatement::parameter(int index) {
  const auto place = static_cast<std::size_t>(index - 1);
  if (parameters_.size() <= place) parameters_.resize(place + 1);
  return parameters_[place];
}

void PostgresStatement::bind(int index, std::int64_t value) {
  parameter(index) = {.type = type_bigint, .is_null = false, .bytes = big_endian(value)};
}

void PostgresStatement::bind_null(int index) { parameter(index) = {}; }

void PostgresStatement::bind(int index, std::string_view value, bool is_blob, Copy) {
  Parameter& to = parameter(index);
  to.type = is_blob ? type_bytea : type_text;
  to.is_null = false;
  // Text is UTF-8 without NUL there. What is neither is words of others, for people.
  const bool is_text =
      is_blob || (value.find('\0') == std::string_view::npos && is_valid_utf8(value));
  to.bytes = is_text ? std::string(value) : printable(value);
}

bool PostgresStatement::prepare() {
  std::vector<unsigned> types;
  for (const Parameter& parameter : parameters_) types.push_back(parameter.type);
  if (is_prepared_ && types == prepared_types_) return true;
  if (is_prepared_) connection_.execute(("deallocate " + server_name_).c_str());
  is_prepared_ = false;
  const auto prepared = connection_.wait_for_answer(
      PQsendPrepare(connection_.handle_, server_name_.c_str(), sql_.c_str(),
                    static_cast<int>(types.size()), types.data()));
  if (!connection_.note(prepared.get())) return false;
  prepared_types_ = std::move(types);
  return is_prepared_ = true;
}

bool PostgresStatement::execute() {
  if (connection_.failed() || !prepare()) return false;
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const Parameter& parameter : parameters_) {
    values.push_back(parameter.is_null ? nullptr : parameter.bytes.data());
    lengths.push_back(static_cast<int>(parameter.bytes.size()));
  }
  const std::vector<int> formats(parameters_.size(), binary);
  answer_ = connection_.wait_for_answer(PQsendQueryPrepared(
      connection_.handle_, server_name_.c_str(), static_cast<int>(values.size()), values.data(),
      lengths.data(), formats.data(), binary));
  return connection_.note(answer_.get());
}

bool PostgresStatement::next() {
  if (connection_.failed()) return false;
  if (answer_ == nullptr && !execute()) return false;
  if (row_ + 1 >= PQntuples(answer_.get())) return false;
  ++row_;
  return true;
}

std::int64_t PostgresStatement::integer(int column) const {
  if (is_null(column)) return 0;
  const char* bytes = PQgetvalue(answer_.get(), row_, column);
  const int size = PQgetlength(answer_.get(), row_, column);
  switch (PQftype(answer_.get(), column)) {
    case type_bool:
    case type_bigint:
    case type_smallint:
    case type_integer:
      return from_big_endian(bytes, size);
    default:
      return std::strtoll(std::string(bytes, static_cast<std::size_t>(size)).c_str(), nullptr, 10);
  }
}

std::string PostgresStatement::text(int column) const {
  if (is_null(column)) return {};
  return {PQgetvalue(answer_.get(), row_, column),
          static_cast<std::size_t>(PQgetlength(answer_.get(), row_, column))};
}

bool PostgresStatement::is_null(int column) const {
  return PQgetisnull(answer_.get(), row_, column) == 1;
}

void PostgresStatement::release() {
  answer_.reset();
  row_ = -1;
  parameters_.clear();
  Connection& connection = connection_;
  // What is dropped may be this one.
  const auto dropped = connection.statements_.keep(key_, std::unique_ptr<PostgresStatement>(this));
  if (dropped != nullptr && dropped->is_prepared_ && !connection.failed())
    connection.execute(("deallocate " + dropped->server_name_).c_str());
}

}  // namespace dth::state::postgres
