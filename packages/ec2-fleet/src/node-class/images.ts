import { type AMI, type EC2NodeClass, InputError, type NodeSelectorRequirement } from "@groupless/api";
import { classifyError } from "../port/error-code.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import type { DescribeImagesInput, Ec2Image } from "../port/image.ts";
import { pages } from "../port/pages.ts";
import { aliasOf } from "./ami-family.ts";
import { architectureRequirement, imageParameters, UnsupportedAliasError } from "./image-alias.ts";
import { condition, MINUTE_MS, type Resolved } from "./resolved.ts";
import { tagFilters } from "./selector-filters.ts";

interface Candidate {
  readonly image: Ec2Image;
  readonly createdMs: number;
  readonly deprecated: boolean;
  readonly requirements: readonly NodeSelectorRequirement[];
}

/**
 * The images of a node class: the best of each set of requirements, newest first.
 *
 * Karpenter pkg/providers/amifamily: not deprecated before deprecated, then newer, then the larger name.
 *
 * @throws InputError `no-image-parameter` where AWS publishes nothing for the alias
 */
export async function resolveImages(nodeClass: EC2NodeClass, port: Ec2Port, { nowMs, kubernetesVersion, ...options }: CallOptions & { readonly nowMs: number; readonly kubernetesVersion: string }): Promise<Resolved<readonly AMI[]>> {
  let queries: readonly Query[];
  try {
    queries = await imageQueries(nodeClass, kubernetesVersion, port, options);
  } catch (error) {
    if (!(error instanceof UnsupportedAliasError)) throw error;
    return { status: nodeClass.status?.amis, condition: condition("AMIsReady", { reason: "UnsupportedAlias", message: error.message }), requeueAfterMs: 0, failure: error };
  }
  const best = new Map<string, Candidate>();
  for (const { input, variants } of queries) {
    for (const { Images = [] } of await pages(port, "DescribeImages", input, options)) for (const image of Images) for (const one of candidates(image, variants, nowMs)) {
      const key = JSON.stringify(one.requirements);
      const before = best.get(key);
      if (before === undefined || compare(one, before) < 0) best.set(key, one);
    }
  }
  const found = [...best.values()].sort((a, b) => b.createdMs - a.createdMs || order(a.image.ImageId, b.image.ImageId));
  if (found.length === 0) return { status: undefined, condition: condition("AMIsReady", { reason: "AMINotFound", message: "AMISelector did not match any AMIs" }), requeueAfterMs: MINUTE_MS };
  const status = found.map(({ image, deprecated, requirements }): AMI => ({ id: image.ImageId, ...(image.Name === undefined ? {} : { name: image.Name }), ...(deprecated ? { deprecated } : {}), requirements }));
  return { status, condition: condition("AMIsReady"), requeueAfterMs: 5 * MINUTE_MS };
}

interface Query {
  readonly input: DescribeImagesInput;
  /** What is known of an image beside its architecture. */
  readonly variants: Readonly<Record<string, readonly (readonly NodeSelectorRequirement[])[]>>;
}

async function imageQueries(nodeClass: EC2NodeClass, kubernetesVersion: string, port: Ec2Port, options: CallOptions): Promise<readonly Query[]> {
  const alias = aliasOf(nodeClass);
  if (alias !== undefined) {
    const variants: Record<string, readonly (readonly NodeSelectorRequirement[])[]> = {};
    for (const parameter of imageParameters(alias, kubernetesVersion)) {
      const id = await parameterValue(parameter.name, port, options).catch(() => undefined);
      if (id !== undefined) variants[id] = parameter.variants;
    }
    if (Object.keys(variants).length === 0) throw new InputError("no-image-parameter", "failed to discover any AMIs for alias", { path: "spec.amiSelectorTerms" });
    return [query([{ Name: "image-id", Values: Object.keys(variants) }], undefined, variants)];
  }
  const ids: string[] = [];
  const queries: Query[] = [];
  for (const { id, ssmParameter, name, owner, tags } of nodeClass.spec.amiSelectorTerms) {
    if (id !== undefined && id !== "") ids.push(id);
    else if (ssmParameter !== undefined && ssmParameter !== "") {
      const value = await parameterValue(ssmParameter, port, options);
      if (value?.startsWith("ami-")) ids.push(value);
    } else {
      const named = name !== undefined && name !== "";
      const owners = owner !== undefined && owner !== "" ? [owner] : named ? ["self", "amazon"] : undefined;
      queries.push(query([...(named ? [{ Name: "name", Values: [name] }] : []), ...tagFilters(tags)], owners));
    }
  }
  return [...queries, ...(ids.length === 0 ? [] : [query([{ Name: "image-id", Values: ids }])])];
}

function query(filters: DescribeImagesInput["Filters"] & {}, owners?: readonly string[], variants: Query["variants"] = {}): Query {
  return { input: { Filters: [...filters, { Name: "state", Values: ["available"] }], ...(owners === undefined ? {} : { Owners: owners }), IncludeDeprecated: true, MaxResults: 1000 }, variants };
}

/** The parameter's value; undefined where there is no such parameter. */
async function parameterValue(Name: string, port: Ec2Port, options: CallOptions): Promise<string | undefined> {
  try {
    return (await port.call("GetParameter", { Name }, options)).Parameter?.Value;
  } catch (error) {
    if (classifyError(error).notFound) return undefined;
    throw error;
  }
}

function candidates(image: Ec2Image, variants: Query["variants"], nowMs: number): readonly Candidate[] {
  const arch = architectureRequirement(image.Architecture);
  if (arch === undefined) return [];
  const createdMs = image.CreationDate === undefined || image.CreationDate === "" ? Number.NEGATIVE_INFINITY : seconds(image.CreationDate);
  const deprecated = image.DeprecationTime !== undefined && image.DeprecationTime !== "" && seconds(image.DeprecationTime) <= Math.floor(nowMs / 1000) * 1000;
  return (variants[image.ImageId] ?? [[]]).map((known) => ({ image, createdMs, deprecated, requirements: [...known, arch].sort((a, b) => a.key.length - b.key.length || order(a.key, b.key)) }));
}

function seconds(text: string): number {
  return Math.floor(Date.parse(text) / 1000) * 1000;
}

function compare(a: Candidate, b: Candidate): number {
  if (a.deprecated !== b.deprecated) return a.deprecated ? 1 : -1;
  if (a.createdMs !== b.createdMs) return a.createdMs > b.createdMs ? -1 : 1;
  return order(b.image.Name ?? "", a.image.Name ?? "");
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
