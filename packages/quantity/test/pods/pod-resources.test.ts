import type { Container, Pod, PodSpec } from "@groupless/api";
import { expect, test } from "vitest";
import { daemonSetPod, daemonSetRequests } from "../../src/pods/daemon-set.ts";
import { podCeiling, podRequests, podsLimits, podsRequests, specRequests } from "../../src/pods/pod-resources.ts";

const asks = (name: string, cpu: string, more: Partial<Container> = {}): Container => ({ name, resources: { requests: { cpu } }, ...more });
const sidecar = { restartPolicy: "Always" } as const;

test("P-045 containers run side by side: their requests add up", () => {
  expect(podRequests({ spec: { containers: [asks("a", "500m"), asks("b", "250m"), { name: "c" }] } })).toEqual({ cpu: "750m", pods: "1" });
});

test("init containers run one at a time: the largest counts if it exceeds the rest", () => {
  const containers = [asks("a", "500m")];
  expect(specRequests({ containers, initContainers: [asks("i", "300m"), asks("j", "400m")] })).toEqual({ cpu: "500m" });
  expect(specRequests({ containers, initContainers: [asks("i", "2"), asks("j", "400m")] })).toEqual({ cpu: "2" });
});

test("sidecars count beside containers, and beside the init containers after them", () => {
  const containers = [asks("a", "1")];
  expect(specRequests({ containers, initContainers: [asks("s", "1", sidecar)] })).toEqual({ cpu: "2" });
  expect(specRequests({ containers, initContainers: [asks("s", "1", sidecar), asks("i", "3")] })).toEqual({ cpu: "4" });
  expect(specRequests({ containers, initContainers: [asks("i", "3"), asks("s", "1", sidecar)] })).toEqual({ cpu: "3" });
  expect(specRequests({ containers: [], initContainers: [asks("s", "1", sidecar), asks("t", "1", sidecar), asks("i", "500m")] })).toEqual({ cpu: "2500m" });
  // An init container of another restart policy is no sidecar.
  expect(specRequests({ containers, initContainers: [asks("i", "1", { restartPolicy: "OnFailure" })] })).toEqual({ cpu: "1" });
});

test("sidecars that start while others initialise count together", () => {
  const initContainers = [asks("s", "2", sidecar), asks("t", "2", sidecar)];
  expect(specRequests({ containers: [asks("a", "-3")], initContainers })).toEqual({ cpu: "4" });
});

test("pod-level resources take the place of the containers', for cpu, memory and huge pages", () => {
  const spec: PodSpec = {
    containers: [{ name: "a", resources: { requests: { cpu: "2", "example.com/x": "1" }, limits: { cpu: "3" } } }],
    resources: { requests: { cpu: "1", memory: "1Gi", "hugepages-2Mi": "2Mi", "example.com/x": "9" }, limits: { memory: "2Gi", "example.com/x": "9" } },
  };
  expect(podCeiling({ spec })).toEqual({
    requests: { cpu: "1", memory: "1Gi", "hugepages-2Mi": "2Mi", "example.com/x": "1" },
    limits: { cpu: "3", memory: "2Gi" },
  });
});

test("overhead adds to requests, and to limits there are", () => {
  const spec: PodSpec = { containers: [{ name: "a", resources: { requests: { cpu: "1" }, limits: { cpu: "2", memory: "0" } } }], overhead: { cpu: "250m", memory: "100Mi", "example.com/x": "1" } };
  expect(podCeiling({ spec })).toEqual({ requests: { cpu: "1250m", memory: "100Mi", "example.com/x": "1" }, limits: { cpu: "2250m", memory: "0" } });
});

const resized = (status: Pod["status"], requests = { cpu: "1" }): ReturnType<typeof podRequests> =>
  podRequests({ spec: { containers: [{ name: "a", resources: { requests } }] }, ...(status === undefined ? {} : { status }) });

test("P-046 while a pod is resized in place the largest of asked, allocated and actual counts", () => {
  const running = { name: "a", resources: { requests: { cpu: "2", memory: "1Gi" } }, allocatedResources: { cpu: "3" } };
  expect(resized({ containerStatuses: [running] })).toEqual({ cpu: "3", memory: "1Gi", pods: "1" });
  expect(resized({ containerStatuses: [running] }, { cpu: "4" })).toEqual({ cpu: "4", memory: "1Gi", pods: "1" });
  expect(resized({ containerStatuses: [{ name: "a", allocatedResources: { cpu: "3" } }] })).toEqual({ cpu: "1", pods: "1" });
  expect(resized({ containerStatuses: [{ name: "a", resources: null as never, allocatedResources: { cpu: "3" } }] })).toEqual({ cpu: "1", pods: "1" });
  expect(resized({ containerStatuses: [{ ...running, name: "b" }] })).toEqual({ cpu: "1", pods: "1" });
});

