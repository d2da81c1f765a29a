import type { Pod, Reason } from "@groupless/api";
import { ipText, isUnspecified } from "./ip-address.ts";

/** A port of the host that a pod takes. */
export interface HostPort {
  /** Canonical; `0.0.0.0` where the pod names none, `<nil>` where it names something that is no address. */
  readonly ip: string;
  readonly port: number;
  readonly protocol: string;
}

/** Two pods want the same port of a host. */
export interface HostPortConflict extends Reason {
  readonly code: "host-port-conflict";
  readonly wanted: HostPort;
  readonly taken: HostPort;
}

/** The host ports of a pod's containers, in order. The protocol is what the pod says: the API server fills in TCP. */
export function hostPortsOf(pod: Pick<Pod, "spec">): readonly HostPort[] {
  return (pod.spec.containers ?? []).flatMap(({ ports }) =>
    (ports ?? [])
      .filter(({ hostPort }) => hostPort)
      .map(({ hostIP, hostPort, protocol }) => ({ ip: hostIP ? (ipText(hostIP) ?? "<nil>") : "0.0.0.0", port: hostPort as number, protocol: protocol ?? "" })),
  );
}

/** Whether two host ports are one: same protocol and number, and the same address or one that stands for all. */
export function portsMatch(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || isUnspecified(a.ip) || isUnspecified(b.ip));
}

/** The first wanted port that is taken already, if any. A pod's own ports do not count against it: leave them out of `taken`. */
export function hostPortConflict(wanted: readonly HostPort[], taken: readonly HostPort[]): HostPortConflict | undefined {
  for (const port of wanted) {
    const other = taken.find((candidate) => portsMatch(port, candidate));
    if (other !== undefined) return { code: "host-port-conflict", canResolve: true, wanted: port, taken: other };
  }
  return undefined;
}
