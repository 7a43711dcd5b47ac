#include "state/postgres/connection.h"

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>

#include <libpq-fe.h>
#include <poll.h>

#include "base/ids.h"
#include "state/postgres/statement.h"

namespace dth::state::postgres {
namespace {

constexpr std::chrono::milliseconds announce_interval{1'000};

constexpr int server_version_min = 120'000;

// Statements that take longer stand still. Migrations set their own.
constexpr std::string_view session_settings =
    "set statement_timeout = '60s'; set lock_timeout = '20s'; "
    "set idle_in_transaction_session_timeout = '60s'; set standard_conforming_strings = on; "
    "set default_transaction_isolation = 'read committed'";

constexpr std::string_view the_time = "(extract(epoch from clock_timestamp()) * 1000000)::bigint";

using Handle = std::unique_ptr<PGconn, void (*)(PGconn*)>;

struct Keywords {
  std::vector<const char*> names, values;
  explicit Keywords(const ConnectOptions& options) {
    for (const auto& [name, value] : options.parameters) {
      names.push_back(name.c_str());
      values.push_back(value.c_str());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
  }
};

// "FATAL:  3D000: …", as PQERRORS_VERBOSE has it.
std::string sqlstate_in(std::string_view message) {
  constexpr std::size_t length = 5;
  for (auto colon = message.find(": "); colon != std::string_view::npos;
       colon = message.find(": ", colon + 1)) {
    const auto begin = message.find_first_not_of(' ', colon + 1);
    if (begin == std::string_view::npos || begin + length >= message.size() ||
        message[begin + length] != ':')
      continue;
    const std::string_view word = message.substr(begin, length);
    // Unlike "FATAL", each has a digit.
    bool fits = word.find_first_of("0123456789") != std::string_view::npos;
    for (const char c : word)
      fits = fits && (std::isdigit(static_cast<unsigned char>(c)) || (c >= 'A' && c <= 'Z'));
    if (fits) return std::string(word);
  }
  return {};
}

// libpq has no call for the SQLSTATE of a refused connection, but for its words; those have it when
// they are asked to, which is only possible before the answer came. So it is asked once more.
std::string why_refused(const ConnectOptions& options) {
  const Keywords keywords(options);
  const Handle handle(PQconnectStartParams(keywords.names.data(), keywords.values.data(), 0),
                      PQfinish);
  if (handle == nullptr || PQstatus(handle.get()) == CONNECTION_BAD) return {};
  PQsetErrorVerbosity(handle.get(), PQERRORS_VERBOSE);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  for (auto wanted = PGRES_POLLING_WRITING; std::chrono::steady_clock::now() < end;) {
    const short events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    pollfd socket{.fd = PQsocket(handle.get()), .events = events, .revents = 0};
    ::poll(&socket, 1, 1'000);
    wanted = PQconnectPoll(handle.get());
    if (wanted == PGRES_POLLING_OK || wanted == PGRES_POLLING_FAILED) break;
  }
  return sqlstate_in(PQerrorMessage(handle.get()));
}

// Is there a server behind the connection that was refused, which cannot be written to? It is
// asked: what kept us out may be over, and say nothing of that.
bool is_read_only(ConnectOptions options) {
  bool asked = false;
  for (auto& [name, value] : options.parameters) {
    if (name != "target_session_attrs") continue;
    asked = std::exchange(value, "any") != "any";
  }
  if (!asked) return false;
  const Keywords keywords(options);
  const Handle handle(PQconnectdbParams(keywords.names.data(), keywords.values.data(), 0),
                      PQfinish);
  if (handle == nullptr || PQstatus(handle.get()) != CONNECTION_OK) return false;
  const std::unique_ptr<PGresult, void (*)(PGresult*)> told(
      PQexec(handle.get(), "show transaction_read_only"), PQclear);
  return PQntuples(told.get()) == 1 && std::string_view(PQgetvalue(told.get(), 0, 0)) == "on";
}

Error no_connection(PGconn* handle, const ConnectOptions& options) {
  const std::string words = handle == nullptr ? "out of memory" : PQerrorMessage(handle);
  if (handle != nullptr && PQconnectionNeedsPassword(handle) != 0)
    return error_of("28P01", words, options.name);
  std::string sqlstate = why_refused(options);
  if (sqlstate.empty() && is_read_only(options)) sqlstate = "25006";
  return error_of(sqlstate, words, options.name);
}

}  // namespace

Connection::Connection(pg_conn* handle, std::string name, SessionOptions session)
    : handle_(handle), name_(std::move(name)), session_(session), writer_(random_name()) {}

Connection::~Connection() {
  statements_.clear();
  PQfinish(handle_);
}

Result<std::unique_ptr<Connection>> Connection::open(const ConnectOptions& options,
                                                     const SessionOptions& session,
                                                     Explain explain) {
  const Keywords keywords(options);
  Handle handle(PQconnectdbParams(keywords.names.data(), keywords.values.data(), 0), PQfinish);
  if (handle == nullptr || PQstatus(handle.get()) != CONNECTION_OK) {
    if (explain == Explain::yes) return no_connection(handle.get(), options);
    return error_of("", handle == nullptr ? "out of memory" : PQerrorMessage(handle.get()),
                    options.name);
  }
  std::unique_ptr<Connection> connection(new Connection(handle.release(), options.name, session));
  if (auto ready = connection->set_up(); ready.has_error()) return ready.error();
  return connection;
}

Result<void> Connection::set_up() {
  // What the server has to say beside answers is for nobody.
  PQsetNoticeReceiver(
      handle_, [](void*, const PGresult*) {}, nullptr);
  PQsetnonblocking(handle_, 1);
  if (PQserverVersion(handle_) < server_version_min) {
    return Error{ErrorCode::unsupported,
                 "the state " + name_ + " is on a server that is too old: PostgreSQL " +
                     std::to_string(server_version_min / 10'000) + " or newer is needed",
                 {}};
  }
  std::string settings(session_settings);
  if (!session_.synchronous) settings += "; set synchronous_commit = off";
  execute(settings.c_str());
  if (auto error = take_error()) return std::move(*error);
  return {};
}

Connection::Answer Connection::execute(const char* sql) {
  if (failed()) return {nullptr, PQclear};
  Answer answer = wait_for_answer(PQsendQuery(handle_, sql));
  note(answer.get());
  return answer;
}

// As PQexec() does, which would wait for ever where the server, or what is between, says nothing.
Connection::Answer Connection::wait_for_answer(int was_sent) {
  Answer last(nullptr, PQclear);
  is_unsent_ = was_sent != 1;
  int to_send = is_unsent_ ? -1 : PQflush(handle_);
  while (to_send >= 0) {
    while (to_send == 1 || PQisBusy(handle_) == 1) {
      if (!wait_for_bytes(to_send == 1)) {
        is_abandoned_ = true;
        return {nullptr, PQclear};
      }
      if (to_send == 1) to_send = PQflush(handle_);
    }
    Answer next(PQgetResult(handle_), PQclear);
    if (next == nullptr) break;
    last = std::move(next);
  }
  return last;
}

// False: none came for too long.
bool Connection::wait_for_bytes(bool has_more_to_send) {
  const int limit = is_patient_ ? -1 : static_cast<int>(session_.silence_max.count());
  const auto events = static_cast<short>(has_more_to_send ? POLLIN | POLLOUT : POLLIN);
  pollfd socket{.fd = PQsocket(handle_), .events = events, .revents = 0};
  int ready = 0;
  do {
    ready = ::poll(&socket, 1, limit);
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0) return false;
  // Where that fails the connection is lost, and the answer says so.
  if ((socket.revents & ~POLLOUT) != 0) PQconsumeInput(handle_);
  return true;
}

void Connection::lift_time_limits() {
  is_patient_ = true;
  execute(
      "set local statement_timeout = 0; set local lock_timeout = 0; "
      "set local idle_in_transaction_session_timeout = 0");
}

bool Connection::note(pg_result* answer) {
  const auto status = PQresultStatus(answer);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
    const std::string_view command = PQcmdStatus(answer);
    const bool changes = command.starts_with("INSERT") || command.starts_with("UPDATE") ||
                         command.starts_with("DELETE");
    last_changed_ = changes ? std::atoll(PQcmdTuples(answer)) : 0;
    changed_ += last_changed_;
    return true;
  }
  if (error_) return false;
  // libpq refused it, because it has too many parameters, say: no other connection will take it.
  if (answer == nullptr && is_unsent_ && !is_lost()) {
    trouble_ = Trouble::other;
    error_ = Error{
        ErrorCode::internal,
        "a statement could not be sent to the state " + name_ + ": this is a bug, please report it",
        PQerrorMessage(handle_)};
    return false;
  }
  const char* code = answer == nullptr ? nullptr : PQresultErrorField(answer, PG_DIAG_SQLSTATE);
  const std::string sqlstate = code == nullptr ? "" : code;
  trouble_ = is_lost() ? Trouble::connection_lost : trouble_of(sqlstate);
  error_ = error_of(
      sqlstate, answer == nullptr ? PQerrorMessage(handle_) : PQresultErrorMessage(answer), name_);
  return false;
}

void Connection::begin(Mode mode) {
  announces_ = Announce::no;
  is_patient_ = false;
  changed_ = 0;
  mark_ = 0;
  ahead_ = std::chrono::microseconds(0);
  const bool asks_time = session_.clock == ClockSource::database;
  std::string sql =
      mode == Mode::read ? "begin isolation level repeatable read, read only" : "begin";
  if (mode == Mode::write) sql += "; " + next_mark();
  sql += "; select " + std::string(asks_time ? the_time : "0");
  const Answer answer = execute(sql.c_str());
  if (failed() || !asks_time || PQntuples(answer.get()) != 1) return;
  now_ = sql::from_microseconds(std::atoll(PQgetvalue(answer.get(), 0, 0)));
  ahead_ = now_ - SystemClock().now();
}

std::string Connection::next_mark() {
  mark_ = ++marks_;
  return "insert into commit_mark (writer, number) values ('" + writer_ + "', " +
         std::to_string(mark_) +
         ") on conflict (writer) do update set number = excluded.number, marked_at = now()";
}

void Connection::leave_mark() {
  const std::int64_t changed = changed_;
  execute(next_mark().c_str());
  changed_ = changed;
}

// One text: no further answer is waited for. Commits with a notification wait for each other on the
// server, so there are not many of them.
void Connection::commit() {
  const bool announces = changed_ > 0 && announces_now();
  execute(announces ? "notify dth_work; commit" : "commit");
}

bool Connection::announces_now() {
  if (announces_ == Announce::no || !session_.announced_at) return false;
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                       std::chrono::steady_clock::now().time_since_epoch())
                       .count();
  std::int64_t last = session_.announced_at->load();
  if (announces_ == Announce::at_times && now - last < announce_interval.count()) return false;
  return session_.announced_at->compare_exchange_strong(last, now) || announces_ == Announce::now;
}

void Connection::listen() { execute("listen dth_work"); }

Result<bool> Connection::wait_for_work(int stop) {
  for (;;) {
    if (PQconsumeInput(handle_) != 1) return error_of("", PQerrorMessage(handle_), name_);
    bool is_announced = false;
    while (PGnotify* told = PQnotifies(handle_)) {
      PQfreemem(told);
      is_announced = true;
    }
    if (is_announced) return true;
    std::array<pollfd, 2> sources = {
        pollfd{.fd = PQsocket(handle_), .events = POLLIN, .revents = 0},
        pollfd{.fd = stop, .events = POLLIN, .revents = 0}};
    ::poll(sources.data(), sources.size(), -1);
    if (sources[1].revents != 0) return false;
  }
}

void Connection::rollback() {
  if (is_lost() || PQtransactionStatus(handle_) == PQTRANS_IDLE) return;
  const Answer answer = wait_for_answer(PQsendQuery(handle_, "rollback"));
}

bool Connection::is_lost() const { return is_abandoned_ || PQstatus(handle_) != CONNECTION_OK; }

std::optional<Error> Connection::take_error() {
  trouble_ = Trouble::none;
  return std::exchange(error_, std::nullopt);
}

std::int64_t Connection::last_id(std::string_view table, std::string_view id) {
  sql::Query found =
      query("select coalesce(pg_sequence_last_value(pg_get_serial_sequence(?, ?)::regclass), 0)",
            table, id);
  return found.next() ? found.integer(0) : 0;
}

void Connection::set_last_id(std::string_view table, std::string_view id, std::int64_t last) {
  if (last < 1) return;
  sql::Query set =
      query("select setval(pg_get_serial_sequence(?, ?)::regclass, ?)", table, id, last);
  set.next();
}

sql::Statement* Connection::prepare(std::string_view sql) {
  if (failed()) return nullptr;
  std::string key(sql);
  if (auto kept = statements_.take(key)) return kept.release();
  return new PostgresStatement(*this, std::move(key), number_parameters(sql),
                               "dth_" + std::to_string(++statements_made_));
}

sql::Statement* Connection::prepare_insert(std::string_view sql, std::string_view id) {
  return prepare(std::string(sql) + " returning " + std::string(id));
}

std::int64_t Connection::inserted_id(sql::Query& query) {
  return query.next() ? query.integer(0) : 0;
}

}  // namespace dth::state::postgres
