import type { InstanceType } from "@groupless/catalog";
import type { PodEntry } from "../demand/pod-class.ts";
import type { Conflict } from "../intern/requirement-set.ts";
import { isUnmeetable, normalisedKey, type Requirement } from "../intern/requirement.ts";
import type { Amounts } from "../intern/resources.ts";
import { classOf, type Failure } from "../place/failure.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { CatalogIndex } from "../supply/catalog-index.ts";
import type { LabelConflict, SchedulingReason } from "../reason.ts";
import { CandidateTypes } from "./candidate-types.ts";
import { conflictsOf } from "./conflict.ts";
import { explain } from "./explain.ts";
import { nearestMiss } from "./nearest-miss.ts";
import { similarLabel } from "./similar-label.ts";
import { topologyReason } from "./topology-reason.ts";

/** Writes failures as reasons; what is found out about one pod is kept for others that failed alike. */
export class Reasons {
  readonly #snapshot: Snapshot;
  readonly #known = new Map<readonly Failure[], { readonly reasons: readonly SchedulingReason[]; readonly message: string }>();
  readonly #byText = new Map<string, SchedulingReason>();
  readonly #types: CandidateTypes;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#types = new CandidateTypes(snapshot);
  }

  /** The reasons of a pod without a place, one a pool tried. */
  of(_pod: PodEntry, failures: readonly Failure[]): { readonly reasons: readonly SchedulingReason[]; readonly message: string } {
    let found = this.#known.get(failures);
    if (found === undefined) {
      const reasons = Object.freeze(failures.map((failure) => this.#reason(failure)));
      this.#known.set(failures, (found = { reasons, message: reasons.map(explain).join(" ") }));
    }
    return found;
  }

  #reason(failure: Failure): SchedulingReason {
    if (failure.kind !== "instance-types") return reasonOf(this.#snapshot, failure);
    const { template, requirements, requests, options, stance } = failure;
    const text = `${template.name}\n${requirements.id}\n${stance.constraints.id}\n${requests.amounts.join(",")}${requests.beyond === undefined ? "" : `,${[...requests.beyond].join()}`}\n${options === template.options ? "" : options.join(",")}`;
    let reason = this.#byText.get(text);
    if (reason === undefined) this.#byText.set(text, (reason = noInstanceType(this.#snapshot, failure, this.#types)));
    return reason;
  }
}

function reasonOf(snapshot: Snapshot, failure: Exclude<Failure, { readonly kind: "instance-types" }>): SchedulingReason {
  switch (failure.kind) {
    case "taints":
      return { code: "untolerated-taint", canResolve: false, nodePool: failure.template.name, taints: failure.taints };
    case "requirements":
      if (isUnmeetable(failure.conflict.incoming)) return contradictionReason(failure, failure.conflict.incoming.key);
      if (failure.conflict.kind === "undefined") {
        const { key } = failure.conflict.incoming;
        const similar = similarLabel(key, [...snapshot.sets.wellKnown, ...failure.template.requirements.byKey.keys()]);
        return { code: "undefined-label", canResolve: false, nodePool: failure.template.name, key, wanted: snapshot.sets.table.toApi(failure.conflict.incoming), ...(similar === undefined ? {} : { similar }) };
      }
      return { code: "incompatible-requirements", canResolve: false, nodePool: failure.template.name, conflict: conflictOf(snapshot, failure.conflict) };
    case "volumes":
      return { code: "incompatible-volume", canResolve: false, nodePool: failure.template.name, conflict: conflictOf(snapshot, failure.conflict) };
    case "topology":
      return topologyReason(failure, classOf(failure));
    case "min-values":
    case "min-values-truncated": {
      const unmet = [...failure.unmet].map(([key, reached]) => ({ key, minValues: failure.requirements.byKey.get(key)?.minValues ?? 0, reached })).sort((a, b) => (a.key < b.key ? -1 : 1));
      return { code: failure.kind, canResolve: false, nodePool: failure.template.name, unmet, ...(failure.kind === "min-values-truncated" ? { kept: failure.kept } : {}) };
    }
    case "limits":
      return limitReason(snapshot, failure);
    case "node-limit":
      return { code: "node-limit", canResolve: true, nodePool: failure.template.name };
    case "reserved-capacity":
      return { code: "reserved-capacity", canResolve: true, nodePool: failure.template.name };
    case "uninitialized-node":
      return { code: "uninitialized-node", canResolve: true, node: failure.node };
    case "dra":
    case "no-compatible-nodepool":
    case "no-nodepools":
      return { code: failure.kind, canResolve: false };
  }
}

function contradictionReason({ template, stance: { constraints } }: Extract<Failure, { readonly kind: "requirements" }>, key: string): SchedulingReason {
  const { nodeSelector, required, preferred } = constraints;
  const expressions = [...(required?.[0]?.matchExpressions ?? []), ...(preferred[0]?.preference.matchExpressions ?? [])];
  const selected = Object.entries(nodeSelector).map(([label, value]) => ({ key: label, operator: "In" as const, values: [value] }));
  return { code: "contradictory-requirements", canResolve: false, nodePool: template.name, key, wanted: [...selected, ...expressions].filter((one) => normalisedKey(one.key) === key) };
}

function noInstanceType(snapshot: Snapshot, failure: Extract<Failure, { readonly kind: "instance-types" }>, types: CandidateTypes): SchedulingReason {
  const { columns } = snapshot;
  const { template, requests, unmet } = failure;
  const nearest = nearestMiss(snapshot, failure, types);
  return {
    code: "no-instance-type",
    canResolve: nearest !== undefined && nearest.offering === "unavailable" && nearest.labels.length + nearest.resources.length === 0,
    nodePool: template.name,
    unmet: unmet === "resources+offering" ? ["combination"] : (unmet.split(",") as ("requirements" | "resources" | "offering")[]),
    requests: Object.fromEntries(columns.named(requests.mask).map((column) => [columns.names[column] as string, columns.textOf(requests, column)])),
    considered: template.catalog.types.length,
    ...(nearest === undefined ? {} : { nearest }),
    conflicts: conflictsOf(snapshot, failure, types),
  };
}

/** What is left, and the type that would go least beyond it. */
function limitReason(snapshot: Snapshot, { template, remaining }: Extract<Failure, { readonly kind: "limits" }>): SchedulingReason {
  const { columns } = snapshot;
  const { catalog } = template;
  const exceeded = remaining.find(({ column, amount }) => catalog.capacity.every((capacity) => (capacity[column] as number) > amount)) ?? remaining[0];
  const least = exceeded === undefined ? undefined : smallestType(catalog, exceeded.column);
  return {
    code: "limits",
    canResolve: true,
    nodePool: template.name,
    remaining: Object.fromEntries(remaining.map(({ column, amount }) => [columns.names[column] as string, columns.text(column, amount)])),
    ...(exceeded === undefined || least === undefined
      ? {}
      : { smallest: { instanceType: (catalog.types[least] as InstanceType).name, resource: columns.names[exceeded.column] as string, capacity: columns.text(exceeded.column, (catalog.capacity[least] as Amounts)[exceeded.column] as number) } }),
  };
}

/** Index of the type that has least of a resource; of several the first by name. */
function smallestType(catalog: CatalogIndex, column: number): number | undefined {
  const capacity = (type: number): number => (catalog.capacity[type] as Amounts)[column] as number;
  const name = (type: number): string => (catalog.types[type] as InstanceType).name;
  const last = catalog.byCapacity(column).at(-1);
  if (last === undefined) return undefined;
  return catalog.byCapacity(column).filter((type) => capacity(type) === capacity(last)).reduce((first, type) => (name(type) < name(first) ? type : first));
}

function conflictOf(snapshot: Snapshot, conflict: Conflict): LabelConflict {
  const { table } = snapshot.sets;
  const offered: Requirement | undefined = conflict.kind === "incompatible" ? conflict.existing : undefined;
  return { key: conflict.incoming.key, wanted: table.toApi(conflict.incoming), offered: offered === undefined ? [] : table.toApi(offered) };
}
