import { andBits, anyBit, type Bits } from "../intern/bits.ts";
import { toApi } from "../intern/requirement.ts";
import { add } from "../intern/amounts.ts";
import type { Failure } from "../place/failure.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Demand } from "../reason.ts";

type TypeFailure = Extract<Failure, { readonly kind: "instance-types" }>;

/** One demand as the search for conflicts switches it on and off. */
type Switch = { readonly kind: "key"; readonly key: string } | { readonly kind: "column"; readonly column: number };

/**
 * Disjoint minimal sets of the pod's demands that no type of the pool can meet together. Each is found by dropping demands one at a
 * time and keeping those without which a type would do; then its members are set aside and the rest is searched, until a type does.
 */
export function conflictsOf(snapshot: Snapshot, failure: TypeFailure): Demand[][] {
  const { stance, requirements, requests } = failure;
  const own = new Set([...stance.constraints.requirements.byKey.keys(), ...stance.owned.map((group) => group.spec.key), ...(stance.class.volumes ?? []).flatMap((set) => [...set.byKey.keys()])]);
  let left: Switch[] = [
    ...requirements.requirements.filter(({ key }) => own.has(key)).map(({ key }) => ({ kind: "key", key }) as const),
    ...stance.class.requests.columns.map((column) => ({ kind: "column", column }) as const),
  ];
  const possible = (on: readonly Switch[]): boolean => anyBit(typesWith(snapshot, failure, on, own));
  const found: Demand[][] = [];
  while (left.length > 0 && !possible(left)) {
    let core = left;
    for (const one of left) {
      const without = core.filter((other) => other !== one);
      if (!possible(without)) core = without;
    }
    // With no demand at all the pool has nothing: that is no conflict of the pod's.
    if (core.length === 0) break;
    found.push(
      core.map((one): Demand => {
        if (one.kind === "key") {
          const [requirement] = toApi(requirements.byKey.get(one.key) as NonNullable<ReturnType<typeof requirements.byKey.get>>);
          return { kind: "requirement", requirement: requirement as Extract<Demand, { kind: "requirement" }>["requirement"] };
        }
        return { kind: "resource", resource: snapshot.columns.names[one.column] as string, requested: snapshot.columns.text(one.column, requests.amounts[one.column] as number) };
      }),
    );
    left = left.filter((one) => !core.includes(one));
  }
  return found;
}

/** Types that would do if the pod asked only for what is switched on. */
function typesWith(snapshot: Snapshot, { template, requirements, requests, options }: TypeFailure, on: readonly Switch[], own: ReadonlySet<string>): Bits {
  const { catalog } = template;
  const keys = new Set(on.flatMap((one) => (one.kind === "key" ? [one.key] : [])));
  const columns = new Set(on.flatMap((one) => (one.kind === "column" ? [one.column] : [])));
  const wanted = snapshot.sets.of([...requirements.requirements.filter(({ key }) => !own.has(key) || keys.has(key)), ...template.requirements.requirements.filter(({ key }) => own.has(key) && !keys.has(key))]);
  const candidates = andBits(catalog.matches(wanted).candidates, options);
  const result = candidates.slice().fill(0);
  for (const group of template.daemonGroups) {
    const needed = snapshot.columns.zero();
    for (const column of columns) needed[column] = requests.amounts[column] as number;
    if (group.overhead !== undefined) add(needed, group.overhead.amounts);
    const room = andBits(candidates, group.variants);
    catalog.fits.keep(room, needed);
    for (let word = 0; word < room.length; word++) (result[word] as number) |= room[word] as number;
  }
  return result;
}
