import * as fc from "fast-check";

/** A small world: few names, so that things meet, tie and contradict one another. */
export const ZONES = ["zone-a", "zone-b", "zone-c"] as const;
export const APPS = ["web", "api", "job"] as const;
export const TEAMS = ["red", "blue"] as const;
export const CAPACITY_TYPES = ["on-demand", "spot"] as const;
export const ARCHITECTURES = ["amd64", "arm64"] as const;

export const zone = (): fc.Arbitrary<string> => fc.constantFrom(...ZONES);
export const app = (): fc.Arbitrary<string> => fc.constantFrom(...APPS);
export const team = (): fc.Arbitrary<string> => fc.constantFrom(...TEAMS);

/** The keys constraints speak about, with values that occur. */
export const KEYS: readonly (readonly [key: string, values: readonly string[]])[] = [
  ["topology.kubernetes.io/zone", ZONES],
  ["karpenter.sh/capacity-type", CAPACITY_TYPES],
  ["kubernetes.io/arch", ARCHITECTURES],
  ["team", TEAMS],
];
