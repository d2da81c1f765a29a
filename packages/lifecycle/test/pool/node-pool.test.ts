import { type KubeObject, nodePoolHash } from "@groupless/api";
import { expect, test } from "vitest";
import { checkReadiness, countResources, keepRegistrationHealth, recordRegistration, refreshHash, registrationStatus, type RegistrationHealth, validateNodePool, withRegistration } from "../../src/index.ts";
import { at, condition, conditionText, doings, node, nodeClaim, nodePool, NOW_MS, running, world, writtenObject } from "../objects.ts";

const options = { nowMs: NOW_MS };
const HASH = "karpenter.sh/nodepool-hash";
const VERSION = "karpenter.sh/nodepool-hash-version";

test("D-120 P-160 a pool carries the hash of its template; what is not in the template does not change it", () => {
  const hash = (pool: ReturnType<typeof nodePool>) => writtenObject(refreshHash(world(pool), "general", options), "NodePool")?.metadata.annotations?.[HASH];
  expect(hash(nodePool())).toBe(nodePoolHash(nodePool()));
  expect(hash(nodePool({ weight: 7, limits: { cpu: "1" }, disruption: { consolidateAfter: "Never" } }))).toBe(hash(nodePool()));
  expect(hash(nodePool({ template: { metadata: { labels: { a: "b" } }, spec: nodePool().spec.template.spec } }))).not.toBe(hash(nodePool()));
  const current = nodePool({}, { annotations: { [HASH]: nodePoolHash(nodePool()), [VERSION]: "v3" } });
  expect(refreshHash(world(current), "general", options).actions).toEqual([]);
});

test("D-120 P-160 a new way of hashing gives claims the new hash, but drifted ones keep the old", () => {
  const stale = { annotations: { [HASH]: "1", [VERSION]: "v2" } };
  const migrate = (claim: ReturnType<typeof nodeClaim>, version = "v2") => writtenObject(refreshHash(world(nodePool({}, { annotations: { [VERSION]: version } }), claim), "general", options), "NodeClaim")?.metadata.annotations;
  expect(migrate(running({}, stale))).toEqual({ [HASH]: nodePoolHash(nodePool()), [VERSION]: "v3" });
  expect(migrate(running({}, stale, { conditions: [condition("Drifted")] }))).toEqual({ [HASH]: "1", [VERSION]: "v3" });
  expect(migrate(running({}, stale), "v3")).toBeUndefined();
});

test("D-152 P-178 two failures among a pool's last four registrations make it unhealthy", () => {
  const statuses = (updates: readonly boolean[]) => updates.reduce<RegistrationHealth[]>((all, succeeded) => [...all, withRegistration(all.at(-1) ?? [], succeeded)], []).map(registrationStatus);
  expect(registrationStatus([])).toBe("unknown");
  expect(statuses([false, true, false, true, true])).toEqual(["healthy", "healthy", "unhealthy", "unhealthy", "healthy"]);
});

test("D-152 P-178 the condition NodeRegistrationHealthy follows the record", () => {
  const record = (health: RegistrationHealth, succeeded: boolean) =>
    writtenObject(recordRegistration(world(nodePool()), health, { type: "record-registration", nodePool: "general", succeeded, failure: { reason: "RegistrationFailed", message: "m" } }, options), "NodePool");
  expect(conditionText(record([], true), "NodeRegistrationHealthy")).toBe("True/NodeRegistrationHealthy");
  expect(record([], false)).toBeUndefined();
  expect(conditionText(record([false], false), "NodeRegistrationHealthy")).toBe("False/RegistrationFailed");
  expect(recordRegistration(world(), [], { type: "record-registration", nodePool: "gone", succeeded: true }, options)).toEqual({ health: [true], actions: [] });
});

