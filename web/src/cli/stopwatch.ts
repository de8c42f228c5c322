// How long each step took: `--time`.

/** Measures steps, one after another. */
export class Stopwatch {
  #last = performance.now();
  readonly #steps: string[] = [];

  /** Ends a step and starts the next. */
  lap(step: string): void {
    const now = performance.now();
    this.#steps.push(`${step} ${(now - this.#last).toFixed(1)} ms`);
    this.#last = now;
  }

  toString(): string {
    return `time: ${this.#steps.join(', ')}`;
  }
}
