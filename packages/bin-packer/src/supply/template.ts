import { NODE_POOL_LABEL, INITIALIZED_LABEL, REGISTERED_LABEL, type NodePool, type Taint } from "@groupless/api";
import { type Bits, andBits, anyBit } from "../intern/bits.ts";
import { isUnmeetable } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import type { CatalogIndex } from "./catalog-index.ts";
import type { DaemonGroup } from "./daemon-groups.ts";
import { unmetMinValues } from "./min-values.ts";

/** A NodePool as something to make nodes from. */
export interface Template {
  readonly pool: NodePool;
  readonly name: string;
  /** The pool's requirements and labels; also "registered" and "initialized", for daemons that ask for them. */
  readonly requirements: RequirementSet;
  readonly catalog: CatalogIndex;
  /** Variants of the types that meet the pool's own requirements and can be had at all. */
  readonly options: Bits;
  readonly taints: readonly Taint[];
  readonly daemonGroups: readonly DaemonGroup[];
}

/** Group kinds of node classes that come with a provider known here. */
const MANAGED = new Set(["karpenter.k8s.aws/EC2NodeClass", "karpenter.kwok.sh/KWOKNodeClass", "karpenter.test.sh/TestNodeClass"]);

/** Pools that make nodes for pods, in the order they are tried: heaviest first, later names first. */
export function eligiblePools(pools: readonly NodePool[], extraKinds: readonly string[]): NodePool[] {
  return pools
    .filter((pool) => {
      const { group, kind } = pool.spec.template.spec.nodeClassRef;
      const managed = MANAGED.has(`${group}/${kind}`) || extraKinds.includes(`${group}/${kind}`);
      return managed && pool.spec.replicas === undefined && isReady(pool) && pool.metadata.deletionTimestamp === undefined;
    })
    .sort((a, b) => (b.spec.weight ?? 0) - (a.spec.weight ?? 0) || (a.metadata.name > b.metadata.name ? -1 : 1));
}

/** A pool that nobody has said anything about is ready. */
function isReady(pool: NodePool): boolean {
  const conditions = pool.status?.conditions ?? [];
  return conditions.length === 0 || conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** The label that names the node class of a pool: `karpenter.k8s.aws/ec2nodeclass`. */
export function nodeClassLabel(pool: NodePool): string {
  const { group, kind } = pool.spec.template.spec.nodeClassRef;
  return `${group}/${kind.toLowerCase()}`;
}

/** Labels every node of the pool gets. */
export function poolLabels(pool: NodePool): Record<string, string> {
  return { ...pool.spec.template.metadata?.labels, [NODE_POOL_LABEL]: pool.metadata.name, [nodeClassLabel(pool)]: pool.spec.template.spec.nodeClassRef.name };
}

export function templateRequirements(pool: NodePool, sets: RequirementSets): RequirementSet {
  const table = sets.table;
  return sets.of([
    ...(pool.spec.template.spec.requirements ?? []).map((requirement) => table.of(requirement)),
    ...Object.entries(poolLabels(pool)).map(([key, value]) => table.of({ key, operator: "In", values: [value] })),
    table.is(REGISTERED_LABEL, "true"),
    table.is(INITIALIZED_LABEL, "true"),
  ]);
}

/** The types a pool can ever use, as variants; empty if there is none, or fewer kinds than its minValues ask for. */
export function templateOptions(catalog: CatalogIndex, requirements: RequirementSet, bestEffort: boolean): Bits {
  const matches = catalog.matches(requirements);
  const room = andBits(matches.candidates, catalog.fits.usable);
  const options = catalog.variantsOfTypes(room);
  if (requirements.requirements.some(isUnmeetable)) options.fill(0);
  if (requirements.hasMinValues && !bestEffort && anyBit(options) && unmetMinValues(catalog, options, requirements).size > 0) options.fill(0);
  return options;
}
