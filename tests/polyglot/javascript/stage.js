// One of a chain, in JavaScript: it does a little, and the next one the rest.

import * as next from 'polyglot:chain/words@1.0.0';
import { Tally as NextTally } from 'polyglot:chain/tallies@1.0.0';

export const words = {
  languages: () => ['javascript', ...next.languages()],
  shout: text => next.shout(`${text}, says JavaScript`),
  count: (text, order) => next.count(`${text} javascript`, order),
  longest: words => next.longest(words.map(word => word.trim())),
  look(text) {
    const traits = next.look(text);
    return { ...traits, long: !traits.long };
  },
  revise(note) {
    if (note.tag === 'number') note = { ...note, val: note.val + 1 };
    if (note.tag === 'text') note = { ...note, val: `${note.val}-javascript` };
    try {
      return next.revise(note);
    } catch (error) {
      throw Object.assign(new Error(), { payload: `javascript: ${error.payload ?? error}` });
    }
  },
  sum: numbers => next.sum(numbers) + 1,
  turn: bytes => next.turn(bytes.toReversed()),
};

class Tally {
  #inner;

  constructor(name) {
    this.#inner = name instanceof NextTally ? name : new NextTally(`javascript ${name}`);
  }
  name() { return this.#inner.name(); }
  add(word) { return this.#inner.add(word); }
  words() { return this.#inner.words(); }
  static join(a, b) { return new Tally(NextTally.join(a.#inner, b.#inner)); }
}

export const tallies = { Tally };
