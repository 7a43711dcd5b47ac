#include "base/log.h"

#include <array>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/encoding.h"
#include "base/json_writer.h"

namespace dth {
namespace {

constexpr std::array<std::string_view, 4> level_names = {"debug", "info", "warning", "error"};
constexpr std::array<spdlog::level::level_enum, 4> spdlog_levels = {
    spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};

class CallbackSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit CallbackSink(std::function<void(std::string_view)> to) : to_(std::move(to)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    to_(std::string_view(message.payload.data(), message.payload.size()));
  }
  void flush_() override {}

 private:
  std::function<void(std::string_view)> to_;
};

// In a line of words, a value with a space, a quote or an equals sign stands in quotes.
std::string console_text(std::string_view text) {
  std::string shown = printable(text);
  if (!shown.empty() && shown.find_first_of(" \"=") == std::string::npos) return shown;
  std::string quoted = "\"";
  for (const char c : shown) {
    if (c == '"') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string json_text(std::string_view text) {
  std::string quoted;
  append_json_string(is_valid_utf8(text) ? std::string(text) : printable(text), &quoted);
  escape_display_controls(&quoted);
  return quoted;
}

std::string value_text(LogFormat format, const LogField& field) {
  if (const auto* number = std::get_if<std::int64_t>(&field.value))
    return fmt::format("{}", *number);
  if (const auto* number = std::get_if<double>(&field.value)) return fmt::format("{:.6g}", *number);
  const std::string_view text = std::get<std::string_view>(field.value);
  return format == LogFormat::json ? json_text(text) : console_text(text);
}

}  // namespace

std::string_view to_string(LogLevel level) { return level_names[static_cast<std::size_t>(level)]; }

std::optional<LogLevel> parse_log_level(std::string_view text) {
  const auto* found = std::find(level_names.begin(), level_names.end(), text);
  if (found == level_names.end()) return std::nullopt;
  return static_cast<LogLevel>(found - level_names.begin());
}

std::string format_log_line(LogFormat format, TimePoint time, LogLevel level,
                            std::string_view message, LogFields fields) {
  std::string line;
  if (format == LogFormat::console) {
    line = fmt::format("{}Z {:<7} {}", format_time(time).substr(0, 23), to_string(level),
                       printable(message));
    for (const LogField& field : fields)
      line += fmt::format(" {}={}", field.name, value_text(format, field));
    return line;
  }
  line = fmt::format(R"({{"time":"{}","level":"{}","message":{})", format_time(time),
                     to_string(level), json_text(message));
  for (const LogField& field : fields)
    line += fmt::format(R"(,"{}":{})", field.name, value_text(format, field));
  return line + "}";
}

struct Log::Impl {
  LogFormat format;
  SystemClock clock;
  spdlog::logger logger;
};

Log::Log(LogOptions options) {
  spdlog::sink_ptr sink;
  if (options.to) {
    sink = std::make_shared<CallbackSink>(std::move(options.to));
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  }
  impl_.reset(new Impl{options.format, {}, spdlog::logger("dth", std::move(sink))});
  impl_->logger.set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
  impl_->logger.set_error_handler([](const std::string&) {});
  set_level(options.level);
}

Log::~Log() = default;

void Log::write(LogLevel level, std::string_view message, LogFields fields) {
  if (!writes(level)) return;
  const std::string line =
      format_log_line(impl_->format, impl_->clock.now(), level, message, fields);
  impl_->logger.log(spdlog_levels[static_cast<std::size_t>(level)],
                    spdlog::string_view_t(line.data(), line.size()));
}

void Log::set_level(LogLevel level) {
  impl_->logger.set_level(spdlog_levels[static_cast<std::size_t>(level)]);
}

bool Log::writes(LogLevel level) const {
  return impl_->logger.should_log(spdlog_levels[static_cast<std::size_t>(level)]);
}

}  // namespace dth
