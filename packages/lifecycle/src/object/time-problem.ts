const LAYOUT = "2006-01-02T15:04:05Z07:00";

// The parts of RFC 3339 in order: Go's name of the part, how it looks, and its largest value with the word for it.
const PARTS: readonly { readonly name: string; readonly pattern: RegExp; readonly least?: number; readonly most?: number; readonly word?: string }[] = [
  { name: "2006", pattern: /^\d{4}/ },
  { name: "-", pattern: /^-/ },
  { name: "01", pattern: /^\d{2}/, least: 1, most: 12, word: "month" },
  { name: "-", pattern: /^-/ },
  { name: "02", pattern: /^\d{2}/ },
  { name: "T", pattern: /^T/ },
  { name: "15", pattern: /^\d{1,2}/, most: 23, word: "hour" },
  { name: ":", pattern: /^:/ },
  { name: "04", pattern: /^\d{2}/, most: 59, word: "minute" },
  { name: ":", pattern: /^:/ },
  { name: "05", pattern: /^\d{2}(?:[.,]\d+)?/, most: 59.999999999, word: "second" },
  { name: "Z07:00", pattern: /^(?:Z|[-+]\d{2}:\d{2})/ },
];

/** What Go's time package says of text that is no RFC 3339 time, as it stands in Karpenter's errors. */
export function timeProblem(text: string): string {
  const quoted = JSON.stringify(text);
  let rest = text;
  for (const { name, pattern, least = 0, most, word } of PARTS) {
    const [matched] = pattern.exec(rest) ?? [];
    if (matched === undefined) return `parsing time ${quoted} as ${JSON.stringify(LAYOUT)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(name)}`;
    const value = Number(matched.replace(",", "."));
    if (most !== undefined && (value < least || value > most)) return `parsing time ${quoted}: ${word} out of range`;
    rest = rest.slice(matched.length);
  }
  return rest === "" ? `parsing time ${quoted}: day out of range` : `parsing time ${quoted}: extra text: ${JSON.stringify(rest)}`;
}
