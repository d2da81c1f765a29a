import { adjustedPrice, allocatable, allocatableGroups, availableOfferings, cheapestOffering, compatibleInstanceTypes, compatibleOfferings, flexibility, hasCompatibleOffering, type InstanceType, launchPrice, mostExpensiveOffering, type Offering, offeringPrice, orderByPrice, truncate, worstLaunchPrice } from "@groupless/catalog";
import type { Suite } from "../suite.ts";

/** Catalog lines leave out what is empty. */
function typeOf(type: any): InstanceType {
  return { requirements: [], capacity: {}, overhead: {}, offerings: [], ...type };
}

function typesOf(args: any): readonly InstanceType[] {
  return (args.instanceTypes as any[]).map(typeOf);
}

const names = (types: readonly InstanceType[]): string[] => types.map((type) => type.name);

function select({ offerings, requirements }: any): unknown {
  const all = offerings as readonly Offering[];
  const indices = (some: readonly Offering[]): number[] => some.map((each) => all.indexOf(each));
  const available = availableOfferings(all);
  const launchable = compatibleOfferings(available, requirements);
  return {
    available: indices(available),
    compatible: indices(compatibleOfferings(all, requirements)),
    hasCompatible: hasCompatibleOffering(available, requirements),
    cheapest: cheapestOffering(launchable)?.price ?? null,
    mostExpensive: mostExpensiveOffering(launchable)?.price ?? null,
    worstLaunchPrice: worstLaunchPrice(available, requirements),
  };
}

export const instanceTypesSuite: Suite = {
  functions: {
    "instanceType.allocatable": ({ instanceType }) => {
      const type = typeOf(instanceType);
      return { allocatable: allocatable(type), groups: allocatableGroups(type).map((group) => ({ allocatable: group.allocatable, offerings: group.offerings.map((offering) => type.offerings.indexOf(offering)) })) };
    },
    "offerings.select": select,
    "instanceType.offeringPrice": ({ instanceType, zone, capacityType }) => {
      const price = offeringPrice(typeOf(instanceType), zone, capacityType);
      return { price: price ?? 0, found: price !== undefined };
    },
    "instanceTypes.orderByPrice": (args) => {
      const types = orderByPrice(typesOf(args), args.requirements);
      const priced = (type: InstanceType): boolean => launchPrice(type, args.requirements) < Number.MAX_VALUE;
      return { ordered: names(types.filter(priced)), unpriced: names(types.filter((type) => !priced(type))).toSorted() };
    },
    "instanceTypes.compatible": (args) => names(compatibleInstanceTypes(typesOf(args), args.requirements)),
    "instanceTypes.satisfiesMinValues": (args) => {
      const { satisfied, needed, unsatisfied } = flexibility(typesOf(args), args.requirements);
      return { ok: satisfied, needed, unsatisfied };
    },
    "instanceTypes.truncate": (args) => {
      const kept = truncate(typesOf(args), args.requirements, args.max, { minValuesPolicy: args.minValuesPolicy });
      return "code" in kept ? { error: "min-values" } : { kept: names(kept).toSorted() };
    },
    "price.adjust": ({ price, change }) => adjustedPrice(price, change),
  },
};
