import type { PodSpec } from "@groupless/api";

/** A port a pod asks of its node. */
export interface HostPort {
  /** In one canonical spelling; `*` is any address, of either family. */
  readonly ip: string;
  readonly port: number;
  readonly protocol: string;
}

const NONE: readonly HostPort[] = [];

/** `defaultProtocol`: of ports that name none. The API server makes those TCP; Karpenter tells them apart from TCP. */
export function hostPortsOf(spec: Pick<PodSpec, "containers">, defaultProtocol: string): readonly HostPort[] {
  let ports: HostPort[] | undefined;
  for (const container of spec.containers ?? NONE) {
    if (container.ports === undefined) continue;
    for (const { hostPort, hostIP, protocol } of container.ports) {
      if (hostPort === undefined || hostPort === 0) continue;
      (ports ??= []).push({ ip: canonicalIp(hostIP === undefined || hostIP === "" ? "0.0.0.0" : hostIP), port: hostPort, protocol: protocol ?? defaultProtocol });
    }
  }
  return ports ?? NONE;
}

/** Same protocol and port, on the same address or one of them on any. */
export function portsConflict(a: readonly HostPort[], b: readonly HostPort[]): boolean {
  return a.some((one) => b.some((other) => one.protocol === other.protocol && one.port === other.port && (one.ip === other.ip || one.ip === "*" || other.ip === "*")));
}

/** IPv6 has many spellings; addresses are compared as numbers, IPv4 mapped into IPv6 as IPv4. */
function canonicalIp(text: string): string {
  if (!text.includes(":")) return text === "0.0.0.0" ? "*" : text;
  const mapped = /:(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const plain = mapped === null ? text : `${text.slice(0, mapped.index)}:${((Number(mapped[1]) << 8) | Number(mapped[2])).toString(16)}:${((Number(mapped[3]) << 8) | Number(mapped[4])).toString(16)}`;
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...left, ...(tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0")), ...right].map((group) => parseInt(group, 16));
  if (groups.every((group) => group === 0)) return "*";
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    const v4 = `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
    return v4 === "0.0.0.0" ? "*" : v4;
  }
  return groups.map((group) => group.toString(16)).join(":");
}
