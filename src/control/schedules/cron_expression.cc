#include "control/schedules/cron_expression.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>

#include "base/ascii.h"

namespace dth::control {
namespace {

namespace chr = std::chrono;

constexpr unsigned first_cron_year = 1970, last_cron_year = 2199;
constexpr std::size_t text_bytes_max = 256, list_items_max = 64;

constexpr std::array<std::string_view, 12> month_names = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                          "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> day_names = {"SUN", "MON", "TUE", "WED",
                                                       "THU", "FRI", "SAT"};

// What one field takes.
struct Field {
  std::string_view name;
  unsigned first, last;
  std::span<const std::string_view> names = {};  // of first, first + 1, ...
};

constexpr Field minute_field{"minute", 0, 59}, hour_field{"hour", 0, 23},
    day_of_month_field{"day of month", 1, 31}, month_field{"month", 1, 12, month_names},
    day_of_week_field{"day of week", 0, 7, day_names},
    aws_day_of_week_field{"day of week", 1, 7, day_names},
    year_field{"year", first_cron_year, last_cron_year};

Error wrong(const Field& field, std::string_view item, std::string_view why) {
  std::string message = "the " + std::string(field.name) + " '" + std::string(item) + "' " +
                        std::string(why) + ". It takes " + std::to_string(field.first) + " to " +
                        std::to_string(field.last);
  if (!field.names.empty())
    message +=
        ", or " + std::string(field.names.front()) + " to " + std::string(field.names.back());
  return {
      ErrorCode::invalid_argument, message + ", lists (1,15), ranges (1-5) and steps (*/2)", {}};
}

Result<unsigned> read_number(const Field& field, std::string_view text, std::string_view item) {
  for (std::size_t i = 0; i < field.names.size(); ++i) {
    if (text == field.names[i]) return field.first + static_cast<unsigned>(i);
  }
  unsigned number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size())
    return wrong(field, item, "is not understood");
  if (number < field.first || number > field.last) return wrong(field, item, "is out of range");
  return number;
}

struct Range {
  unsigned first, last, step;
};

// *, */2, 5, 5-9, 5-9/2, 5/2 (from 5 to the end).
Result<Range> read_range(const Field& field, std::string_view item) {
  Range range{field.first, field.last, 1};
  std::string_view body = item;
  const std::size_t slash = item.find('/');
  if (slash != std::string_view::npos) {
    body = item.substr(0, slash);
    const std::string_view step = item.substr(slash + 1);
    const auto [end, failure] = std::from_chars(step.data(), step.data() + step.size(), range.step);
    if (step.empty() || failure != std::errc() || end != step.data() + step.size() ||
        range.step == 0 || range.step > field.last)
      return wrong(field, item, "has a step that is not a number from 1 on within its range");
  }
  if (body == "*") return range;
  const std::size_t hyphen = body.find('-');
  auto first = read_number(field, body.substr(0, hyphen), item);
  if (first.has_error()) return first.error();
  range.first = *first;
  if (hyphen != std::string_view::npos) {
    auto last = read_number(field, body.substr(hyphen + 1), item);
    if (last.has_error()) return last.error();
    range.last = *last;
  } else if (slash == std::string_view::npos) {
    range.last = *first;
  }
  return range;
}

// Sets the numbers of a range. One that ends before it begins (FRI-MON) goes over the end.
template <class Set>
void add_range(const Field& field, const Range& range, const Set& set) {
  const unsigned size = field.last - field.first + 1;
  const unsigned count =
      range.last >= range.first ? range.last - range.first : range.last + size - range.first;
  for (unsigned i = 0; i <= count; i += range.step)
    set(field.first + (range.first - field.first + i) % size);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = text.find_first_not_of(" \t", i);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(" \t", begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    i = end;
  }
  return words;
}

std::optional<std::string_view> meaning_of_name(std::string_view text) {
  struct Name {
    std::string_view name, fields;
  };
  static constexpr std::array<Name, 7> names = {{{"@hourly", "0 * * * *"},
                                                 {"@daily", "0 0 * * *"},
                                                 {"@midnight", "0 0 * * *"},
                                                 {"@weekly", "0 0 * * 0"},
                                                 {"@monthly", "0 0 1 * *"},
                                                 {"@yearly", "0 0 1 1 *"},
                                                 {"@annually", "0 0 1 1 *"}}};
  const auto* found = std::ranges::find(names, text, &Name::name);
  return found == names.end() ? std::nullopt : std::optional(found->fields);
}

// An item's last character taken off, where it is this letter.
bool take_suffix(std::string_view* item, char letter) {
  if (!item->ends_with(letter)) return false;
  item->remove_suffix(1);
  return true;
}

unsigned last_day(chr::year_month_day day) {
  return static_cast<unsigned>((day.year() / day.month() / chr::last).day());
}

