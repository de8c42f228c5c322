// What the command does where it is told nothing: what the functions of the package do.
//
// The command line is read by a component, and the defaults that it knows and tells of are those of the
// native command. Here those that differ are replaced.

import { DEFAULTS } from '../options.js';
import { SUMMARY as BUILD } from './help.js';
import type { Command } from './line.js';

/** What is to be done, with the package's defaults where the arguments leave a choice. */
export function withDefaults(command: Command, arguments_: string[]): Command {
  if (command.tag === 'say') {
    const [verb, about] = arguments_.filter((it) => !it.startsWith('--color'));
    return { ...command, val: said(command.val, verb === 'help' ? (about ?? '--help') : verb) };
  }
  if (command.tag !== 'fuse' || says(arguments_, '--memory') || says(arguments_, '--target')) return command;
  return { ...command, val: { ...command.val, options: { ...command.val.options, ...DEFAULTS } } };
}

function says(arguments_: string[], flag: string): boolean {
  const end = arguments_.indexOf('--');
  const flags = end < 0 ? arguments_ : arguments_.slice(0, end);
  return flags.some((it) => it === flag || it.startsWith(`${flag}=`));
}

/** Help, with the package's defaults, and with the command that only the package has. */
function said(help: string, verb: string | undefined): string {
  if (verb === 'fuse') {
    return help.replace(/(--memory\b[^]*?\[default: )\w+(?=\])/, (_, before) => before + DEFAULTS.memory);
  }
  if (!verb?.startsWith('-')) return help;
  // The name of a command may be in colours, and so is this one.
  return help.replace(
    /^( {2}(?:\x1b\[\d+m)*)inspect((?:\x1b\[0m)?) /m,
    (line, before, after) => `${before}build${after}    ${BUILD}\n${line}`,
  );
}
