import type { Kind, KubeObject } from "@groupless/api";
import { LISTINGS, type Listing } from "../record/tables.ts";
import type { Field } from "./field.ts";
import type { Step } from "./story.ts";

/** Kinds that steps may name, by the lower-case word of kubectl. */
const KINDS: Readonly<Record<string, { readonly kind: Kind; readonly namespaced: boolean }>> = {
  deployment: { kind: "Deployment", namespaced: true },
  statefulset: { kind: "StatefulSet", namespaced: true },
  replicaset: { kind: "ReplicaSet", namespaced: true },
  daemonset: { kind: "DaemonSet", namespaced: true },
  job: { kind: "Job", namespaced: true },
  pod: { kind: "Pod", namespaced: true },
  pdb: { kind: "PodDisruptionBudget", namespaced: true },
  nodepool: { kind: "NodePool", namespaced: false },
  nodeclaim: { kind: "NodeClaim", namespaced: false },
  nodeclass: { kind: "EC2NodeClass", namespaced: false },
  node: { kind: "Node", namespaced: false },
};
const WORDS = Object.keys(KINDS);
const STEPS: Readonly<Record<string, (step: Field, objectsOf: ObjectsOf) => Step>> = {
  say: (at) => ({ do: "say", text: at.text() }),
  apply: (at, objectsOf) => {
    const paths = Array.isArray(at.value) ? at.items() : [at];
    return { do: "apply", objects: objectsOf(paths), source: paths.map((path) => path.text()).join(",") };
  },
  scale: (at) => {
    const { kind, name } = target(at, ["replicas"]);
    if (kind !== "Deployment" && kind !== "StatefulSet" && kind !== "ReplicaSet") throw at.fail("cannot-scale", `a ${kind}`, "a deployment, statefulset or replicaset");
    return { do: "scale", kind, name, replicas: at.get("replicas").count() };
  },
  patch: (at) => ({ do: "patch", ...target(at, ["patch"]), patch: at.get("patch").value ?? {} }),
  delete: (at) => ({ do: "delete", ...target(at, []) }),
  upgrade: (at) => ({ do: "upgrade", kubernetesVersion: at.text('a version in quotes, such as "1.28"') }),
  interrupt: (at) => {
    at.entries(["nodepool", "count", "notice"]);
    const [count, notice] = [at.get("count"), at.get("notice")];
    return { do: "interrupt", nodePool: at.get("nodepool").text(), count: count.present ? count.count() : 1, noticeMs: notice.present ? notice.duration() : 120_000 };
  },
  exhaust: (at) => {
    const pool = Object.fromEntries(at.entries(["instanceType", "zone", "capacityType", "for"]).flatMap(([key, value]) => (key === "for" ? [] : [[key, value.text()]])));
    return { do: "exhaust", pool, ms: at.get("for").duration() };
  },
  advance: (at) => ({ do: "advance", ms: at.duration() }),
  settle: (at) => ({ do: "settle", ms: at.duration() }),
  observe: (at) => {
    const listed = Array.isArray(at.value);
    if (!listed) at.entries(["tables", "namespace"]);
    const namespace = listed ? undefined : at.get("namespace");
    return { do: "observe", listings: (listed ? at : at.get("tables")).items().map(listing), ...(namespace?.present === true ? { namespace: namespace.text() } : {}) };
  },
};

export type ObjectsOf = (paths: readonly Field[]) => readonly KubeObject[];

/** One step: an object with one key, what to do. */
export function parseStep(step: Field, objectsOf: ObjectsOf): Step {
  const entries = step.entries(Object.keys(STEPS));
  const [first] = entries;
  const read = first === undefined ? undefined : STEPS[first[0]];
  if (first === undefined || read === undefined || entries.length > 1) throw step.fail("no-step", `${entries.length} keys`, `one of ${Object.keys(STEPS).join(", ")}`);
  return read(first[1], objectsOf);
}

function target(at: Field, others: readonly string[]): { readonly kind: Kind; readonly name: string } {
  const words = at.entries([...WORDS, "namespace", ...others]).filter(([key]) => WORDS.includes(key));
  const [word] = words;
  const known = word === undefined ? undefined : KINDS[word[0]];
  if (word === undefined || known === undefined || words.length > 1) throw at.fail("no-target", `${words.length} objects named`, `one of ${WORDS.join(", ")} with a name`);
  const namespace = at.get("namespace");
  return { kind: known.kind, name: known.namespaced ? `${namespace.present ? namespace.text() : "default"}/${word[1].text()}` : word[1].text() };
}

function listing(at: Field): Listing {
  const known = LISTINGS.find((each) => each === at.value);
  if (known === undefined) throw at.fail("unknown-table", JSON.stringify(at.value ?? null), `one of ${LISTINGS.join(", ")}`);
  return known;
}
