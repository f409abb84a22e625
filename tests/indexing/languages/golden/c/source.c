/* A tiny event loop, written to show what C says about names. */
#include <stdio.h>
#include "loop/event.h"

#define MAX_EVENTS 64
#define UNUSED(x) ((void)(x))
#define EMIT(loop, event) \
    do { \
        loop_emit((loop), (event)); \
    } while (0)
#define GUARD_H

/* What is waited for. */
struct watcher {
    int fd;
    struct watcher *next;
    void (*callback)(struct loop *loop, int events);
    union { int number; void *pointer; } data;
};

typedef struct loop {
    struct watcher *watchers[MAX_EVENTS];
    size_t count;
} loop_t;

typedef struct {
    int x, y;
} point_t;

typedef int (*compare_fn)(const void *, const void *);
typedef unsigned long ticks_t;

enum state { IDLE, RUNNING = 2, STOPPED };

static int running = 0;
extern int loop_errno;
loop_t *default_loop, other_loop;
int loop_emit(loop_t *loop, int event);
static void on_read(struct loop *loop, int events);

static const struct operations file_operations = {
    .read = file_read,
    .write = &file_write,
};

static compare_fn comparers[] = { by_name, [2] = by_size, NULL };

/*
 * Starts the loop.
 *
 * The second paragraph says more.
 */
int loop_run(loop_t *loop, const char *name, ...)
{
    struct watcher *first = (struct watcher *)malloc(sizeof(*first));
    point_t origin = { 0, 0 };
    int i;
    first->callback = on_read;
    for (i = 0; i < loop->count; i++) {
        loop->watchers[i]->callback(loop, RUNNING);
        comparers[i](first, &origin);
    }
    qsort(loop->watchers, loop->count, sizeof(first), by_name);
    (*file_operations.read)(first);
    return running ? loop_emit(loop, IDLE) : -1;
}

#ifdef WITH_THREADS
static inline compare_fn pick(enum state state) { return state == IDLE ? by_name : by_size; }
#endif

int old_style(a, b)
    int a;
    char *b;
{
    goto out;
out:
    return a;
}

// Called when there is something to read.
static void on_read(struct loop *loop, int events) { UNUSED(events); EMIT(loop, 1); }
