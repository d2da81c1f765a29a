import { type NodePool, nodePoolHash, type NodeSelectorRequirementWithMinValues, type Pod } from "@groupless/api";
import { type Cluster, type NewNodeClaim, type Packing, prepare, solve } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { parseQuantity, compareQuantities } from "@groupless/quantity";
import { unless } from "./same.ts";

const INSTANCE_TYPE = "node.kubernetes.io/instance-type";
const CAPACITY_TYPE = "karpenter.sh/capacity-type";

/** A new node says of itself what its pool says of it, and its requirements name what it may be and nothing that it may not. */
export function claimWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const packing = solve(prepare(cluster, { nowMs }));
  return [...orderWrongs(packing), ...packing.newNodeClaims.flatMap((claim) => formWrongs(cluster, claim))];
}

const isSorted = (list: readonly string[]): boolean => list.every((one, index) => index === 0 || (list[index - 1] as string) < one);

/** Names come in order, each once. */
function orderWrongs({ newNodeClaims, existingNodes, podErrors, ignoredPods }: Packing): readonly string[] {
  return [
    ...unless([...newNodeClaims, ...existingNodes].every(({ pods }) => isSorted(pods) && pods.length > 0), "a node's pods are not in order, or it has none"),
    ...unless(isSorted(existingNodes.map(({ node }) => node)), "nodes are not in order"),
    ...unless(isSorted(podErrors.map(({ pod }) => pod)) && isSorted(ignoredPods.map(({ pod }) => pod)), "refusals are not in order"),
  ];
}

function formWrongs(cluster: Cluster, claim: NewNodeClaim): readonly string[] {
  const pool = cluster.nodePools.find(({ metadata }) => metadata.name === claim.nodePool);
  if (pool === undefined) return [`a node is of ${claim.nodePool}, which is no pool`];
  const { metadata = {}, spec } = pool.spec.template;
  const says = (what: string, holds: boolean): readonly string[] => unless(holds, `a new node of ${claim.nodePool} ${what}`);
  const types = new Map((cluster.instanceTypes[pool.metadata.name] ?? cluster.instanceTypes["*"] ?? []).map((type) => [type.name, type]));
  const has = (part: object | undefined, whole: object): boolean => Object.entries(part ?? {}).every(([key, value]) => (whole as Readonly<Record<string, unknown>>)[key] === value);
  const of = (key: string): readonly NodeSelectorRequirementWithMinValues[] => claim.requirements.filter((requirement) => requirement.key === key);
  const named = of(INSTANCE_TYPE)[0];
  const placed = claim.pods.flatMap((name) => cluster.objects.filter((object): object is Pod => object.kind === "Pod" && `${object.metadata.namespace}/${object.metadata.name}` === name));
  return [
    ...says("has not its pool's taints", JSON.stringify([claim.taints, claim.startupTaints]) === JSON.stringify([spec.taints ?? [], spec.startupTaints ?? []])),
    ...says("has not its pool's labels", has({ ...metadata.labels, "karpenter.sh/nodepool": claim.nodePool, "karpenter.k8s.aws/ec2nodeclass": spec.nodeClassRef.name }, claim.labels)),
    ...says("has not its pool's annotations", has({ ...metadata.annotations, "karpenter.sh/nodepool-hash": nodePoolHash(pool) }, claim.annotations)),
    ...says("has its requirements out of order", claim.requirements.every(({ key, operator }, index) => index === 0 || `${claim.requirements[index - 1]?.key} ${claim.requirements[index - 1]?.operator}` < `${key} ${operator}`)),
    ...says("does not name its pool", JSON.stringify(of("karpenter.sh/nodepool").map(({ operator, values }) => [operator, values])) === JSON.stringify([["In", [claim.nodePool]]])),
    ...says("speaks of what nodes are not launched with", of("karpenter.sh/registered").length + of("karpenter.sh/initialized").length === 0),
    ...says("names types twice, unknown ones or none", new Set(claim.instanceTypes).size === claim.instanceTypes.length && claim.instanceTypes.length > 0 && claim.instanceTypes.every((name) => types.has(name))),
    ...says("requires other types than it names", named?.operator === "In" && JSON.stringify([...(named.values ?? [])]) === JSON.stringify(claim.instanceTypes.toSorted())),
    ...says("names more types than it may", claim.instanceTypes.length <= (cluster.options?.maxInstanceTypes ?? 600)),
    ...says("allows what its pool does not", (spec.requirements ?? []).every((asked) => narrows(claim, asked))),
    ...says("allows what a pod's node selector does not", placed.every((pod) => Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => key.includes("beta.kubernetes.io") || narrows(claim, { key, operator: "In", values: [value] })))),
    ...says("names capacity types that its types do not have", of(CAPACITY_TYPE).every(({ operator, values = [] }) => operator === "In" && values.length > 0 && values.every((value) => claim.instanceTypes.some((name) => canBeHad(types.get(name), value))))),
    ...varietyWrongs(cluster, pool, claim),
    ...says("asks for less than a pod's worth", Object.values(claim.requests).every((amount) => compareQuantities(parseQuantity(amount), parseQuantity("0")) >= 0) && Number(claim.requests["pods"]) >= claim.pods.length),
  ];
}

const canBeHad = (type: InstanceType | undefined, capacityType: string): boolean => type?.offerings.some(({ available, requirements }) => available && requirements.some(({ key, values }) => key === CAPACITY_TYPE && values?.includes(capacityType) === true)) === true;

/** Whether the claim names fewer values of the label than are asked for, where both name values; types and settled labels say theirs by themselves. */
function narrows({ requirements, labels }: NewNodeClaim, asked: NodeSelectorRequirementWithMinValues): boolean {
  const named = requirements.find(({ key, operator }) => key === asked.key && operator === "In")?.values;
  const values = named ?? (labels[asked.key] === undefined ? undefined : [labels[asked.key] as string]);
  if (asked.operator === "In") return values?.every((value) => asked.values?.includes(value) === true) === true;
  if (asked.operator === "NotIn") return values === undefined ? requirements.some(({ key, operator }) => key === asked.key && operator !== "Exists") : !values.some((value) => asked.values?.includes(value) === true);
  return requirements.some(({ key }) => key === asked.key);
}

/** A pool that asks for a variety of types gets it, or the claim says that it was not to be had. */
function varietyWrongs({ options }: Cluster, pool: NodePool, { instanceTypes, annotations }: NewNodeClaim): readonly string[] {
  const least = (pool.spec.template.spec.requirements ?? []).find(({ key, minValues }) => key === INSTANCE_TYPE && minValues !== undefined)?.minValues ?? 0;
  const relaxed = annotations["karpenter.sh/nodeclaim-min-values-relaxed"] === "true";
  return [
    ...unless(instanceTypes.length >= least || options?.minValuesPolicy === "BestEffort", `a new node of ${pool.metadata.name} may be of ${instanceTypes.length} types, its pool asks for ${least}`),
    ...unless(!relaxed || options?.minValuesPolicy === "BestEffort", "minValues are relaxed where they must not be"),
  ];
}
