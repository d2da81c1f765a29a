import { eniLimitedPods, type InstanceTypeFacts, knownFacts, parseSnapshot, snapshotText } from "@groupless/ec2-catalog";
import meSouth1 from "@groupless/ec2-catalog/me-south-1";
import { compareQuantities, parseQuantity, quantityOf } from "@groupless/quantity";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packFacts, unpackFacts } from "../src/facts/packed-facts.ts";
import { bytesText, mebibytesText } from "../src/resolve/amount.ts";
import { reservedMillicores } from "../src/resolve/overhead.ts";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 200);
const facts = knownFacts();
const known = fc.nat(facts.length - 1).map((index) => facts[index]!);

/** Types that mix the facts of others: more shapes than EC2 has. */
const mixed: fc.Arbitrary<InstanceTypeFacts> = fc.array(known, { minLength: 4, maxLength: 4 }).map(([a, b, c, d]) => {
  const optional = new Set(["instanceStorage", "neuronDevices", "maxEfaInterfaces"]);
  return {
    ...(Object.fromEntries(Object.entries(a!).filter(([key]) => !optional.has(key))) as unknown as InstanceTypeFacts),
    gpus: [...b!.gpus, ...c!.gpus],
    accelerators: [...c!.accelerators, ...d!.accelerators],
    ...(b!.instanceStorage && { instanceStorage: b!.instanceStorage }),
    ...(c!.neuronDevices && { neuronDevices: c!.neuronDevices }),
    ...(d!.maxEfaInterfaces !== undefined && { maxEfaInterfaces: d!.maxEfaInterfaces }),
    interfacesByCard: [...b!.interfacesByCard, ...d!.interfacesByCard],
  };
});

test("facts survive packing, whatever a type has and lacks", () => {
  fc.assert(fc.property(mixed, (made) => void expect(unpackFacts(packFacts([facts[0]!, made])).factsAt(1)).toEqual(made)), { numRuns });
  // The mixtures do have what real types seldom combine.
  expect(fc.sample(mixed, { numRuns: 400, seed: 1 }).some((made) => made.gpus.length > 0 && made.instanceStorage !== undefined)).toBe(true);
});

test("a snapshot file comes back as it was written, whichever types it holds", () => {
  fc.assert(fc.property(fc.subarray([...meSouth1.types], { maxLength: 12 }), (types) => void expect(parseSnapshot(snapshotText({ ...meSouth1, types }))).toEqual({ ...meSouth1, types })), { numRuns });
});

test("A-027 the kubelet's share of cpu grows with the cores, by ever less a core", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 900 }), (cores) => {
      const step = (from: number): number => reservedMillicores((from + 1) * 1000) - reservedMillicores(from * 1000);
      return step(cores) >= 0 && step(cores) <= step(cores - 1) + 1 && reservedMillicores(cores * 1000) < cores * 1000;
    }),
    { numRuns },
  );
});

test("A-036 A-041 A-042 each ENI that pods may not use takes its addresses away, and no count is negative", () => {
  fc.assert(
    fc.property(known, fc.nat(20), fc.nat(6), (type, reserved, efaOnly) => {
      const nics = Array.from({ length: efaOnly }, (_, index) => ({ networkCardIndex: 0, deviceIndex: index, interfaceType: "efa-only" }));
      const usable = Math.max(type.interfacesByCard[0]! - reserved - efaOnly, 0);
      return eniLimitedPods(type, reserved, nics) === (usable === 0 ? 0 : usable * (type.ipv4PerInterface - 1) + 2);
    }),
    { numRuns },
  );
});

test("amounts are written as the quantity that has them", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 20), fc.integer({ min: 0, max: 3 }), (amount, power) => {
      const bytes = amount * 1024 ** power;
      return compareQuantities(parseQuantity(bytesText(bytes)), quantityOf(bytes, 0, "BinarySI")) === 0 && compareQuantities(parseQuantity(mebibytesText(amount)), quantityOf(amount * 2 ** 20, 0, "BinarySI")) === 0;
    }),
    { numRuns },
  );
});
