import { CAPACITY_TYPE_LABEL, type NodeOverlay, ZONE_LABEL } from "@groupless/api";
import { allocatable, applyOverlays, cheapestOffering, compatibleOfferings, flexibility, type InstanceType, isUnavailable, markCapacityType, markOffering, markSubnet, matchingOfferings, mostExpensiveOffering, noUnavailableOfferings, type Offering, offeringLabel, orderByPrice, type UnavailableOfferings, withoutExpired, withPrices, worstLaunchPrice } from "@groupless/catalog";
import { compareQuantities, parseQuantity, subtractQuantities } from "@groupless/quantity";
import fc from "fast-check";
import { test } from "vitest";
import { instanceType, offering, oneOf } from "./fixtures.ts";

/** A law as a test: it holds for every generated value. */
function law<Value>(title: string, values: fc.Arbitrary<Value>, holds: (value: Value) => boolean): void {
  test(title, () => fc.assert(fc.property(values, holds), { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) }));
}

const names = (some: readonly InstanceType[]): string[] => some.map((type) => type.name);
const atLeast = (key: string, minValues: number): object & { key: string; operator: "Exists"; minValues: number } => ({ key, operator: "Exists", minValues });

law("allocatable and overhead together are the capacity, whatever the amounts", fc.record({ capacity: fc.nat(1e9), kube: fc.nat(1e8), system: fc.nat(1e8), eviction: fc.nat(1e8) }), ({ capacity, kube, system, eviction }) => {
  const left = allocatable({ capacity: { memory: `${capacity}Ki` }, overhead: { kubeReserved: { memory: `${kube}Ki` }, systemReserved: { memory: `${system}Ki` }, evictionThreshold: { memory: `${eviction}Ki` } } });
  const kept = subtractQuantities(parseQuantity(`${capacity}Ki`), parseQuantity(left["memory"]!));
  return compareQuantities(kept, parseQuantity(`${kube + system + eviction}Ki`)) === 0;
});

const someType = fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.constantFrom("small", "large"), fc.integer({ min: 1, max: 4 })).map(([family, size, price]) => instanceType(`${family}.${size}`, [offering("a", "spot", price)]));
const someTypes = fc.uniqueArray(someType, { selector: (type) => type.name, maxLength: 8 });

law("P-057 the price order does not depend on the order types come in", fc.tuple(someTypes, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }))), ([list, random]) => {
  const keys = new Map(list.map((type) => [type.name, random.next().value as number]));
  const shuffled = list.toSorted((a, b) => keys.get(a.name)! - keys.get(b.name)!);
  return names(orderByPrice(list, [])).join() === names(orderByPrice(shuffled, [])).join();
});

law("P-061 the first so many types suffice, and one less does not", fc.tuple(someTypes, fc.integer({ min: 1, max: 6 })), ([list, least]) => {
  const { satisfied, needed } = flexibility(list, [atLeast("example.com/family", least)]);
  const families = (count: number): number => new Set(list.slice(0, count).map((type) => type.name.split(".")[0])).size;
  if (list.length === 0) return satisfied && needed === 0;
  return satisfied ? families(needed) >= least && families(needed - 1) < least : needed === list.length && families(needed) < least;
});

const capacityType = fc.constantFrom("reserved", "spot", "on-demand");
const zone = fc.constantFrom("a", "b", "c");
const someOffering: fc.Arbitrary<Offering> = fc.record({ zone, capacityType, price: fc.integer({ min: 0, max: 9 }), available: fc.boolean() }).map((made) => offering(made.zone, made.capacityType, made.price, { available: made.available }));
const fullTypes = fc.uniqueArray(fc.tuple(fc.constantFrom("a.x", "a.y", "b.x", "b.y", "c.x"), fc.array(someOffering, { maxLength: 4 })), { selector: ([name]) => name, maxLength: 5 }).map((made) =>
  made.map(([name, offerings]) => {
    const type = instanceType(name, offerings);
    return { ...type, requirements: [...type.requirements, oneOf(ZONE_LABEL, "a", "b", "c"), oneOf(CAPACITY_TYPE_LABEL, "on-demand", "reserved", "spot")] };
  }),
);
const selector = fc.record({ zones: fc.subarray(["a", "b", "c"], { minLength: 1 }), capacityTypes: fc.subarray(["reserved", "spot", "on-demand"], { minLength: 1 }), families: fc.subarray(["a", "b", "c"], { minLength: 1 }) });
const requirementsOf = (chosen: { zones: string[]; capacityTypes: string[]; families?: string[] }): ReturnType<typeof oneOf>[] => [oneOf(ZONE_LABEL, ...chosen.zones), oneOf(CAPACITY_TYPE_LABEL, ...chosen.capacityTypes), ...(chosen.families === undefined ? [] : [oneOf("example.com/family", ...chosen.families)])];

