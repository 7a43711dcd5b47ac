/* Preloaded by a test: this machine's wall clock is SKEW_SECONDS ahead. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec* time) {
  static int (*real)(clockid_t, struct timespec*);
  if (!real) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  const int result = real(clock, time);
  const char* skew = getenv("SKEW_SECONDS");
  if (result == 0 && clock == CLOCK_REALTIME && skew) time->tv_sec += atol(skew);
  return result;
}
