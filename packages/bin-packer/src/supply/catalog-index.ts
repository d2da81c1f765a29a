import { CAPACITY_TYPE_LABEL } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";
import { allBits, andBits, type Bits, bits, hasBit, keepBits, setBit } from "../intern/bits.ts";
import { admitsAbsence, type Requirement } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import type { Amounts, ResourceColumns } from "../intern/resources.ts";
import { allocatableOf, overrideText } from "./allocatable.ts";
import { FitIndex } from "./fit-index.ts";
import { RequirementRows } from "./requirement-rows.ts";

/** Which types meet some requirements, and which can be had under them, by what a node of the offering would hold. */
export interface Matches {
  /** Types whose own requirements go with these. */
  readonly types: Bits;
  /** Variants with an available offering that goes with these. */
  readonly variants: Bits;
  /** Variants of matching types with such an offering: what is left to check is room. */
  readonly candidates: Bits;
}

/**
 * A catalog as bits: types, offerings, and variants between the two. A variant is a type with one of the allocatable amounts
 * its offerings come with: nearly always there is one a type, and the bit of a type and of its variant are the same.
 */
export class CatalogIndex {
  readonly types: readonly InstanceType[];
  readonly offerings: readonly Offering[];
  readonly typeOfOffering: Int32Array;
  /** The type of each variant. */
  readonly typeOf: Int32Array;
  readonly allocatable: readonly Amounts[];
  readonly capacity: readonly Amounts[];
  /** Has any type more than one variant? */
  readonly hasVariants: boolean;
  readonly fits: FitIndex;
  /** What types and offerings demand, key by key. */
  readonly typeRows: RequirementRows;
  readonly offeringRows: RequirementRows;
  /** Types in name order, and each type's place in it. */
  readonly byName: Int32Array;
  readonly nameRank: Int32Array;
  readonly #sets: RequirementSets;
  readonly #reservationLabel: string | undefined;
  readonly #variantOfOffering: Int32Array;
  readonly #available: Bits;
  readonly #matches: (Matches | undefined)[] = [];
  readonly #offeringsUnder: (Bits | undefined)[] = [];
  readonly #typesMeeting: (Bits | undefined)[] = [];
  readonly #offeringsMeeting: (Bits | undefined)[] = [];
  #allTypes: Bits | undefined;
  readonly #offeringsUndefined = new Map<string, Bits>();
  readonly #byCapacity: (readonly number[] | undefined)[] = [];
  readonly #offeringKeys: readonly string[];
  #capacityTypes: readonly string[] | undefined;
  #reserved: readonly number[] | undefined;
  #overlaid: Bits | undefined;
  #byPrice: number[] | undefined;

