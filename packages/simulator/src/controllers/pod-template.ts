import type { KubeObject, Labels, OwnerReference, Pod, PodTemplate } from "@groupless/api";

/** A pod of a template, owned by its controller, as the controllers of Kubernetes make them. */
export function podOf(template: PodTemplate, owner: KubeObject, name: string, extraLabels: Labels = {}): Pod {
  const { labels, annotations } = template.metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: owner.metadata.namespace ?? "default",
      ...(labels === undefined && Object.keys(extraLabels).length === 0 ? {} : { labels: { ...labels, ...extraLabels } }),
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [ownerOf(owner)],
    },
    spec: template.spec,
    status: { phase: "Pending" },
  };
}

/** A reference to the controlling owner. */
export function ownerOf(owner: KubeObject): OwnerReference {
  return { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid ?? "", controller: true, blockOwnerDeletion: true };
}

/** Name of the controlling owner of a kind, within the pod's namespace. */
export function controllerOf(object: KubeObject, kind: string): string | undefined {
  const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true && reference.kind === kind);
  return owner === undefined ? undefined : `${object.metadata.namespace ?? "default"}/${owner.name}`;
}
