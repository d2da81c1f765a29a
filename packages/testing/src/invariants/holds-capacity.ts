import { nameOf, type ResourceList } from "@groupless/api";
import { compareQuantities, daemonSetPod, isZero, parseQuantity, podsRequests } from "@groupless/quantity";
import { type FinalNode, type FinalState, ofKind } from "../final-state/final-state.ts";
import { type NodeOption, optionMatches } from "../final-state/node-option.ts";
import { tolerates } from "../final-state/selectors.ts";
import type { Invariant } from "./invariant.ts";

/**
 * No node that got pods holds more than its allocatable of what these pods ask for.
 *
 * On a new claim daemon pods count too, and every one of its types must do, in one of its offerings at least: offerings may change a type's amounts, and the launch picks one that fits.
 */
export const holdsCapacity: Invariant = {
  name: "holdsCapacity",
  check: (state) => {
    const scales = new Scales(state);
    return state.nodes.flatMap((node) => {
      if (node.placed.length === 0) return [];
      if (node.options.length === 0) return [{ node: node.name, message: "no offering of the claim's instance types meets its requirements" }];
      const load = scales.loadOf(node);
      const tooSmall = byType(node.options).find((options) => !options.some((option) => scales.holds(node, load, option)))?.[0];
      return tooSmall === undefined ? [] : [{ node: node.name, message: `${node.placed.map(nameOf).join(", ")} and what runs there do not fit ${tooSmall.instanceType ?? node.name}` }];
    });
  },
};

/** The options of each type. */
function byType(options: readonly NodeOption[]): readonly (readonly NodeOption[])[] {
  const types = new Map<string | undefined, NodeOption[]>();
  for (const option of options) {
    const known = types.get(option.instanceType);
    if (known === undefined) types.set(option.instanceType, [option]);
    else known.push(option);
  }
  return [...types.values()];
}

type Amounts = ReadonlyMap<string, ReturnType<typeof parseQuantity>>;

/** What new pods ask for, and what all pods of the node need of that beside some daemons. */
interface Load {
  readonly asked: ReadonlySet<string>;
  readonly beside: Map<string, Amounts>;
}

/** Weighs the pods of nodes; amounts are read and daemons looked up once. */
class Scales {
  readonly #daemons: readonly ReturnType<typeof daemonSetPod>[];
  readonly #rooms = new Map<ResourceList, Amounts>();
  readonly #running = new Map<string, Map<NodeOption, string>>();

  constructor({ cluster }: FinalState) {
    this.#daemons = ofKind(cluster, "DaemonSet").map(daemonSetPod);
  }

  loadOf(node: FinalNode): Load {
    // Kubernetes' NodeResourcesFit looks only at what the new pods ask for: a node may be short of something else already.
    return { asked: new Set(Object.entries(podsRequests(node.placed)).flatMap(([resource, amount]) => (isZero(parseQuantity(amount)) ? [] : [resource]))), beside: new Map() };
  }

  holds(node: FinalNode, { asked, beside }: Load, option: NodeOption): boolean {
    const running = node.kind === "new" && this.#daemons.length > 0 ? this.#runningOn(node, option) : "";
    let needed = beside.get(running);
    if (needed === undefined) {
      const daemons = running === "" ? [] : running.split(",").map((index) => this.#daemons[Number(index)] as ReturnType<typeof daemonSetPod>);
      beside.set(running, (needed = read(podsRequests([...node.bound, ...node.placed, ...daemons]))));
    }
    let room = this.#rooms.get(option.allocatable);
    if (room === undefined) this.#rooms.set(option.allocatable, (room = read(option.allocatable)));
    for (const resource of asked) {
      const there = room.get(resource) ?? NONE;
      if (compareQuantities(there, NONE) < 0 || compareQuantities(needed.get(resource) ?? NONE, there) > 0) return false;
    }
    return true;
  }

  /** The daemons that run on the machine, by number. */
  #runningOn(node: FinalNode, option: NodeOption): string {
    const taints = JSON.stringify(node.taints);
    let known = this.#running.get(taints);
    if (known === undefined) this.#running.set(taints, (known = new Map()));
    let found = known.get(option);
    if (found === undefined) known.set(option, (found = this.#daemons.flatMap((daemon, index) => (runsOn(daemon, node, option) ? [index] : [])).join()));
    return found;
  }
}

const NONE = parseQuantity("0");

function read(list: ResourceList): Amounts {
  return new Map(Object.entries(list).map(([resource, amount]) => [resource, parseQuantity(amount)]));
}

/** Whether the daemon set controller would put its pod on the machine. */
function runsOn(daemon: ReturnType<typeof daemonSetPod>, node: FinalNode, option: NodeOption): boolean {
  const terms = daemon.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const selector = Object.entries(daemon.spec.nodeSelector ?? {}).map(([key, value]) => ({ key, operator: "In" as const, values: [value] }));
  const hard = node.taints.filter(({ effect }) => effect !== "PreferNoSchedule");
  return hard.every((taint) => tolerates(daemon.spec.tolerations, taint)) && optionMatches({ matchExpressions: selector }, option) && (terms === undefined || terms.some((term) => optionMatches(term, option)));
}
