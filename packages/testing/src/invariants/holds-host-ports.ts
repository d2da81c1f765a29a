import { type Pod, nameOf } from "@groupless/api";
import type { Invariant } from "./invariant.ts";

interface HostPort {
  readonly port: number;
  readonly protocol: string;
  readonly ip: string;
}

/** No two pods of a node that got pods ask for the same host port. */
export const holdsHostPorts: Invariant = {
  name: "holdsHostPorts",
  check: ({ nodes }) =>
    nodes.flatMap((node) =>
      node.placed.flatMap((pod, index) =>
        [...node.bound, ...node.placed.slice(0, index)]
          .filter((other) => portsCollide(pod, other))
          .map((other) => ({ pod: nameOf(pod), node: node.name, message: `asks for a host port that ${nameOf(other)} holds` })),
      ),
    ),
};

/** Whether two pods ask for one host port. */
export function portsCollide(a: Pod, b: Pod): boolean {
  return hostPorts(a).some((mine) => hostPorts(b).some((theirs) => collide(mine, theirs)));
}

function hostPorts(pod: Pod): HostPort[] {
  return pod.spec.containers.flatMap(({ ports = [] }) => ports.flatMap(({ hostPort, protocol = "TCP", hostIP = "" }) => (hostPort === undefined || hostPort === 0 ? [] : [{ port: hostPort, protocol, ip: hostIP === "" ? "0.0.0.0" : hostIP }])));
}

function collide(a: HostPort, b: HostPort): boolean {
  const anywhere = (ip: string): boolean => ip === "0.0.0.0" || ip === "::";
  return a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || anywhere(a.ip) || anywhere(b.ip));
}
