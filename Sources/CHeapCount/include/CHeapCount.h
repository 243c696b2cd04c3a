#ifndef CHEAPCOUNT_H
#define CHEAPCOUNT_H

/// How often `malloc` was called so far in this program.
long heap_allocations(void);

#endif
