import type { Taint } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import type { PodEntry } from "../demand/pod-class.ts";
import type { Conflict } from "../intern/requirement-set.ts";
import { isUnmeetable, normalisedKey, type Requirement } from "../intern/requirement.ts";
import type { Amounts } from "../intern/resources.ts";
import { classOf, type Failure } from "../place/failure.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Template } from "../supply/template.ts";
import type { CatalogIndex } from "../supply/catalog-index.ts";
import type { LabelConflict, SchedulingReason } from "../reason.ts";
import { CandidateTypes } from "./candidate-types.ts";
import type { Candidates } from "./candidates.ts";
import { conflictsOf } from "./conflict.ts";
import { explain } from "./explain.ts";
import { nearestMiss } from "./nearest-miss.ts";
import { similarLabel } from "./similar-label.ts";
import { topologyReason } from "./topology-reason.ts";

/** Writes failures as reasons; what is found out about one pod is kept for others that failed alike. */
export class Reasons {
  readonly #snapshot: Snapshot;
  readonly #known = new Map<readonly Failure[], { readonly reasons: readonly SchedulingReason[]; readonly message: string }>();
  readonly #shared = new Map<Failure, SchedulingReason>();
  readonly #taints = new Map<Template, Map<readonly Taint[], SchedulingReason>>();
  readonly #texts = new Map<SchedulingReason, string>();
  readonly #types: CandidateTypes;
  readonly #labels = new Map<Template, readonly string[]>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#types = new CandidateTypes(snapshot);
  }

  /** The reasons of a pod without a place, one a pool tried. */
  of(_pod: PodEntry, failures: readonly Failure[]): { readonly reasons: readonly SchedulingReason[]; readonly message: string } {
    let found = this.#known.get(failures);
    if (found === undefined) {
      const reasons: SchedulingReason[] = [];
      let message = "";
      for (const failure of failures) {
        const reason = this.#reason(failure);
        message = reasons.length === 0 ? this.#text(reason) : `${message} ${this.#text(reason)}`;
        reasons.push(reason);
      }
      this.#known.set(failures, (found = { reasons: Object.freeze(reasons), message }));
    }
    return found;
  }

  /** Reasons are told apart by identity: what is shared is put into words once. */
  #text(reason: SchedulingReason): string {
    let text = this.#texts.get(reason);
    if (text === undefined) this.#texts.set(reason, (text = explain(reason)));
    return text;
  }

  #reason(failure: Failure): SchedulingReason {
    switch (failure.kind) {
      case "instance-types":
        return this.#ofTypes(failure);
      case "taints": {
        const { template, taints } = failure;
        let known = this.#taints.get(template);
        if (known === undefined) this.#taints.set(template, (known = new Map()));
        let reason = known.get(taints);
        if (reason === undefined) known.set(taints, (reason = { code: "untolerated-taint", canResolve: false, nodePool: template.name, taints }));
        return reason;
      }
      default: {
        let reason = this.#shared.get(failure);
        if (reason === undefined) this.#shared.set(failure, (reason = reasonOf(this.#snapshot, failure, (template) => this.#labelsOf(template))));
        return reason;
      }
    }
  }

  #ofTypes(failure: Extract<Failure, { readonly kind: "instance-types" }>): SchedulingReason {
    const candidates = this.#types.of(failure);
    const { constraints, class: { requests } } = failure.stance;
    let known = candidates.reasons.get(constraints);
    if (known === undefined) candidates.reasons.set(constraints, (known = new Map()));
    // Host ports of daemons bear on what is unmet, too.
    const text = `${requests.id},${failure.unmet}`;
    let reason = known.get(text);
    if (reason === undefined) known.set(text, (reason = noInstanceType(this.#snapshot, failure, candidates)));
    return reason;
  }

  /** Labels that somebody may have meant, sorted. */
  #labelsOf(template: Template): readonly string[] {
    let labels = this.#labels.get(template);
    if (labels === undefined) this.#labels.set(template, (labels = [...this.#snapshot.sets.wellKnown, ...template.requirements.byKey.keys()].sort()));
    return labels;
  }
}

function reasonOf(snapshot: Snapshot, failure: Exclude<Failure, { readonly kind: "instance-types" | "taints" }>, labelsOf: (template: Template) => readonly string[]): SchedulingReason {
  switch (failure.kind) {
    case "requirements":
      if (isUnmeetable(failure.conflict.incoming)) return contradictionReason(failure, failure.conflict.incoming.key);
      if (failure.conflict.kind === "undefined") {
        const { key } = failure.conflict.incoming;
        const similar = similarLabel(key, labelsOf(failure.template));
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

function noInstanceType(snapshot: Snapshot, failure: Extract<Failure, { readonly kind: "instance-types" }>, candidates: Candidates): SchedulingReason {
  const { columns } = snapshot;
  const { template, requests, unmet } = failure;
  const nearest = nearestMiss(snapshot, failure, candidates);
  return {
    code: "no-instance-type",
    canResolve: nearest !== undefined && nearest.offering === "unavailable" && nearest.labels.length + nearest.resources.length === 0,
    nodePool: template.name,
    unmet: unmet === "resources+offering" ? ["combination"] : (unmet.split(",") as ("requirements" | "resources" | "offering")[]),
    requests: Object.fromEntries(columns.named(requests.mask).map((column) => [columns.names[column] as string, columns.textOf(requests, column)])),
    considered: template.catalog.types.length,
    ...(nearest === undefined ? {} : { nearest }),
    conflicts: conflictsOf(snapshot, failure, candidates),
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
