import { hostPortConflict, hostPortsOf } from "@groupless/requirements";
import type { Suite } from "../suite.ts";

interface PodWithPorts {
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly object[];
}

const portsOf = ({ ports }: PodWithPorts) => hostPortsOf({ spec: { containers: ports.map((port) => ({ name: "c", ports: [port] })) } });

/** Suite `host-ports`. */
export const hostPorts: Suite = {
  functions: {
    "hostPorts.of": ({ pod }) => portsOf(pod),
    "hostPorts.conflicts": ({ existing, pod }: { existing: readonly PodWithPorts[]; pod: PodWithPorts }) => {
      const others = existing.filter(({ name, namespace }) => name !== pod.name || namespace !== pod.namespace);
      return hostPortConflict(portsOf(pod), others.flatMap(portsOf)) !== undefined;
    },
  },
};
