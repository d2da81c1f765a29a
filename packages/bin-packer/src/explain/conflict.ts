import { andBits, anyBit } from "../intern/bits.ts";
import { add } from "../intern/amounts.ts";
import type { Failure } from "../place/failure.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Demand } from "../reason.ts";
import type { CandidateTypes } from "./candidate-types.ts";

type TypeFailure = Extract<Failure, { readonly kind: "instance-types" }>;

/** One demand as the search for conflicts switches it on and off. */
export type Switch = { readonly kind: "key"; readonly key: string } | { readonly kind: "column"; readonly column: number };

/**
 * Disjoint minimal sets of the pod's demands that no type of the pool can meet together. Each is found by dropping demands one at a
 * time and keeping those without which a type would do; then its members are set aside and the rest is searched, until a type does.
 */
export function conflictsOf(snapshot: Snapshot, failure: TypeFailure, types: CandidateTypes): Demand[][] {
  const { stance, requirements, requests } = failure;
  const own = new Set([...stance.constraints.requirements.byKey.keys(), ...stance.owned.map((group) => group.spec.key), ...(stance.class.volumes ?? []).flatMap((set) => [...set.byKey.keys()])]);
  const left: Switch[] = [
    ...requirements.requirements.filter(({ key }) => own.has(key)).map(({ key }) => ({ kind: "key", key }) as const),
    ...stance.class.requests.columns.map((column) => ({ kind: "column", column }) as const),
  ];
  const key = searchKey(failure, own, left);
  const known = key === undefined ? undefined : types.conflicts.get(key);
  const cores = known ?? coresOf(left, (on) => isPossible(snapshot, failure, types, on, own));
  if (key !== undefined && known === undefined) types.conflicts.set(key, cores);
  return cores.map((core) =>
    core.map((one): Demand => {
      if (one.kind === "key") {
        const [requirement] = snapshot.sets.table.toApi(requirements.byKey.get(one.key) as NonNullable<ReturnType<typeof requirements.byKey.get>>);
        return { kind: "requirement", requirement: requirement as Extract<Demand, { kind: "requirement" }>["requirement"] };
      }
      return { kind: "resource", resource: snapshot.columns.names[one.column] as string, requested: snapshot.columns.textOf(requests, one.column) };
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

/** All that the search looks at, amounts by what has room for them; undefined where it is not worth telling. */
function searchKey({ template, requirements, requests, options }: TypeFailure, own: ReadonlySet<string>, demands: readonly Switch[]): string | undefined {
  if (options !== template.options) return undefined;
  const { fits } = template.catalog;
  let text = `${template.name}\n${requirements.id}\n${[...own].join()}`;
  for (const one of demands) {
    if (one.kind === "key") continue;
    const amount = requests.amounts[one.column] as number;
    text += `\n${one.column}`;
    for (const { overhead } of template.daemonGroups) text += `,${fits.rank(one.column, overhead === undefined ? amount : amount + (overhead.amounts[one.column] as number))}`;
  }
  return text;
}

/** Would some type do if the pod asked only for what is switched on? */
function isPossible(snapshot: Snapshot, { template, requirements, requests, options }: TypeFailure, types: CandidateTypes, on: readonly Switch[], own: ReadonlySet<string>): boolean {
  const { catalog } = template;
  const candidates = types.among(
    options,
    template,
    requirements,
    own,
    on.flatMap((one) => (one.kind === "key" ? [one.key] : [])),
  );
  for (const group of template.daemonGroups) {
    const needed = snapshot.columns.zero();
    for (const one of on) if (one.kind === "column") needed[one.column] = requests.amounts[one.column] as number;
    if (group.overhead !== undefined) add(needed, group.overhead.amounts);
    const room = andBits(candidates, group.variants);
    catalog.fits.keep(room, needed);
    if (anyBit(room)) return true;
  }
  return false;
}
