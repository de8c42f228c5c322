// Chains of components, each of which exports resources round those that it imports from the next.
// The root is a command; they log what they do, and the last component prints it.

import { guest } from './guests.mjs';

const FLOATS = 'chains:floats/floats';
const LISTS = 'chains:lists/things';

/** By the name of the file in `tests/cases/resources` that has what the composition prints. */
export const CHAINS = {
  floats: chain(FLOATS, 'floats-runner', 'floats-intermediate', 'floats-leaf'),
  lists: chain(LISTS, 'lists-runner', 'lists-intermediate', 'lists-leaf'),
  'floats-again': chain(FLOATS, 'floats-runner', 'floats-intermediate', 'floats-intermediate', 'floats-leaf'),
};

/** A function that gives what to fuse, or to link. */
function chain(name, ...guests) {
  const stage = (index) => `stage${index}`;
  const wires = guests.slice(1).map((_, index) => ({
    importer: stage(index),
    importName: name,
    provider: stage(index + 1),
    exportName: name,
  }));
  return () => {
    const stages = guests.map((it, index) => ({ name: stage(index), bytes: guest(it) }));
    return { components: [...stages, { name: 'printer', bytes: guest('printer') }], wires };
  };
}
