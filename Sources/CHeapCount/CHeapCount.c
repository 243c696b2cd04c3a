#include "CHeapCount.h"

#include <stddef.h>

// A program's own `malloc` stands before the C library's, for the Swift runtime as for everybody. glibc keeps its own under
// this name for those who replace it. `free`, `calloc` and `realloc` stay the library's.
extern void *__libc_malloc(size_t size);

static long count;

__attribute__((visibility("default"))) void *malloc(size_t size) {
  __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
  return __libc_malloc(size);
}

long heap_allocations(void) { return __atomic_load_n(&count, __ATOMIC_RELAXED); }
