/** The deprecated label keys that nodes carry beside the current ones. */
const CURRENT: Readonly<Record<string, string>> = {
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
  "beta.kubernetes.io/arch": "kubernetes.io/arch",
  "beta.kubernetes.io/os": "kubernetes.io/os",
  "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
};

export function normalizedKey(key: string): string {
  return Object.hasOwn(CURRENT, key) ? (CURRENT[key] as string) : key;
}
