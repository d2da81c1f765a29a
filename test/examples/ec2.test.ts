import { expect, test } from "vitest";
import { fleetRequests } from "../../examples/fleet-dry-run/main.ts";
import { demo } from "../../examples/operator/main.ts";

test("examples/fleet-dry-run prints the CreateFleet request of a pod: spot, arm64, its zone only, cheapest first", () => {
  const [request, ...others] = fleetRequests(["examples/fleet-dry-run/pools.yaml", "examples/fleet-dry-run/pod.yaml"]);
  expect(others).toEqual([]);
  expect(request).toMatchObject({ Type: "instant", SpotOptions: { AllocationStrategy: "price-capacity-optimized" }, TargetCapacitySpecification: { DefaultTargetCapacityType: "spot", TotalTargetCapacity: 1 } });
  const pools = request!.LaunchTemplateConfigs.flatMap(({ Overrides }) => Overrides);
  expect(pools.map(({ InstanceType }) => InstanceType)).toContain("c7g.xlarge");
  expect(pools.every(({ InstanceType, AvailabilityZone, SubnetId, ImageId }) => /^[cm]7g\./.test(InstanceType) && AvailabilityZone === "us-west-2a" && SubnetId === "subnet-0dddddddddddddddd" && ImageId === "ami-0bbbbbbbbbbbbbbbb")).toBe(true);
});

test("examples/operator launches for pods, exchanges a node for a cheaper one, replaces what EC2 takes back, and leaves nothing behind", async () => {
  const lines: string[] = [];
  expect(await demo((line) => lines.push(line))).toBe(0);
  const text = lines.join("\n");
  expect(text).toMatch(/created nodeclaim default-1 for 2 pod\(s\)[\s\S]*replace, Underutilized[\s\S]*EC2 takes \S+ back[\s\S]*launched default-2[\s\S]*delete, Empty/);
  expect(text).not.toMatch(/no place|failed/);
}, 300_000);
