import { type Kind, type KubeObject, type ObjectOf, nameOf } from "@groupless/api";

/** Objects by kind and name, with the two indexes controllers live on: pods by node, objects by owner. */
export interface ObjectStore {
  get<K extends Kind>(kind: K, name: string): ObjectOf<K> | undefined;
  /** In the order of their creation. */
  list<K extends Kind>(kind: K): readonly ObjectOf<K>[];
  /** By kind, then name. */
  all(): readonly KubeObject[];
  podsOn(node: string): readonly ObjectOf<"Pod">[];
  dependents(uid: string): readonly KubeObject[];
  put(object: KubeObject): void;
  drop(object: KubeObject): void;
}

/** An empty store. */
export function objectStore(): ObjectStore {
  const kinds = new Map<Kind, Map<string, KubeObject>>();
  const lists = new Map<Kind, readonly KubeObject[]>();
  const byNode = new Map<string, Map<string, ObjectOf<"Pod">>>();
  const onNode = new Map<string, readonly ObjectOf<"Pod">[]>();
  const byOwner = new Map<string, Map<string, KubeObject>>();

  const objects = (kind: Kind): Map<string, KubeObject> => {
    let all = kinds.get(kind);
    if (all === undefined) kinds.set(kind, (all = new Map()));
    return all;
  };
  const unindex = (object: KubeObject, name: string): void => {
    if (object.kind === "Pod" && object.spec.nodeName !== undefined) {
      byNode.get(object.spec.nodeName)?.delete(name);
      onNode.delete(object.spec.nodeName);
    }
    for (const owner of object.metadata.ownerReferences ?? []) byOwner.get(owner.uid)?.delete(`${object.kind}/${name}`);
  };
  const index = (object: KubeObject, name: string): void => {
    if (object.kind === "Pod" && object.spec.nodeName !== undefined) {
      entry(byNode, object.spec.nodeName).set(name, object);
      onNode.delete(object.spec.nodeName);
    }
    for (const owner of object.metadata.ownerReferences ?? []) entry(byOwner, owner.uid).set(`${object.kind}/${name}`, object);
  };

  return {
    get: <K extends Kind>(kind: K, name: string) => kinds.get(kind)?.get(name) as ObjectOf<K> | undefined,
    list: <K extends Kind>(kind: K) => {
      let all = lists.get(kind);
      if (all === undefined) lists.set(kind, (all = [...objects(kind).values()]));
      return all as readonly ObjectOf<K>[];
    },
    all: () => [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, named]) => [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object)),
    podsOn: (node) => {
      let all = onNode.get(node);
      if (all === undefined) onNode.set(node, (all = [...(byNode.get(node)?.values() ?? [])]));
      return all;
    },
    dependents: (uid) => [...(byOwner.get(uid)?.values() ?? [])],
    put: (object) => {
      const name = nameOf(object);
      const old = objects(object.kind).get(name);
      if (old !== undefined) unindex(old, name);
      objects(object.kind).set(name, object);
      lists.delete(object.kind);
      index(object, name);
    },
    drop: (object) => {
      const name = nameOf(object);
      const old = objects(object.kind).get(name);
      if (old === undefined) return;
      objects(object.kind).delete(name);
      lists.delete(object.kind);
      unindex(old, name);
    },
  };
}

function entry<V>(index: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let found = index.get(key);
  if (found === undefined) index.set(key, (found = new Map()));
  return found;
}
