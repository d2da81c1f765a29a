import type { ResourceList } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { ConstraintTable } from "../demand/constraints.ts";
import { PodRequests } from "../demand/pod-requests.ts";
import { RequirementTable } from "../intern/requirement.ts";
import { RequirementSets } from "../intern/requirement-set.ts";
import { ResourceColumns } from "../intern/resources.ts";
import type { Rules } from "../profile/rules.ts";
import { CatalogIndex } from "../supply/catalog-index.ts";
import { Hosts } from "./hosts.ts";

type Catalog = readonly InstanceType[];

/** What the reading of constraints and offerings depends on. */
export interface Terms {
  readonly rules: Rules;
  readonly wellKnown: ReadonlySet<string>;
  readonly ignorePreferences: boolean;
  readonly reservationLabel: string | undefined;
}

/** All lists of amounts a snapshot counts with. */
export interface Counted {
  readonly pods: readonly ResourceList[];
  /** Of nodes, and of the daemons that run on them. */
  readonly nodes: readonly ResourceList[];
  readonly catalogs: ReadonlySet<Catalog>;
  readonly limits: readonly (ResourceList | undefined)[];
}

export interface Indexes {
  readonly columns: ResourceColumns;
  readonly catalogs: ReadonlyMap<Catalog, CatalogIndex>;
  /** Made for an earlier snapshot: units may be finer than this one's own would be. */
  readonly reused: boolean;
}

// Tables only grow; now and then they are made anew, so that what is long gone does not stay.
const MOST_GROWTH = 4;
const FREE_GROWTH = 20_000;
// So many columns are a bit each in a mask.
const MOST_COLUMNS = 31;
const ALWAYS: readonly ResourceList[] = [{ cpu: "0", memory: "0", nodes: "1", pods: "1" }];

/**
 * What snapshots of one cluster over time have in common: interned requirements, and catalogs indexed with the units their amounts are counted in.
 *
 * Nothing of it shows in an answer: what is interned is only told apart, and whole numbers of a finer unit compare as those of a coarser one do.
 */
export class Tables {
  readonly rules: Rules;
  readonly sets: RequirementSets;
  readonly constraints: ConstraintTable;
  readonly requests: PodRequests = new PodRequests();
  readonly hosts: Hosts = new Hosts();
  readonly #terms: Terms;
  #indexes: Indexes | undefined;
  /** How much there was when the tables were first used again. */
  #first: number | undefined;

  constructor(terms: Terms) {
    this.#terms = terms;
    this.sets = new RequirementSets(new RequirementTable(terms.rules.algebra), terms.wellKnown, terms.rules.podsDefineLabels);
    this.constraints = new ConstraintTable(this.sets, terms.ignorePreferences, terms.rules);
    this.rules = terms.rules;
  }

  /** These tables if they will do for a snapshot on these terms, or new ones. */
  for(terms: Terms): Tables {
    const { rules, wellKnown, ignorePreferences, reservationLabel } = this.#terms;
    const isSame = rules === terms.rules && ignorePreferences === terms.ignorePreferences && reservationLabel === terms.reservationLabel && wellKnown.size === terms.wellKnown.size && [...wellKnown].every((key) => terms.wellKnown.has(key));
    return isSame && !this.isWorn(0) ? this : new Tables(terms);
  }

  /** Is so much in them by now, beside `more`, that most of it must be of the past? */
  isWorn(more: number): boolean {
    const size = this.sets.size + this.constraints.size + this.hosts.size + more;
    this.#first ??= size;
    return size > MOST_GROWTH * this.#first + FREE_GROWTH;
  }

  /** Columns that hold all the amounts, and the catalogs in them. */
  indexes(counted: Counted): Indexes {
    const known = this.#indexes;
    const terms = counted.pods.length + 16;
    if (known !== undefined && this.#hold(known, counted, terms)) return (this.#indexes = this.#indexed(known.columns, counted.catalogs, known.catalogs));
    const columns = new ResourceColumns();
    for (const list of [...ALWAYS, ...counted.nodes]) columns.note(list);
    for (const catalog of counted.catalogs) for (const type of catalog) for (const list of listsOf(type)) columns.note(list);
    for (const list of counted.limits) columns.note(list);
    columns.endSupply();
    for (const list of new Set(counted.pods)) columns.note(list);
    columns.freeze(terms);
    return (this.#indexes = this.#indexed(columns, counted.catalogs, undefined));
  }

  #indexed(columns: ResourceColumns, catalogs: ReadonlySet<Catalog>, known: Indexes["catalogs"] | undefined): Indexes {
    return { columns, catalogs: new Map([...catalogs].map((catalog) => [catalog, known?.get(catalog) ?? new CatalogIndex(catalog, this.sets, columns, this.#terms.reservationLabel)])), reused: known !== undefined };
  }

  /** Are all amounts whole numbers of the units there are? Columns nothing asks for any more do no harm: they hold zeros. */
  #hold({ columns, catalogs: known }: Indexes, { pods, nodes, catalogs, limits }: Counted, terms: number): boolean {
    if (columns.names.length > MOST_COLUMNS || !columns.allow(terms)) return false;
    for (const list of [...new Set(pods), ...ALWAYS, ...nodes]) if (!columns.admit(list)) return false;
    for (const catalog of catalogs) if (!known.has(catalog)) for (const type of catalog) for (const list of listsOf(type)) if (!columns.admit(list)) return false;
    for (const list of limits) if (!columns.admit(list)) return false;
    return columns.allow(terms);
  }
}

function listsOf({ capacity, overhead, offerings }: InstanceType): (ResourceList | undefined)[] {
  const lists: (ResourceList | undefined)[] = [capacity, overhead.kubeReserved, overhead.systemReserved, overhead.evictionThreshold];
  for (const { overheadOverride: other } of offerings) if (other !== undefined) lists.push(other.kubeReserved, other.systemReserved, other.evictionThreshold);
  for (const { capacityOverride } of offerings) if (capacityOverride !== undefined) lists.push(capacityOverride);
  return lists;
}
