import { CAPACITY_TYPE_LABEL, isCurrentlyReschedulable, type NodeClaim, type NodeSelectorRequirementWithMinValues, type PodDisruptionBudget } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import { availableOfferings, flexibility, type InstanceType, launchPrice, type Offering, worstLaunchPrice } from "@groupless/catalog";
import { CORE_LABELS, type LabelTables, withLabels } from "@groupless/requirements";
import { fromLabels, fromSelectorRequirements, isCompatible } from "@groupless/requirements/karpenter";
import { naiveFirstFit, type NaivePlan } from "./first-fit.ts";

/** What the model decides, in the words of a command. */
export interface NaiveCommand {
  readonly sourceNodes: readonly string[];
  readonly estimatedSavings: number;
  readonly replacements: readonly { readonly nodePool: string; readonly pods: readonly string[]; readonly instanceTypes: readonly string[]; readonly requirements: readonly object[] }[];
  readonly existingNodes: NaivePlan["existingNodes"];
}

/** A node that may go, as a method reports it. */
export interface NaiveCandidate {
  readonly node: string;
  readonly nodePool: string;
  readonly price: number;
  readonly disruptionCost: number;
  readonly savingsRatio: number;
}

type Requirements = readonly NodeSelectorRequirementWithMinValues[];
type Budgets = Readonly<Record<string, number>>;
type Totals = Readonly<Record<string, { readonly cost: number; readonly disruptionCost: number }>>;

const sum = (list: readonly number[]): number => list.reduce((all, one) => all + one, 0);
const byName = (a: NaiveCandidate, b: NaiveCandidate): number => (`${a.nodePool}\0${a.node}` < `${b.nodePool}\0${b.node}` ? -1 : 1);
const bestFirst = (list: readonly NaiveCandidate[]): readonly NaiveCandidate[] => list.toSorted((a, b) => b.savingsRatio - a.savingsRatio || byName(a, b));

/** Which nodes go, read plainly off the rules of each method; every question is put to the plain scheduling loop. */
export class NaiveDecisions {
  readonly #cluster: Cluster;
  readonly #nowMs: number;
  readonly #ignored: readonly string[];
  readonly #tables: LabelTables;
  readonly #types: readonly InstanceType[];

  /** `ignored`: waiting pods that validation turns away. */
  constructor(cluster: Cluster, nowMs: number, ignored: readonly string[]) {
    this.#cluster = cluster;
    this.#nowMs = nowMs;
    this.#ignored = ignored;
    this.#types = Object.values(cluster.instanceTypes).flat();
    this.#tables = withLabels(CORE_LABELS, { wellKnown: cluster.wellKnownLabels ?? this.#types.flatMap(({ requirements, offerings }) => [requirements, ...offerings.map((offering) => offering.requirements)].flat().map(({ key }) => key)) });
  }

  emptiness(candidates: readonly NaiveCandidate[], budgets: Budgets): readonly NaiveCommand[] {
    const going = budgeted(bestFirst(candidates), budgets);
    return going.length === 0 ? [] : [{ sourceNodes: names(going), estimatedSavings: sum(going.map(({ price }) => price)), replacements: [], existingNodes: [] }];
  }

