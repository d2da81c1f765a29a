import type { Pod } from "@groupless/api";
import { type Cluster, prepare, solve } from "@groupless/bin-packer";
import { allocatable, type InstanceType } from "@groupless/catalog";
import { decimalText, parseQuantity, podRequests } from "@groupless/quantity";
import { unless } from "./same.ts";

const CLOSE = 1e-6;

/**
 * What prices of plans and their bounds owe to each other across clusters that differ in one thing.
 *
 * The cheapest there is cannot be known, but a bound of what is no harder is no higher than a plan of what is no easier, however either was found.
 */
export function priceWrongs(tied: Cluster, nowMs: number): readonly string[] {
  const plan = (of: Cluster, minInstanceTypes?: number) => {
    const { priceUsdPerHour, lowerBoundUsdPerHour = 0, podErrors } = solve(prepare(of, { nowMs }), { objective: "cheapest", budgetMs: 20, ...(minInstanceTypes === undefined ? {} : { minInstanceTypes }) });
    return { price: priceUsdPerHour, bound: lowerBoundUsdPerHour, podErrors };
  };
  const all = loosened(tied);
  const refused = new Set(plan(all).podErrors.map(({ pod }) => pod));
  const cluster = { ...all, objects: all.objects.filter((object) => object.kind !== "Pod" || !refused.has(`${object.metadata.namespace ?? "default"}/${object.metadata.name}`)) };
  const whole = plan(cluster);
  if (whole.podErrors.length > 0) return [];
  const slack = (price: number): number => price * (1 + CLOSE) + 1e-9;
  const doubled = plan(priced(cluster, (price) => price * 2));
  const pod = cluster.objects.find((object) => object.kind === "Pod");
  const fewer = plan({ ...cluster, objects: cluster.objects.filter((object) => object !== pod) });
  const bargains = plan(withBargains(cluster));
  const dearer = plan(priced(cluster, (price) => price * 1.5 + 0.01));
  const flexible = plan(cluster, 3);
  const least = simpleBound(cluster);
  return [
    ...unless(Math.abs(doubled.price - 2 * whole.price) <= CLOSE * whole.price, `at prices of twice as much the plan costs ${doubled.price}, not twice ${whole.price}`),
    ...unless(Math.abs(doubled.bound - 2 * whole.bound) <= CLOSE * whole.price, `at prices of twice as much the bound is ${doubled.bound}, not twice ${whole.bound}`),
    ...unless(fewer.bound <= slack(whole.price), `with a pod less the bound is ${fewer.bound}, above the ${whole.price} of the plan with it`),
    ...unless(bargains.bound <= slack(whole.price), `with cheaper types the bound is ${bargains.bound}, above the ${whole.price} of the plan without`),
    ...unless(whole.bound <= slack(dearer.price), `the bound of ${whole.bound} is above the ${dearer.price} of a plan at higher prices`),
    ...unless(whole.bound <= slack(flexible.price), `the bound of ${whole.bound} is above the ${flexible.price} of a plan that keeps more types`),
    ...unless(whole.bound >= least * (1 - CLOSE), `the bound is ${whole.bound}, but one resource alone proves ${least}`),
  ];
}

/** The cluster without what is there to use, what pods ask of each other and what room runs out of. */
function loosened(cluster: Cluster): Cluster {
  return {
    ...cluster,
    nodePools: cluster.nodePools.map(({ spec: { limits: _, ...spec }, ...pool }) => ({ ...pool, spec })),
    objects: cluster.objects.flatMap((object): Cluster["objects"] => (object.kind === "Node" || object.kind === "NodeClaim" || object.kind === "NodeOverlay" ? [] : object.kind !== "Pod" ? [object] : object.spec.nodeName === undefined ? [loosenedPod(object)] : [])),
  };
}

function loosenedPod(pod: Pod): Pod {
  const { topologySpreadConstraints: _, volumes: __, affinity, ...spec } = pod.spec;
  return { ...pod, spec: { ...spec, ...(affinity?.nodeAffinity === undefined ? {} : { affinity: { nodeAffinity: affinity.nodeAffinity } }) } };
}

function priced(cluster: Cluster, price: (usdPerHour: number) => number): Cluster {
  return retyped(cluster, (types) => types.map((type) => ({ ...type, offerings: type.offerings.map((offering) => ({ ...offering, price: price(offering.price) })) })));
}

/** Each type has a twin at three quarters of its price. */
function withBargains(cluster: Cluster): Cluster {
  const named = (name: string): string => `bargain-${name}`;
  return retyped(cluster, (types) => [
    ...types,
    ...types.map((type) => ({
      ...type,
      name: named(type.name),
      requirements: type.requirements.map((requirement) => (requirement.key === "node.kubernetes.io/instance-type" ? { ...requirement, values: (requirement.values ?? []).map(named) } : requirement)),
      offerings: type.offerings.map((offering) => ({ ...offering, price: offering.price * 0.75 })),
    })),
  ]);
}

function retyped(cluster: Cluster, change: (types: readonly InstanceType[]) => readonly InstanceType[]): Cluster {
  return { ...cluster, instanceTypes: Object.fromEntries(Object.entries(cluster.instanceTypes).map(([pool, types]) => [pool, change(types)])) };
}

/** Each pod pays for its part of one resource on the type that sells it cheapest, whatever else it needs there; a claim costs what its
 *  type's cheapest offering does, and has the room of the roomiest. */
function simpleBound({ objects, instanceTypes }: Cluster): number {
  const types = Object.values(instanceTypes).flat();
  // Reserved room is there only so many times, and worth more than it costs.
  if (types.some(({ offerings }) => offerings.some(({ reservationCapacity }) => reservationCapacity !== undefined))) return 0;
  return Math.max(
    ...["cpu", "memory"].map((resource) => {
      const rates = types.map((type) => {
        const open = type.offerings.filter(({ available }) => available);
        return Math.min(...open.map(({ price }) => price)) / Math.max(...open.map((offering) => amountOf(allocatable(type, offering)[resource])));
      });
      const least = Math.min(...rates.filter((rate) => rate >= 0));
      return Number.isFinite(least) ? objects.reduce((sum, object) => sum + (object.kind === "Pod" && object.spec.nodeName === undefined ? amountOf(podRequests(object)[resource]) * least : 0), 0) : 0;
    }),
  );
}

function amountOf(quantity: string | undefined): number {
  return quantity === undefined ? 0 : Number(decimalText(parseQuantity(quantity)));
}
