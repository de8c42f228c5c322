// What the program's output is shown on, if that is a terminal.
//
// It is the host's to know: the fuser has no terminal and no environment. Colours are for terminals,
// and not for those whose users do not want them (https://no-color.org) or that know none.

/** For the fuser. */
export interface Terminal {
  columns?: number;
  outputColors: boolean;
  errorColors: boolean;
}

/** What standard output and standard error are shown on. */
export function terminal(): Terminal {
  const { env, stdout, stderr } = process;
  const knowsColors = !env.NO_COLOR && env.TERM !== 'dumb';
  const columns: number | undefined = stdout.columns ?? stderr.columns;
  return {
    ...(columns !== undefined && { columns }),
    outputColors: knowsColors && stdout.isTTY === true,
    errorColors: knowsColors && stderr.isTTY === true,
  };
}
