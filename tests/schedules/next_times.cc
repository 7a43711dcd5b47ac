// Answers each line "ZONE<tab>AFTER<tab>COUNT<tab>CRON" of standard input, AFTER in seconds since
// 1970, with the next COUNT slots in the same form, or with "refused: why".
#include <iostream>
#include <sstream>
#include <string>

#include "control/schedules/schedule.h"

namespace {

using namespace dth;
using namespace dth::control;

std::string answer(const std::string& line) {
  std::istringstream fields(line);
  std::string zone_name, after, count, text;
  std::getline(fields, zone_name, '\t');
  std::getline(fields, after, '\t');
  std::getline(fields, count, '\t');
  std::getline(fields, text);
  auto zone = TimeZone::find(zone_name);
  auto expression = CronExpression::parse(text);
  if (zone.has_error()) return "refused: " + zone.error().message;
  if (expression.has_error()) return "refused: " + expression.error().message;
  const Schedule schedule(Cron{*std::move(expression)}, *std::move(zone));
  auto next = schedule.next_after(TimePoint(std::chrono::seconds(std::stoll(after))));
  std::string shown;
  for (int left = std::stoi(count); next && left > 0; --left) {
    shown +=
        (shown.empty() ? "" : " ") + std::to_string(next->time_since_epoch().count() / 1'000'000);
    next = schedule.next_after(*next);
  }
  return shown;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) std::cout << answer(line) << "\n";
}
