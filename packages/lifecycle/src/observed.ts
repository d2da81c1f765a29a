import type { Kind, KubeObject, Node, NodeClaim, NodePool, PersistentVolumeClaim, Pod, VolumeAttachment } from "@groupless/api";

/**
 * What has been seen of the API server: the part of it that the lifecycle looks at.
 *
 * Functions about one claim need only the objects around it; those about a pool or the cluster need all of them.
 */
export interface Observed {
  readonly nodePools: readonly NodePool[];
  readonly nodeClaims: readonly NodeClaim[];
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly persistentVolumeClaims: readonly PersistentVolumeClaim[];
  readonly volumeAttachments: readonly VolumeAttachment[];
}

const LISTS = {
  NodePool: "nodePools",
  NodeClaim: "nodeClaims",
  Node: "nodes",
  Pod: "pods",
  PersistentVolumeClaim: "persistentVolumeClaims",
  VolumeAttachment: "volumeAttachments",
} as const satisfies Partial<Record<Kind, keyof Observed>>;

type WatchedKind = keyof typeof LISTS;

/** Nothing seen yet. */
export const nothingObserved: Observed = { nodePools: [], nodeClaims: [], nodes: [], pods: [], persistentVolumeClaims: [], volumeAttachments: [] };

/** Sorts objects by kind; kinds that the lifecycle does not look at are left out. */
export function observe(objects: readonly KubeObject[]): Observed {
  const lists: { [K in keyof Observed]: KubeObject[] } = { nodePools: [], nodeClaims: [], nodes: [], pods: [], persistentVolumeClaims: [], volumeAttachments: [] };
  for (const object of objects) {
    const list = listOf(object.kind);
    if (list !== undefined) lists[list].push(object);
  }
  return lists as Observed;
}

/** Adds the object, or replaces the one of its kind and name. */
export function withObject(observed: Observed, object: KubeObject): Observed {
  const list = listOf(object.kind);
  if (list === undefined) return observed;
  const others: readonly KubeObject[] = observed[list];
  const index = others.findIndex((other) => sameName(other, object));
  const changed = index < 0 ? [...others, object] : others.with(index, object);
  return { ...observed, [list]: changed };
}

/** Forgets an object; `name` as `nameOf` writes it. */
export function withoutObject(observed: Observed, kind: Kind, name: string): Observed {
  const list = listOf(kind);
  if (list === undefined) return observed;
  const others: readonly KubeObject[] = observed[list];
  return { ...observed, [list]: others.filter((other) => !isNamed(other, name)) };
}

/** Finds an object; `name` as `nameOf` writes it. */
export function objectNamed(observed: Observed, kind: Kind, name: string): KubeObject | undefined {
  const list = listOf(kind);
  if (list === undefined) return undefined;
  const others: readonly KubeObject[] = observed[list];
  return others.find((other) => isNamed(other, name));
}

function listOf(kind: Kind): keyof Observed | undefined {
  return LISTS[kind as WatchedKind];
}

function sameName(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;
}

// Without writing `namespace/name` out for each object that is not it.
function isNamed({ metadata: { namespace, name } }: KubeObject, wanted: string): boolean {
  if (namespace === undefined) return name === wanted;
  return wanted.length === namespace.length + 1 + name.length && wanted.endsWith(name) && wanted[namespace.length] === "/" && wanted.startsWith(namespace);
}
