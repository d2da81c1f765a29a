import type { NodeSelectorRequirement, NodeSelectorTerm, ResourceList } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";
import type { NewNodeClaim } from "@groupless/bin-packer";
import { mergeResources, subtractResources } from "@groupless/quantity";
import { own, termMatches } from "./selectors.ts";

/** One machine a node may turn out to be. An existing node has exactly one; a new claim one for every offering it leaves open. */
export interface NodeOption {
  readonly instanceType?: string;
  /** Labels whose value is settled. */
  readonly labels: Readonly<Record<string, string>>;
  /** Keys whose value is still open, with what is known of it. */
  readonly open: Readonly<Record<string, readonly NodeSelectorRequirement[]>>;
  readonly allocatable: ResourceList;
  readonly capacity: ResourceList;
  readonly priceUsdPerHour: number;
}

/**
 * What has been found out about machines while one state is made: claims that ask for the same of the same type and offering come to one and the same
 * option, so that who looks at many claims may know by identity what has been looked at already.
 */
export class KnownOptions {
  readonly #amounts = new Map<InstanceType, Map<Offering, ResourceList>>();
  readonly #named = new Map<InstanceType, boolean>();
  readonly #options = new Map<string, Map<InstanceType, Map<Offering, NodeOption | null>>>();

  allocatable(type: InstanceType, offering: Offering): ResourceList {
    const known = within(this.#amounts, type);
    let found = known.get(offering);
    if (found === undefined) known.set(offering, (found = allocatableOf(type, offering)));
    return found;
  }

  /** Does the type itself say its name, once and for all of its offerings? */
  isNamed(type: InstanceType): boolean {
    let found = this.#named.get(type);
    if (found === undefined) {
      const own = type.requirements.filter(({ key }) => key === INSTANCE_TYPE);
      found = own.length === 1 && own[0]?.operator === "In" && own[0].values?.length === 1 && own[0].values[0] === type.name && type.offerings.every(({ requirements }) => requirements.every(({ key }) => key !== INSTANCE_TYPE));
      this.#named.set(type, found);
    }
    return found;
  }

  /** By the claim's labels and requirements, the list of its types aside. */
  of(demand: string, type: InstanceType): Map<Offering, NodeOption | null> {
    let known = this.#options.get(demand);
    if (known === undefined) this.#options.set(demand, (known = new Map()));
    return within(known, type);
  }
}

function within<V>(known: Map<InstanceType, Map<Offering, V>>, type: InstanceType): Map<Offering, V> {
  let found = known.get(type);
  if (found === undefined) known.set(type, (found = new Map()));
  return found;
}

/** Every machine the claim may become: each available offering of each of its types that its requirements allow. */
export function optionsOf(claim: NewNodeClaim, types: ReadonlyMap<string, InstanceType>, known: KnownOptions = new KnownOptions()): NodeOption[] {
  // The one long requirement is a list of types, and a type's name is held against it by itself.
  const lists = claim.requirements.filter(({ key, operator }) => key === INSTANCE_TYPE && operator === "In");
  const rest = claim.requirements.filter((requirement) => !lists.includes(requirement));
  const named = lists.map((list) => (listsTypes(list) ? undefined : new Set(list.values)));
  const demand = JSON.stringify([claim.labels, rest]);
  return claim.instanceTypes.flatMap((name) => {
    const type = types.get(name);
    if (type === undefined) return [];
    const offerings = type.offerings.filter((offering) => offering.available);
    if (!known.isNamed(type)) return offerings.flatMap((offering) => optionOf(claim, claim.requirements, type, offering, known) ?? []);
    if (named.some((list) => list !== undefined && !list.has(name))) return [];
    const of = known.of(demand, type);
    return offerings.flatMap((offering) => {
      let option = of.get(offering);
      if (option === undefined) of.set(offering, (option = optionOf(claim, rest, type, offering, known) ?? null));
      return option ?? [];
    });
  });
}

const INSTANCE_TYPE = "node.kubernetes.io/instance-type";

function optionOf(claim: NewNodeClaim, requirements: NewNodeClaim["requirements"], type: InstanceType, offering: Offering, known: KnownOptions): NodeOption | undefined {
  // "*" stands for a label of which Karpenter picks any allowed value.
  const labels: Record<string, string> = Object.fromEntries(Object.entries(claim.labels).filter(([, value]) => value !== "*"));
  for (const { key, operator, values = [] } of [...type.requirements, ...offering.requirements]) if (operator === "In" && values.length === 1) labels[key] = values[0] as string;
  const missing = new Set([...type.requirements, ...offering.requirements].filter(({ operator }) => operator === "DoesNotExist").map(({ key }) => key));
  const open: Record<string, NodeSelectorRequirement[]> = {};
  for (const requirement of requirements) {
    const { key, operator, values = [] } = requirement;
    if (own(labels, key) !== undefined) {
      if (!termMatches({ matchExpressions: [requirement] }, labels) && !listsTypes(requirement)) return undefined;
    } else if (missing.has(key)) {
      if (operator !== "NotIn" && operator !== "DoesNotExist") return undefined;
    } else if (operator === "In" && values.length === 1) labels[key] = values[0] as string;
    else if (operator !== "DoesNotExist") (open[key] ??= []).push(requirement);
  }
  // Limits count what the type says.
  return { instanceType: type.name, labels, open, allocatable: known.allocatable(type, offering), capacity: type.capacity, priceUsdPerHour: offering.price };
}

function allocatableOf(type: InstanceType, offering: Offering): ResourceList {
  // What an offering has of its own is added to what the type has.
  const capacity = mergeResources(type.capacity, offering.capacityOverride ?? {});
  let allocatable: ResourceList = capacity;
  for (const overhead of [type.overhead, offering.overheadOverride ?? {}]) for (const part of [overhead.kubeReserved, overhead.systemReserved, overhead.evictionThreshold]) allocatable = subtractResources(allocatable, part ?? {});
  // Huge pages are set aside from memory.
  for (const [resource, amount] of Object.entries(capacity)) if (resource.startsWith("hugepages-")) allocatable = subtractResources(allocatable, { memory: amount });
  return allocatable;
}

/** Canonical claims leave the values of the instance-type requirement out: the list of types says it. */
function listsTypes({ key, values = [] }: NodeSelectorRequirement): boolean {
  return key === INSTANCE_TYPE && values.length === 0;
}

/** Whether the term holds on the machine whatever values its open labels take. */
export function optionMatches(term: NodeSelectorTerm, option: NodeOption): boolean {
  return (term.matchExpressions ?? []).every((expression) => {
    const known = own(option.labels, expression.key) === undefined && Object.hasOwn(option.open, expression.key) ? option.open[expression.key] : undefined;
    return known === undefined ? termMatches({ matchExpressions: [expression] }, option.labels) : implies(known, expression);
  });
}

/** Whether every present value that meets all of `known` meets `wanted`. */
function implies(known: readonly NodeSelectorRequirement[], wanted: NodeSelectorRequirement): boolean {
  const named = known.find(({ operator }) => operator === "In")?.values;
  const allows = (value: string, expressions: readonly NodeSelectorRequirement[]): boolean => termMatches({ matchExpressions: expressions.map((expression) => ({ ...expression, key: "k" })) }, { k: value });
  if (named !== undefined) return named.filter((value) => allows(value, known)).every((value) => allows(value, [wanted]));
  switch (wanted.operator) {
    case "Exists":
      return true;
    case "NotIn":
      return (wanted.values ?? []).every((value) => !allows(value, known));
    case "Gt":
    case "Lt":
    case "Gte":
    case "Lte": {
      // The known bounds must be at least as tight: the first integer outside the wanted range is outside the known one.
      const bound = BigInt(wanted.values?.[0] ?? "0");
      const outside = { Gt: bound, Gte: bound - 1n, Lt: bound, Lte: bound + 1n }[wanted.operator];
      return known.some(({ operator }) => operator.startsWith("G") || operator.startsWith("L")) && !allows(String(outside), known.filter(({ operator }) => operator !== "NotIn"));
    }
    default:
      return false;
  }
}
