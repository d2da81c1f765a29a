import { allocatable, allocatableGroups } from "@groupless/catalog";
import { describe, expect, test } from "vitest";
import { instanceType, offering } from "../fixtures.ts";

const m5Large = {
  capacity: { cpu: "2", memory: "8Gi", pods: "29" },
  overhead: { kubeReserved: { cpu: "70m", memory: "574Mi" }, systemReserved: { memory: "100Mi" }, evictionThreshold: { memory: "100Mi" } },
};

describe("what pods get of a node", () => {
  test("is its capacity less everything it keeps for itself", () => {
    expect(allocatable(m5Large)).toEqual({ cpu: "1930m", memory: "7418Mi", pods: "29" });
  });

  test("does not contain memory that is set aside as huge pages, and never less than none", () => {
    expect(allocatable({ capacity: { memory: "8Gi", "hugepages-2Mi": "1Gi", "hugepages-1Gi": "2Gi" }, overhead: {} })["memory"]).toBe("5Gi");
    expect(allocatable({ capacity: { memory: "1Gi", "hugepages-1Gi": "2Gi" }, overhead: {} })["memory"]).toBe("0");
  });

  test("P-056 an offering's own capacity and overhead are added to its type's", () => {
    expect(allocatable(m5Large, { capacityOverride: { cpu: "1", "example.com/disk": "2" } })).toEqual({ cpu: "2930m", memory: "7418Mi", pods: "29", "example.com/disk": "2" });
    expect(allocatable(m5Large, { overheadOverride: { systemReserved: { cpu: "30m" } } })["cpu"]).toBe("1900m");
  });

  test("names the quantity that cannot be read", () => {
    expect(() => allocatable({ capacity: { cpu: "two" }, overhead: {} })).toThrow(/cpu/u);
  });
});

describe("groups of offerings", () => {
  test("P-056 hold the available offerings with the same overrides; the group without overrides comes first, even empty", () => {
    const dense = { capacityOverride: { pods: "10" } };
    const type = instanceType("a.large", [offering("a", "spot", 1, dense), offering("b", "spot", 1), offering("c", "spot", 1, dense), offering("d", "spot", 1, { available: false })], m5Large);
    const groups = allocatableGroups(type);
    expect(groups.map((group) => group.offerings.map((each) => type.offerings.indexOf(each)))).toEqual([[1], [0, 2]]);
    expect(groups.map((group) => group.allocatable["pods"])).toEqual(["29", "39"]);
    expect(allocatableGroups(instanceType("b.large", [offering("a", "spot", 1, dense)], m5Large))[0]?.offerings).toEqual([]);
  });
});
