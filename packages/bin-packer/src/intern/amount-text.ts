/** Whole units and thousandths of whole amounts, which nearly all quantities are; anything else is read exactly elsewhere. */
export interface PlainAmount {
  readonly value: number;
  /** In thousandths. */
  readonly milli: boolean;
}

const SUFFIX: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** Reads texts such as `500m`, `2`, `4Gi` quickly; undefined for all others, and for amounts beyond exact numbers. */
export function plainAmount(text: string): PlainAmount | undefined {
  let value = 0;
  let at = 0;
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at === 0 || at > 15) return undefined;
  if (at === text.length) return { value, milli: false };
  if (at === text.length - 1 && text.charCodeAt(at) === 109) return { value, milli: true };
  const scale = SUFFIX[text.slice(at)];
  if (scale === undefined) return undefined;
  value *= scale;
  return value <= Number.MAX_SAFE_INTEGER ? { value, milli: false } : undefined;
}

const DECIMAL_STEPS = [["P", 1e15], ["T", 1e12], ["G", 1e9], ["M", 1e6], ["k", 1e3]] as const;
const BINARY_STEPS = [["Pi", 2 ** 50], ["Ti", 2 ** 40], ["Gi", 2 ** 30], ["Mi", 2 ** 20], ["Ki", 2 ** 10]] as const;

/** Kubernetes' canonical text of a whole amount above zero that is an exact number: the largest suffix that leaves a whole number. */
export function plainText(amount: number, binary: boolean): string {
  for (const [suffix, unit] of binary && amount >= 1024 ? BINARY_STEPS : DECIMAL_STEPS) if (amount % unit === 0) return `${amount / unit}${suffix}`;
  return String(amount);
}
