#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace dth::control {

// A date and a time of day as clocks of a zone show it: without an offset, to the second.
using LocalTime = std::chrono::local_seconds;

// A time zone of the tz database (https://www.iana.org/time-zones), as this machine has it. Does
// not depend on the process's own zone. A value; copies share the rules, which are read once for a
// process. Thread-safe.
class TimeZone {
 public:
  // By its name: "Europe/Berlin", "UTC". invalid_argument: this machine knows none of that name.
  static Result<TimeZone> find(const std::string& name);
  static TimeZone utc();

  const std::string& name() const { return name_; }

  // What clocks show at that point of time, and how far they are ahead of UTC then.
  LocalTime to_local(TimePoint time) const;
  std::chrono::seconds offset_at(TimePoint time) const;

  enum class Occurs {
    once,
    never,  // clocks are put forward over it
    twice,  // clocks are put back over it
  };
  struct Instant {
    Occurs occurs = Occurs::once;
    // never: both are the instant at which clocks are put forward.
    TimePoint first{}, last{};
  };
  Instant to_instant(LocalTime local) const;

 private:
  struct Rules;
  TimeZone(std::string name, std::shared_ptr<const Rules> rules);
  std::string name_;
  std::shared_ptr<const Rules> rules_;
};

// The release of the tz database on this machine: "2025b"; empty where it does not say.
std::string tz_database_version();

// "2026-03-29T03:00:00+02:00": how the zone's clocks show it.
std::string format_local(const TimeZone& zone, TimePoint time);

}  // namespace dth::control
