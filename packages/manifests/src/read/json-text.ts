import type { Path } from "./json.ts";

const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Valid JSON with every number that a double cannot hold put in quotes, so that its digits survive. */
export function quoteLongNumbers(text: string): string {
  return text.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') || isExact(token) ? token : JSON.stringify(token)));
}

/** Does a double keep all digits of the number? Up to 15 it does. */
export function isExact(number: string): boolean {
  const value = Number(number);
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) && number.replace(/[eE].*$/, "").replace(/^[-+0.]*|\./g, "").length <= 15;
}

/**
 * The offset in valid JSON of what stands at a path: a field's own key rather than its value; the nearest enclosing value where the path leads nowhere.
 * Only what is asked for is read: dumps are large.
 */
export function offsetInJson(text: string, path: Path): number {
  let at = skipSpace(text, 0);
  let offset = at;
  for (const part of path) {
    const step = typeof part === "number" ? itemAt(text, at, part) : memberAt(text, at, part);
    if (step === undefined) return offset;
    ({ offset, at } = step);
  }
  return offset;
}

interface Step {
  readonly offset: number;
  /** Where the value begins. */
  readonly at: number;
}

function memberAt(text: string, object: number, name: string): Step | undefined {
  if (text[object] !== "{") return undefined;
  let found: Step | undefined;
  let at = skipSpace(text, object + 1);
  while (text[at] === '"') {
    const end = stringEnd(text, at);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    // Of a field that stands twice, the last counts.
    if (JSON.parse(text.slice(at, end)) === name) found = { offset: at, at: value };
    at = skipSpace(text, valueEnd(text, value));
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return found;
}

function itemAt(text: string, list: number, index: number): Step | undefined {
  if (text[list] !== "[") return undefined;
  let at = skipSpace(text, list + 1);
  for (let i = 0; text[at] !== "]" && at < text.length; i++) {
    if (i === index) return { offset: at, at };
    at = skipSpace(text, valueEnd(text, at));
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
  return at;
}

function stringEnd(text: string, quote: number): number {
  let at = quote + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function valueEnd(text: string, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const character = text[at];
    if (character === '"') {
      at = stringEnd(text, at);
      continue;
    }
    if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") {
      if (depth === 0) return at;
      depth--;
    } else if (depth === 0 && (character === "," || character === undefined)) return at;
    at++;
  } while (at < text.length && (depth > 0 || !isBreak(text[at])));
  return at;
}

function isBreak(character: string | undefined): boolean {
  return character === "," || character === "]" || character === "}" || character === undefined;
}
