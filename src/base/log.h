#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"

namespace dth {

enum class LogLevel { debug, info, warning, error };
std::string_view to_string(LogLevel level);
std::optional<LogLevel> parse_log_level(std::string_view text);

enum class LogFormat {
  console,  // 2026-11-01T09:30:00.000Z info  listening url=http://127.0.0.1:8080
  json,  // {"time": ..., "level": "info", "message": "listening", "url": "http://127.0.0.1:8080"}
};

// What a line says besides its message. Texts may hold any byte; a secret never gets here.
struct LogField {
  std::string_view name;  // "request_id": a JSON member and a word of the console
  std::variant<std::string_view, std::int64_t, double> value;
};
using LogFields = std::initializer_list<LogField>;

struct LogOptions {
  LogFormat format = LogFormat::console;
  LogLevel level = LogLevel::info;
  // Where lines go, without their ends; nowhere named: to standard error.
  std::function<void(std::string_view line)> to = {};
};

// The process's log: one line an event, whole, in order. Thread-safe. Never fails: a line that
// cannot be written is lost.
class Log {
 public:
  explicit Log(LogOptions options);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void write(LogLevel level, std::string_view message, LogFields fields = {});
  void debug(std::string_view message, LogFields fields = {}) {
    write(LogLevel::debug, message, fields);
  }
  void info(std::string_view message, LogFields fields = {}) {
    write(LogLevel::info, message, fields);
  }
  void warning(std::string_view message, LogFields fields = {}) {
    write(LogLevel::warning, message, fields);
  }
  void error(std::string_view message, LogFields fields = {}) {
    write(LogLevel::error, message, fields);
  }

  // Lines below it are not written.
  void set_level(LogLevel level);
  bool writes(LogLevel level) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The line as it is written, without its end.
std::string format_log_line(LogFormat format, TimePoint time, LogLevel level,
                            std::string_view message, LogFields fields);

}  // namespace dth
