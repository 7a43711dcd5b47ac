#include "state/postgres/connect_options.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dth::state::postgres {
namespace {

constexpr const char* system_authorities = "/etc/ssl/certs/ca-certificates.crt";

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts(1);
  for (const char c : list) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

using Values = std::map<std::string, std::string>;

Values values_of(const PQconninfoOption* option) {
  Values values;
  for (; option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val != nullptr) values[option->keyword] = option->val;
  }
  return values;
}

// What libpq takes where the URL says nothing: of the environment, and of the service that it
// names. Nothing where that cannot be told.
std::optional<Values> read_defaults() {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> defaults(PQconndefaults(),
                                                                                PQconninfoFree);
  if (defaults == nullptr) return std::nullopt;
  return values_of(defaults.get());
}

// A socket in the file system, or a loopback address.
bool is_local(const std::string& host) {
  in_addr address{};
  if (::inet_pton(AF_INET, host.c_str(), &address) == 1)
    return (ntohl(address.s_addr) >> 24) == 127;
  return host.empty() || host.front() == '/' || host.front() == '@' || host == "localhost" ||
         host == "::1";
}

// As far as that is known: a server that may be elsewhere counts as one.
bool all_local(const Values& values, const std::optional<Values>& defaults) {
  // The host that a service of the URL names is not known here.
  if (!defaults || (values.count("service") != 0 && values.count("host") == 0)) return false;
  for (const char* which : {"host", "hostaddr"}) {
    const Values& said = values.count(which) != 0 ? values : *defaults;
    const auto found = said.find(which);
    if (found == said.end()) continue;
    for (const std::string& host : split(found->second)) {
      if (!is_local(host)) return false;
    }
  }
  return true;
}

// Does libpq find authorities to verify a server by, without being told of a file?
bool has_own_authorities(const std::optional<Values>& defaults) {
  if (defaults && defaults->count("sslrootcert") != 0) return true;
  const passwd* user = ::getpwuid(::geteuid());
  std::error_code ignored;
  return user != nullptr &&
         std::filesystem::exists(std::string(user->pw_dir) + "/.postgresql/root.crt", ignored);
}

std::string name_of(const Values& values) {
  const auto value = [&](const char* which) {
    const auto found = values.find(which);
    return found == values.end() ? std::string() : found->second;
  };
  const auto hosts = split(value("host").empty() ? value("hostaddr") : value("host"));
  const auto ports = split(value("port"));
  std::string name = "postgresql://";
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    name += (i == 0 ? "" : ",") + hosts[i];
    const std::string& port = ports.size() == 1 ? ports[0] : i < ports.size() ? ports[i] : "";
    if (!port.empty()) name += ":" + port;
  }
  return name + "/" + value("dbname");
}

Error wrong_url(const std::string& why) {
  return {
      ErrorCode::invalid_argument,
      "the database's URL is wrong: " + why +
          "; it is postgresql://USER@HOST:PORT/DATABASE, with parameters such as sslmode after a ?",
      {}};
}

}  // namespace

Result<ConnectOptions> parse_url(const std::string& url, Access access) {
  if (!url.starts_with("postgresql://") && !url.starts_with("postgres://"))
    return wrong_url("it does not begin with postgresql://");
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> parsed(
      PQconninfoParse(url.c_str(), &message), PQconninfoFree);
  const std::unique_ptr<char, void (*)(void*)> owned_message(message, PQfreemem);
  if (parsed == nullptr) {
    // Its message may quote a part of the URL, which may be a password.
    return wrong_url("libpq cannot read it");
  }
  Values values = values_of(parsed.get());
  for (const char* secret : {"password", "sslpassword"}) {
    if (values.count(secret) == 0) continue;
    return Error{ErrorCode::invalid_argument,
                 "the database's URL holds a password, which everybody who lists the processes of "
                 "this host can see: leave it out, and give it in PGPASSWORD, PGPASSFILE, "
                 "~/.pgpass or --database-password-file FILE; change it if others may have seen it",
                 {}};
  }
  const auto defaults = read_defaults();
  if (!all_local(values, defaults)) {
    values.try_emplace("sslmode", "verify-full");
    std::error_code ignored;
    if (values["sslmode"].starts_with("verify") && !has_own_authorities(defaults) &&
        std::filesystem::exists(system_authorities, ignored))
      values.try_emplace("sslrootcert", system_authorities);
  }
  if (access == Access::read_write) values.try_emplace("target_session_attrs", "read-write");
  values.try_emplace("application_name", "dth");
  values.try_emplace("connect_timeout", "10");
  values.try_emplace("keepalives_idle", "10");
  values.try_emplace("keepalives_interval", "5");
  values.try_emplace("keepalives_count", "3");
  values.try_emplace("tcp_user_timeout", "30000");
  values["client_encoding"] = "UTF8";
  ConnectOptions options{.parameters = {values.begin(), values.end()}, .name = name_of(values)};
  return options;
}

Result<std::string> read_password(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{ErrorCode::permission_denied,
                 "the password file " + path +
                     " may be read or written by others than its owner: run \"chmod 600 " + path +
                     "\", and change the password if others may have read it",
                 {}};
  }
  const bool is_other = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
  if (is_other) {
    return Error{
        ErrorCode::invalid_argument,
        "the password file " + path + " is not a regular file: check --database-password-file",
        {}};
  }
  std::ifstream file(path);
  if (!file) {
    const int error = errno;
    return Error{error == ENOENT ? ErrorCode::not_found : ErrorCode::permission_denied,
                 "the database's password cannot be read from " + path +
                     ": check --database-password-file and who may read that file",
                 std::strerror(error)};
  }
  std::string password;
  std::getline(file, password);
  if (password.ends_with('\r')) password.pop_back();
  if (password.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "the first line of " + path + " is empty: it has to hold the database's password",
                 {}};
  }
  return password;
}

}  // namespace dth::state::postgres
