import type { KubeObject, NodePool } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { parse, toYaml } from "@groupless/manifests";
import { instanceTypes } from "../build/instance-type.ts";

/** What containers without an image get: the API server wants one. */
const IMAGE = "registry.k8s.io/pause:3.10";
const CATALOG = "# instance types: ";
const BUILT_IN = "those of instanceTypes() in @groupless/testing";
const OPTIONS = "# cluster: ";

/**
 * A cluster as YAML that `groupless plan` and `kubectl apply -f` accept; {@link fromYaml} reads the same cluster back.
 *
 * What is not a Kubernetes object, the instance types and settings, stands in comments on top.
 *
 * @example
 * ```ts
 * import { asYaml, cluster, pod } from "@groupless/testing";
 * asYaml(cluster({ objects: [pod("web")] })); // => # instance types: {"*":"those of instanceTypes() in @groupless/testing"}…
 * ```
 */
export function asYaml(cluster: Cluster): string {
  const { nodePools, nodeClasses = [], objects, instanceTypes: types, ...rest } = cluster;
  const catalog = Object.fromEntries(Object.entries(types).map(([pool, list]) => [pool, isBuiltIn(list) ? BUILT_IN : list]));
  return [`${CATALOG}${JSON.stringify(catalog)}`, ...(Object.keys(rest).length === 0 ? [] : [`${OPTIONS}${JSON.stringify(rest)}`]), toYaml([...nodePools, ...nodeClasses, ...objects].map(withImages))].join("\n");
}

/**
 * The cluster that {@link asYaml} wrote.
 *
 * @throws ManifestError for objects that cannot be used
 * @throws SyntaxError if the comment with the instance types is not as it was written
 */
export function fromYaml(yaml: string): Cluster {
  const comment = (start: string): unknown => JSON.parse(yaml.split("\n").find((line) => line.startsWith(start))?.slice(start.length) ?? "{}");
  const catalog = comment(CATALOG) as Record<string, typeof BUILT_IN | readonly InstanceType[]>;
  const { nodePools, nodeClasses, objects } = parse(yaml);
  return {
    nodePools,
    ...(nodeClasses.length === 0 ? {} : { nodeClasses }),
    objects,
    instanceTypes: Object.fromEntries(Object.entries(catalog).map(([pool, types]) => [pool, typeof types === "string" ? instanceTypes() : types])),
    ...(comment(OPTIONS) as Partial<Cluster>),
  };
}

function isBuiltIn(types: readonly InstanceType[]): boolean {
  return JSON.stringify(types) === JSON.stringify(instanceTypes());
}

function withImages(object: KubeObject | NodePool | NonNullable<Cluster["nodeClasses"]>[number]): object {
  if (object.kind === "Pod") return { ...object, spec: imaged(object.spec) };
  const { spec } = object as { readonly spec?: { readonly template?: { readonly spec?: { readonly containers?: unknown } } } };
  if (spec?.template?.spec?.containers === undefined) return object;
  return { ...object, spec: { ...spec, template: { ...spec.template, spec: imaged(spec.template.spec) } } };
}

function imaged(spec: object): object {
  const image = (containers: readonly object[] | undefined): readonly object[] | undefined => containers?.map((container) => ({ image: IMAGE, ...container }));
  const { containers, initContainers } = spec as { readonly containers?: readonly object[]; readonly initContainers?: readonly object[] };
  return { ...spec, ...(containers === undefined ? {} : { containers: image(containers) }), ...(initContainers === undefined ? {} : { initContainers: image(initContainers) }) };
}
