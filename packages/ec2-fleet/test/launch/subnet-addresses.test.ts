import fc from "fast-check";
import { expect, test } from "vitest";
import { credit, debit, full, NO_ADDRESSES, planLaunch, refreshed } from "@groupless/ec2-fleet";
import { claim, resolvedClass, settings, types } from "../story.ts";

const subnets = [
  { id: "subnet-a1", zone: "us-west-2a" },
  { id: "subnet-a2", zone: "us-west-2a" },
  { id: "subnet-b", zone: "us-west-2b" },
];

test("A-094 of a zone's subnets the one with the most free addresses is chosen, what is under way counted in", () => {
  const start = refreshed(NO_ADDRESSES, { "subnet-a1": 100, "subnet-a2": 90, "subnet-b": 5 });
  const once = debit(start, subnets, types, "on-demand");
  expect(Object.values(once.byZone).map(({ id }) => id)).toEqual(["subnet-a1", "subnet-b"]);
  expect(once.addresses.inFlight).toEqual({ "subnet-a1": 71, "subnet-b": -24 });
  expect(debit(once.addresses, subnets, types, "on-demand").byZone["us-west-2a"]?.id).toBe("subnet-a2");
});

test("A-095 a subnet that was offered and not taken gets its addresses back; a fresh report stands instead", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500 }), fc.constantFrom("subnet-a1", "subnet-b", undefined), (free, taken) => {
      const start = refreshed(NO_ADDRESSES, { "subnet-a1": free, "subnet-b": free });
      const { addresses, byZone } = debit(start, subnets, types, "on-demand");
      const request = (planLaunch({ nodeClass: resolvedClass, nodeClaim: claim("a"), instanceTypes: types, cluster: settings, addresses: NO_ADDRESSES }) as { plan: { request: Parameters<typeof credit>[1] } }).plan.request;
      const offered = { ...request, LaunchTemplateConfigs: [{ LaunchTemplateSpecification: {}, Overrides: Object.values(byZone).map(({ id }) => ({ InstanceType: "m5.large", SubnetId: id })) }] };
      const answer = taken === undefined ? undefined : { Instances: [{ InstanceIds: ["i-1"], LaunchTemplateAndOverrides: { Overrides: { SubnetId: taken } } }] };
      const after = credit(addresses, offered, answer, types, byZone, "on-demand");
      for (const id of ["subnet-a1", "subnet-b"]) expect(after.inFlight[id]).toBe(id === taken ? free - 29 : free);
      expect(credit(refreshed(addresses, { "subnet-a1": free + 1 }), offered, answer, types, byZone, "on-demand").inFlight["subnet-a1"]).toBeUndefined();
    }),
    { numRuns: Number(process.env["LAWS_RUNS"] ?? 50) },
  );
});

test("A-096 a full subnet is the last choice until EC2 reports anew", () => {
  const start = full(refreshed(NO_ADDRESSES, { "subnet-a1": 100, "subnet-a2": 90 }), "subnet-a1");
  expect(debit(start, subnets, types, "on-demand").byZone["us-west-2a"]?.id).toBe("subnet-a2");
  expect(debit(refreshed(start, { "subnet-a1": 100 }), subnets, types, "on-demand").byZone["us-west-2a"]?.id).toBe("subnet-a1");
});
