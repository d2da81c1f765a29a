/** Sorted texts without repeats: how sets of label values are held. Order is that of UTF-16 code units, JavaScript's own. */
export type SortedTexts = readonly string[];

const NONE: SortedTexts = Object.freeze([]);

export function sortedTexts(texts: readonly string[]): SortedTexts {
  if (texts.length === 0) return NONE;
  if (texts.length === 1) return Object.freeze([texts[0] as string]);
  return Object.freeze([...new Set(texts)].sort());
}

/** Whether the text is among them. */
export function includesText(texts: SortedTexts, text: string): boolean {
  if (texts.length <= 8) return texts.includes(text);
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((texts[middle] as string) < text) low = middle + 1;
    else high = middle;
  }
  return texts[low] === text;
}

/** Texts of either list. */
export function uniteTexts(a: SortedTexts, b: SortedTexts): SortedTexts {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  return sortedTexts([...a, ...b]);
}

/** The texts that pass, the same list if all do. */
export function keepTexts(texts: SortedTexts, keep: (text: string) => boolean): SortedTexts {
  const kept = texts.filter(keep);
  if (kept.length === texts.length) return texts;
  return kept.length === 0 ? NONE : kept;
}
