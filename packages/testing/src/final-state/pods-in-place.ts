import type { LabelSelector, Pod } from "@groupless/api";
import { activePods, domainsOf } from "./domains.ts";
import type { FinalNode, FinalState } from "./final-state.ts";
import { selects } from "./selectors.ts";

/** A pod that is there to stay, and where. */
export interface PodInPlace {
  readonly pod: Pod;
  readonly node: FinalNode;
  /** Its place in the order of nodes, and of pods on each. */
  readonly rank: number;
}

/** The pods of some nodes by their labels, so that a rule between pods is held against the few it may be about and not against all. */
export class PodsInPlace {
  /** All of them, in order. */
  readonly pods: readonly PodInPlace[];
  readonly nodes: readonly FinalNode[];
  readonly #byLabel = new Map<string, PodInPlace[]>();
  readonly #domains = new Map<FinalNode, Map<string, ReadonlySet<string>>>();

  constructor(nodes: readonly FinalNode[]) {
    const all: PodInPlace[] = [];
    for (const node of nodes) for (const pod of activePods(node)) all.push({ pod, node, rank: all.length });
    this.nodes = nodes;
    this.pods = all;
    for (const one of all) {
      for (const [key, value] of Object.entries(one.pod.metadata.labels ?? {})) {
        const text = labelText(key, value);
        const known = this.#byLabel.get(text);
        if (known === undefined) this.#byLabel.set(text, [one]);
        else known.push(one);
      }
    }
  }

  /** In order: the pods the selector picks, whatever their namespace. */
  selected(selector: LabelSelector | undefined): readonly PodInPlace[] {
    if (selector === undefined) return [];
    const [first] = Object.entries(selector.matchLabels ?? {});
    const among = first === undefined ? this.pods : (this.#byLabel.get(labelText(...first)) ?? []);
    return among.filter(({ pod }) => selects(selector, pod.metadata.labels ?? {}));
  }

  /** {@link domainsOf}, found out once a node and key. */
  domains(node: FinalNode, topologyKey: string): ReadonlySet<string> {
    let byKey = this.#domains.get(node);
    if (byKey === undefined) this.#domains.set(node, (byKey = new Map()));
    let found = byKey.get(topologyKey);
    if (found === undefined) byKey.set(topologyKey, (found = domainsOf(node, topologyKey)));
    return found;
  }
}

const ofStates = new WeakMap<FinalState, { readonly staying: PodsInPlace; readonly all: PodsInPlace }>();

/** The pods of the nodes that stay, and those of all nodes that have some. */
export function podsInPlace(state: FinalState): { readonly staying: PodsInPlace; readonly all: PodsInPlace } {
  let found = ofStates.get(state);
  if (found === undefined) {
    const leaving = state.leaving.filter(({ bound }) => bound.length > 0);
    const staying = new PodsInPlace(state.nodes);
    ofStates.set(state, (found = { staying, all: leaving.length === 0 ? staying : new PodsInPlace([...state.nodes, ...leaving]) }));
  }
  return found;
}

function labelText(key: string, value: string): string {
  return `${key}=${value}`;
}
