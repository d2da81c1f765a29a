/** Sorted texts without repeats: how sets of label values are held. Order is that of UTF-16 code units, JavaScript's own. */
export type SortedTexts = readonly string[];

const NONE: SortedTexts = Object.freeze([]);
/** Up to here looking at each is faster than asking a table. */
const FEW = 3;
/** The tables of lists that were read from outside, which are asked about more often than what is made of them. */
const tables = new WeakMap<SortedTexts, ReadonlySet<string>>();

export function sortedTexts(texts: readonly string[]): SortedTexts {
  if (texts.length === 0) return NONE;
  if (texts.length === 1) return Object.freeze([texts[0] as string]);
  const table = new Set(texts);
  const sorted = Object.freeze([...table].sort());
  if (sorted.length > FEW) tables.set(sorted, table);
  return sorted;
}

/** JavaScript's own order as a number; reading the first letters that differ is cheaper than asking for `<` and then for `===`. */
function order(a: string, b: string): number {
  const shorter = a.length < b.length ? a.length : b.length;
  for (let i = 0; i < shorter; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether the text is among them. */
export function includesText(texts: SortedTexts, text: string): boolean {
  const count = texts.length;
  if (count > FEW) return tables.get(texts)?.has(text) ?? searched(texts, text);
  const { length } = text;
  for (let i = 0; i < count; i++) {
    const one = texts[i] as string;
    if (one.length === length && one === text) return true;
  }
  return false;
}

function searched(texts: SortedTexts, text: string): boolean {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const side = order(texts[middle] as string, text);
    if (side === 0) return true;
    if (side < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}

/** Whether all of one list come before all of the other, so that a look at the ends tells them apart. */
function apart(a: SortedTexts, b: SortedTexts): boolean {
  return order(a[a.length - 1] as string, b[0] as string) < 0 || order(b[b.length - 1] as string, a[0] as string) < 0;
}

/** Whether some text is in both. */
export function textsMeet(a: SortedTexts, b: SortedTexts): boolean {
  if (a.length === 0 || b.length === 0) return false;
  if (a === b) return true;
  if (a.length + b.length > FEW && apart(a, b)) return false;
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  for (let i = 0; i < few.length; i++) if (includesText(many, few[i] as string)) return true;
  return false;
}

/** Texts of either list. */
export function uniteTexts(a: SortedTexts, b: SortedTexts): SortedTexts {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  const all: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] as string;
    const right = b[j] as string;
    const side = order(left, right);
    all.push(side <= 0 ? left : right);
    if (side <= 0) i += 1;
    if (side >= 0) j += 1;
  }
  for (; i < a.length; i++) all.push(a[i] as string);
  for (; j < b.length; j++) all.push(b[j] as string);
  return all;
}

/** The texts that pass, the same list if all do. */
export function keepTexts(texts: SortedTexts, keep: (text: string) => boolean): SortedTexts {
  for (let i = 0; i < texts.length; i++) {
    if (keep(texts[i] as string)) continue;
    const kept = texts.slice(0, i);
    for (let j = i + 1; j < texts.length; j++) if (keep(texts[j] as string)) kept.push(texts[j] as string);
    return kept.length === 0 ? NONE : kept;
  }
  return texts;
}
