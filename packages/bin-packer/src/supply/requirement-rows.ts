import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";
import { normalisedKey, type Requirement, type RequirementTable } from "../intern/requirement.ts";

type Row = readonly NodeSelectorRequirementWithMinValues[];

/** In which order a row lists its keys; catalogs list theirs alike, so one layout serves many rows. */
interface Layout {
  readonly keys: readonly string[];
  readonly positions: ReadonlyMap<string, readonly number[]>;
}

/** The requirements of many types or offerings, read one key at a time and only if someone asks for it. */
export class RequirementRows {
  readonly #rows: readonly Row[];
  readonly #layouts: Layout[] = [];
  readonly #layoutOf: Layout[] = [];
  readonly #table: RequirementTable;
  readonly #columns = new Map<string, readonly (Requirement | undefined)[]>();
  readonly #keys: ReadonlySet<string>;
  /** The column of every key that no row lists. */
  readonly #blank: readonly undefined[];

  constructor(rows: readonly Row[], table: RequirementTable) {
    this.#rows = rows;
    this.#table = table;
    let last: Layout | undefined;
    for (const row of rows) {
      if (last === undefined || !fits(last, row)) {
        last = this.#layouts.find((layout) => fits(layout, row));
        if (last === undefined) this.#layouts.push((last = layoutOf(row)));
      }
      this.#layoutOf.push(last);
    }
    this.#keys = new Set(this.#layouts.flatMap((layout) => [...layout.positions.keys()]));
    this.#blank = rows.map(() => undefined);
  }

  /** Every key some row lists. */
  keys(): ReadonlySet<string> {
    return this.#keys;
  }

  /** What each row says about a key. */
  column(key: string): readonly (Requirement | undefined)[] {
    if (!this.#keys.has(key)) return this.#blank;
    let column = this.#columns.get(key);
    if (column === undefined) this.#columns.set(key, (column = this.#read(key)));
    return column;
  }

  #read(key: string): readonly (Requirement | undefined)[] {
    const table = this.#table;
    const single = table.valuesOf(key);
    const column: (Requirement | undefined)[] = [];
    let layout: Layout | undefined;
    let positions: readonly number[] | undefined;
    for (let index = 0; index < this.#rows.length; index++) {
      if (this.#layoutOf[index] !== layout) {
        layout = this.#layoutOf[index];
        positions = layout?.positions.get(key);
      }
      if (positions === undefined) {
        column.push(undefined);
        continue;
      }
      const row = this.#rows[index] as Row;
      let found: Requirement | undefined;
      for (const position of positions) {
        const requirement = row[position] as NodeSelectorRequirementWithMinValues;
        const { values } = requirement;
        let one: Requirement;
        if (requirement.operator === "In" && values !== undefined && values.length === 1 && requirement.minValues === undefined) {
          const value = values[0] as string;
          one = single.get(value) ?? table.isNew(key, value, single);
        } else one = table.of(requirement);
        found = found === undefined ? one : table.intersect(found, one);
      }
      column.push(found);
    }
    return column;
  }
}

function fits({ keys }: Layout, row: Row): boolean {
  if (keys.length !== row.length) return false;
  for (let i = 0; i < keys.length; i++) if (keys[i] !== (row[i] as NodeSelectorRequirementWithMinValues).key) return false;
  return true;
}

function layoutOf(row: Row): Layout {
  const positions = new Map<string, number[]>();
  for (const [index, { key }] of row.entries()) {
    const normal = normalisedKey(key);
    const known = positions.get(normal);
    if (known === undefined) positions.set(normal, [index]);
    else known.push(index);
  }
  return { keys: row.map(({ key }) => key), positions };
}
