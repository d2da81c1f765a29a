import type { Container, Pod, ResourceList } from "@groupless/api";
import { podRequests } from "@groupless/quantity";

/** Requests of pods, worked out once for all pods whose containers ask for the same. */
export class PodRequests {
  readonly #known = new Map<string, ResourceList>();
  /** By their containers, for pods that have nothing else that counts. */
  readonly #plain = new WeakMap<object, ResourceList>();

  of(pod: Pod): ResourceList {
    const { initContainers, overhead, resources, containers } = pod.spec;
    if (pod.status?.containerStatuses !== undefined || initContainers !== undefined || overhead !== undefined || resources !== undefined || containers === undefined) return this.#of(pod);
    let plain = this.#plain.get(containers);
    if (plain === undefined) this.#plain.set(containers, (plain = this.#of(pod)));
    return plain;
  }

  #of(pod: Pod): ResourceList {
    const text = signatureOf(pod);
    if (text === undefined) return podRequests(pod);
    let found = this.#known.get(text);
    if (found === undefined) this.#known.set(text, (found = podRequests(pod)));
    return found;
  }
}

/** What the requests follow from, as text; undefined where the kubelet's report has a say (in-place resizes). */
function signatureOf({ spec, status }: Pod): string | undefined {
  if (status?.containerStatuses?.some((container) => container.resources !== undefined) === true || status?.initContainerStatuses?.some((container) => container.resources !== undefined) === true) return undefined;
  let text = "";
  for (const container of spec.containers ?? []) text += `${containerText(container)};`;
  if (spec.initContainers !== undefined) for (const container of spec.initContainers) text += `^${container.restartPolicy ?? ""}${containerText(container)};`;
  if (spec.overhead !== undefined) text += `+${JSON.stringify(spec.overhead)}`;
  if (spec.resources !== undefined) text += `=${JSON.stringify(spec.resources)}`;
  return text;
}

function containerText(container: Container): string {
  const requests = container.resources?.requests;
  if (requests === undefined || requests === null) return "";
  let text = "";
  for (const name in requests) text += `${name}:${requests[name] as string},`;
  return text;
}
