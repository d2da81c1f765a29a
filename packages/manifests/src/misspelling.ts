/** Whether a word is another but for a slip or two: letters put in, left out, replaced, or two that changed places. */
export function isMisspelling(word: string, meant: string): boolean {
  if (word === meant || Math.abs(word.length - meant.length) > 1) return false;
  let from = 0;
  while (from < word.length && word[from] === meant[from]) from += 1;
  let [end, meantEnd] = [word.length, meant.length];
  while (end > from && meantEnd > from && word[end - 1] === meant[meantEnd - 1]) {
    end -= 1;
    meantEnd -= 1;
  }
  const [wrong, right] = [word.slice(from, end), meant.slice(from, meantEnd)];
  // What is left between the equal ends: at most one letter on each side, or two that stand the other way round.
  return (wrong.length <= 1 && right.length <= 1) || (wrong.length === 2 && right.length === 2 && wrong[0] === right[1] && wrong[1] === right[0]) || wrong.toLowerCase() === right.toLowerCase();
}
