// Takes streams and futures, and returns others. What it waits for it is called back with; a task keeps
// what it needs until then in memory of its own. What `between.h` declares is by wit-bindgen.

#include <stdlib.h>
#include <string.h>

#include "between.h"

#define BLOCKED BETWEEN_WAITABLE_STATUS_BLOCKED
#define STATE(status) BETWEEN_WAITABLE_STATE(status)
#define COUNT(status) BETWEEN_WAITABLE_COUNT(status)
#define WAIT(set) BETWEEN_CALLBACK_CODE_WAIT(set)

// Memory of the task that runs, with a set of what it waits for.
static void *begin(size_t size, between_waitable_set_t *set) {
  void *task = calloc(1, size);
  *set = between_waitable_set_new();
  between_context_set_0(task);
  return task;
}

static between_callback_code_t end(void *task, between_waitable_set_t set) {
  between_waitable_set_drop(set);
  free(task);
  return BETWEEN_CALLBACK_CODE_EXIT;
}

// `long`: words come some at a time, and go on one at a time.

enum { WORDS = 3 };

typedef struct {
  between_waitable_set_t set;
  exports_tests_streams_filter_stream_string_t reader;
  exports_tests_streams_filter_stream_string_writer_t writer;
  uint32_t least;
  between_string_t words[WORDS];
  uint32_t count, next;
  bool is_last, is_done;
} long_t;

static void have_read(long_t *task, between_waitable_status_t status) {
  task->count = COUNT(status);
  task->next = 0;
  task->is_last = STATE(status) != BETWEEN_WAITABLE_COMPLETED;
}

static void pass_over(long_t *task) { between_string_free(&task->words[task->next++]); }

static void have_written(long_t *task, between_waitable_status_t status) {
  pass_over(task);
  task->is_done = STATE(status) != BETWEEN_WAITABLE_COMPLETED;
}

static between_callback_code_t go_on(long_t *task) {
  between_waitable_status_t status;
  for (;;) {
    while (task->next < task->count) {
      if (task->is_done || task->words[task->next].len < task->least) {
        pass_over(task);
        continue;
      }
      status = exports_tests_streams_filter_stream_string_write(
          task->writer, &task->words[task->next], 1);
      if (status == BLOCKED) return WAIT(task->set);
      have_written(task, status);
    }
    if (task->is_done || task->is_last) break;
    status = exports_tests_streams_filter_stream_string_read(task->reader, task->words, WORDS);
    if (status == BLOCKED) return WAIT(task->set);
    have_read(task, status);
  }
  between_waitable_join(task->reader, 0);
  between_waitable_join(task->writer, 0);
  exports_tests_streams_filter_stream_string_drop_readable(task->reader);
  exports_tests_streams_filter_stream_string_drop_writable(task->writer);
  return end(task, task->set);
}

between_callback_code_t exports_tests_streams_filter_long(
    exports_tests_streams_filter_stream_string_t words, uint32_t least) {
  between_waitable_set_t set;
  long_t *task = begin(sizeof *task, &set);
  task->set = set;
  task->reader = words;
  task->least = least;
  exports_tests_streams_filter_long_return(
      exports_tests_streams_filter_stream_string_new(&task->writer));
  between_waitable_join(task->reader, set);
  between_waitable_join(task->writer, set);
  return go_on(task);
}

between_callback_code_t exports_tests_streams_filter_long_callback(between_event_t *event) {
  long_t *task = between_context_get_0();
  switch (event->event) {
    case BETWEEN_EVENT_STREAM_READ: have_read(task, event->code); break;
    case BETWEEN_EVENT_STREAM_WRITE: have_written(task, event->code); break;
    default: abort();
  }
  return go_on(task);
}

// `sum`: it returns when all bytes have come.

typedef struct {
  between_waitable_set_t set;
  exports_tests_streams_filter_stream_u8_t reader;
  uint64_t sum;
  uint8_t bytes[300];
} sum_t;

// Whether more may come.
static bool add(sum_t *task, between_waitable_status_t status) {
  for (uint32_t i = 0; i < COUNT(status); i++) task->sum += task->bytes[i];
  return STATE(status) == BETWEEN_WAITABLE_COMPLETED;
}

static between_callback_code_t add_up(sum_t *task, bool more) {
  while (more) {
    between_waitable_status_t status = exports_tests_streams_filter_stream_u8_read(
        task->reader, task->bytes, sizeof task->bytes);
    if (status == BLOCKED) return WAIT(task->set);
    more = add(task, status);
  }
  between_waitable_join(task->reader, 0);
  exports_tests_streams_filter_stream_u8_drop_readable(task->reader);
  exports_tests_streams_filter_sum_return(task->sum);
  return end(task, task->set);
}

between_callback_code_t exports_tests_streams_filter_sum(
    exports_tests_streams_filter_stream_u8_t bytes) {
  between_waitable_set_t set;
  sum_t *task = begin(sizeof *task, &set);
  task->set = set;
  task->reader = bytes;
  between_waitable_join(bytes, set);
  return add_up(task, true);
}

between_callback_code_t exports_tests_streams_filter_sum_callback(between_event_t *event) {
  sum_t *task = between_context_get_0();
  if (event->event != BETWEEN_EVENT_STREAM_READ) abort();
  return add_up(task, add(task, event->code));
}

// `louder`: a future for a future.

typedef struct {
  between_waitable_set_t set;
  exports_tests_streams_filter_future_string_t reader;
  exports_tests_streams_filter_future_string_writer_t writer;
  between_string_t value;
} louder_t;

static between_callback_code_t have_told(louder_t *task) {
  between_string_free(&task->value);
  between_waitable_join(task->writer, 0);
  exports_tests_streams_filter_future_string_drop_writable(task->writer);
  return end(task, task->set);
}

static between_callback_code_t tell(louder_t *task) {
  between_string_t *value = &task->value;
  value->ptr = realloc(value->ptr, value->len + 1);
  value->ptr[value->len++] = '!';
  between_waitable_join(task->reader, 0);
  exports_tests_streams_filter_future_string_drop_readable(task->reader);
  between_waitable_join(task->writer, task->set);
  if (exports_tests_streams_filter_future_string_write(task->writer, value) == BLOCKED) {
    return WAIT(task->set);
  }
  return have_told(task);
}

between_callback_code_t exports_tests_streams_filter_louder(
    exports_tests_streams_filter_future_string_t value) {
  between_waitable_set_t set;
  louder_t *task = begin(sizeof *task, &set);
  task->set = set;
  task->reader = value;
  exports_tests_streams_filter_louder_return(
      exports_tests_streams_filter_future_string_new(&task->writer));
  between_waitable_join(value, set);
  if (exports_tests_streams_filter_future_string_read(value, &task->value) == BLOCKED) {
    return WAIT(set);
  }
  return tell(task);
}

between_callback_code_t exports_tests_streams_filter_louder_callback(between_event_t *event) {
  louder_t *task = between_context_get_0();
  switch (event->event) {
    case BETWEEN_EVENT_FUTURE_READ: return tell(task);
    case BETWEEN_EVENT_FUTURE_WRITE: return have_told(task);
    default: abort();
  }
}
