import { andBits, anyBit } from "../intern/bits.ts";
import { add } from "../intern/amounts.ts";
import type { ResourceColumns } from "../intern/resources.ts";
import type { Failure } from "../place/failure.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Demand } from "../reason.ts";
import type { Candidates, OwnKeys } from "./candidates.ts";

type TypeFailure = Extract<Failure, { readonly kind: "instance-types" }>;

/** One demand as the search for conflicts switches it on and off. */
export type Switch = { readonly kind: "key"; readonly key: string } | { readonly kind: "column"; readonly column: number };

/**
 * Disjoint minimal sets of the pod's demands that no type of the pool can meet together. Each is found by dropping demands one at a
 * time and keeping those without which a type would do; then its members are set aside and the rest is searched, until a type does.
 */
export function conflictsOf({ columns, sets: { table } }: Snapshot, failure: TypeFailure, candidates: Candidates): Demand[][] {
  const { stance, requirements, requests } = failure;
  const own = candidates.ownKeys(stance);
  const key = searchKey(failure, own);
  let cores = candidates.conflicts.get(key);
  if (cores === undefined) {
    const left: Switch[] = [
      ...requirements.requirements.filter((requirement) => own.keys.has(requirement.key)).map((requirement) => ({ kind: "key", key: requirement.key }) as const),
      ...stance.class.requests.columns.map((column) => ({ kind: "column", column }) as const),
    ];
    candidates.conflicts.set(key, (cores = coresOf(left, (on) => isPossible(columns, failure, candidates, on, own))));
  }
  return cores.map((core) =>
    core.map((one): Demand => {
      if (one.kind === "key") {
        const [requirement] = table.toApi(requirements.byKey.get(one.key) as NonNullable<ReturnType<typeof requirements.byKey.get>>);
        return { kind: "requirement", requirement: requirement as Extract<Demand, { kind: "requirement" }>["requirement"] };
      }
      return { kind: "resource", resource: columns.names[one.column] as string, requested: columns.textOf(requests, one.column) };
    }),
  );
}

function coresOf(demands: readonly Switch[], possible: (on: readonly Switch[]) => boolean): Switch[][] {
  let left = demands;
  const found: Switch[][] = [];
  while (left.length > 0 && !possible(left)) {
    let core = left;
    for (const one of left) {
      const without = core.filter((other) => other !== one);
      if (!possible(without)) core = without;
    }
    // With no demand at all the pool has nothing: that is no conflict of the pod's.
    if (core.length === 0) break;
    found.push([...core]);
    const taken = core;
    left = left.filter((one) => !taken.includes(one));
  }
  return found;
}

/** All that the search looks at, amounts by what has room for them. */
function searchKey({ template, requests, stance }: TypeFailure, own: OwnKeys): string {
  const { fits } = template.catalog;
  let text = own.text;
  for (const column of stance.class.requests.columns) {
    const amount = requests.amounts[column] as number;
    text += `\n${column}`;
    for (const { overhead } of template.daemonGroups) text += `,${fits.rank(column, overhead === undefined ? amount : amount + (overhead.amounts[column] as number))}`;
  }
  return text;
}

/** Would some type do if the pod asked only for what is switched on? */
function isPossible(columns: ResourceColumns, { template, requests }: TypeFailure, all: Candidates, on: readonly Switch[], own: OwnKeys): boolean {
  const candidates = all.with(own, on.flatMap((one) => (one.kind === "key" ? [one.key] : [])));
  for (const group of template.daemonGroups) {
    const needed = columns.zero();
    for (const one of on) if (one.kind === "column") needed[one.column] = requests.amounts[one.column] as number;
    if (group.overhead !== undefined) add(needed, group.overhead.amounts);
    const room = andBits(candidates, group.variants);
    template.catalog.fits.keep(room, needed);
    if (anyBit(room)) return true;
  }
  return false;
}
