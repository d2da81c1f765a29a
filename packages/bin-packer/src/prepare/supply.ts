import type { NodePool } from "@groupless/api";
import type { ConstraintTable } from "../demand/constraints.ts";
import { anyBit } from "../intern/bits.ts";
import type { RequirementSets } from "../intern/requirement-set.ts";
import type { ResourceColumns } from "../intern/resources.ts";
import type { CatalogIndex } from "../supply/catalog-index.ts";
import { type Daemon, daemonGroups } from "../supply/daemon-groups.ts";
import { type Template, templateOptions, templateRequirements } from "../supply/template.ts";
import type { Rules } from "../profile/rules.ts";
import type { DomainUniverse } from "../topology/domain-universe.ts";

/** What new nodes can be made from, and what runs on every node. */
export interface Supply {
  /** Pools that make nodes, in the order tried. */
  readonly pools: readonly NodePool[];
  /** In the order tried; a pool that no instance type suits has none. */
  readonly templates: readonly Template[];
  readonly universe: DomainUniverse;
  /** The catalogs of all pools, each once. */
  readonly catalogs: readonly CatalogIndex[];
  readonly catalogOf: ReadonlyMap<string, CatalogIndex>;
  readonly toleratePreferNoSchedule: boolean;
  /** As trying the templates left them. */
  readonly daemons: readonly Daemon[];
  /** What they asked for before that, and on what ports, as text. */
  readonly daemonText: string;
}

export interface SupplyTerms {
  readonly rules: Rules;
  readonly sets: RequirementSets;
  readonly constraints: ConstraintTable;
  readonly columns: ResourceColumns;
  readonly bestEffortMinValues: boolean;
}

export function supplyOf(pools: readonly NodePool[], catalogOf: (pool: string) => CatalogIndex, daemons: readonly Daemon[], { rules, sets, constraints, columns, bestEffortMinValues }: SupplyTerms): Supply {
  const daemonText = textOf(daemons);
  const templates: Template[] = [];
  for (const pool of pools) {
    const { name } = pool.metadata;
    const catalog = catalogOf(name);
    const requirements = templateRequirements(pool, sets);
    const options = templateOptions(catalog, requirements, bestEffortMinValues);
    if (!anyBit(options)) continue;
    const taints = pool.spec.template.spec.taints ?? [];
    templates.push({ pool, name, requirements, catalog, options, taints, daemonGroups: daemonGroups(catalog, options, requirements, taints, daemons, sets, constraints, columns, rules) });
  }
  const universe = new rules.Domains(
    pools.flatMap((pool) => {
      const catalog = catalogOf(pool.metadata.name);
      if (catalog.types.length === 0) return [];
      const { metadata, spec } = pool.spec.template;
      const labels = Object.entries(metadata?.labels ?? {}).map(([key, value]) => sets.table.of({ key, operator: "In" as const, values: [value] }));
      return [{ requirements: sets.of([...(spec.requirements ?? []).map((requirement) => sets.table.of(requirement)), ...labels]), template: templateRequirements(pool, sets), taints: spec.taints ?? [], catalog, sets }];
    }),
  );
  return {
    pools,
    templates,
    universe,
    catalogs: [...new Set(pools.map(({ metadata }) => catalogOf(metadata.name)))],
    catalogOf: new Map(pools.map(({ metadata }) => [metadata.name, catalogOf(metadata.name)])),
    toleratePreferNoSchedule: pools.some((pool) => pool.spec.template.spec.taints?.some((taint) => taint.effect === "PreferNoSchedule") ?? false),
    daemons,
    daemonText,
  };
}

/** What tells daemons apart: the DaemonSet controller pins each pod to its node by name, which no one looks at here. */
export function textOf(daemons: readonly Daemon[]): string {
  return JSON.stringify(daemons.map(({ constraints: { nodeSelector, required, tolerations }, requests, hostPorts }) => [nodeSelector, required?.map(({ matchExpressions }) => matchExpressions ?? []), tolerations, requests.id, hostPorts]));
}
