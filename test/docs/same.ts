import { expect } from "vitest";

/** Checks what an example claims: the comment is JavaScript for the value, or text the value's JSON begins with when it ends in `…`. */
export function same(actual: unknown, expected: string, evaluate: (text: string) => unknown): void {
  if (expected.endsWith("…")) {
    const text = typeof actual === "string" ? actual : JSON.stringify(actual);
    expect(text.startsWith(expected.slice(0, -1)), `${text} begins with ${expected}`).toBe(true);
    return;
  }
  let value: unknown;
  try {
    value = evaluate(expected);
  } catch {
    value = expected; // plain words: the text itself
  }
  expect(typeof actual === "object" && actual !== null ? JSON.parse(JSON.stringify(actual)) : actual).toEqual(value);
}