law("P-055 selecting offerings by labels is looking at each label", fc.tuple(fullTypes, selector), ([types, chosen]) =>
  types.every((type) => {
    const selected = matchingOfferings(type, requirementsOf(chosen));
    const byHand = type.offerings.filter((each) => chosen.zones.includes(offeringLabel(each, ZONE_LABEL)!) && chosen.capacityTypes.includes(offeringLabel(each, CAPACITY_TYPE_LABEL)!) && chosen.families.includes(type.name[0]!));
    return selected.length === byHand.length && selected.every((each, index) => each === byHand[index]);
  }),
);

law("P-065 the worst launch price is the dearest of the first capacity type that fits, and never below the cheapest of it", fc.tuple(fc.array(someOffering, { maxLength: 6 }), selector), ([offerings, chosen]) => {
  const fitting = compatibleOfferings(offerings, requirementsOf({ zones: chosen.zones, capacityTypes: chosen.capacityTypes }));
  const first = ["reserved", "spot", "on-demand"].map((each) => fitting.filter((one) => offeringLabel(one, CAPACITY_TYPE_LABEL) === each)).find((some) => some.length > 0);
  const worst = worstLaunchPrice(offerings, requirementsOf({ zones: chosen.zones, capacityTypes: chosen.capacityTypes }));
  return first === undefined ? worst === Number.MAX_VALUE : worst === Math.max(...first.map((each) => each.price)) && worst >= cheapestOffering(first)!.price && worst === mostExpensiveOffering(first)!.price;
});

const rule = fc.record({ chosen: selector, factor: fc.constantFrom(0, 0.5, 1, 2) }).map(({ chosen, factor }) => ({ requirements: requirementsOf(chosen), factor }));

law("price rules apply one after the other, and one that changes nothing gives the same list back", fc.tuple(fullTypes, fc.array(rule, { maxLength: 3 })), ([types, rules]) => {
  const oneByOne = rules.reduce<readonly InstanceType[]>((list, each) => withPrices(list, [each]), types);
  return JSON.stringify(withPrices(types, rules)) === JSON.stringify(oneByOne) && withPrices(types, []) === types;
});

const overlay: fc.Arbitrary<NodeOverlay> = fc.record({ name: fc.constantFrom("p", "q", "r", "s"), weight: fc.integer({ min: 1, max: 2 }), chosen: selector, price: fc.option(fc.constantFrom("1.5", "3")), amount: fc.option(fc.constantFrom("1", "2")) }).map(({ name, weight, chosen, price, amount }) => ({
  apiVersion: "karpenter.sh/v1alpha1",
  kind: "NodeOverlay",
  metadata: { name },
  spec: { weight, requirements: requirementsOf(chosen), ...(price === null ? {} : { price }), ...(amount === null ? {} : { capacity: { "example.com/fuse": amount } }) },
}));

law("P-166 overlays do not depend on the order they come in, and no two of one weight change one price", fc.tuple(fullTypes, fc.uniqueArray(overlay, { selector: (each) => each.metadata.name, maxLength: 4 })), ([types, overlays]) => {
  const pools = [{ name: "default", instanceTypes: types }];
  const result = applyOverlays(pools, overlays);
  const refused = new Set(result.refused.map((each) => each.overlay));
  const applied = overlays.filter((each) => !refused.has(each.metadata.name) && each.spec.price !== undefined);
  const reaches = (each: NodeOverlay, type: InstanceType): readonly Offering[] => matchingOfferings(type, each.spec.requirements ?? []);
  const clash = applied.some((one) => applied.some((other) => one !== other && one.spec.weight === other.spec.weight && types.some((type) => reaches(one, type).some((each) => reaches(other, type).includes(each)))));
  return !clash && JSON.stringify(applyOverlays(pools, overlays.toReversed())) === JSON.stringify(result);
});

const mark = fc.tuple(fc.constantFrom("offering", "capacityType", "subnet"), zone, capacityType, fc.nat(500_000));

law("A-078 A-081 dropping what has expired changes no answer from then on", fc.tuple(fc.array(mark, { maxLength: 6 }), fc.nat(700_000), fc.nat(700_000), zone, capacityType), ([marks, dropMs, laterMs, where, as]) => {
  const all = marks.reduce<UnavailableOfferings>((sum, [kind, markedZone, markedType, nowMs]) => {
    if (kind === "offering") return markOffering(sum, { instanceType: "m5.large", zone: markedZone, capacityType: markedType }, nowMs);
    return kind === "capacityType" ? markCapacityType(sum, markedType, nowMs) : markSubnet(sum, markedZone, nowMs);
  }, noUnavailableOfferings);
  const ask = (from: UnavailableOfferings): boolean => isUnavailable(from, { instanceType: "m5.large", zone: where, capacityType: as }, [where], dropMs + laterMs);
  return ask(withoutExpired(all, dropMs)) === ask(all);
});
