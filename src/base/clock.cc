#include "base/clock.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

namespace dth {
namespace asio = boost::asio;

TimePoint SystemClock::now() const {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

Async<Result<void>> SystemClock::sleep_until(MonotonicTime when) {
  boost::system::error_code failure;
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer(co_await asio::this_coro::executor, when);
  co_await timer.async_wait(asio::redirect_error(use_async, failure));
  if (failure) co_return cancelled_error();
  co_return Result<void>();
}

namespace {

// The last `width` decimal digits of `value`, written at `to`.
void put_digits(std::int64_t value, std::size_t width, char* to) {
  for (std::size_t i = width; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

// Once for every line of a ledger: printf would cost more than all else that is written there.
std::string format_time(TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string text = "0000-00-00T00:00:00.000000Z";
  put_digits(static_cast<int>(date.year()), 4, text.data());
  put_digits(static_cast<unsigned>(date.month()), 2, text.data() + 5);
  put_digits(static_cast<unsigned>(date.day()), 2, text.data() + 8);
  put_digits(clock.hours().count(), 2, text.data() + 11);
  put_digits(clock.minutes().count(), 2, text.data() + 14);
  put_digits(clock.seconds().count(), 2, text.data() + 17);
  put_digits(clock.subseconds().count(), 6, text.data() + 20);
  return text;
}

namespace {

// The number that is exactly `width` digits at `*rest`, which it consumes.
std::optional<int> take_digits(std::string_view* rest, std::size_t width) {
  if (rest->size() < width) return std::nullopt;
  int value = 0;
  for (char c : rest->substr(0, width)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  rest->remove_prefix(width);
  return value;
}

bool take(std::string_view* rest, char expected) {
  if (rest->empty() || rest->front() != expected) return false;
  rest->remove_prefix(1);
  return true;
}

}  // namespace

std::optional<TimePoint> parse_time(std::string_view text) {
  const auto year = take_digits(&text, 4);
  if (!year || !take(&text, '-')) return std::nullopt;
  const auto month = take_digits(&text, 2);
  if (!month || !take(&text, '-')) return std::nullopt;
  const auto day = take_digits(&text, 2);
  if (!day || !take(&text, 'T')) return std::nullopt;
  const auto hour = take_digits(&text, 2);
  if (!hour || !take(&text, ':')) return std::nullopt;
  const auto minute = take_digits(&text, 2);
  if (!minute || !take(&text, ':')) return std::nullopt;
  const auto second = take_digits(&text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  std::int64_t microseconds = 0;
  if (take(&text, '.')) {
    std::int64_t unit = 100'000;
    int digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; ++digits, unit /= 10) {
      microseconds += unit * (text.front() - '0');
      text.remove_prefix(1);
    }
    if (digits < 1 || digits > 9) return std::nullopt;
  }
  if (text != "Z") return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return TimePoint(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
         std::chrono::minutes(*minute) + std::chrono::seconds(*second) +
         std::chrono::microseconds(microseconds);
}

}  // namespace dth
