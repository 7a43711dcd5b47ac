#include "objects/s3/listed_time.h"

#include <string>

#include "base/zoned_time.h"
#include "net/http_date.h"

namespace dth::objects::s3 {

std::optional<TimePoint> if_known(std::optional<TimePoint> time) {
  return time && time->time_since_epoch() > TimePoint::duration::zero() ? time : std::nullopt;
}

std::optional<TimePoint> parse_listed_time(std::string_view text) {
  if (auto time = parse_time(text)) return if_known(time);
  if (auto time = parse_zoned_time(text)) return if_known(time);
  if (auto time = net::parse_http_date(text)) return if_known(time);
  return if_known(parse_zoned_time(std::string(text) + "Z"));  // without a zone it is UTC
}

}  // namespace dth::objects::s3
