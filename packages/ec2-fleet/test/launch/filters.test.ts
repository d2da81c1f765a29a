import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InstanceType, Offering } from "@groupless/catalog";
import { capacityBlock, capacityReservationType, capacityTypeOf, cheapestTypes, compatibleAvailable, exotic, launchTypes, MAX_INSTANCE_TYPES, orderByPrice, requirementSet, reservedOffering, spotOffering } from "@groupless/ec2-fleet";
import { reserved, type, withOfferings } from "../story.ts";

const anyCapacity = requirementSet([{ key: "karpenter.sh/capacity-type", operator: "In", values: ["reserved", "spot", "on-demand"] }]);
const names = (types: readonly InstanceType[]): readonly string[] => types.map(({ name }) => name);

describe("filters before a launch", () => {
  test("A-084 a type is kept for one group of offerings that has both room and an available, compatible offering", () => {
    const [onDemand, spot] = type("m5.large", 0.1, ["a"]).offerings as [Offering, Offering];
    const roomier = withOfferings(type("m5.large", 0.1, ["a"]), [onDemand, { ...spot, capacityOverride: { memory: "8Gi" } }]);
    const wants = { memory: "12Gi" };
    expect(names(compatibleAvailable([roomier], requirementSet([]), wants).kept)).toEqual(["m5.large"]);
    expect(names(compatibleAvailable([roomier], requirementSet([{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }]), wants).kept)).toEqual([]);
    expect(names(compatibleAvailable([withOfferings(roomier, [onDemand, { ...spot, capacityOverride: { memory: "8Gi" }, available: false }])], requirementSet([]), wants).rejected)).toEqual(["m5.large"]);
  });

  test("A-085 one kind of reservation is kept, the cheapest; at equal prices default before block before interruptible", () => {
    const both = withOfferings(type("m5.large", 0.1, ["a"]), [reserved("cr-int", "a", 0.01, { interruptible: true }), reserved("cr-block", "a", 0.01, { kind: "capacity-block" }), reserved("cr-default", "a", 0.01)]);
    expect(capacityReservationType([both], anyCapacity).kept[0]?.offerings).toEqual([both.offerings[2]]);
    const cheaper = withOfferings(both, [reserved("cr-int", "a", 0.001, { interruptible: true }), reserved("cr-default", "a", 0.01)]);
    expect(capacityReservationType([cheaper], anyCapacity).kept[0]?.offerings).toEqual([cheaper.offerings[0]]);
  });

  test("A-086 of capacity blocks a single one is kept, the cheapest", () => {
    const dear = withOfferings(type("p5.48xlarge", 50, ["a"]), [reserved("cb-1", "a", 5, { kind: "capacity-block" }), reserved("cb-2", "b", 3, { kind: "capacity-block" })]);
    const cheap = withOfferings(type("p4d.24xlarge", 30, ["a"]), [reserved("cb-3", "a", 2, { kind: "capacity-block" })]);
    const { kept, rejected } = capacityBlock([dear, cheap], anyCapacity);
    expect([names(kept), names(rejected), kept[0]?.offerings]).toEqual([["p4d.24xlarge"], ["p5.48xlarge"], cheap.offerings]);
  });

  test("A-087 of a zone's reservations the one with the most instances left is kept, and types without one go", () => {
    const two = withOfferings(type("m5.large", 0.1), [reserved("cr-1", "us-west-2a", 0.01, { left: 1 }), reserved("cr-9", "us-west-2a", 0.01, { left: 9 }), reserved("cr-2", "us-west-2b", 0.01, { left: 2 })]);
    const { kept, rejected } = reservedOffering([two, type("c5.large", 0.08)], anyCapacity);
    expect(kept[0]?.offerings).toEqual([two.offerings[1], two.offerings[2]]);
    expect(names(rejected)).toEqual(["c5.large"]);
    expect(names(reservedOffering([type("c5.large", 0.08)], anyCapacity).kept)).toEqual(["c5.large"]);
  });

  test("A-088 metal and accelerated types go while another is left, unless minValues ask for variety", () => {
    const metal = type("m5.metal", 4.6);
    const gpu = { ...type("g4dn.xlarge", 0.5), capacity: { cpu: "4", memory: "16Gi", pods: "29", "nvidia.com/gpu": "1" } };
    expect(names(exotic([metal, gpu, type("m5.large", 0.1)], requirementSet([])).kept)).toEqual(["m5.large"]);
    expect(names(exotic([metal, gpu], requirementSet([])).kept)).toEqual(["m5.metal", "g4dn.xlarge"]);
    expect(names(exotic([metal, type("m5.large", 0.1)], requirementSet([{ key: "node.kubernetes.io/instance-type", operator: "Exists", minValues: 2 }])).kept)).toHaveLength(2);
  });

  test("A-089 spot dearer than the cheapest on-demand goes", () => {
    const cheap = type("m5.large", 0.1, ["a"]);
    const dear = type("r5.4xlarge", 1, ["a"]);
    const { kept } = spotOffering([cheap, dear], anyCapacity);
    expect(kept.map(({ offerings }) => offerings.map(capacityTypeOf))).toEqual([["on-demand", "spot"], ["on-demand"]]);
  });

  test("A-090 A-091 the sixty cheapest types are kept, by the price of what the claim can have, unless that breaks minValues", () => {
    const many = Array.from({ length: 70 }, (_, index) => type(`m${index}.large`, 1 - index / 100));
    const kept = launchTypes(many, requirementSet([]), {});
    expect("types" in kept && kept.types.length).toBe(MAX_INSTANCE_TYPES);
    expect("types" in kept && kept.types[0]?.name).toBe("m69.large");
    const families = requirementSet([{ key: "karpenter.k8s.aws/instance-family", operator: "Exists", minValues: 65 }]);
    expect(launchTypes(many, families, {})).toEqual({ emptiedBy: "min-values" });
    expect(cheapestTypes(many, families, 60, "BestEffort")).toHaveLength(60);
  });

  test("A-091 a launch has types in the order of their cheapest offering, then by name, whatever order they come in", () => {
    const types = ["m5.large", "c5.large", "r5.large", "t3.large"].map((name, index) => type(name, [0.3, 0.1, 0.2, 0.1][index] ?? 0));
    fc.assert(fc.property(fc.shuffledSubarray(types, { minLength: 4 }), (shuffled) => {
        const launch = launchTypes(shuffled, requirementSet([]), {});
        expect("types" in launch && names(launch.types)).toEqual(["c5.large", "t3.large", "r5.large", "m5.large"]);
        const ordered = orderByPrice(shuffled, requirementSet([]));
        expect(names(ordered)).toEqual([...names(shuffled.filter(({ name }) => name === "c5.large" || name === "t3.large")), "r5.large", "m5.large"]);
      }), { numRuns: Number(process.env["LAWS_RUNS"] ?? 30) });
  });
});
