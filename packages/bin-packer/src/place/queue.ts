import type { PodEntry } from "../demand/pod-class.ts";
import type { Resources } from "../intern/resources.ts";
import { inTextOrder } from "../intern/text-order.ts";

/**
 * Pods in the order they are tried: most cpu, then most memory, then oldest, then by uid. A pod that fails goes to the back; the
 * queue ends when a whole round has placed nothing. Karpenter pkg/controllers/provisioning/scheduling/queue.go.
 */
export class PodQueue {
  #pods: PodEntry[];
  #head = 0;
  readonly #lengthAtPush = new Map<PodEntry, number>();

  constructor(pods: readonly PodEntry[], cpu: number, memory: number) {
    this.#pods = inOrder(pods, cpu, memory);
  }

  pop(): PodEntry | undefined {
    const length = this.#pods.length - this.#head;
    const pod = this.#pods[this.#head];
    if (pod === undefined || this.#lengthAtPush.get(pod) === length) return undefined;
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#pods.length) {
      this.#pods = this.#pods.slice(this.#head);
      this.#head = 0;
    }
    return pod;
  }

  /** The pod at the head, whether it would still be tried or not. */
  get next(): PodEntry | undefined {
    return this.#pods[this.#head];
  }

  push(pod: PodEntry): void {
    this.#pods.push(pod);
    this.#lengthAtPush.set(pod, this.#pods.length - this.#head);
  }
}

/** Sorted by requests first, each once, then among pods of equal requests. */
function inOrder(pods: readonly PodEntry[], cpu: number, memory: number): PodEntry[] {
  const alike = new Map<Resources, PodEntry[]>();
  for (const pod of pods) {
    const { requests } = pod.class;
    const group = alike.get(requests);
    if (group === undefined) alike.set(requests, [pod]);
    else group.push(pod);
  }
  const bySize: { readonly cpu: number; readonly memory: number; readonly pods: PodEntry[] }[] = [];
  for (const [requests, group] of alike) bySize.push({ cpu: requests.amounts[cpu] as number, memory: requests.amounts[memory] as number, pods: group });
  bySize.sort((a, b) => (a.cpu > b.cpu ? -1 : a.cpu < b.cpu ? 1 : a.memory > b.memory ? -1 : a.memory < b.memory ? 1 : 0));
  const ordered: PodEntry[] = [];
  for (let i = 0; i < bySize.length; ) {
    const first = bySize[i] as (typeof bySize)[number];
    let group = first.pods;
    // Lists that ask for equal cpu and memory may differ in the rest.
    for (i++; i < bySize.length && bySize[i]?.cpu === first.cpu && bySize[i]?.memory === first.memory; i++) group = [...group, ...(bySize[i] as (typeof bySize)[number]).pods];
    const { createdMs } = group[0] as PodEntry;
    // Pods of one moment are many where something was rolled out.
    if (group.every((pod) => pod.createdMs === createdMs)) group = inTextOrder(group, uidOf);
    else group.sort((a, b) => a.createdMs - b.createdMs || (a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0));
    for (const pod of group) ordered.push(pod);
  }
  return ordered;
}

function uidOf({ uid }: PodEntry): string {
  return uid;
}
