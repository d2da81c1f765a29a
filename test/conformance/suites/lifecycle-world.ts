import { type Condition, durationMs, type KubeObject, nameOf } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { type Action, type Answers, explain, type Observed, observe, type Outcome, type PassOptions, recordRegistration, type RegistrationHealth, type ReportAction, unknownRegistrations, withObject, withoutObject } from "@groupless/lifecycle";
import type { Context, Line } from "../suite.ts";

type Fields = Readonly<Record<string, unknown>>;

const DEFAULT_NOW = "2026-09-01T12:00:00Z";

/** A stand-in for the API server and the cloud of one line: it does what the actions say and answers what they ask. */
export class World {
  nowMs: number;
  observed: Observed;
  readonly reports: ReportAction[] = [];
  readonly created: string[] = [];
  readonly #before: ReadonlyMap<string, Fields>;
  readonly #twins: ReadonlyMap<string, string>;
  readonly #instances: Set<string>;
  readonly #args: any;
  #health: RegistrationHealth = unknownRegistrations;

  constructor({ input }: Line) {
    this.nowMs = Date.parse(input.now ?? DEFAULT_NOW);
    this.#args = input.args ?? {};
    this.observed = observe((input.objects as KubeObject[]).map(withDefaults));
    this.#instances = new Set(this.#args.instances);
    this.#before = this.#views();
    this.#twins = new Map(this.observed.nodeClaims.map(({ metadata, status }) => [`NodeClaim/${metadata.name}`, `Node/${status?.nodeName ?? ""}`]));
  }

