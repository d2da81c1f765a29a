import { hasResourceClaims, type Pod, type ResourceList, timeMs, uidOf } from "@groupless/api";
import type { Constraints, ConstraintTable } from "../demand/constraints.ts";
import { type HostPort, hostPortsOf } from "../demand/host-port.ts";
import type { Attachments, LabelClass, PodClass, PodEntry } from "../demand/pod-class.ts";
import type { PodRequests } from "../demand/pod-requests.ts";
import { attachmentsOf, hasClaims, type Storage, volumeAlternatives } from "../demand/volumes.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import type { ResourceColumns, Resources } from "../intern/resources.ts";

/** A pod read once, before the units of resources are fixed. */
export interface RawPod {
  readonly pod: Pod;
  readonly constraints: Constraints;
  readonly requests: ResourceList;
}

const NO_PORTS: readonly HostPort[] = [];

/** Turns pods into entries of classes. */
export class PodClasses {
  readonly #sets: RequirementSets;
  readonly #constraints: ConstraintTable;
  readonly #requests: PodRequests;
  readonly #columns: ResourceColumns;
  readonly #storage: Storage;
  /** Label keys that some selector looks at. */
  readonly #observed: string[] = [];
  readonly #observedSet = new Set<string>();
  readonly #seenConstraints = new Set<Constraints>();
  readonly #labelClasses = new Map<string, LabelClass>();
  readonly #resources = new Map<ResourceList, Resources>();
  readonly #byText = new Map<string, PodClass>();
  readonly #times = new Map<string, number>();
  readonly #resourceIds = new Map<Resources, number>();

  constructor(sets: RequirementSets, constraints: ConstraintTable, requests: PodRequests, columns: ResourceColumns, storage: Storage) {
    this.#sets = sets;
    this.#constraints = constraints;
    this.#requests = requests;
    this.#columns = columns;
    this.#storage = storage;
  }

  read(pod: Pod): RawPod {
    const constraints = this.#constraints.of(pod.spec);
    if (!this.#seenConstraints.has(constraints)) {
      this.#seenConstraints.add(constraints);
      for (const spread of constraints.spreads) {
        this.#observe(spread.labelSelector);
        for (const key of spread.matchLabelKeys ?? []) this.#observeKey(key);
      }
      for (const term of [...constraints.affinity, ...constraints.antiAffinity]) this.#observe(term.labelSelector);
      for (const { podAffinityTerm } of [...constraints.preferredAffinity, ...constraints.preferredAntiAffinity]) this.#observe(podAffinityTerm.labelSelector);
    }
    const requests = this.#requests.of(pod);
    if (!this.#columns.frozen) this.#columns.note(requests);
    return { pod, constraints, requests };
  }

  entry({ pod, constraints, requests }: RawPod): PodEntry {
    const claims = hasClaims(pod);
    const volumes = claims ? volumeAlternatives(pod, this.#storage, this.#sets) : undefined;
    const attachments: Attachments | undefined = claims ? attachmentsOf(pod, this.#storage) : undefined;
    const { name, namespace, creationTimestamp } = pod.metadata;
    return {
      pod,
      name: namespace === undefined ? name : `${namespace}/${name}`,
      uid: pod.metadata.uid ?? uidOf(pod),
      class: this.#classOf(pod, constraints, requests, volumes),
      createdMs: creationTimestamp === undefined ? 0 : this.#timeOf(creationTimestamp),
      attachments,
    };
  }

  resourcesOf(requests: ResourceList): Resources {
    let found = this.#resources.get(requests);
    if (found === undefined) this.#resources.set(requests, (found = this.#columns.resources(this.#columns.vector(requests), Object.keys(requests))));
    return found;
  }

  /** All label classes so far. */
  labelClasses(): Iterable<LabelClass> {
    return this.#labelClasses.values();
  }

  labelClassOf(pod: Pod): LabelClass {
    const namespace = pod.metadata.namespace ?? "";
    const labels = pod.metadata.labels;
    let text = namespace;
    if (labels !== undefined) {
      for (const key of this.#observed) {
        const value = labels[key];
        if (value !== undefined && Object.hasOwn(labels, key)) text += `\n${key}\n${value}`;
      }
    }
    let found = this.#labelClasses.get(text);
    if (found === undefined) {
      const kept: Record<string, string> = {};
      if (labels !== undefined) for (const key of this.#observed) if (Object.hasOwn(labels, key)) kept[key] = labels[key] as string;
      found = { id: this.#labelClasses.size, namespace, labels: kept };
      this.#labelClasses.set(text, found);
    }
    return found;
  }

  #classOf(pod: Pod, constraints: Constraints, list: ResourceList, volumes: readonly RequirementSet[] | undefined): PodClass {
    const labels = this.labelClassOf(pod);
    const requests = this.resourcesOf(list);
    let resourcesId = this.#resourceIds.get(requests);
    if (resourcesId === undefined) this.#resourceIds.set(requests, (resourcesId = this.#resourceIds.size));
    const ports = hostPortsOf(pod.spec);
    const claims = hasResourceClaims(pod);
    let text = `${labels.id},${constraints.id},${resourcesId}`;
    if (ports.length > 0 || claims || volumes !== undefined) text += JSON.stringify([ports, claims, volumes?.map((set) => set.id)]);
    let found = this.#byText.get(text);
    if (found === undefined) {
      found = { id: this.#byText.size, labels, constraints, requests, hostPorts: ports.length === 0 ? NO_PORTS : ports, hasResourceClaims: claims, volumes };
      this.#byText.set(text, found);
    }
    return found;
  }

  #timeOf(text: string): number {
    let found = this.#times.get(text);
    if (found === undefined) this.#times.set(text, (found = timeMs(text)));
    return found;
  }

  #observe(selector: { readonly matchLabels?: Readonly<Record<string, string>>; readonly matchExpressions?: readonly { readonly key: string }[] } | undefined): void {
    for (const key of Object.keys(selector?.matchLabels ?? {})) this.#observeKey(key);
    for (const { key } of selector?.matchExpressions ?? []) this.#observeKey(key);
  }

  #observeKey(key: string): void {
    if (this.#observedSet.has(key)) return;
    this.#observedSet.add(key);
    this.#observed.push(key);
  }
}

