import fc from "fast-check";
import { expect, test } from "vitest";
import { groups, packed, pod } from "../build.ts";

const RUNS = Number(process.env["LAWS_RUNS"] ?? 60);
const amount = fc.constantFrom("1", "1Gi", "1500M", "7Gi", "63Gi");
// Kubernetes itself keeps no amount beyond 2^63.
const huge = fc.tuple(fc.integer({ min: 100, max: 8000 }), fc.constantFrom("Pi", "P")).map(([number, suffix]) => `${number}${suffix}`);

test("pods that ask for more than 2^53 bytes leave the others where they are, and are told their true amounts", () => {
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1, maxLength: 6 }), fc.array(huge, { minLength: 1, maxLength: 4 }), (some, more) => {
      const fitting = some.map((memory, index) => pod(`fits-${index}`, { memory }));
      const beyond = more.map((memory, index) => pod(`huge-${index}`, { memory }));
      const packing = packed([...fitting, ...beyond]);
      expect(groups(packing)).toEqual(groups(packed(fitting)));
      expect(packing.podErrors.map(({ pod: name }) => name)).toEqual(beyond.map(({ metadata }) => `default/${metadata.name}`));
      for (const [index, { reasons }] of packing.podErrors.entries()) {
        const [reason] = reasons;
        if (reason?.code !== "no-instance-type") throw new Error(`refused for ${reason?.code}`);
        const told = reason.requests["memory"] as string;
        expect(bytes(told)).toBe(bytes(more[index] as string));
        expect(reason.nearest?.resources.map(({ resource, needed }) => [resource, bytes(needed)])).toEqual([["memory", bytes(more[index] as string)]]);
        expect(reason.conflicts).toEqual([[{ kind: "resource", resource: "memory", requested: told }]]);
      }
    }),
    { numRuns: RUNS },
  );
});

const UNITS: Readonly<Record<string, bigint>> = { "": 1n, k: 10n ** 3n, M: 10n ** 6n, G: 10n ** 9n, T: 10n ** 12n, P: 10n ** 15n, E: 10n ** 18n, Ki: 1n << 10n, Mi: 1n << 20n, Gi: 1n << 30n, Ti: 1n << 40n, Pi: 1n << 50n, Ei: 1n << 60n };

function bytes(text: string): bigint {
  const [, digits = "", suffix = ""] = /^(\d+)([a-zA-Z]*)$/.exec(text) ?? [];
  return BigInt(digits) * (UNITS[suffix] as bigint);
}