unsigned day_of_week(chr::year_month_day day) {
  return chr::weekday(chr::sys_days(day)).c_encoding();
}

// The Monday to Friday nearest to the n-th of the month, in the same month.
unsigned nearest_weekday(chr::year_month_day in_month, unsigned n) {
  const unsigned last = last_day(in_month);
  n = std::min(n, last);
  switch (day_of_week(in_month.year() / in_month.month() / chr::day(n))) {
    case 6:
      return n > 1 ? n - 1 : n + 2;
    case 0:
      return n < last ? n + 1 : n - 2;
    default:
      return n;
  }
}

}  // namespace

class CronParser {
 public:
  Result<CronExpression> parse(std::string_view text) {
    if (text.size() > text_bytes_max) return not_cron("is too long");
    const bool is_wrapped = text.starts_with("cron(") && text.ends_with(")");
    if (is_wrapped) text = text.substr(5, text.size() - 6);
    if (text.starts_with('@')) {
      const auto fields = meaning_of_name(text);
      if (!fields) return not_cron("is a name that is not known; @daily and @weekly are");
      cron_.text_ = text;
      if (auto failure = parse_fields(*fields)) return *failure;
      return cron_;
    }
    const auto words = words_of(text);
    if (words.size() != 6 && (words.size() != 5 || is_wrapped))
      return not_cron("has " + std::to_string(words.size()) + " fields");
    for (const std::string_view word : words)
      cron_.text_ += (cron_.text_.empty() ? "" : " ") + std::string(word);
    if (auto failure = parse_fields(ascii_upper(text))) return *failure;
    return cron_;
  }

 private:
  using Failure = std::optional<Error>;

  static Error not_cron(const std::string& why) {
    return {ErrorCode::invalid_argument,
            "the cron expression " + why +
                ". Write five fields: minute, hour, day of month, month, day of week "
                "(30 2 * * 1-5), or the six of Amazon EventBridge",
            {}};
  }

  Failure parse_fields(std::string_view fields) {
    const auto words = words_of(fields);
    is_aws_ = words.size() == 6;
    if (auto failure = set_numbers(minute_field, words[0], &cron_.minutes_)) return failure;
    if (auto failure = set_numbers(hour_field, words[1], &cron_.hours_)) return failure;
    if (auto failure = parse_day_of_month(words[2])) return failure;
    if (auto failure = set_numbers(month_field, words[3], &cron_.months_)) return failure;
    if (auto failure = parse_day_of_week(words[4])) return failure;
    if (auto failure = parse_year(is_aws_ ? words[5] : "*")) return failure;
    return decide_days(words[2], words[4]);
  }

  // As crontab(5) and EventBridge have it: the latter wants ? in one of the two.
  Failure decide_days(std::string_view of_month, std::string_view of_week) {
    const bool any_of_month = of_month == "?", any_of_week = of_week == "?";
    if (is_aws_ && any_of_month == any_of_week)
      return wrong(aws_day_of_week_field, of_week,
                   "does not go with that day of month: in six fields exactly one of the two is ?");
    if (!is_aws_ && any_of_month && any_of_week)
      return wrong(day_of_week_field, of_week, "does not go with ? as day of month");
    const bool restricted =
        !of_month.starts_with('*') && !any_of_month && !of_week.starts_with('*') && !any_of_week;
    cron_.days_ = restricted ? CronExpression::Days::either : CronExpression::Days::both;
    return {};
  }

  // Calls take(item) with each item of the list.
  template <class Take>
  Failure for_each(const Field& field, std::string_view text, const Take& take) {
    const auto items = split(text, ',');
    if (items.size() > list_items_max) return wrong(field, "", "has too many items");
    for (const std::string_view item : items) {
      if (Failure failure = take(item)) return failure;
    }
    return {};
  }

  template <class Set>
  static Failure add(const Field& field, std::string_view item, const Set& set) {
    auto range = read_range(field, item);
    if (range.has_error()) return range.error();
    add_range(field, *range, set);
    return {};
  }

  template <std::size_t size>
  Failure set_numbers(const Field& field, std::string_view text, std::bitset<size>* numbers) {
    return for_each(field, text, [&](std::string_view item) {
      return add(field, item, [&](unsigned number) { numbers->set(number); });
    });
  }

  Failure parse_year(std::string_view text) {
    return for_each(year_field, text, [&](std::string_view item) {
      return add(year_field, item,
                 [&](unsigned year) { cron_.years_.set(year - first_cron_year); });
    });
  }

