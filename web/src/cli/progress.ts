// A line on the terminal for calls that take longer than half a second: what is being done, and
// for how long. It is gone when the call is over, so that it never mixes with other output, and it
// is not there at all where standard error is no terminal.

const PATIENCE = 500;
const STEP = 100;
const WHEEL = ['|', '/', '-', '\\'];
const CLEAR = '\r\x1b[K';

/** Shows progress until something is done. */
export async function progress<T>(doing: string, done: Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return done;
  const started = performance.now();
  let shown = 0;
  const show = () => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stderr.write(`${CLEAR}${WHEEL[shown % WHEEL.length]} ${doing}: ${seconds} s`);
    shown += 1;
    timer = setTimeout(show, STEP);
  };
  let timer = setTimeout(show, PATIENCE);
  try {
    return await done;
  } finally {
    clearTimeout(timer);
    if (shown > 0) process.stderr.write(CLEAR);
  }
}
