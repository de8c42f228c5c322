import { count, summarise } from 'text:parts/stats@1.0.0';

export function top(text, most) {
  const counted = count(text.split('\n'), { tag: 'all' }, 'by-count');
  return counted.slice(0, most);
}

export function describe(text) {
  const { lines, words, longest, meanLength } = summarise(text);
  const ending = longest === undefined ? '' : `; the longest is ${longest}`;
  return `${words} words on ${lines} lines, of ${meanLength.toFixed(1)} letters on average${ending}`;
}
