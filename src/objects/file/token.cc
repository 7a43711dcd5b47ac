#include "objects/file/token.h"

#include <cstdio>

namespace dth::objects::file {

std::string change_token(const struct stat& file) {
  char text[160];
  std::snprintf(text, sizeof text, "file-%llx-%llx-%llx.%lx-%llx.%lx",
                static_cast<unsigned long long>(file.st_ino),
                static_cast<unsigned long long>(file.st_size),
                static_cast<unsigned long long>(file.st_mtim.tv_sec),
                static_cast<unsigned long>(file.st_mtim.tv_nsec),
                static_cast<unsigned long long>(file.st_ctim.tv_sec),
                static_cast<unsigned long>(file.st_ctim.tv_nsec));
  return text;
}

TimePoint time_of(const timespec& time) {
  return TimePoint(std::chrono::seconds(time.tv_sec) +
                   std::chrono::microseconds(time.tv_nsec / 1'000));
}

timespec timespec_of(TimePoint time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return {static_cast<time_t>(seconds.time_since_epoch().count()),
          static_cast<long>((time - seconds).count() * 1'000)};
}

}  // namespace dth::objects::file
