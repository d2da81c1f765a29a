import { type Bits, hasBit, members } from "../intern/bits.ts";
import type { Amounts } from "../intern/resources.ts";
import type { NodeEntry } from "../prepare/node-entry.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Template } from "../supply/template.ts";

interface Limit {
  readonly column: number;
  amount: number;
}

/** What each pool's limits leave, as the solve uses it up. Karpenter pkg/controllers/provisioning/scheduling/scheduler.go. */
export class PoolLimits {
  readonly #nodesColumn: number;
  readonly #left = new Map<string, Limit[]>();

  constructor(snapshot: Snapshot, without: ReadonlySet<NodeEntry>) {
    this.#nodesColumn = snapshot.nodesColumn;
    for (const [pool, limits] of snapshot.limits) {
      const left = limits.map((limit) => ({ ...limit }));
      if (left.length > 0) this.#left.set(pool, left);
    }
    for (const { state, capacity } of without) for (const limit of this.#left.get(state.nodePool ?? "") ?? []) limit.amount += capacity[limit.column] as number;
  }

  /** Types of the template that stay within what is left if one of them is launched; "no-nodes" where not one more node may be. */
  options(template: Template): Bits | "no-nodes" {
    const limits = this.#left.get(template.name);
    if (limits === undefined) return template.options;
    let options = template.options;
    for (const { column, amount } of limits) {
      // A big column's zero is 0n: loose equality is meant.
      if (column === this.#nodesColumn && amount == 0) return "no-nodes";
      const order = template.catalog.byCapacity(column);
      for (const type of order) {
        if (!(((template.catalog.capacity[type] as Amounts)[column] as number) > amount)) break;
        options = drop(options, template, type);
      }
    }
    return options;
  }

  /** The same without types larger than the given one in anything that is limited: what is not going to be launched need not be paid for. */
  optionsUpTo(template: Template, variant: number): Bits | "no-nodes" {
    let options = this.options(template);
    if (options === "no-nodes") return options;
    const { catalog } = template;
    for (const { column } of this.#left.get(template.name) ?? []) {
      const most = (catalog.capacity[catalog.typeOf[variant] as number] as Amounts)[column] as number;
      for (const type of catalog.byCapacity(column)) {
        if (!(((catalog.capacity[type] as Amounts)[column] as number) > most)) break;
        options = drop(options, template, type);
      }
    }
    return options;
  }

  remaining(template: Template): readonly { readonly column: number; readonly amount: number }[] {
    return (this.#left.get(template.name) ?? []).map(({ column, amount }) => ({ column, amount }));
  }

  /** Whatever is launched, it may be the largest: that much is taken from what is left. */
  take(template: Template, options: Bits): void {
    const limits = this.#left.get(template.name);
    if (limits === undefined) return;
    const { catalog } = template;
    const types = catalog.typesOf(options);
    for (const limit of limits) {
      const largest = catalog.byCapacity(limit.column).find((type) => hasBit(types, type));
      if (largest !== undefined) limit.amount -= (catalog.capacity[largest] as Amounts)[limit.column] as number;
    }
  }
}

function drop(options: Bits, template: Template, type: number): Bits {
  const { catalog } = template;
  const left = options === template.options ? options.slice() : options;
  if (!catalog.hasVariants) (left[type >>> 5] as number) &= ~(1 << (type & 31));
  else for (const variant of members(left)) if (catalog.typeOf[variant] === type) (left[variant >>> 5] as number) &= ~(1 << (variant & 31));
  return left;
}

