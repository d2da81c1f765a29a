import { CORE_LABELS, type LabelTables } from "./label-tables.ts";

/** The part before the first slash; empty for a key without a domain. */
export function labelDomain(key: string): string {
  const slash = key.indexOf("/");
  return slash < 0 ? "" : key.slice(0, slash);
}

/** The current name of a key: `beta.kubernetes.io/arch` is `kubernetes.io/arch`. */
export function normaliseKey(key: string, tables: LabelTables = CORE_LABELS): string {
  return Object.hasOwn(tables.aliases, key) ? (tables.aliases[key] as string) : key;
}

/** The current spelling of a value of a (normalised) key. */
export function normaliseValue(key: string, value: string, tables: LabelTables = CORE_LABELS): string {
  const aliases = Object.hasOwn(tables.valueAliases, key) ? (tables.valueAliases[key] as Readonly<Record<string, string>>) : undefined;
  return aliases !== undefined && Object.hasOwn(aliases, value) ? (aliases[value] as string) : value;
}

/** Whether users may not set the key: it is reserved, or of a reserved domain or its subdomains and not well known. */
export function isRestrictedKey(key: string, tables: LabelTables = CORE_LABELS): boolean {
  if (tables.wellKnown.includes(key)) return false;
  const domain = labelDomain(key);
  return tables.restricted.includes(key) || tables.restrictedDomains.some((reserved) => domain === reserved || domain.endsWith(`.${reserved}`));
}

/** The label under which a node carries the name of its node class: `karpenter.k8s.aws/ec2nodeclass`. */
export function nodeClassLabelKey(reference: { readonly group: string; readonly kind: string }): string {
  return `${reference.group}/${reference.kind.toLowerCase()}`;
}

/**
 * The known key that an unknown one may be a misspelling of: one that contains it, or that ends in what follows its first slash.
 * Karpenter takes any such key; this takes the first in name order, of the well-known ones before the others.
 *
 * @example
 * ```ts
 * import { keyHint } from "@groupless/requirements";
 * keyHint("zone", ["topology.kubernetes.io/zone"]); // => "topology.kubernetes.io/zone"
 * ```
 */
export function keyHint(key: string, wellKnown: Iterable<string>, others: Iterable<string> = []): string | undefined {
  const suffix = key.slice(key.indexOf("/") + 1);
  const alike = (known: string): boolean => known.includes(key) || known.endsWith(suffix);
  return [...wellKnown].sort().find(alike) ?? [...others].sort().find(alike);
}
