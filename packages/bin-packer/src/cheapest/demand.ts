import type { PodEntry } from "../demand/pod-class.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import { type HostLimit, hostLimit } from "./host-limit.ts";
import { type Want, Wants } from "./want.ts";

/** Pods that cost the same wherever they go: equal requests, equal demands on the node, equal limits. */
export interface PodGroup {
  readonly want: number;
  /** A column's amount each of {@link Demand.columns}. */
  readonly requests: readonly number[];
  /** How many of them one node may hold. */
  readonly limit: HostLimit | undefined;
  readonly pods: readonly PodEntry[];
}

/** What is to be placed, as the optimiser counts it. */
export interface Demand {
  /** Columns of the resources that any of the pods asks for. */
  readonly columns: readonly number[];
  readonly wants: readonly Want[];
  readonly reader: Wants;
  readonly groups: readonly PodGroup[];
}

/** Groups pods; the same in whatever order they come. */
export function demandOf(snapshot: Snapshot, pods: readonly PodEntry[]): Demand {
  const reader = new Wants(snapshot, pods);
  const wants: Want[] = [];
  const wantOf = new Map<string, number>();
  const used = new Set<number>();
  const groups = new Map<string, { want: number; amounts: PodEntry["class"]["requests"]; limit: HostLimit | undefined; pods: PodEntry[] }>();
  const known = new Map<PodEntry["class"], string>();
  for (const pod of pods) {
    let key = known.get(pod.class);
    if (key === undefined) {
      const want = reader.of(pod.class.constraints);
      const text = JSON.stringify([want.alternatives.map(({ id }) => id), want.tolerations]);
      let index = wantOf.get(text);
      if (index === undefined) {
        wantOf.set(text, (index = wants.length));
        wants.push(want);
      }
      const limit = hostLimit(pod.class);
      key = `${index},${pod.class.requests.id}${limit === undefined ? "" : `,${pod.class.labels.id},${limit.pods}`}`;
      known.set(pod.class, key);
      for (const column of pod.class.requests.columns) used.add(column);
      if (!groups.has(key)) groups.set(key, { want: index, amounts: pod.class.requests, limit, pods: [] });
    }
    (groups.get(key) as { pods: PodEntry[] }).pods.push(pod);
  }
  const rank = (column: number): string => rankOf(snapshot.columns.names[column] as string);
  const columns = [...used].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const list = [...groups.values()].map(({ want, amounts, limit, pods: members }): PodGroup => ({ want, limit, requests: columns.map((column) => Number(amounts.amounts[column])), pods: members.sort(byUid) }));
  return { columns, wants, reader, groups: list.sort((a, b) => byUid(a.pods[0] as PodEntry, b.pods[0] as PodEntry)) };
}

/** The search weighs cpu and memory most and the count of pods least, by their place. */
function rankOf(resource: string): string {
  return `${resource === "cpu" ? 0 : resource === "memory" ? 1 : resource === "pods" ? 3 : 2}${resource}`;
}

function byUid(a: PodEntry, b: PodEntry): number {
  return a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0;
}
