/**
 * The words that a misspelt one may have meant, nearest first: at most `most` of those that take few changes of a letter.
 *
 * Few is a third of the word's length, so that a name of another kind has none.
 */
export function nearest(word: string, words: readonly string[], most = 3): readonly string[] {
  const limit = Math.max(1, Math.floor(word.length / 3));
  return words
    .map((each) => ({ each, changes: changes(word, each) }))
    .filter((one) => one.changes <= limit)
    .toSorted((a, b) => a.changes - b.changes || (a.each < b.each ? -1 : 1))
    .slice(0, most)
    .map(({ each }) => each);
}

/** The nearest words, for the end of a complaint; what stands in where none is near. */
export function didYouMean(word: string, words: readonly string[], otherwise: string): string {
  const near = nearest(word, words);
  return near.length === 0 ? otherwise : near.join(" or ");
}

/** Letters to put in, take out or replace to get from one word to the other (Levenshtein). */
function changes(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
