import { InputError } from "./input-error.ts";

const NANOSECONDS: Readonly<Record<string, bigint>> = { ns: 1n, us: 1_000n, µs: 1_000n, μs: 1_000n, ms: 1_000_000n, s: 1_000_000_000n, m: 60_000_000_000n, h: 3_600_000_000_000n };
const LONGEST = 2n ** 63n;

/**
 * The length in milliseconds of a duration in Go's notation, as Karpenter's and Kubernetes' fields hold it.
 *
 * Whole milliseconds are exact; finer parts are fractions. A sign is allowed.
 *
 * @throws InputError `invalid-duration`, its message in the words of Go's time package
 * @example
 * durationMs("1h30m") // => 5400000
 */
export function durationMs(text: string): number {
  let length = known.get(text);
  if (length === undefined) {
    const nanoseconds = parse(text);
    length = Number(nanoseconds / 1_000_000n) + Number(nanoseconds % 1_000_000n) / 1e6;
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, length);
  }
  return length;
}

// The same few durations stand on many objects.
const MOST_KNOWN = 1_000;
const known: Map<string, number> = /* @__PURE__ */ new Map();

/** {@link durationMs}, with `undefined` for Karpenter's `Never` and for an absent value. */
export function durationOrNeverMs(text: string | undefined): number | undefined {
  return text === undefined || text === "Never" ? undefined : durationMs(text);
}

// The grammar of Go's time.ParseDuration: [-+]? ("0" | (digits ["." digits] unit)+).
function parse(text: string): bigint {
  const invalid = (problem = "invalid duration"): InputError => new InputError("invalid-duration", `time: ${problem} ${JSON.stringify(text)}`);
  const sign = text.startsWith("-") ? -1n : 1n;
  let rest = /^[-+]/.test(text) ? text.slice(1) : text;
  if (rest === "0") return 0n;
  if (rest === "") throw invalid();
  let total = 0n;
  while (rest !== "") {
    const number = /^(\d*)(?:\.(\d*))?/.exec(rest) as RegExpExecArray;
    const [matched, whole = "", fraction = ""] = number;
    if (whole === "" && fraction === "") throw invalid();
    rest = rest.slice(matched.length);
    const unit = /^[^.\d]*/.exec(rest)?.[0] ?? "";
    if (unit === "") throw invalid("missing unit in duration");
    const scale = NANOSECONDS[unit];
    if (scale === undefined) throw invalid(`unknown unit ${JSON.stringify(unit)} in duration`);
    rest = rest.slice(unit.length);
    total += BigInt(whole === "" ? "0" : whole) * scale + fractionOf(fraction, scale);
    if (total > LONGEST || (total === LONGEST && sign > 0n)) throw invalid();
  }
  return sign * total;
}

function fractionOf(digits: string, scale: bigint): bigint {
  return digits === "" ? 0n : (BigInt(digits) * scale) / 10n ** BigInt(digits.length);
}
