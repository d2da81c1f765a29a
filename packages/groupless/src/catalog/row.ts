import { CAPACITY_TYPE_LABEL, InputError, type NodeSelectorRequirement, ZONE_LABEL } from "@groupless/api";
import { allocatable, cheapestOffering, type InstanceType, matchingOfferings, type Offering, offeringLabel, type PriceSource } from "@groupless/catalog";
import { ec2Labels } from "@groupless/ec2-catalog";
import { decimalText, parseQuantity } from "@groupless/quantity";

/** A price and where it comes from. */
export interface RowPrice {
  readonly usdPerHour: number;
  readonly source: PriceSource | "unknown";
}

/** One instance type as `groupless catalog list` shows it. */
export interface Row {
  readonly name: string;
  readonly arch: string;
  readonly vcpus: number;
  /** As EC2 advertises it. */
  readonly memoryGiB: number;
  readonly gpus: number;
  /** What pods get. */
  readonly allocatable: Readonly<Record<string, string>>;
  /** Zones with an offering that can be had and meets the filters. */
  readonly zones: readonly string[];
  /** The cheapest of its kind among them. */
  readonly onDemand?: RowPrice;
  readonly spot?: RowPrice;
  /** Of the cheaper of the two, USD an hour. */
  readonly perVcpu?: number;
  readonly perGiB?: number;
}

/** The types with an offering that meets all requirements; `unpriced` ones too, whose offerings cannot be had. */
export function rowsOf(types: readonly InstanceType[], requirements: readonly NodeSelectorRequirement[], options: { readonly unavailable?: boolean } = {}): readonly Row[] {
  return types.flatMap((type): readonly Row[] => {
    const matching = matchingOfferings(type, requirements, ec2Labels);
    const offerings = matching.filter((offering) => offering.available);
    return offerings.length > 0 || (options.unavailable === true && matching.length > 0) ? [rowOf(type, offerings)] : [];
  });
}

const sorts: Readonly<Record<string, (row: Row) => number | string>> = {
  name: (row) => row.name,
  price: (row) => cheaper(row)?.usdPerHour ?? Number.MAX_VALUE,
  vcpu: (row) => row.vcpus,
  memory: (row) => row.memoryGiB,
  "price-per-vcpu": (row) => row.perVcpu ?? Number.MAX_VALUE,
  "price-per-gib": (row) => row.perGiB ?? Number.MAX_VALUE,
};

/** What rows can be sorted by. */
export const sortNames: readonly string[] = Object.keys(sorts);

/**
 * The rows in another order, ties by name.
 *
 * @throws {InputError} `unknown-sort`
 */
export function sortRows(rows: readonly Row[], by: string): readonly Row[] {
  const keyOf = sorts[by];
  if (keyOf === undefined) throw new InputError("unknown-sort", `got "${by}"`, { path: "--sort", expected: sortNames.join(", ") });
  const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);
  return rows.toSorted((a, b) => compare(keyOf(a), keyOf(b)) || compare(a.name, b.name));
}

function rowOf(type: InstanceType, offerings: readonly Offering[]): Row {
  const label = (key: string): string => type.requirements.find((requirement) => requirement.key === key)?.values?.[0] ?? "";
  const priceAs = (capacityType: string): RowPrice | undefined => {
    const cheapest = cheapestOffering(offerings.filter((offering) => offeringLabel(offering, CAPACITY_TYPE_LABEL) === capacityType));
    return cheapest && { usdPerHour: cheapest.price, source: cheapest.priceSource ?? "unknown" };
  };
  const [onDemand, spot] = [priceAs("on-demand"), priceAs("spot")];
  const vcpus = Number(label("karpenter.k8s.aws/instance-cpu"));
  const memoryGiB = Number(label("karpenter.k8s.aws/instance-memory")) / 1024;
  const price = cheaper({ ...(onDemand && { onDemand }), ...(spot && { spot }) });
  return {
    name: type.name,
    arch: label("kubernetes.io/arch"),
    vcpus,
    memoryGiB,
    gpus: ["nvidia.com/gpu", "amd.com/gpu", "habana.ai/gaudi"].reduce((sum, resource) => sum + Number(decimalText(parseQuantity(type.capacity[resource] ?? "0"))), 0),
    allocatable: allocatable(type),
    zones: [...new Set(offerings.map((offering) => offeringLabel(offering, ZONE_LABEL) ?? ""))].toSorted(),
    ...(onDemand && { onDemand }),
    ...(spot && { spot }),
    ...(price && { perVcpu: price.usdPerHour / vcpus, perGiB: price.usdPerHour / memoryGiB }),
  };
}

function cheaper({ onDemand, spot }: Pick<Row, "onDemand" | "spot">): RowPrice | undefined {
  if (onDemand === undefined || spot === undefined) return onDemand ?? spot;
  return spot.usdPerHour < onDemand.usdPerHour ? spot : onDemand;
}
