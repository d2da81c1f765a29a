import type { KubeObject, ObjectMeta, TERMINATION_FINALIZER } from "@groupless/api";

type Changes = Partial<Pick<ObjectMeta, "annotations" | "deletionTimestamp" | "finalizers" | "labels" | "ownerReferences">>;

/** The object with some of its metadata changed. */
export function withMetadata<T extends KubeObject>(object: T, changes: Changes): T {
  return Object.assign({}, object, { metadata: Object.assign({}, object.metadata, changes) });
}

export function hasFinalizer({ metadata }: KubeObject, finalizer: typeof TERMINATION_FINALIZER): boolean {
  return metadata.finalizers?.includes(finalizer) === true;
}

/** The object with the finalizer; the same object if it has it. */
export function withFinalizer<T extends KubeObject>(object: T, finalizer: typeof TERMINATION_FINALIZER): T {
  return hasFinalizer(object, finalizer) ? object : withMetadata(object, { finalizers: [...(object.metadata.finalizers ?? []), finalizer] });
}

export function withoutFinalizer<T extends KubeObject>(object: T, finalizer: typeof TERMINATION_FINALIZER): T {
  return withMetadata(object, { finalizers: (object.metadata.finalizers ?? []).filter((other) => other !== finalizer) });
}

/** The object with these labels over its own; the same object if it has them. */
export function withLabels<T extends KubeObject>(object: T, labels: Readonly<Record<string, string>>): T {
  return holds(object.metadata.labels, labels) ? object : withMetadata(object, { labels: { ...object.metadata.labels, ...labels } });
}

/** The object with these annotations over its own; the same object if it has them. */
export function withAnnotations<T extends KubeObject>(object: T, annotations: Readonly<Record<string, string>>): T {
  return holds(object.metadata.annotations, annotations) ? object : withMetadata(object, { annotations: { ...object.metadata.annotations, ...annotations } });
}

/** Has deletion been asked for? */
export function isDeleting({ metadata }: { readonly metadata: ObjectMeta }): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function holds(has: Readonly<Record<string, string>> | undefined, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => has?.[key] === value);
}
