#include <gps.h>
#include <stdint.h>

/* Several C modules define timespec: where more than one is loaded, Swift lets none of its members be named. */
static inline int64_t milliseconds_of(struct timespec t) {
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
