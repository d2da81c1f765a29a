import type { PodEntry } from "../demand/pod-class.ts";

/**
 * Pods in the order they are tried: most cpu, then most memory, then oldest, then by uid. A pod that fails goes to the back; the
 * queue ends when a whole round has placed nothing. Karpenter pkg/controllers/provisioning/scheduling/queue.go.
 */
export class PodQueue {
  #pods: PodEntry[];
  #head = 0;
  readonly #lengthAtPush = new Map<PodEntry, number>();

  constructor(pods: readonly PodEntry[], cpu: number, memory: number) {
    this.#pods = [...pods].sort((a, b) => {
      const [x, y] = [a.class.requests.amounts, b.class.requests.amounts];
      if (x[cpu] !== y[cpu]) return (x[cpu] as number) > (y[cpu] as number) ? -1 : 1;
      if (x[memory] !== y[memory]) return (x[memory] as number) > (y[memory] as number) ? -1 : 1;
      if (a.createdMs !== b.createdMs) return a.createdMs < b.createdMs ? -1 : 1;
      return a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0;
    });
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

  push(pod: PodEntry): void {
    this.#pods.push(pod);
    this.#lengthAtPush.set(pod, this.#pods.length - this.#head);
  }
}
