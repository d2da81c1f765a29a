/** Lists shorter than that are sorted as quickly by comparing. */
const SHORT = 24;
/** So many bits of a key say where its text stands in the list; the rest holds characters. */
const PLACES = 1 << 18;
const CHARACTERS = 5;
const RADIX = 128;

/** Texts by code unit. */
export function sortedTexts(texts: string[]): string[] {
  if (texts.length >= SHORT) return inTextOrder(texts, itself);
  for (let from = 1; from < texts.length; from++) {
    const text = texts[from] as string;
    let at = from;
    for (; at > 0 && (texts[at - 1] as string) > text; at--) texts[at] = texts[at - 1] as string;
    texts[at] = text;
  }
  return texts;
}

function itself(text: string): string {
  return text;
}

/** Items in the order of their texts, by code unit. As comparing would, but for long lists by their first characters as one number. */
export function inTextOrder<T>(items: readonly T[], textOf: (item: T) => string): T[] {
  if (items.length < SHORT || items.length > PLACES) return [...items].sort((a, b) => compare(textOf(a), textOf(b)));
  const texts = items.map(textOf);
  const skip = commonPrefix(texts);
  const keys = new Float64Array(texts.length);
  for (let place = 0; place < texts.length; place++) keys[place] = keyOf(texts[place] as string, skip) * PLACES + place;
  keys.sort();
  const sorted: T[] = [];
  for (let from = 0; from < keys.length; ) {
    const key = Math.floor((keys[from] as number) / PLACES);
    let to = from + 1;
    while (to < keys.length && Math.floor((keys[to] as number) / PLACES) === key) to++;
    if (to === from + 1) sorted.push(items[(keys[from] as number) % PLACES] as T);
    else {
      const alike: T[] = [];
      for (let at = from; at < to; at++) alike.push(items[(keys[at] as number) % PLACES] as T);
      // A list whose first characters say nothing is compared, lest it come back as it is.
      for (const item of to - from === keys.length ? alike.sort((a, b) => compare(textOf(a), textOf(b))) : inTextOrder(alike, textOf)) sorted.push(item);
    }
    from = to;
  }
  return sorted;
}

/** How many characters all texts begin with alike. */
function commonPrefix(texts: readonly string[]): number {
  const first = texts[0] as string;
  let length = first.length;
  for (const text of texts) {
    let at = 0;
    while (at < length && text.charCodeAt(at) === first.charCodeAt(at)) at++;
    length = at;
  }
  return length;
}

/** The next characters as a number; what comes after one that has no digit of its own does not count. */
function keyOf(text: string, skip: number): number {
  let key = 0;
  let isOver = false;
  for (let at = skip; at < skip + CHARACTERS; at++) {
    const digit: number = isOver || at >= text.length ? 0 : Math.min(text.charCodeAt(at) + 1, RADIX - 1);
    isOver ||= digit === RADIX - 1;
    key = key * RADIX + digit;
  }
  return key;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
