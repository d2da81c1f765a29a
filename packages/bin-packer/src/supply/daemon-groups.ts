import type { Taint } from "@groupless/api";
import type { Constraints } from "../demand/constraints.ts";
import { type ConstraintTable, withPreferNoSchedule } from "../demand/constraints.ts";
import type { HostPort } from "../demand/host-port.ts";
import { type Bits, bits, hasBit, members, setBit } from "../intern/bits.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import { add } from "../intern/amounts.ts";
import type { ResourceColumns, Resources } from "../intern/resources.ts";
import { tolerates } from "../intern/toleration.ts";
import type { Rules } from "../profile/rules.ts";
import type { CatalogIndex } from "./catalog-index.ts";

/** A daemon while templates and nodes are tried on it: Karpenter drops required terms that failed from the shared pod, so later candidates see fewer. */
export interface Daemon {
  readonly name: string;
  constraints: Constraints;
  readonly requests: Resources;
  readonly hostPorts: readonly HostPort[];
}

/** Types of a template on which the same daemons run. */
export interface DaemonGroup {
  /** Variants. */
  readonly variants: Bits;
  /** What the daemons need; undefined without daemons. */
  readonly overhead: Resources | undefined;
  readonly hostPorts: readonly HostPort[];
  readonly daemons: readonly string[];
}

/** Groups a template's types by the daemons that would run on them. Karpenter pkg/controllers/provisioning/scheduling/scheduler.go buildDaemonOverheadGroups. */
export function daemonGroups(catalog: CatalogIndex, options: Bits, requirements: RequirementSet, taints: readonly Taint[], daemons: readonly Daemon[], sets: RequirementSets, table: ConstraintTable, columns: ResourceColumns, rules: Pick<Rules, "daemonsKeepTerms">): DaemonGroup[] {
  if (daemons.length === 0) return [{ variants: catalog.variantsOfTypes(options), overhead: undefined, hostPorts: [], daemons: [] }];
  const groups = new Map<string, { readonly types: Bits; readonly daemons: readonly Daemon[] }>();
  for (const type of members(catalog.typesOf(options))) {
    const running = daemons.filter((daemon) => runsOn(rules.daemonsKeepTerms ? { ...daemon } : daemon, requirements, catalog, type, taints, sets, table));
    const key = running.map((daemon) => daemon.name).join(",");
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { types: bits(catalog.types.length), daemons: running }));
    setBit(group.types, type);
  }
  // Karpenter's groups come in map order, which shows where some have no daemon: a claim asks for the least of those after the last such one. With that one at
  // the end it asks for none, whatever the order of the others and of the types.
  const ordered = [...groups.values()].sort((a, b) => Number(a.daemons.length === 0) - Number(b.daemons.length === 0));
  return ordered.map((group) => ({
    variants: catalog.variantsOf(group.types),
    overhead: group.daemons.length === 0 ? undefined : sumOf(group.daemons, columns),
    hostPorts: group.daemons.flatMap((daemon) => daemon.hostPorts),
    daemons: group.daemons.map((daemon) => daemon.name),
  }));
}

/** Requests of several daemons, the count of their pods among them. */
export function sumOf(daemons: readonly Pick<Daemon, "requests">[], columns: ResourceColumns): Resources {
  const sum = columns.zero();
  for (const daemon of daemons) add(sum, daemon.requests.amounts);
  return { ...columns.resources({ pods: "1" }, sum), mask: daemons.reduce((mask, daemon) => mask | daemon.requests.mask, 0) };
}

/** What a daemon demands of its node, hostname included. */
export function daemonRequirements(constraints: Constraints, sets: RequirementSets): RequirementSet {
  return constraints.strictHostname === undefined ? constraints.strict : sets.of([...constraints.strict.requirements, constraints.strictHostname]);
}

/** Does the DaemonSet controller put the daemon on a node of these labels and taints? Any of its terms will do. */
export function daemonMayRun({ constraints: { nodeSelector, required, declared } }: Daemon, taints: readonly Taint[], labels: RequirementSet, sets: RequirementSets, table: ConstraintTable): boolean {
  return tolerates(taints.filter(({ effect }) => effect !== "PreferNoSchedule"), declared.tolerations) && table.alternatives(nodeSelector, required).some((alternative) => sets.compatible(labels, alternative, true));
}

function runsOn(daemon: Daemon, template: RequirementSet, catalog: CatalogIndex, type: number, taints: readonly Taint[], sets: RequirementSets, table: ConstraintTable): boolean {
  const soft = withPreferNoSchedule(daemon.constraints.tolerations);
  if (soft !== daemon.constraints.tolerations) daemon.constraints = table.with(daemon.constraints, { tolerations: soft });
  if (!tolerates(taints, daemon.constraints.tolerations)) return false;
  for (;;) {
    const wanted = daemonRequirements(daemon.constraints, sets);
    if (sets.compatible(template, wanted, false) && wanted.requirements.every((requirement) => hasBit(catalog.typesThatMeet(requirement), type))) return true;
    const { required } = daemon.constraints;
    if (required === undefined || required.length <= 1) return false;
    daemon.constraints = table.with(daemon.constraints, { required: required.slice(1) });
  }
}
