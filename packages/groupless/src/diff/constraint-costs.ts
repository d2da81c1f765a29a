import type { KubeObject, NodePool, Pod, PodSpec } from "@groupless/api";
import { type Cluster, prepare, type PrepareOptions, solve } from "@groupless/bin-packer";

/** What one constraint adds to the price of the cheapest plan. */
export interface ConstraintCost {
  readonly constraint: string;
  /** Of the plan found without it. */
  readonly priceUsdPerHour: number;
  /** The plan's price less that; zero where doing without saves nothing, as far as was found. */
  readonly costUsdPerHour: number;
}

/**
 * What each kind of constraint costs: the cluster is planned without it, and the prices are compared.
 *
 * Costs do not add up: two constraints may ask for the same dear node. Only constraints that are there are listed, dearest first.
 */
export function constraintCosts(cluster: Cluster, priceUsdPerHour: number, { budgetMs = 200, ...options }: PrepareOptions & { readonly budgetMs?: number }): readonly ConstraintCost[] {
  const variants = [...podVariants(cluster), ...poolVariants(cluster)];
  return variants
    .map(({ constraint, without }): ConstraintCost => {
      // The plan itself will do without the constraint as well.
      const price = Math.min(priceUsdPerHour, solve(prepare(without, options), { objective: "cheapest", budgetMs }).priceUsdPerHour);
      return { constraint, priceUsdPerHour: price, costUsdPerHour: priceUsdPerHour - price };
    })
    .sort((a, b) => b.costUsdPerHour - a.costUsdPerHour || (a.constraint < b.constraint ? -1 : 1));
}

interface Variant {
  readonly constraint: string;
  readonly without: Cluster;
}

/** What is taken from every pod's spec, by the name a reader knows it by. */
const PARTS: readonly (readonly [constraint: string, strip: (spec: PodSpec) => PodSpec])[] = [
  ["pods' topology spread", ({ topologySpreadConstraints: _, ...rest }) => rest],
  ["pods' node selectors", ({ nodeSelector: _, ...rest }) => rest],
  ["pods' node affinity", (spec) => withoutAffinity(spec, "nodeAffinity")],
  ["pods' affinity to pods", (spec) => withoutAffinity(spec, "podAffinity")],
  ["pods' anti-affinity to pods", (spec) => withoutAffinity(spec, "podAntiAffinity")],
];

function podVariants(cluster: Cluster): Variant[] {
  const found = PARTS.flatMap(([constraint, strip]): Variant[] => {
    let changed = false;
    const objects = cluster.objects.map((object): KubeObject => {
      if (!isPod(object)) return object;
      const spec = strip(object.spec);
      if (Object.keys(spec).length === Object.keys(object.spec).length && Object.keys(spec.affinity ?? {}).length === Object.keys(object.spec.affinity ?? {}).length) return object;
      changed = true;
      return { ...object, spec } as Pod;
    });
    return changed ? [{ constraint, without: { ...cluster, objects } }] : [];
  });
  const others = cluster.objects.filter(({ kind }) => kind !== "DaemonSet");
  if (others.length < cluster.objects.length) found.push({ constraint: "daemon sets", without: { ...cluster, objects: others } });
  if (cluster.objects.some(prefers)) found.push({ constraint: "pods' preferences", without: { ...cluster, options: { ...cluster.options, preferencePolicy: "Ignore" } } });
  return found;
}

/** Every requirement of every pool alone. */
function poolVariants(cluster: Cluster): Variant[] {
  return cluster.nodePools.flatMap((pool, index) =>
    [...new Set(pool.spec.template.spec.requirements?.map(({ key }) => key) ?? [])].map((key): Variant => {
      const requirements = pool.spec.template.spec.requirements?.filter((requirement) => requirement.key !== key) ?? [];
      const freed: NodePool = { ...pool, spec: { ...pool.spec, template: { ...pool.spec.template, spec: { ...pool.spec.template.spec, requirements } } } };
      return { constraint: `NodePool ${pool.metadata.name}: ${key}`, without: { ...cluster, nodePools: cluster.nodePools.with(index, freed) } };
    }),
  );
}

function withoutAffinity(spec: PodSpec, kind: keyof NonNullable<PodSpec["affinity"]>): PodSpec {
  if (spec.affinity?.[kind] === undefined) return spec;
  return { ...spec, affinity: Object.fromEntries(Object.entries(spec.affinity).filter(([other]) => other !== kind)) };
}

function prefers(object: KubeObject): boolean {
  if (!isPod(object)) return false;
  const { affinity, topologySpreadConstraints } = object.spec;
  const soft = [affinity?.nodeAffinity, affinity?.podAffinity, affinity?.podAntiAffinity].some((terms) => (terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []).length > 0);
  return soft || (topologySpreadConstraints ?? []).some((spread) => spread.whenUnsatisfiable === "ScheduleAnyway");
}

function isPod(object: KubeObject): object is Pod {
  return object.kind === "Pod";
}
