#include "state/sql/conditions.h"

#include <bit>

namespace dth::state::sql {
namespace {

// What `like` finds everywhere in a text, whose own wildcards are escaped by a backslash.
std::string pattern_of(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return pattern + "%";
}

}  // namespace

void Conditions::add(std::string_view sql, std::vector<Value> values) {
  text_ += text_.empty() ? " where " : " and ";
  text_ += sql;
  for (Value& value : values) values_.push_back(std::move(value));
}

void Conditions::add_any_of(std::string_view column, const std::vector<std::string>& values) {
  if (values.empty()) return;
  std::vector<Value> padded(values.begin(), values.end());
  padded.resize(std::bit_ceil(values.size()), padded.back());
  std::string sql(column);
  for (std::size_t i = 0; i < padded.size(); ++i) sql += i == 0 ? " in (?" : ", ?";
  add(sql + ")", std::move(padded));
}

void Conditions::add_contains(const std::vector<std::string_view>& columns, std::string_view text) {
  if (text.empty()) return;
  // No text of a database has this byte.
  if (text.find('\0') != text.npos) return add("1 = 0", {});
  std::string sql;
  std::vector<Value> values;
  for (const std::string_view column : columns) {
    sql += (sql.empty() ? "(lower(" : " or lower(") + std::string(column) + ") like ? escape '\\'";
    values.emplace_back(pattern_of(text));
  }
  add(sql + ")", std::move(values));
}

Query Conditions::query(Database& database, std::string_view select, std::string_view tail,
                        std::vector<Value> more) const {
  Query query = database.query(std::string(select) + text_ + " " + std::string(tail));
  int index = 0;
  const auto bind = [&](const Value& value) {
    ++index;
    if (const auto* own = std::get_if<Bytes>(&value)) {
      query.bind(index, Blob{own->bytes}, Statement::Copy::yes);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
      query.bind(index, *number, Statement::Copy::yes);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      query.bind(index, *text, Statement::Copy::yes);
    } else {
      query.bind(index, std::get<Blob>(value), Statement::Copy::yes);
    }
  };
  for (const Value& value : values_) bind(value);
  for (const Value& value : more) bind(value);
  return query;
}

}  // namespace dth::state::sql
