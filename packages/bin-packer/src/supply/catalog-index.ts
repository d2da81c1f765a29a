import { CAPACITY_TYPE_LABEL } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";
import { addBits, allBits, andBits, anyBit, type Bits, bits, countBits, hasBit, keepBits, setBit } from "../intern/bits.ts";
import { operatorOf, type Requirement } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import { type Amounts, anyNegative, type ResourceColumns } from "../intern/resources.ts";
import { FitIndex } from "./fit-index.ts";

/** One instance type with what deciding needs of it. */
export interface TypeEntry {
  readonly type: InstanceType;
  readonly requirements: RequirementSet;
  readonly capacity: Amounts;
  readonly offerings: readonly OfferingEntry[];
}

export interface OfferingEntry {
  readonly offering: Offering;
  readonly requirements: RequirementSet;
  readonly typeIndex: number;
  /** Which allocatable amounts it comes with. */
  readonly variant: number;
  readonly capacityType: string;
  readonly reservationId: string;
}

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
  readonly types: readonly TypeEntry[];
  readonly offerings: readonly OfferingEntry[];
  /** The type of each variant. */
  readonly typeOf: Int32Array;
  readonly allocatable: readonly Amounts[];
  /** Has any type more than one variant? */
  readonly hasVariants: boolean;
  readonly hasReserved: boolean;
  readonly fits: FitIndex;
  readonly #sets: RequirementSets;
  readonly #byRequirements = new Map<number, Matches>();
  readonly #typesByKey = new Map<string, Map<Requirement, Bits>>();
  readonly #typesByRequirement = new Map<number, Bits>();
  readonly #offeringsByKey = new Map<string, Map<Requirement, Bits>>();
  readonly #offeringsByRequirement = new Map<number, Bits>();
  readonly #offeringsUndefined = new Map<string, Bits>();
  readonly #available: Bits;

  constructor(instanceTypes: readonly InstanceType[], sets: RequirementSets, columns: ResourceColumns, reservationLabel: string | undefined) {
    this.#sets = sets;
    const types: TypeEntry[] = [];
    const offerings: OfferingEntry[] = [];
    const typeOf: number[] = [];
    const allocatable: Amounts[] = [];
    const table = sets.table;
    for (const [typeIndex, type] of instanceTypes.entries()) {
      const variantByOverride = new Map<string, number>([["", allocatable.length]]);
      typeOf.push(typeIndex);
      allocatable.push(allocatableOf(type, undefined, columns));
      const own: OfferingEntry[] = [];
      for (const offering of type.offerings) {
        const override = overrideText(offering);
        let variant = variantByOverride.get(override);
        if (variant === undefined) {
          variant = allocatable.length;
          variantByOverride.set(override, variant);
          typeOf.push(typeIndex);
          allocatable.push(allocatableOf(type, offering, columns));
        }
        const requirements = sets.of(offering.requirements.map((requirement) => table.of(requirement)));
        const entry = { offering, requirements, typeIndex, variant, capacityType: anyOf(requirements, CAPACITY_TYPE_LABEL), reservationId: reservationLabel === undefined ? "" : anyOf(requirements, reservationLabel) };
        own.push(entry);
        offerings.push(entry);
      }
      types.push({ type, requirements: sets.of(type.requirements.map((requirement) => table.of(requirement))), capacity: columns.vector(type.capacity), offerings: own });
    }
    this.types = types;
    this.offerings = offerings;
    this.typeOf = Int32Array.from(typeOf);
    this.allocatable = allocatable;
    this.hasVariants = typeOf.length > types.length;
    this.hasReserved = offerings.some((offering) => offering.capacityType === "reserved");
    this.fits = new FitIndex(allocatable, columns);
    for (const [index, type] of types.entries()) for (const requirement of type.requirements.requirements) note(this.#typesByKey, requirement, index, types.length);
    this.#available = bits(offerings.length);
    for (const [index, entry] of offerings.entries()) {
      if (entry.offering.available) setBit(this.#available, index);
      for (const requirement of entry.requirements.requirements) note(this.#offeringsByKey, requirement, index, offerings.length);
    }
  }

  /** Types and variants under these requirements; remembered. */
  matches(requirements: RequirementSet): Matches {
    let found = this.#byRequirements.get(requirements.id);
    if (found === undefined) this.#byRequirements.set(requirements.id, (found = this.#match(requirements)));
    return found;
  }

  /** The offerings, available or not, that go with these requirements. */
  compatibleOfferings(requirements: RequirementSet): Bits {
    const left = allBits(this.offerings.length);
    for (const [key, byRequirement] of this.#offeringsByKey) {
      const own = requirements.byKey.get(key);
      keepBits(left, own === undefined ? this.#allowedUndefined(key, byRequirement) : this.#offeringsMeeting(own, byRequirement));
    }
    return left;
  }

  /** All variants of the types that have one of these. */
  variantsOfTypes(variants: Bits): Bits {
    if (!this.hasVariants) return variants;
    const types = this.typesOf(variants);
    const out = bits(this.typeOf.length);
    for (let variant = 0; variant < this.typeOf.length; variant++) if (hasBit(types, this.typeOf[variant] as number)) setBit(out, variant);
    return out;
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

  #match(requirements: RequirementSet): Matches {
    const types = allBits(this.types.length);
    for (const requirement of requirements.requirements) {
      const byRequirement = this.#typesByKey.get(requirement.key);
      if (byRequirement !== undefined) keepBits(types, this.#typesMeeting(requirement, byRequirement));
    }
    const left = andBits(this.compatibleOfferings(requirements), this.#available);
    const variants = bits(this.typeOf.length);
    for (let word = 0; word < left.length; word++) {
      let rest = left[word] as number;
      while (rest !== 0) {
        setBit(variants, (this.offerings[(word << 5) + (31 - Math.clz32(rest & -rest))] as OfferingEntry).variant);
        rest &= rest - 1;
      }
    }
    return { types, variants, candidates: andBits(this.variantsOf(types), variants) };
  }

  #typesMeeting(incoming: Requirement, byRequirement: ReadonlyMap<Requirement, Bits>): Bits {
    let found = this.#typesByRequirement.get(incoming.id);
    if (found === undefined) {
      const failing = bits(this.types.length);
      for (const [existing, having] of byRequirement) if (!this.#sets.goTogether(existing, incoming)) addBits(failing, having);
      found = without(allBits(this.types.length), failing);
      this.#typesByRequirement.set(incoming.id, found);
    }
    return found;
  }

  #offeringsMeeting(existing: Requirement, byRequirement: ReadonlyMap<Requirement, Bits>): Bits {
    let found = this.#offeringsByRequirement.get(existing.id);
    if (found === undefined) {
      const failing = bits(this.offerings.length);
      for (const [incoming, having] of byRequirement) if (!this.#sets.goTogether(existing, incoming)) addBits(failing, having);
      found = without(allBits(this.offerings.length), failing);
      this.#offeringsByRequirement.set(existing.id, found);
    }
    return found;
  }

  /** Where the node says nothing about the key: any value if the key is well known, else only absence. */
  #allowedUndefined(key: string, byRequirement: ReadonlyMap<Requirement, Bits>): Bits {
    let found = this.#offeringsUndefined.get(key);
    if (found === undefined) {
      const failing = bits(this.offerings.length);
      if (!this.#sets.wellKnown.has(key)) {
        for (const [incoming, having] of byRequirement) {
          const operator = operatorOf(incoming);
          if (operator === "In" || operator === "Exists") addBits(failing, having);
        }
      }
      found = without(allBits(this.offerings.length), failing);
      this.#offeringsUndefined.set(key, found);
    }
    return found;
  }

  /** Every value the types list for a key once a pool's own requirement is applied. */
  valuesUnder(key: string, own: Requirement | undefined): string[] {
    const values = new Set<string>();
    const byRequirement = this.#typesByKey.get(key);
    let covered = 0;
    for (const [requirement, having] of byRequirement ?? []) {
      covered += countBits(having);
      for (const value of (own === undefined ? requirement : this.#sets.table.intersect(own, requirement)).values) values.add(value);
    }
    if (own !== undefined && covered < this.types.length) for (const value of own.values) values.add(value);
    return [...values];
  }

  /** Is there a type of these variants that meets the requirements at all? For explaining. */
  anyMatching(variants: Bits, requirements: RequirementSet): boolean {
    return anyBit(andBits(this.typesOf(variants), this.matches(requirements).types));
  }
}

function note(byKey: Map<string, Map<Requirement, Bits>>, requirement: Requirement, index: number, size: number): void {
  let byRequirement = byKey.get(requirement.key);
  if (byRequirement === undefined) byKey.set(requirement.key, (byRequirement = new Map()));
  let having = byRequirement.get(requirement);
  if (having === undefined) byRequirement.set(requirement, (having = bits(size)));
  setBit(having, index);
}

function without(from: Bits, taken: Bits): Bits {
  for (let word = 0; word < from.length; word++) (from[word] as number) &= ~(taken[word] as number);
  return from;
}

/** The one value a requirement has, or none; Karpenter's Any() where that is not random. */
function anyOf(requirements: RequirementSet, key: string): string {
  const requirement = requirements.byKey.get(key);
  return requirement === undefined || requirement.complement ? "" : (requirement.values[0] ?? "");
}

function overrideText(offering: Offering): string {
  const { capacityOverride, overheadOverride } = offering;
  if ((capacityOverride === undefined || Object.keys(capacityOverride).length === 0) && overheadOverride === undefined) return "";
  return JSON.stringify([sorted(capacityOverride), overheadOverride === undefined ? null : [sorted(overheadOverride.kubeReserved), sorted(overheadOverride.systemReserved), sorted(overheadOverride.evictionThreshold)]]);
}

function sorted(list: Readonly<Record<string, string>> | undefined): unknown {
  return Object.entries(list ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Capacity less overhead, and huge pages less memory, never below none. An override adds to what the type says, as Karpenter's Merge does
 * (pkg/cloudprovider/types.go computeAllocatable), whatever its comment promises.
 */
function allocatableOf(type: InstanceType, offering: Offering | undefined, columns: ResourceColumns): Amounts {
  const capacity = columns.vector(type.capacity);
  const names = new Set(Object.keys(type.capacity));
  const extra = offering?.capacityOverride ?? {};
  for (const name in extra) {
    const column = columns.column(name);
    (capacity[column] as number) += columns.amount(column, extra[name] as string);
    names.add(name);
  }
  const allocatable = columns.copy(capacity);
  for (const overhead of [type.overhead, offering?.overheadOverride]) {
    for (const list of [overhead?.kubeReserved, overhead?.systemReserved, overhead?.evictionThreshold]) {
      for (const name in list) {
        if (!names.has(name)) continue;
        const column = columns.column(name);
        (allocatable[column] as number) -= columns.amount(column, list[name] as string);
      }
    }
  }
  const memory = columns.find("memory");
  for (const name of names) {
    if (!name.startsWith("hugepages-") || memory === undefined) continue;
    // Huge pages and memory have units of their own: compare through exact amounts.
    columns.takeAcross(allocatable, memory, columns.column(name), capacity[columns.column(name)] as number);
  }
  return allocatable;
}

export function isUnusable(allocatable: Amounts): boolean {
  return anyNegative(allocatable);
}