test("D-152 P-178 a change of pool or node class starts the record anew, a restart takes it over from the condition", () => {
  const pool = (observedGeneration: number, status: "True" | "False" = "False") => ({
    ...nodePool({}, { generation: 2 }),
    status: { nodeClassObservedGeneration: 5, conditions: [{ ...condition("NodeRegistrationHealthy", status), observedGeneration }] },
  });
  expect(keepRegistrationHealth(world(pool(2)), "general", [], 5, options).health).toEqual([false, false]);
  expect(keepRegistrationHealth(world(pool(2, "True")), "general", [], 5, options).health).toEqual([true]);
  expect(keepRegistrationHealth(world(pool(1)), "general", [false, false], 5, options).health).toEqual([]);
  const changed = keepRegistrationHealth(world(pool(2)), "general", [false, false], 6, options);
  expect(changed.health).toEqual([]);
  expect(conditionText(writtenObject(changed, "NodePool"), "NodeRegistrationHealthy")).toBe("Unknown/AwaitingReconciliation");
  expect(writtenObject(changed, "NodePool")?.status?.nodeClassObservedGeneration).toBe(6);
});

test("P-079 a pool is Ready when its template is valid and its node class ready", () => {
  const valid = writtenObject(validateNodePool(world(nodePool()), "general", options), "NodePool") ?? nodePool();
  expect(conditionText(valid, "Ready")).toBe("Unknown/ReconcilingDependents");
  const ready = (nodeClass: Parameters<typeof checkReadiness>[2]) => writtenObject(checkReadiness(world(valid), "general", nodeClass, options), "NodePool");
  const metadata = { name: "default" };
  expect(conditionText(ready({ metadata, status: { conditions: [condition("Ready")] } }), "Ready")).toBe("True/Ready");
  expect(conditionText(ready(undefined), "NodeClassReady")).toBe("False/NodeClassNotFound");
  expect(conditionText(ready({ metadata: { ...metadata, deletionTimestamp: at(1) } }), "NodeClassReady")).toBe("False/NodeClassTerminating");
  expect(conditionText(ready({ metadata }), "NodeClassReady")).toBe("False/NodeClassReadinessUnknown");
  expect(conditionText(ready({ metadata, status: { conditions: [condition("Ready", "False", 1, "SubnetsNotFound")] } }), "Ready")).toBe("False/UnhealthyDependents");
});

test("P-079 a template that the API server could not check is told of", () => {
  const bad = nodePool({ template: { metadata: { labels: { "karpenter.sh/nodepool": "x" } }, spec: nodePool().spec.template.spec } });
  expect(conditionText(writtenObject(validateNodePool(world(bad), "general", options), "NodePool"), "ValidationSucceeded")).toBe("False/NodePoolValidationFailed");
});

test("a pool's status counts nodes by what they hold, or by what their claims promise until they are initialized", () => {
  const claim = running({}, {}, { capacity: { cpu: "4", memory: "8Gi" } });
  const uninitialized = node({ metadata: { labels: { "karpenter.sh/nodepool": "general", "karpenter.sh/registered": "true", "node.kubernetes.io/instance-type": "m5.large" } }, status: { capacity: { cpu: "3", memory: "0" } } });
  const counted = (objects: readonly KubeObject[]) => writtenObject(countResources(world(nodePool(), ...objects), "general", options), "NodePool")?.status;
  expect(counted([claim, uninitialized])).toMatchObject({ nodes: 1, resources: { cpu: "3", memory: "8Gi", nodes: "1" } });
  expect(counted([claim, node({ status: { capacity: { cpu: "3" } } })])).toMatchObject({ resources: { cpu: "3", memory: "0" } });
  expect(counted([running({}, { deletionTimestamp: at(1) }), node()])).toMatchObject({ nodes: 0, resources: { cpu: "0", nodes: "0" } });
  expect(doings(countResources(world({ ...nodePool(), status: { nodes: 0, resources: { cpu: "0", memory: "0", pods: "0", "ephemeral-storage": "0", nodes: "0" } } }), "general", options))).toEqual([]);
});
