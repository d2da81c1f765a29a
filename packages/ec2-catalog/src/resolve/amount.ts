const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** Bytes as Kubernetes writes them in canonical form, with the largest binary suffix that leaves a whole number. */
export function bytesText(bytes: number): string {
  let amount = bytes;
  let suffix = 0;
  while (amount !== 0 && amount % 1024 === 0 && suffix < binarySuffixes.length - 1) {
    amount /= 1024;
    suffix += 1;
  }
  return `${amount}${binarySuffixes[suffix]}`;
}

/** Whole MiB in canonical form. */
export function mebibytesText(mebibytes: number): string {
  return bytesText(mebibytes * 1_048_576);
}

/** Millicores in canonical form. */
export function millicoresText(millicores: number): string {
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`;
}

const multipliers: Readonly<Record<string, number>> = { "": 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4, Pi: 1024 ** 5, Ei: 1024 ** 6 };

/** Bytes of a quantity, rounded up. */
export function bytesOf(quantity: string): number {
  const [, amount, suffix = ""] = /^([+-]?[\d.]+)([A-Za-z]*)$/u.exec(quantity) ?? [];
  return Math.ceil(Number(amount) * (multipliers[suffix] ?? Number.NaN));
}
