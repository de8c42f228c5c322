// wasm3 MODULE FOLDER ARGUMENT...: runs a module in wasm3, in a small WASI.

#include "wasi.h"
#include "wasm3.h"

#include <stdio.h>
#include <stdlib.h>

// How a trap ends a program elsewhere: by a signal.
enum { TRAPPED = 134 };

enum { STACK = 1 << 20 };

extern char **environ;

static uint8_t *memory(void *runtime, uint64_t *size) {
    uint32_t bytes = 0;
    uint8_t *found = m3_GetMemory(runtime, &bytes, 0);
    *size = bytes;
    return found;
}

#define FUNCTION(name, signature, ...) \
    static const void *call_##name(IM3Runtime runtime, IM3ImportContext context, uint64_t *stack, void *data) { \
        uint64_t *a = stack + 1; \
        (void)runtime, (void)data, (void)a; \
        *(uint32_t *)stack = wasi_##name(context->userdata, __VA_ARGS__); \
        return m3Err_none; \
    }
WASI_FUNCTIONS(FUNCTION)

static const void *call_proc_exit(IM3Runtime runtime, IM3ImportContext context, uint64_t *stack, void *data) {
    (void)runtime, (void)data;
    wasi_proc_exit(context->userdata, stack[0]);
    return m3Err_none;
}

static void check(IM3Runtime runtime, const char *what, M3Result result) {
    if (!result) return;
    M3ErrorInfo more = {0};
    if (runtime) m3_GetErrorInfo(runtime, &more);
    fprintf(stderr, "wasm3: %s: %s (%s)\n", what, result, more.message ? more.message : "");
    exit(TRAPPED);
}

static void link_function(IM3Module module, struct wasi *wasi, const char *name, const char *signature,
                          M3RawCall call) {
    M3Result result = m3_LinkRawFunctionEx(module, "wasi_snapshot_preview1", name, signature, call, wasi);
    // What is not imported need not be there.
    if (result != m3Err_functionLookupFailed) check(NULL, name, result);
}

int main(int count, char **arguments) {
    if (count < 3) return 2;
    FILE *file = fopen(arguments[1], "rb");
    if (!file) return 2;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(size);
    if (fread(bytes, 1, size, file) != (size_t)size) return 2;

    IM3Environment environment = m3_NewEnvironment();
    IM3Runtime runtime = m3_NewRuntime(environment, STACK, NULL);
    struct wasi wasi = {.memory = memory, .context = runtime};
    const char *folder = arguments[2];
    arguments[2] = "command";
    wasi_open(&wasi, arguments + 2, environ, folder);
    IM3Module module;
    check(NULL, "parsing", m3_ParseModule(environment, &module, bytes, size));
    check(runtime, "loading", m3_LoadModule(runtime, module));
#define LINK(name, signature, ...) link_function(module, &wasi, #name, signature, call_##name);
    WASI_FUNCTIONS(LINK)
    link_function(module, &wasi, "proc_exit", "v(i)", call_proc_exit);
    IM3Function start;
    check(runtime, "finding `_start`", m3_FindFunction(&start, runtime, "_start"));
    check(runtime, "running", m3_CallV(start));
    return 0;
}
