import type { Pod } from "@groupless/api";
import type { ApiServer } from "../../api-server/api-server.ts";
import { type PodView, refusal } from "./filters.ts";
import type { NodeInfo } from "./node-info.ts";

/** Where pods that every node treats alike could go. */
export interface Outlook {
  /** By name. */
  readonly feasible: readonly NodeInfo[];
  /** How many of the other nodes refuse for which reason. */
  readonly reasons: ReadonlyMap<string, number>;
}

/** The outlooks of kinds of pods, kept from look to look: only nodes that have changed in between are asked again. */
export interface Outlooks {
  /** What the node has left, or lets onto it, has changed; or it is gone. */
  touch(info: NodeInfo): void;
  of(kind: object, view: PodView): Outlook;
}

interface Known {
  readonly feasible: Set<NodeInfo>;
  readonly refused: Map<NodeInfo, string>;
  readonly reasons: Map<string, number>;
  /** How many of the touches it has seen. */
  seen: number;
}

const byName = (a: NodeInfo, b: NodeInfo): number => (a.node.metadata.name < b.node.metadata.name ? -1 : 1);

/** Outlooks on these nodes. */
export function outlooks(nodes: ReadonlyMap<string, NodeInfo>, server: Pick<ApiServer, "get">): Outlooks {
  const known = new Map<object, Known>();
  let touched: NodeInfo[] = [];

  const forget = ({ feasible, refused, reasons }: Known, info: NodeInfo): void => {
    feasible.delete(info);
    const reason = refused.get(info);
    if (reason === undefined) return;
    refused.delete(info);
    const left = (reasons.get(reason) ?? 0) - 1;
    if (left === 0) reasons.delete(reason);
    else reasons.set(reason, left);
  };
  const ask = (one: Known, info: NodeInfo, view: PodView): void => {
    const reason = refusal(view, info, server);
    if (reason === undefined) return void one.feasible.add(info);
    one.refused.set(info, reason);
    one.reasons.set(reason, (one.reasons.get(reason) ?? 0) + 1);
  };

  return {
    touch: (info) => {
      touched.push(info);
      if (touched.length < 1_000 + 8 * nodes.size) return;
      touched = [];
      known.clear();
    },
    of: (kind, view) => {
      let one = known.get(kind);
      if (one === undefined) {
        known.set(kind, (one = { feasible: new Set(), refused: new Map(), reasons: new Map(), seen: touched.length }));
        for (const info of nodes.values()) ask(one, info, view);
      } else if (one.seen < touched.length) {
        for (const info of new Set(touched.slice(one.seen))) {
          forget(one, info);
          if (nodes.get(info.node.metadata.name) === info) ask(one, info, view);
        }
        one.seen = touched.length;
      }
      return { feasible: [...one.feasible].sort(byName), reasons: one.reasons };
    },
  };
}

/** What stands for pods that every node treats alike: nothing but their containers tells where they can go. Undefined for pods that ask for more. */
export function kindOf({ spec }: Pod): object | undefined {
  const { affinity, containers, initContainers, nodeSelector, overhead, resources, tolerations, topologySpreadConstraints, volumes } = spec;
  const isPlain = [affinity, initContainers, nodeSelector, overhead, resources, tolerations, topologySpreadConstraints, volumes].every((field) => field === undefined);
  return isPlain ? containers : undefined;
}
