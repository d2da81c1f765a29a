import { type Container, hasResourceClaims, type Pod, type ResourceList, timeMs, uidOf } from "@groupless/api";
import type { Constraints, ConstraintTable } from "../demand/constraints.ts";
import { hostPortsOf } from "../demand/host-port.ts";
import type { Attachments, LabelClass, PodClass, PodEntry } from "../demand/pod-class.ts";
import type { PodRequests } from "../demand/pod-requests.ts";
import { attachmentsOf, hasClaims, type Storage, volumeAlternatives } from "../demand/volumes.ts";
import { normalisedKey } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import type { Rules } from "../profile/rules.ts";
import type { ResourceColumns, Resources } from "../intern/resources.ts";

/** A pod read once, before the units of resources are fixed. */
export interface RawPod {
  readonly pod: Pod;
  readonly constraints: Constraints;
  readonly requests: ResourceList;
}

/** One label further on the way to a label class. */
interface LabelStep {
  readonly next: Map<string, Map<string, LabelStep>>;
  found: LabelClass | undefined;
}

/** Turns pods into entries of classes. */
export class PodClasses {
  readonly #sets: RequirementSets;
  readonly #constraints: ConstraintTable;
  readonly #requests: PodRequests;
  readonly #columns: ResourceColumns;
  /** Of host ports that name none. */
  readonly #protocol: string;
  /** Label keys that some selector looks at. */
  readonly #observed = new Set<string>();
  /** Node label keys that some pod, rule or volume asks for. */
  readonly nodeKeys: Set<string> = new Set();
  readonly #seenConstraints = new Set<Constraints>();
  readonly #labelClasses = new Map<string, LabelClass>();
  readonly #resources = new Map<ResourceList, Resources>();
  readonly #special = new Map<string, PodClass>();
  /** By constraints: the class met first, which often is the only one, and the others. */
  readonly #plain: { readonly first: PodClass; others: Map<number, Map<number, PodClass>> | undefined }[] = [];
  #classes = 0;
  readonly #namespaces = new Map<string, LabelStep>();
  readonly #times = new Map<string, number>();
  #lastTime = "";
  #lastTimeMs = 0;

  constructor(sets: RequirementSets, constraints: ConstraintTable, requests: PodRequests, columns: ResourceColumns, { portsDefaultToTcp }: Pick<Rules, "portsDefaultToTcp">) {
    this.#sets = sets;
    this.#constraints = constraints;
    this.#requests = requests;
    this.#columns = columns;
    this.#protocol = portsDefaultToTcp ? "TCP" : "";
  }

  /** Grows whenever pods look at labels that nobody looked at before: what was told apart until then is told apart too little. */
  get horizon(): number {
    return this.#observed.size + this.nodeKeys.size;
  }

  /** How many classes, label classes and requests there are. */
  get size(): number {
    return this.#classes + this.#labelClasses.size + this.#resources.size;
  }

  /** All pods are read before the first becomes an entry; `requests`: where they are known already. */
  read(pod: Pod, requests: ResourceList = this.#requests.of(pod)): RawPod {
    const constraints = this.#constraints.of(pod.spec);
    if (!this.#seenConstraints.has(constraints)) {
      this.#seenConstraints.add(constraints);
      for (const key in constraints.nodeSelector) this.nodeKeys.add(normalisedKey(key));
      for (const term of [...(constraints.required ?? []), ...constraints.preferred.map((preferred) => preferred.preference)]) for (const { key } of term.matchExpressions ?? []) this.nodeKeys.add(normalisedKey(key));
      for (const spread of constraints.spreads) {
        this.nodeKeys.add(spread.topologyKey);
        this.#observe(spread.labelSelector);
        for (const key of spread.matchLabelKeys ?? []) this.#observeKey(key);
      }
      const soft = [...constraints.preferredAffinity, ...constraints.preferredAntiAffinity].map((preferred) => preferred.podAffinityTerm);
      for (const term of [...constraints.affinity, ...constraints.antiAffinity, ...soft]) {
        this.nodeKeys.add(term.topologyKey);
        this.#observe(term.labelSelector);
        for (const key of [...(term.matchLabelKeys ?? []), ...(term.mismatchLabelKeys ?? [])]) this.#observeKey(key);
      }
    }
    return { pod, constraints, requests };
  }