  get instances(): readonly { readonly providerID: string }[] {
    return [...this.#instances].map((providerID) => ({ providerID }));
  }

  /** Runs a pass, answering what it asks of the provider, until it asks no more. */
  run(pass: (observed: Observed, options: PassOptions) => Outcome, known: Answers = {}): Outcome {
    let answers = known;
    const { nodeClaims } = this.observed;
    for (;;) {
      const outcome = pass(this.observed, { nowMs: this.nowMs, answers });
      for (const action of outcome.actions) this.#do(action);
      const more = outcome.actions.reduce<Answers>((all, action) => ({ ...all, ...this.#answer(action) }), {});
      if (Object.keys(more).length === 0) return outcome;
      answers = { ...answers, ...more };
      // Karpenter waits for the answer within the pass, where a claim it has just deleted still is as it was read.
      if ("termination" in more) this.observed = { ...this.observed, nodeClaims };
    }
  }

  /** The result of a controller call, in the form the vectors have. */
  result(outcome: Outcome): Fields {
    const errors = outcome.reasons.filter(({ code }) => code !== "not-managed" && code !== "object-missing").map(explain);
    return {
      requeueAfterSeconds: errors.length > 0 ? 0 : (outcome.requeueAfterMs ?? 0) / 1000,
      ...(errors.length === 0 && outcome.requeueAfterMs === 0 ? { requeue: true } : {}),
      ...(errors.length > 0 ? { error: errors.join("; ") } : {}),
      changes: this.changes(),
      events: this.events(),
    };
  }

  events(): readonly Fields[] {
    const keyOf = ({ object, reason, message }: ReportAction): string => [object, reason, message].join("\0");
    const distinct = new Map(this.reports.map((report) => [`${keyOf(report)}\0${report.eventType}`, report]));
    const isTwin = (report: ReportAction): boolean => {
      const object = this.#twins.get(report.object);
      return object !== undefined && distinct.has(`${keyOf({ ...report, object })}\0${report.eventType}`);
    };
    return [...distinct.values()]
      .filter((report) => !isTwin(report))
      .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      .map(({ object, eventType, reason, message }) => ({ object, type: eventType, reason, message }));
  }

  changes(): Fields {
    const after = this.#views();
    const changes: Record<string, unknown> = {};
    for (const [key, fields] of this.#before) {
      const now = after.get(key);
      const changed = now === undefined ? "gone" : difference(fields, now);
      if (changed !== undefined) changes[key] = changed;
    }
    for (const [key, fields] of after) if (!this.#before.has(key)) changes[key] = fields;
    return changes;
  }

  #do(action: Action): void {
    switch (action.type) {
      case "create":
        this.created.push(action.object.metadata.name);
        break;
      case "update":
        this.observed = isGone(action.object) ? withoutObject(this.observed, action.object.kind, nameOf(action.object)) : withObject(this.observed, action.object);
        break;
      case "delete":
        this.delete(action.kind, action.name);
        break;
      case "report":
        this.reports.push(action);
        break;
      case "record-registration": {
        const { health, actions } = recordRegistration(this.observed, this.#health, action, { nowMs: this.nowMs });
        this.#health = health;
        for (const next of actions) this.#do(next);
      }
    }
  }

  /** Deletes as the fake API server does: at once, unless there are finalizers; its clock is the real one. */
  delete(kind: KubeObject["kind"], name: string): void {
    const lists: readonly (readonly KubeObject[])[] = [this.observed.nodeClaims, this.observed.nodes, this.observed.pods];
    const object = lists.flat().find((other) => other.kind === kind && nameOf(other) === name);
    if (object === undefined) return;
    if ((object.metadata.finalizers ?? []).length === 0) this.observed = withoutObject(this.observed, kind, name);
    else this.observed = withObject(this.observed, { ...object, metadata: { ...object.metadata, deletionTimestamp: new Date().toISOString() } } as KubeObject);
  }

  #answer(action: Action): Answers {
    switch (action.type) {
      case "launch":
        return { launch: this.#launchAnswer() };
      case "get-instance":
        return { instance: this.#instances.has(action.providerID) ? "present" : "gone" };
      case "terminate":
        return { termination: this.#instances.delete(action.providerID) ? "terminating" : "gone" };
      default:
        return {};
    }
  }

  #launchAnswer(): NonNullable<Answers["launch"]> {
    const { create } = this.#args;
    if (create === undefined) return { launched: false, kind: "create", message: "the oracle launches nothing" };
    switch (create.error) {
      case "insufficient":
        return { launched: false, kind: "insufficient-capacity", message: "insufficient capacity, all requested instance types were unavailable during launch" };
      case "nodeclass":
        return { launched: false, kind: "node-class-not-ready", message: "NodeClassRef not ready, node class is not ready" };
      case "create":
        return { launched: false, kind: "create", message: "creating nodeclaim, calling the cloud", condition: { reason: "SubnetNotFound", message: "no subnet was found" } };
      case "other":
        return { launched: false, kind: "create", message: "x".repeat(320) };
      default:
        return { launched: true, instance: { providerID: create.providerID, labels: create.labels ?? {}, imageID: "ami-1", capacity: {}, allocatable: {} } };
    }
  }

  #views(): ReadonlyMap<string, Fields> {
    const { nodeClaims, nodePools, nodes, pods } = this.observed;
    return new Map([...nodeClaims, ...nodePools, ...nodes, ...pods].map((object) => [`${object.kind}/${nameOf(object)}`, view(object)]));
  }
}

/** The types of a NodePool's catalog, by the line's `catalogs`. */
export function instanceTypesOf(line: Line, context: Context, nodePool: string | undefined): readonly InstanceType[] {
  const { catalogs = {} } = line.input;
  const named = catalogs[nodePool ?? "*"] ?? catalogs["*"] ?? [];
  return typeof named === "string" ? context.catalog(named) : named;
}

/** A duration argument; absent: none. */
export function argumentMs(text: string | undefined): number {
  return text === undefined || text === "" ? 0 : durationMs(text);
}

function isGone({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0;
}

/** What the vectors leave out: a pod on a node runs, a pool without conditions is ready. */
function withDefaults(object: KubeObject): KubeObject {
  if (object.kind === "Pod" && object.status?.phase === undefined) return { ...object, status: { ...object.status, phase: object.spec.nodeName === undefined ? "Pending" : "Running" } };
  if (object.kind === "NodePool" && (object.status?.conditions ?? []).length === 0) {
    const since = object.metadata.creationTimestamp;
    const conditions = ["ValidationSucceeded", "NodeClassReady", "Ready"].map((type): Condition => ({
      type,
      status: "True",
      reason: type,
      message: "",
      ...(since === undefined ? {} : { lastTransitionTime: since }),
      ...(object.metadata.generation === undefined ? {} : { observedGeneration: object.metadata.generation }),
    }));
    return { ...object, status: { ...object.status, conditions } };
  }
  return object;
}

/** What the vectors show of an object. */
export function view(object: KubeObject): Fields {
  const { metadata } = object;
  return nonEmpty({
    finalizers: metadata.finalizers,
    labels: metadata.labels,
    annotations: metadata.annotations,
    deleting: metadata.deletionTimestamp === undefined ? undefined : true,
    ...(object.kind === "NodeClaim" || object.kind === "NodePool" ? { conditions: conditionsView(object.status?.conditions ?? []) } : {}),
    ...(object.kind === "NodeClaim" ? { lastPodEventTime: object.status?.lastPodEventTime, providerID: object.status?.providerID, nodeName: object.status?.nodeName } : {}),
    ...(object.kind === "Node"
      ? {
          taints: (object.spec?.taints ?? []).map(({ key, value = "", effect }) => (value === "" ? `${key}:${effect}` : `${key}=${value}:${effect}`)),
          owners: (metadata.ownerReferences ?? []).map(({ kind, name }) => `${kind}/${name}`),
        }
      : {}),
  });
}

function conditionsView(conditions: readonly Condition[]): Fields {
  return Object.fromEntries(
    conditions
      .filter(({ type }) => type !== "Ready")
      .map(({ type, status, reason, message, lastTransitionTime }) => [type, { status, reason, ...(message === undefined || message === "" ? {} : { message }), since: lastTransitionTime }]),
  );
}

function nonEmpty(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== "" && (typeof value !== "object" || Object.keys(value as object).length > 0)));
}

/** The fields of a view that changed, with their new values; undefined if none did. */
export function difference(before: Fields, after: Fields): Fields | undefined {
  const changed: Record<string, unknown> = {};
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (same(before[field], after[field])) continue;
    changed[field] = field === "conditions" ? entries(before[field] as Fields, after[field] as Fields) : (after[field] ?? null);
  }
  return Object.keys(changed).length === 0 ? undefined : changed;
}

function entries(before: Fields = {}, after: Fields = {}): Fields {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(keys.filter((key) => !same(before[key], after[key])).map((key) => [key, after[key] ?? null]));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sortKeys(a)) === JSON.stringify(sortKeys(b));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sortKeys(inner)]));
}
