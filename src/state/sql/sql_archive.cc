#include "state/sql/sql_archive.h"

#include <algorithm>
#include <limits>

#include "base/encoding.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "state/sql/archive_file.h"
#include "state/sql/count_rows.h"
#include "state/sql/tables.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;
using Row = boost::json::array;

constexpr std::string_view format_name = "dth-state";

std::string columns_of(const Table& table) {
  std::string columns;
  for (const Column& column : table.columns)
    columns += (columns.empty() ? "" : ", ") + std::string(column.name);
  return columns;
}

boost::json::value to_json(const Query& query, int column, ColumnType type) {
  switch (type) {
    case ColumnType::number_or_null:
      if (query.is_null(column)) return nullptr;
      return query.integer(column);
    case ColumnType::number:
      return query.integer(column);
    case ColumnType::text:
    case ColumnType::bytes:
      break;
  }
  const std::string bytes = query.text(column);
  if (is_valid_utf8(bytes)) return boost::json::string(bytes);
  return boost::json::object{{"base64", base64_encode(as_bytes(bytes))}};
}

std::string header(std::int64_t version, Database& database) {
  boost::json::object last;
  for (const Table& table : archived_tables()) {
    if (!table.number.empty()) last[table.name] = database.last_id(table.name, table.number);
  }
  return write_json(
      boost::json::object{{"format", format_name}, {"schema", version}, {"last", std::move(last)}});
}

// Rows that are in memory at a time where a server's answer is; a job may have a megabyte.
constexpr std::int64_t page_rows = 200;

// A table, by pages in the order of its numbers; of one without, all at once: these are small.
class TableReader {
 public:
  TableReader(Database& database, const Table& table)
      : database_(database), table_(table), sql_(statement_of(table)) {}

  // Calls `take` with each row.
  template <class Take>
  Result<void> read(Take take) {
    for (std::int64_t after = std::numeric_limits<std::int64_t>::min();;) {
      std::int64_t rows = 0;
      Query query =
          table_.number.empty() ? database_.query(sql_) : database_.query(sql_, after, page_rows);
      for (; query.next(); ++rows) {
        if (!table_.number.empty()) after = query.integer(static_cast<int>(table_.columns.size()));
        if (auto taken = take(query); taken.has_error()) return taken;
      }
      if (table_.number.empty() || rows < page_rows) return {};
    }
  }

 private:
  static std::string statement_of(const Table& table) {
    const std::string from = " from " + std::string(table.name), number(table.number);
    std::string where = table.condition.empty() ? "" : " where " + std::string(table.condition);
    if (number.empty()) return "select " + columns_of(table) + from + where;
    where += (where.empty() ? " where " : " and ") + number + " > ?";
    return "select " + columns_of(table) + ", " + number + from + where + " order by " + number +
           " limit ?";
  }

  Database& database_;
  const Table& table_;
  const std::string sql_;
};

Result<ArchiveTotals> write_tables(Database& database, ArchiveWriter& writer) {
  ArchiveTotals totals;
  for (const Table& table : archived_tables()) {
    auto read = TableReader(database, table).read([&](const Query& query) -> Result<void> {
      Row row{table.name};
      for (std::size_t i = 0; i < table.columns.size(); ++i)
        row.push_back(to_json(query, static_cast<int>(i), table.columns[i].type));
      ++totals.rows;
      if (table.name == "run") ++totals.runs;
      return writer.add(write_json(row));
    });
    if (read.has_error()) return read.error();
  }
  return totals;
}

// One value of a row, which a statement is given.
struct Value {
  ColumnType type = ColumnType::text;
  std::optional<std::int64_t> number = {};
  std::string bytes = {};
};

// Nothing where it is not of that type.
std::optional<Value> parse_value(const boost::json::value& json, ColumnType type) {
  Value value{.type = type};
  const bool is_number = type == ColumnType::number || type == ColumnType::number_or_null;
  if (is_number && json.is_null() && type == ColumnType::number_or_null) return value;
  if (is_number) {
    if (!json.is_int64()) return std::nullopt;
    value.number = json.get_int64();
    return value;
  }
  if (const auto* text = json.if_string()) {
    value.bytes = std::string(text->data(), text->size());
    return value;
  }
  const auto* object = json.if_object();
  const auto* encoded = object == nullptr ? nullptr : object->if_contains("base64");
  if (encoded == nullptr || !encoded->is_string()) return std::nullopt;
  auto decoded = base64_decode(encoded->get_string().c_str());
  if (!decoded) return std::nullopt;
  value.bytes = std::move(*decoded);
  return value;
}

class Restoring {
 public:
  Restoring(Database& database, std::int64_t schema_version, const std::string& file)
      : database_(database), schema_version_(schema_version), file_(file) {}

  Result<void> take(std::string_view line) {
    auto parsed = parse_json(line, "a line of the backup " + file_);
    if (parsed.has_error()) return parsed.error();
    if (!has_header_) return take_header(*parsed);
    const auto* row = parsed->if_array();
    if (row == nullptr || row->empty() || !row->at(0).is_string()) return wrong("a line is no row");
    return take_row(*row);
  }

