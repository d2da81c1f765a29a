import { amiFamilyOf, type EC2NodeClass, ec2NodeClassHash } from "@groupless/api";
import { describe, expect, test } from "vitest";
import { printedQuantity } from "../../src/hash/printed-quantity.ts";

const base: EC2NodeClass["spec"] = {
  role: "r",
  amiSelectorTerms: [{ alias: "al2023@latest" }],
  subnetSelectorTerms: [{ id: "subnet-1" }],
  securityGroupSelectorTerms: [{ id: "sg-1" }],
};
const hash = (over: Partial<EC2NodeClass["spec"]> = {}, caBundle?: string): string =>
  ec2NodeClassHash({ apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata: { name: "default" }, spec: { ...base, ...over } }, caBundle === undefined ? {} : { caBundle });

describe("the EC2NodeClass hash", () => {
  test("A-158 selectors and the IP prefix count do not enter it; the rest does", () => {
    expect(hash({ subnetSelectorTerms: [{ id: "subnet-2" }], ipPrefixCount: 3, capacityReservationSelectorTerms: [{ id: "cr-1" }] })).toBe(hash());
    const others = [hash({ userData: "x" }), hash({ tags: { a: "b" } }), hash({ detailedMonitoring: false }), hash({ kubelet: { maxPods: 8 } }), hash({ kubelet: {} }), hash({}, "ca"), hash({ amiFamily: "Custom" }), hash()];
    expect(new Set(others).size).toBe(others.length);
  });

  test("A-158 writing the alias's own family down changes nothing", () => {
    expect(hash({ amiFamily: "AL2023" })).toBe(hash());
    expect(amiFamilyOf({ apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata: { name: "d" }, spec: { ...base, amiSelectorTerms: [{ id: "ami-1" }] } })).toBe("Custom");
  });

  test("A-158 lists count as sets, and quantities by value", () => {
    expect(hash({ kubelet: { clusterDNS: ["a", "b"] } })).toBe(hash({ kubelet: { clusterDNS: ["b", "a"] } }));
    const size = (volumeSize: string): string => hash({ blockDeviceMappings: [{ ebs: { volumeSize } }] });
    expect(size("20Gi")).toBe(size("20480Mi"));
    expect(size("20Gi")).not.toBe(size("20G"));
  });

  test.each([
    ["2000M", "2G"],
    ["0.5Ti", "512Gi"],
    ["1.5Gi", "1536Mi"],
    ["1024Gi", "1Ti"],
    ["100", "100"],
    ["1500m", "1500m"],
    ["0.1Ki", "102400m"],
    ["1e3", "1e3"],
    ["-2000", "-2k"],
    ["0Gi", "0"],
    ["+5Gi", "+5Gi"],
    ["+8Gi", "8Gi"],
    ["5.", "5."],
    ["16Ei", "9223372036854775807"],
  ])("a quantity %s is written %s", (text, canonical) => {
    expect(printedQuantity(text)).toBe(canonical);
  });
});