  Failure parse_day_of_month(std::string_view text) {
    auto& days = cron_.day_of_month_;
    if (text == "?") text = "*";
    return for_each(day_of_month_field, text, [&](std::string_view item) -> Failure {
      std::string_view number = item;
      if (item == "L") {
        days.last = true;
      } else if (item == "LW") {
        days.last_weekday = true;
      } else if (take_suffix(&number, 'W')) {
        auto day = read_number(day_of_month_field, number, item);
        if (day.has_error()) return day.error();
        days.nearest_weekdays.set(*day);
      } else {
        return add(day_of_month_field, item, [&](unsigned day) { days.days.set(day); });
      }
      return {};
    });
  }

  // From 0, Sunday, whichever way it was written.
  unsigned weekday(unsigned number) const { return (number - (is_aws_ ? 1 : 0)) % 7; }

  Failure parse_day_of_week(std::string_view text) {
    const Field& field = is_aws_ ? aws_day_of_week_field : day_of_week_field;
    auto& days = cron_.day_of_week_;
    if (text == "?") text = "*";
    return for_each(field, text, [&](std::string_view item) -> Failure {
      std::string_view number = item;
      if (item == "L") {
        days.days.set(6);  // as EventBridge has it: the week's last day
        return {};
      }
      if (const std::size_t mark = item.find('#'); mark != std::string_view::npos)
        return parse_kth(field, item, mark);
      const bool is_name = std::ranges::find(day_names, item) != day_names.end();
      if (!is_name && take_suffix(&number, 'L')) {
        auto day = read_number(field, number, item);
        if (day.has_error()) return day.error();
        days.last_of_month.set(weekday(*day));
        return {};
      }
      return add_weekdays(field, item);
    });
  }

  Failure add_weekdays(const Field& field, std::string_view item) {
    auto range = read_range(field, item);
    if (range.has_error()) return range.error();
    if (item.starts_with('*')) range->last = range->first + 6;  // 0 and 7 are both Sunday
    if (range->last < range->first) range->last += 7;           // FRI-MON
    for (unsigned day = range->first; day <= range->last; day += range->step)
      cron_.day_of_week_.days.set(weekday(day));
    return {};
  }

  Failure parse_kth(const Field& field, std::string_view item, std::size_t mark) {
    auto day = read_number(field, item.substr(0, mark), item);
    if (day.has_error()) return day.error();
    const std::string_view kth = item.substr(mark + 1);
    if (kth.size() != 1 || kth[0] < '1' || kth[0] > '5')
      return wrong(field, item, "has no number from 1 to 5 after its #");
    cron_.day_of_week_.kth[static_cast<std::size_t>(kth[0] - '0')].set(weekday(*day));
    return {};
  }

  CronExpression cron_;
  bool is_aws_ = false;
};

Result<CronExpression> CronExpression::parse(std::string_view text) {
  return CronParser().parse(text);
}

bool CronExpression::is_on(chr::year_month_day day) const {
  const int year = static_cast<int>(day.year());
  if (year < static_cast<int>(first_cron_year) || year > static_cast<int>(last_cron_year))
    return false;
  if (!years_.test(static_cast<std::size_t>(year) - first_cron_year)) return false;
  if (!months_.test(static_cast<unsigned>(day.month()))) return false;
  const bool of_month = is_on_day_of_month(day), of_week = is_on_day_of_week(day);
  return days_ == Days::either ? of_month || of_week : of_month && of_week;
}

bool CronExpression::is_on_day_of_month(chr::year_month_day day) const {
  const unsigned number = static_cast<unsigned>(day.day());
  if (day_of_month_.days.test(number)) return true;
  if (day_of_month_.last && number == last_day(day)) return true;
  if (day_of_month_.last_weekday && number == nearest_weekday(day, last_day(day))) return true;
  for (unsigned wanted = 1; wanted <= 31; ++wanted) {
    if (day_of_month_.nearest_weekdays.test(wanted) && wanted <= last_day(day) &&
        number == nearest_weekday(day, wanted))
      return true;
  }
  return false;
}

bool CronExpression::is_on_day_of_week(chr::year_month_day day) const {
  const unsigned number = static_cast<unsigned>(day.day()), week_day = day_of_week(day);
  if (day_of_week_.days.test(week_day)) return true;
  if (day_of_week_.last_of_month.test(week_day) && number + 7 > last_day(day)) return true;
  return day_of_week_.kth[(number + 6) / 7].test(week_day);
}

chr::year CronExpression::first_year() const {
  for (unsigned i = 0; i < years_.size(); ++i) {
    if (years_.test(i)) return chr::year(static_cast<int>(first_cron_year + i));
  }
  return chr::year(first_cron_year);
}

chr::year CronExpression::last_year() const {
  for (std::size_t i = years_.size(); i-- > 0;) {
    if (years_.test(i)) return chr::year(static_cast<int>(first_cron_year + i));
  }
  return chr::year(first_cron_year);
}

}  // namespace dth::control
