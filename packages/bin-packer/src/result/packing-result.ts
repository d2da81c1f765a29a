import type { NewNodeClaim, Packing, PodError } from "../packing.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import { explain } from "../explain/explain.ts";
import { Reasons } from "../explain/reasons.ts";
import type { SchedulingReason } from "../reason.ts";
import { classOf, type Failure } from "../place/failure.ts";
import type { Outcome } from "../place/solver.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import { ClaimResults } from "./claim-result.ts";
import { podNames } from "./pod-names.ts";

/** Writes an outcome as plain data, sorted. */
export function packingOf(snapshot: Snapshot, outcome: Outcome): Packing {
  const results = new ClaimResults(snapshot, outcome.minValuesRelaxed);
  const newNodeClaims: NewNodeClaim[] = [];
  const errors = new Map<PodEntry, readonly Failure[]>(outcome.errors);
  let priceUsdPerHour = 0;
  const names = podNames(outcome.claims, snapshot.pods.waiting);
  for (const [index, claim] of outcome.claims.entries()) {
    const result = results.of(claim, names[index] as readonly string[]);
    if ("unmet" in result) {
      for (const pod of claim.pods) errors.set(pod, [{ kind: "min-values-truncated", template: claim.template, ...result }]);
      continue;
    }
    newNodeClaims.push(result);
  }
  newNodeClaims.sort((a, b) => compareLists(a.pods, b.pods));
  for (const claim of newNodeClaims) if (claim.cheapestPrice > 0) priceUsdPerHour += claim.cheapestPrice;
  const existingNodes = outcome.existing.map((node) => ({ node: node.entry.state.name, pods: Object.freeze(node.pods.map((pod) => pod.name).sort()) }));
  existingNodes.sort((a, b) => (a.node < b.node ? -1 : a.node > b.node ? 1 : 0));
  const reasons = new Reasons(snapshot);
  const podErrors = [...errors].map(([pod, failures]) => podError(reasons, pod, failures)).sort(byPod);
  const ignoredPods = snapshot.pods.ignored.map(({ name, objections }): PodError => {
    const classes = [...new Set(objections.map((objection) => objection.class))].sort();
    const found = objections.map(({ class: code, message: problem }): SchedulingReason => ({ code, canResolve: code === "volume", problem }));
    return { pod: name, classes, reasons: found, message: found.map(explain).join(" ") };
  });
  return { newNodeClaims: Object.freeze(newNodeClaims), existingNodes: Object.freeze(existingNodes), podErrors: Object.freeze(podErrors), ignoredPods: Object.freeze(ignoredPods.sort(byPod)), priceUsdPerHour };
}

function podError(written: Reasons, pod: PodEntry, failures: readonly Failure[]): PodError {
  const classes: string[] = [];
  for (const failure of failures) {
    const found = classOf(failure);
    if (classes.at(-1) !== found) classes.push(found);
  }
  const { reasons, message } = written.of(pod, failures);
  return { pod: pod.name, classes, reasons, message };
}

function byPod(a: PodError, b: PodError): number {
  return a.pod < b.pod ? -1 : a.pod > b.pod ? 1 : 0;
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return (a[i] as string) < (b[i] as string) ? -1 : 1;
  return a.length - b.length;
}
