import type { Cluster } from "../cluster.ts";

/**
 * The label keys the cluster's provider adds to the well-known ones: those the cluster names, or else every key that its instance types and
 * their offerings speak about.
 *
 * A pod may ask for a well-known label that nothing on the NodePool mentions; for any other key that is a refusal.
 */
export function wellKnownLabelsOf(cluster: Cluster): readonly string[] {
  return cluster.wellKnownLabels ?? labelsOfTypes(cluster);
}

/** Every label key that the instance types and their offerings speak about. */
export function labelsOfTypes(cluster: Cluster): readonly string[] {
  const keys = new Set<string>();
  for (const types of new Set(Object.values(cluster.instanceTypes))) {
    for (const { requirements, offerings } of types) {
      for (const { key } of requirements) keys.add(key);
      for (const offering of offerings) for (const { key } of offering.requirements) keys.add(key);
    }
  }
  return [...keys].sort();
}