  drift(candidates: readonly NaiveCandidate[], budgets: Budgets): readonly NaiveCommand[] {
    const budgetsOfPods = this.#cluster.objects.filter((object): object is PodDisruptionBudget => object.kind === "PodDisruptionBudget");
    const moves = ({ node }: NaiveCandidate): boolean => this.#cluster.objects.some((object) => object.kind === "Pod" && object.spec.nodeName === node && isCurrentlyReschedulable(object, budgetsOfPods, this.#nowMs));
    const oldest = candidates.toSorted((a, b) => this.#driftedAt(a) - this.#driftedAt(b) || byName(a, b));
    for (const candidate of [...oldest.filter((one) => !moves(one)), ...oldest.filter(moves)]) {
      if ((budgets[candidate.nodePool] ?? 0) === 0) continue;
      const plan = this.#without([candidate], false);
      if (plan === undefined) continue;
      const replacements = plan.newNodeClaims.map((claim) => ({ nodePool: claim.nodePool, pods: claim.pods, instanceTypes: this.#typesOf(claim).map(({ name }) => name), requirements: claim.plannedRequirements })).sort((a, b) => (a.pods.join(" ") + a.nodePool < b.pods.join(" ") + b.nodePool ? -1 : 1));
      return [{ sourceNodes: [candidate.node], estimatedSavings: candidate.price - sum(plan.newNodeClaims.map(({ cheapestPrice }) => Math.max(0, cheapestPrice))), replacements, existingNodes: plan.existingNodes }];
    }
    return [];
  }

  /** As many of the first as a binary search finds. */
  several(candidates: readonly NaiveCandidate[], budgets: Budgets, totals: Totals): readonly NaiveCommand[] {
    const list = budgeted(bestFirst(candidates), budgets);
    let [least, most] = [1, Math.min(list.length - 1, 100)];
    let found: NaiveCommand | undefined;
    while (least <= most) {
      const middle = Math.floor((least + most) / 2);
      const group = list.slice(0, middle + 1);
      const command = this.#consolidated(group);
      if (command !== undefined && this.#approves(group, command.estimatedSavings, totals)) {
        found = command;
        least = middle + 1;
      } else most = middle - 1;
    }
    return found === undefined ? [] : [found];
  }

  /** The first that can go; pools take turns. */
  single(candidates: readonly NaiveCandidate[], budgets: Budgets, totals: Totals): readonly NaiveCommand[] {
    const list = bestFirst(candidates);
    const pools = [...new Set(list.map(({ nodePool }) => nodePool))].map((pool) => list.filter(({ nodePool }) => nodePool === pool));
    for (let turn = 0; turn < list.length; turn++) {
      for (const members of pools) {
        const candidate = members[turn];
        if (candidate === undefined || (budgets[candidate.nodePool] ?? 0) === 0) continue;
        const command = this.#consolidated([candidate]);
        if (command !== undefined && this.#approves([candidate], command.estimatedSavings, totals)) return [command];
      }
    }
    return [];
  }

  /** The plan without the nodes; undefined if a pod that runs would have no place. */
  #without(candidates: readonly NaiveCandidate[], guarded: boolean): NaivePlan | undefined {
    const plan = naiveFirstFit(this.#cluster, this.#nowMs, this.#ignored, { disruption: true, guarded, removed: candidates.map(({ node }) => node) });
    const runs = (name: string): boolean => this.#cluster.objects.some((object) => object.kind === "Pod" && `${object.metadata.namespace}/${object.metadata.name}` === name && (object.spec.nodeName ?? "") !== "");
    return plan.refused.some(runs) ? undefined : plan;
  }

  #consolidated(candidates: readonly NaiveCandidate[]): NaiveCommand | undefined {
    const plan = this.#without(candidates, true);
    if (plan === undefined || plan.newNodeClaims.length > 1) return undefined;
    const before = sum(candidates.map(({ price }) => price));
    const [claim] = plan.newNodeClaims;
    const command = { sourceNodes: names(candidates), existingNodes: plan.existingNodes };
    if (claim === undefined) return { ...command, estimatedSavings: before, replacements: [] };
    const asked = claim.plannedRequirements as Requirements;
    const may = (capacityType: string): boolean => isCompatible(fromSelectorRequirements(asked.filter(({ key }) => key === CAPACITY_TYPE_LABEL), this.#tables), fromLabels({ [CAPACITY_TYPE_LABEL]: capacityType }, this.#tables), new Set([CAPACITY_TYPE_LABEL]));
    const allSpot = candidates.every(({ node }) => this.#labelsOf(node)[CAPACITY_TYPE_LABEL] === "spot");
    const spotToSpot = allSpot && may("spot");
    if (spotToSpot && this.#cluster.options?.featureGates?.["SpotToSpotConsolidation"] !== true) return undefined;
    const spot: Requirements = asOf(asked, "spot");
    const judged = spotToSpot ? spot : asked;
    let types = this.#typesOf(claim).filter((type) => this.#worst(type, judged) < before);
    if (types.length === 0 || !flexibility(types, judged, this.#tables).satisfied) return undefined;
    if (spotToSpot && candidates.length === 1) {
      if (types.length < 15) return undefined;
      types = types.slice(0, Math.max(15, flexibility(types, judged, this.#tables).needed));
    }
    const requirements = spotToSpot || (may("spot") && may("on-demand")) ? spot : asked;
    if (candidates.length > 1) {
      const limit = this.#keptPrice(candidates, types);
      types = types.filter((type) => this.#worst(type, requirements) < limit);
      if (types.length === 0 || !flexibility(types, requirements, this.#tables).satisfied) return undefined;
    }
    const price = launchPrice(types[0] as InstanceType, requirements, this.#tables);
    return { ...command, estimatedSavings: before - (price === Number.MAX_VALUE ? 0 : price), replacements: [{ nodePool: claim.nodePool, pods: claim.pods, instanceTypes: types.map(({ name }) => name), requirements }] };
  }

  /** A replacement of several that is no cheaper than one of them is one of them. */
  #keptPrice(candidates: readonly NaiveCandidate[], types: readonly InstanceType[]): number {
    const same = candidates.flatMap(({ node }) => {
      const labels = this.#labelsOf(node);
      const type = this.#types.find(({ name }) => name === labels["node.kubernetes.io/instance-type"]);
      const fitting = (type?.offerings ?? []).filter((offering: Offering) => isCompatible(fromLabels(labels, this.#tables), fromSelectorRequirements(offering.requirements, this.#tables), new Set(this.#tables.wellKnown)));
      return type === undefined || !types.some(({ name }) => name === type.name) ? [] : [Math.min(...(fitting.length === 0 ? [0] : fitting.map(({ price }) => price)))];
    });
    return Math.min(Number.MAX_VALUE, ...same);
  }

  /** By price, those of one price as the catalog has them. */
  #typesOf({ nodePool, instanceTypes, plannedRequirements }: NaivePlan["newNodeClaims"][number]): readonly InstanceType[] {
    const all = (this.#cluster.instanceTypes[nodePool] ?? this.#cluster.instanceTypes["*"] ?? []).filter(({ name }) => instanceTypes.includes(name));
    return all.map((type) => ({ type, price: launchPrice(type, plannedRequirements as Requirements, this.#tables) })).sort((a, b) => a.price - b.price).map(({ type }) => type);
  }

  #worst({ offerings }: InstanceType, requirements: Requirements): number {
    return worstLaunchPrice(availableOfferings(offerings), requirements, this.#tables);
  }

  #approves(candidates: readonly NaiveCandidate[], savings: number, totals: Totals): boolean {
    const price = sum(candidates.map((one) => one.price));
    return [...new Set(candidates.map(({ nodePool }) => nodePool))].every((pool) => {
      if (this.#cluster.nodePools.find(({ metadata }) => metadata.name === pool)?.spec.disruption.consolidationPolicy !== "Balanced") return true;
      const members = candidates.filter(({ nodePool }) => nodePool === pool);
      const { cost, disruptionCost } = totals[pool] ?? { cost: 0, disruptionCost: 0 };
      const saved = (price > 0 && members.length < candidates.length ? savings * (sum(members.map((one) => one.price)) / price) : savings) / cost;
      return cost > 0 && disruptionCost > 0 && saved > 0 && saved / (sum(members.map((one) => one.disruptionCost)) / disruptionCost) >= 0.5;
    });
  }

  #driftedAt({ node }: NaiveCandidate): number {
    return Date.parse(this.#claimOf(node)?.status?.conditions?.find(({ type }) => type === "Drifted")?.lastTransitionTime ?? "1970-01-01T00:00:00Z");
  }

  #claimOf(node: string): NodeClaim | undefined {
    const id = this.#cluster.objects.flatMap((object) => (object.kind === "Node" && object.metadata.name === node ? [object.spec?.providerID] : []))[0];
    return this.#cluster.objects.find((object): object is NodeClaim => object.kind === "NodeClaim" && object.status?.providerID === id);
  }

  #labelsOf(node: string): Readonly<Record<string, string>> {
    return this.#cluster.objects.find((object) => object.kind === "Node" && object.metadata.name === node)?.metadata.labels ?? {};
  }
}

const names = (candidates: readonly NaiveCandidate[]): readonly string[] => candidates.map(({ node }) => node).sort();

function budgeted(candidates: readonly NaiveCandidate[], budgets: Budgets): readonly NaiveCandidate[] {
  return candidates.filter(({ nodePool, node }) => candidates.filter((other) => other.nodePool === nodePool).findIndex((other) => other.node === node) < (budgets[nodePool] ?? 0));
}

function asOf(requirements: Requirements, capacityType: string): Requirements {
  const minValues = requirements.find(({ key, minValues: least }) => key === CAPACITY_TYPE_LABEL && least !== undefined)?.minValues;
  return [...requirements.filter(({ key }) => key !== CAPACITY_TYPE_LABEL), { key: CAPACITY_TYPE_LABEL, operator: "In" as const, values: [capacityType], ...(minValues === undefined ? {} : { minValues }) }].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.operator < b.operator ? -1 : 1));
}

