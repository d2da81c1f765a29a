import type { ResourceList } from "@groupless/api";
import * as fc from "fast-check";

/**
 * Quantity text of every form Kubernetes knows: signs, fractions, decimal and binary suffixes, exponents.
 *
 * Most are of everyday size, one in ten is huge, tiny or written with needless zeros.
 */
export function quantities(): fc.Arbitrary<string> {
  const digits = fc.oneof({ weight: 8, arbitrary: fc.nat(9999).map(String) }, { weight: 1, arbitrary: fc.bigInt(0n, 10n ** 24n).map(String) }, { weight: 1, arbitrary: fc.nat(99).map((n) => `00${n}`) });
  const fraction = fc.oneof({ weight: 6, arbitrary: fc.constant("") }, { weight: 2, arbitrary: fc.nat(999).map((n) => `.${n}`) }, { weight: 1, arbitrary: fc.constant(".000000001") });
  const suffix = fc.oneof({ weight: 6, arbitrary: fc.constantFrom("", "m", "k", "M", "G", "Ki", "Mi", "Gi") }, { weight: 2, arbitrary: fc.constantFrom("n", "u", "T", "P", "E", "Ti", "Pi", "Ei") }, { weight: 1, arbitrary: fc.constantFrom("e3", "E-2", "e+5", "e0") });
  return fc.tuple(fc.constantFrom("", "", "", "+", "-"), digits, fraction, suffix).map((parts) => parts.join(""));
}

/** What a container asks for: sizes that fill the small catalog's machines exactly, nearly, or not at all. */
export function requests(): fc.Arbitrary<ResourceList> {
  const cpu = fc.oneof({ weight: 4, arbitrary: fc.constantFrom("100m", "250m", "500m", "900m", "1", "1900m", "2", "3900m", "4") }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 8000 }).map((n) => `${n}m`) }, { weight: 1, arbitrary: fc.constantFrom("0", "31", "64") });
  const memory = fc.oneof({ weight: 4, arbitrary: fc.constantFrom("64Mi", "128Mi", "512Mi", "1Gi", "2Gi", "4Gi", "8092Mi") }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 32768 }).map((n) => `${n}Mi`) });
  return fc.record({ cpu, memory });
}
