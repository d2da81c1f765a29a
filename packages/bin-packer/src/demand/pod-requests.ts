import type { Container, Pod, ResourceList } from "@groupless/api";
import { podRequests } from "@groupless/quantity";
import { plainAmount } from "../intern/amount-text.ts";

/** One word further on the way to a list of requests. */
interface Step {
  next: Map<string, Step> | undefined;
  found: ResourceList | undefined;
}

/** Requests of pods, worked out once for all pods whose containers ask for the same. */
export class PodRequests {
  readonly #first: Step = { next: undefined, found: undefined };

  of(pod: Pod): ResourceList {
    const { spec, status } = pod;
    if (status !== undefined && isReported(status)) return podRequests(pod);
    let step = this.#first;
    for (const container of spec.containers ?? NONE) step = after(step, container);
    const { initContainers, overhead, resources } = spec;
    if (initContainers !== undefined) for (const container of initContainers) step = after(word(step, `^${container.restartPolicy ?? ""}`), container);
    if (overhead !== undefined) step = word(step, `+${JSON.stringify(overhead)}`);
    if (resources !== undefined) step = word(step, `=${JSON.stringify(resources)}`);
    return (step.found ??= (initContainers === undefined && overhead === undefined && resources === undefined ? ofOne(spec.containers) : undefined) ?? podRequests(pod));
  }
}

/** What one container asks for and nothing changes, read without adding up; undefined for all else. */
function ofOne(containers: readonly Container[] | undefined): ResourceList | undefined {
  if (containers?.length !== 1) return undefined;
  const requests = containers[0]?.resources?.requests;
  for (const name in requests) if (typeof requests[name] !== "string" || plainAmount(requests[name]) === undefined) return undefined;
  return { ...requests, pods: "1" };
}

const NONE: readonly Container[] = [];

/** Does the kubelet's report have a say (in-place resizes)? */
function isReported({ containerStatuses, initContainerStatuses }: NonNullable<Pod["status"]>): boolean {
  return containerStatuses?.some((container) => container.resources !== undefined) === true || initContainerStatuses?.some((container) => container.resources !== undefined) === true;
}

function after(from: Step, { resources }: Container): Step {
  let step = from;
  const requests = resources?.requests;
  if (requests !== undefined && requests !== null) for (const name in requests) step = word(word(step, name), requests[name] as string);
  return word(step, ";");
}

function word(from: Step, text: string): Step {
  from.next ??= new Map();
  let step = from.next.get(text);
  if (step === undefined) from.next.set(text, (step = { next: undefined, found: undefined }));
  return step;
}
