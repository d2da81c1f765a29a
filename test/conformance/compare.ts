/** The first place where two JSON values differ, or undefined. */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

export function difference(expected: unknown, actual: unknown, tolerance: Readonly<Record<string, number>> = {}, path = ""): Difference | undefined {
  if (Object.is(expected, actual)) return undefined;
  if (typeof expected === "number" && typeof actual === "number") {
    const key = path.slice(path.lastIndexOf(".") + 1);
    return expected === actual || Math.abs(expected - actual) <= (tolerance[key] ?? -1) ? undefined : { path, expected, actual };
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
      if (i >= expected.length || i >= actual.length) return { path: `${path}[${i}]`, expected: expected[i], actual: actual[i] };
      const found = difference(expected[i], actual[i], tolerance, `${path}[${i}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isRecord(expected) && isRecord(actual)) {
    for (const key of [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort()) {
      const found = difference(expected[key], actual[key], tolerance, path === "" ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return { path, expected, actual };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
