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

/** Whether the text is among them. */
export function includesText(texts: SortedTexts, text: string): boolean {
  const count = texts.length;
  if (count > FEW) return tables.get(texts)?.has(text) ?? searched(texts, text);
  for (let i = 0; i < count; i++) if (texts[i] === text) return true;
  return false;
}

function searched(texts: SortedTexts, text: string): boolean {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((texts[middle] as string) < text) low = middle + 1;
    else high = middle;
  }
  return texts[low] === text;
}

/** Whether some text is in both. */
export function textsMeet(a: SortedTexts, b: SortedTexts): boolean {
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
    const before = left <= right;
    all.push(before ? left : right);
    if (before) i += 1;
    if (!before || left === right) j += 1;
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