  // Jobs were held elsewhere.
  ArchiveTotals end() {
    database_.run(
        "update job set state = 0, worker = '', lane = 0, lease_until = 0, epoch = epoch + 1 where "
        "state = 1");
    for (const auto& [table, id] : last_) database_.set_last_id(table->name, table->number, id);
    return totals_;
  }

 private:
  Error wrong(const std::string& why) const {
    return {ErrorCode::data_corrupted, "the backup " + file_ + " cannot be used: " + why, {}};
  }

  Result<void> take_header(const boost::json::value& json) {
    const auto* object = json.if_object();
    const auto* format = object == nullptr ? nullptr : object->if_contains("format");
    const auto* schema = object == nullptr ? nullptr : object->if_contains("schema");
    const auto* last = object == nullptr ? nullptr : object->if_contains("last");
    const bool is_ours = format != nullptr && format->is_string() &&
                         std::string_view(format->get_string()) == format_name &&
                         schema != nullptr && schema->is_int64() && last != nullptr &&
                         last->is_object();
    if (!is_ours) return wrong("it is no backup of a state of dth");
    if (schema->get_int64() != schema_version_) {
      return Error{ErrorCode::unsupported,
                   "the backup " + file_ + " is of schema " + std::to_string(schema->get_int64()) +
                       ", and this version of dth works with " + std::to_string(schema_version_) +
                       ": restore it with the version that made it, and migrate then",
                   {}};
    }
    for (const Table& table : archived_tables()) {
      const auto* id = last->get_object().if_contains(table.name);
      if (id != nullptr && id->is_int64()) last_.emplace_back(&table, id->get_int64());
    }
    has_header_ = true;
    return {};
  }

  Result<void> take_row(const Row& row) {
    const std::string_view name = row.at(0).get_string();
    const auto tables = archived_tables();
    const auto table = std::find_if(tables.begin(), tables.end(),
                                    [&](const Table& each) { return each.name == name; });
    if (table == tables.end() || row.size() != table->columns.size() + 1)
      return wrong("it has a row of another form than this version's");
    std::vector<Value> values;
    for (std::size_t i = 0; i < table->columns.size(); ++i) {
      auto value = parse_value(row[i + 1], table->columns[i].type);
      if (!value) return wrong("it has a value of another type than this version's");
      values.push_back(std::move(*value));
    }
    ++totals_.rows;
    if (name == "run") ++totals_.runs;
    return insert(*table, values);
  }

  // Counts may be in several rows of a run; they become one here.
  Result<void> insert(const Table& table, const std::vector<Value>& values) {
    if (table.name == "run_count") {
      auto counts = parse_counts(values[1].bytes);
      if (counts.has_error()) return counts.error();
      return add_counts(database_, *values[0].number, *counts);
    }
    std::string places;
    for (std::size_t i = 0; i < values.size(); ++i) places += i == 0 ? "?" : ", ?";
    Query query = database_.query("insert into " + std::string(table.name) + " (" +
                                  columns_of(table) + ") values (" + places + ")");
    for (std::size_t i = 0; i < values.size(); ++i) {
      const int index = static_cast<int>(i + 1);
      const Value& value = values[i];
      if (value.type == ColumnType::text) {
        query.bind(index, value.bytes, Statement::Copy::no);
      } else if (value.type == ColumnType::bytes) {
        query.bind(index, Blob{value.bytes}, Statement::Copy::no);
      } else {
        query.bind(index, value.number, Statement::Copy::no);
      }
    }
    while (query.next()) {
    }
    return {};
  }

  Database& database_;
  const std::int64_t schema_version_;
  const std::string& file_;
  bool has_header_ = false;
  std::vector<std::pair<const Table*, std::int64_t>> last_;
  ArchiveTotals totals_;
};

}  // namespace

Result<ArchiveTotals> SqlArchive::back_up(const std::string& file) {
  std::unique_ptr<ArchiveWriter> writer;
  auto totals = transactor_.transact(Mode::read, "backing the state up",
                                     [&](Database& database) -> Result<ArchiveTotals> {
                                       writer.reset();  // of an attempt whose connection was lost
                                       auto created = ArchiveWriter::create(file);
                                       if (created.has_error()) return created.error();
                                       writer = std::move(*created);
                                       database.lift_time_limits();
                                       auto added = writer->add(header(schema_version_, database));
                                       if (added.has_error()) return added.error();
                                       return write_tables(database, *writer);
                                     });
  if (totals.has_error()) return totals;
  // All was read: what becomes of the transaction does not matter any more.
  if (auto ended = writer->end(); ended.has_error()) return ended.error();
  return totals;
}

Result<ArchiveTotals> SqlArchive::restore(const std::string& file) {
  return transactor_.transact(
      Mode::write, "restoring a state", [&](Database& database) -> Result<ArchiveTotals> {
        if (database.query("select 1 from run limit 1").next()) {
          return Error{ErrorCode::precondition_failed,
                       "the state " + database.name() + " has runs already: restore into a new one",
                       {}};
        }
        Restoring restoring(database, schema_version_, file);
        auto read = read_archive(file, [&](std::string_view line) { return restoring.take(line); });
        if (read.has_error()) return read.error();
        return restoring.end();
      });
}

}  // namespace dth::state::sql