  entry({ pod, constraints, requests }: RawPod, storage: Storage): PodEntry {
    const claims = hasClaims(pod);
    const volumes = claims ? volumeAlternatives(pod, storage, this.#sets) : undefined;
    for (const set of volumes ?? []) for (const { key } of set.requirements) this.nodeKeys.add(key);
    const attachments: Attachments | undefined = claims ? attachmentsOf(pod, storage) : undefined;
    const { name, namespace, creationTimestamp } = pod.metadata;
    return {
      pod,
      name: namespace === undefined ? name : `${namespace}/${name}`,
      uid: pod.metadata.uid ?? uidOf(pod),
      class: this.#classOf(pod, constraints, requests, volumes),
      createdMs: creationTimestamp === undefined ? 0 : this.#timeOf(creationTimestamp),
      attachments,
      claim: -1,
    };
  }

  resourcesOf(requests: ResourceList): Resources {
    let found = this.#resources.get(requests);
    if (found === undefined) this.#resources.set(requests, (found = this.#columns.resources(requests)));
    return found;
  }

  /** All label classes so far. */
  labelClasses(): Iterable<LabelClass> {
    return this.#labelClasses.values();
  }

  /** Found by walking the pod's own observed labels; pods that list them in another order share the class at the end of the walk. */
  labelClassOf(pod: Pod): LabelClass {
    const namespace = pod.metadata.namespace ?? "";
    const labels = pod.metadata.labels;
    let step = this.#namespaces.get(namespace);
    if (step === undefined) this.#namespaces.set(namespace, (step = { next: new Map(), found: undefined }));
    if (this.#observed.size > 0) {
      for (const key in labels) {
        if (!this.#observed.has(key)) continue;
        const value = labels[key] as string;
        let byValue: Map<string, LabelStep> | undefined = step.next.get(key);
        if (byValue === undefined) step.next.set(key, (byValue = new Map()));
        let next = byValue.get(value);
        if (next === undefined) byValue.set(value, (next = { next: new Map(), found: undefined }));
        step = next;
      }
    }
    return (step.found ??= this.#labelClass(namespace, labels));
  }

  #labelClass(namespace: string, labels: Pod["metadata"]["labels"]): LabelClass {
    const kept = Object.fromEntries(Object.entries(labels ?? {}).filter(([key]) => this.#observed.has(key)).sort(([a], [b]) => (a < b ? -1 : 1)));
    const text = JSON.stringify([namespace, kept]);
    let found = this.#labelClasses.get(text);
    if (found === undefined) this.#labelClasses.set(text, (found = { id: this.#labelClasses.size, namespace, labels: kept }));
    return found;
  }

  #classOf(pod: Pod, constraints: Constraints, list: ResourceList, volumes: readonly RequirementSet[] | undefined): PodClass {
    const labels = this.labelClassOf(pod);
    const requests = this.resourcesOf(list);
    const ports = hostPortsOf(pod.spec, this.#protocol);
    const claims = asksForDevices(pod);
    const found = { labels, constraints, requests, hostPorts: ports, hasResourceClaims: claims, volumes };
    if (ports.length > 0 || claims || volumes !== undefined) {
      const text = `${labels.id},${constraints.id},${requests.id}${JSON.stringify([ports, claims, volumes?.map((set) => set.id)])}`;
      let special = this.#special.get(text);
      if (special === undefined) this.#special.set(text, (special = { ...found, id: this.#classes++ }));
      return special;
    }
    const known = this.#plain[constraints.id];
    if (known === undefined) {
      const first = { ...found, id: this.#classes++ };
      this.#plain[constraints.id] = { first, others: undefined };
      return first;
    }
    if (known.first.labels === labels && known.first.requests === requests) return known.first;
    known.others ??= new Map();
    let byRequests = known.others.get(labels.id);
    if (byRequests === undefined) known.others.set(labels.id, (byRequests = new Map()));
    let plain = byRequests.get(requests.id);
    if (plain === undefined) byRequests.set(requests.id, (plain = { ...found, id: this.#classes++ }));
    return plain;
  }

  #timeOf(text: string): number {
    if (text === this.#lastTime) return this.#lastTimeMs;
    let found = this.#times.get(text);
    if (found === undefined) this.#times.set(text, (found = timeMs(text)));
    this.#lastTime = text;
    this.#lastTimeMs = found;
    return found;
  }

  #observe(selector: { readonly matchLabels?: Readonly<Record<string, string>>; readonly matchExpressions?: readonly { readonly key: string }[] } | undefined): void {
    for (const key of Object.keys(selector?.matchLabels ?? {})) this.#observeKey(key);
    for (const { key } of selector?.matchExpressions ?? []) this.#observeKey(key);
  }

  #observeKey(key: string): void {
    this.#observed.add(key);
  }
}

/** {@link hasResourceClaims}, found out without making lists for the many pods that have none. */
function asksForDevices(pod: Pod): boolean {
  const { resourceClaims, initContainers, containers } = pod.spec;
  return (resourceClaims !== undefined || haveClaims(initContainers) || haveClaims(containers)) && hasResourceClaims(pod);
}

function haveClaims(containers: readonly Container[] | undefined): boolean {
  if (containers !== undefined) for (const { resources } of containers) if (resources?.claims !== undefined) return true;
  return false;
}