test("P-046 a resize the node cannot give does not count, one that waits does", () => {
  const containerStatuses = [{ name: "a", resources: { requests: { cpu: "2" } } }];
  const pending = (reason: string) => ({ containerStatuses, conditions: [{ type: "PodResizePending", status: "True", reason } as const] });
  expect(resized(pending("Infeasible"), { cpu: "5" })).toEqual({ cpu: "2", pods: "1" });
  expect(resized(pending("Deferred"), { cpu: "5" })).toEqual({ cpu: "5", pods: "1" });
  expect(resized({ containerStatuses, conditions: [{ type: "Ready", status: "True", reason: "Infeasible" }] }, { cpu: "5" })).toEqual({ cpu: "5", pods: "1" });
});

test("sidecars may be resized, other init containers not, and limits are never taken from the status", () => {
  const initContainerStatuses = [{ name: "s", resources: { requests: { cpu: "7" }, limits: { cpu: "7" } } }];
  const pod = (restartPolicy?: string) => ({
    spec: { containers: [], initContainers: [{ name: "s", resources: { requests: { cpu: "1" }, limits: { cpu: "2" } }, ...(restartPolicy === undefined ? {} : { restartPolicy }) }] },
    status: { initContainerStatuses },
  });
  expect(podCeiling(pod("Always"))).toEqual({ requests: { cpu: "7" }, limits: { cpu: "2" } });
  expect(podCeiling(pod())).toEqual({ requests: { cpu: "1" }, limits: { cpu: "2" } });
  expect(specRequests(pod("Always").spec)).toEqual({ cpu: "1" });
});

test("P-051 each pod takes one of `pods`, whatever it asks of that resource", () => {
  const pod = { spec: { containers: [{ name: "a", resources: { requests: { pods: "7" } } }] } };
  expect(podRequests(pod)).toEqual({ pods: "1" });
  expect(podsRequests([pod, pod])).toEqual({ pods: "2" });
  expect(podsLimits([pod, pod, pod])).toEqual({ pods: "3" });
  expect(podsRequests([])).toEqual({ pods: "0" });
  expect(podsRequests(Array.from({ length: 1000 }, () => pod))).toEqual({ pods: "1e3" });
});

test("P-047 requests for nothing are kept", () => {
  expect(podRequests({ spec: { containers: [{ name: "a", resources: { requests: { "nvidia.com/gpu": "0" } } }] } })).toEqual({ "nvidia.com/gpu": "0", pods: "1" });
});

test("what pods may use together", () => {
  const limited = (cpu: string) => ({ spec: { containers: [{ name: "a", resources: { limits: { cpu } } }] } });
  expect(podsLimits([limited("1"), limited("500m")])).toEqual({ cpu: "1500m", pods: "2" });
});

test("a daemon's missing requests are its limits", () => {
  const daemonSet = {
    metadata: { name: "d", namespace: "n" },
    spec: {
      template: {
        spec: {
          containers: [{ name: "a", resources: { requests: { cpu: "100m" }, limits: { cpu: "1", memory: "1Gi" } } }, { name: "b" }],
          initContainers: [{ name: "i", resources: { limits: { memory: "2Gi" } } }],
        },
      },
    },
  };
  const before = JSON.stringify(daemonSet);
  expect(daemonSetRequests(daemonSet)).toEqual({ cpu: "100m", memory: "2Gi", pods: "1" });
  expect(daemonSetPod(daemonSet)).toMatchObject({ apiVersion: "v1", kind: "Pod", metadata: { name: "d", namespace: "n" } });
  expect(JSON.stringify(daemonSet)).toBe(before);
  expect(daemonSetPod({ metadata: { name: "d" }, spec: { template: { spec: { containers: [] } } } })).toEqual({ apiVersion: "v1", kind: "Pod", metadata: { name: "d" }, spec: { containers: [] } });
});

test("a daemon without a namespace has none", () => {
  const pod = daemonSetPod({ metadata: { name: "d" }, spec: { template: { spec: { containers: [{ name: "b" }] } } } });
  expect("namespace" in pod.metadata).toBe(false);
  expect(pod.spec.containers).toEqual([{ name: "b", resources: { requests: {} } }]);
});

test("a pod without containers needs only its place", () => {
  expect(podRequests({ spec: {} as PodSpec })).toEqual({ pods: "1" });
  expect(daemonSetPod({ metadata: { name: "d" }, spec: { template: { spec: {} as PodSpec } } }).spec.containers).toEqual([]);
});