  constructor(types: readonly InstanceType[], sets: RequirementSets, columns: ResourceColumns, reservationLabel: string | undefined) {
    this.#sets = sets;
    this.#reservationLabel = reservationLabel;
    this.types = types;
    const typeOf: number[] = [];
    const allocatable: Amounts[] = [];
    const offerings: Offering[] = [];
    const typeOfOffering: number[] = [];
    const variantOfOffering: number[] = [];
    for (let index = 0; index < types.length; index++) {
      const type = types[index] as InstanceType;
      const base = allocatable.length;
      let overridden: Map<string, number> | undefined;
      typeOf.push(index);
      allocatable.push(allocatableOf(type, undefined, columns));
      for (const offering of type.offerings) {
        let variant = base;
        const override = overrideText(offering);
        if (override !== "") {
          const known: number | undefined = (overridden ??= new Map()).get(override);
          if (known === undefined) {
            variant = allocatable.length;
            overridden.set(override, variant);
            typeOf.push(index);
            allocatable.push(allocatableOf(type, offering, columns));
          } else variant = known;
        }
        offerings.push(offering);
        typeOfOffering.push(index);
        variantOfOffering.push(variant);
      }
    }
    this.offerings = offerings;
    this.typeOfOffering = Int32Array.from(typeOfOffering);
    this.typeOf = Int32Array.from(typeOf);
    this.#variantOfOffering = Int32Array.from(variantOfOffering);
    this.allocatable = allocatable;
    this.capacity = types.map((type) => columns.vector(type.capacity));
    this.hasVariants = typeOf.length > types.length;
    this.fits = new FitIndex(allocatable);
    this.typeRows = new RequirementRows(types.map((type) => type.requirements), sets.table);
    this.offeringRows = new RequirementRows(offerings.map((offering) => offering.requirements), sets.table);
    this.#offeringKeys = [...this.offeringRows.keys()];
    this.#available = bits(offerings.length);
    for (let index = 0; index < offerings.length; index++) if ((offerings[index] as Offering).available) setBit(this.#available, index);
    this.nameRank = new Int32Array(types.length);
    this.byName = Int32Array.from([...types.keys()].sort((a, b) => ((types[a] as InstanceType).name < (types[b] as InstanceType).name ? -1 : 1)));
    for (let rank = 0; rank < types.length; rank++) this.nameRank[this.byName[rank] as number] = rank;
  }

  /** The capacity type of each offering. */
  get capacityTypes(): readonly string[] {
    return (this.#capacityTypes ??= this.offeringRows.column(CAPACITY_TYPE_LABEL).map(firstValue));
  }

  /** Offerings of reserved capacity. */
  get reserved(): readonly number[] {
    return (this.#reserved ??= [...this.capacityTypes.keys()].filter((index) => this.capacityTypes[index] === "reserved"));
  }

  /** Types by their cheapest available offering, then by name. */
  get byPrice(): number[] {
    if (this.#byPrice === undefined) {
      const prices = new Float64Array(this.types.length).fill(Infinity);
      for (let index = 0; index < this.offerings.length; index++) {
        const type = this.typeOfOffering[index] as number;
        const { price } = this.offerings[index] as Offering;
        if (price < (prices[type] as number) && hasBit(this.#available, index)) prices[type] = price;
      }
      this.#byPrice = Array.from(this.byName).sort((a, b) => ((prices[a] as number) < (prices[b] as number) ? -1 : (prices[a] as number) > (prices[b] as number) ? 1 : 0));
    }
    return this.#byPrice;
  }

  /** Types with an offering whose price an overlay set. */
  get overlaid(): Bits {
    if (this.#overlaid === undefined) {
      this.#overlaid = bits(this.types.length);
      for (let index = 0; index < this.offerings.length; index++) if ((this.offerings[index] as Offering).priceOverlayApplied === true) setBit(this.#overlaid, this.typeOfOffering[index] as number);
    }
    return this.#overlaid;
  }

  reservationOf(offering: number): string {
    return this.#reservationLabel === undefined ? "" : firstValue(this.offeringRows.column(this.#reservationLabel)[offering]);
  }

  isAvailable(offering: number): boolean {
    return hasBit(this.#available, offering);
  }

  /** Types and variants under these requirements; remembered. */
  matches(requirements: RequirementSet): Matches {
    return (this.#matches[requirements.id] ??= this.#match(requirements));
  }

  /** The available offerings that go with these requirements; remembered. */
  offeringsUnder(requirements: RequirementSet): Bits {
    let left = this.#offeringsUnder[requirements.id];
    if (left === undefined) {
      left = this.#available.slice();
      for (const key of this.#offeringKeys) {
        const own = requirements.byKey.get(key);
        keepBits(left, own === undefined ? this.#allowedUndefined(key) : this.#offeringsThatMeet(own));
      }
      this.#offeringsUnder[requirements.id] = left;
    }
    return left;
  }

  /** The types that meet one requirement; those that do not list its key do. */
  typesThatMeet(incoming: Requirement): Bits {
    if (!this.typeRows.keys().has(incoming.key)) return (this.#allTypes ??= allBits(this.types.length));
    return (this.#typesMeeting[incoming.id] ??= meeting(this.typeRows.column(incoming.key), (existing) => this.#sets.goTogether(existing, incoming)));
  }

  /** Types by how much of a resource they have, most first. */
  byCapacity(column: number): readonly number[] {
    let order = this.#byCapacity[column];
    if (order === undefined) {
      const amount = (type: number): number => (this.capacity[type] as Amounts)[column] as number;
      order = [...this.types.keys()].sort((a, b) => (amount(a) < amount(b) ? 1 : amount(a) > amount(b) ? -1 : 0));
      this.#byCapacity[column] = order;
    }
    return order;
  }

  /** All variants of the types that have one of these. */
  variantsOfTypes(variants: Bits): Bits {
    return this.hasVariants ? this.variantsOf(this.typesOf(variants)) : variants;
  }

  /** The types of these variants. */
  typesOf(variants: Bits): Bits {
    if (!this.hasVariants) return variants;
    const out = bits(this.types.length);
    for (let variant = 0; variant < this.typeOf.length; variant++) if (hasBit(variants, variant)) setBit(out, this.typeOf[variant] as number);
    return out;
  }

  /** The variants of these types. */
  variantsOf(types: Bits): Bits {
    if (!this.hasVariants) return types;
    const out = bits(this.typeOf.length);
    for (let variant = 0; variant < this.typeOf.length; variant++) if (hasBit(types, this.typeOf[variant] as number)) setBit(out, variant);
    return out;
  }

  /** Every value the types list for a key once a pool's own requirement is applied. */
  valuesUnder(key: string, own: Requirement | undefined): ReadonlySet<string> {
    const values = new Set<string>();
    if (own === undefined && !this.typeRows.keys().has(key)) return values;
    const add = (requirement: Requirement | undefined): void => {
      for (const value of requirement?.values ?? []) values.add(value);
    };
    for (const requirement of new Set(this.typeRows.column(key))) add(requirement === undefined || own === undefined ? (requirement ?? own) : this.#sets.table.intersect(own, requirement));
    return values;
  }

  #match(requirements: RequirementSet): Matches {
    const types = allBits(this.types.length);
    for (const requirement of requirements.requirements) keepBits(types, this.typesThatMeet(requirement));
    const left = this.offeringsUnder(requirements);
    const variants = bits(this.typeOf.length);
    for (let word = 0; word < left.length; word++) {
      let rest = left[word] as number;
      while (rest !== 0) {
        setBit(variants, this.#variantOfOffering[(word << 5) + (31 - Math.clz32(rest & -rest))] as number);
        rest &= rest - 1;
      }
    }
    return { types, variants, candidates: andBits(this.variantsOf(types), variants) };
  }

  #offeringsThatMeet(existing: Requirement): Bits {
    return (this.#offeringsMeeting[existing.id] ??= meeting(this.offeringRows.column(existing.key), (incoming) => this.#sets.goTogether(existing, incoming)));
  }

  /** Where the node says nothing about the key: any value if the key is well known, else only absence. */
  #allowedUndefined(key: string): Bits {
    let found = this.#offeringsUndefined.get(key);
    if (found === undefined) {
      found = this.#sets.wellKnown.has(key) ? allBits(this.offerings.length) : meeting(this.offeringRows.column(key), admitsAbsence);
      this.#offeringsUndefined.set(key, found);
    }
    return found;
  }
}

/** The rows whose requirement passes the test, and those that have none. */
function meeting(column: readonly (Requirement | undefined)[], test: (requirement: Requirement) => boolean): Bits {
  const out = bits(column.length);
  const known = new Map<Requirement, boolean>();
  for (let index = 0; index < column.length; index++) {
    const requirement = column[index];
    if (requirement !== undefined) {
      let passes = known.get(requirement);
      if (passes === undefined) known.set(requirement, (passes = test(requirement)));
      if (!passes) continue;
    }
    setBit(out, index);
  }
  return out;
}

/** The one value a requirement has, or none; Karpenter's Any() where that is not random. */
function firstValue(requirement: Requirement | undefined): string {
  return requirement === undefined || requirement.complement ? "" : (requirement.values[0] ?? "");
}
