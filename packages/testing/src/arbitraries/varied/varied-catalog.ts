import type { InstanceType, Offering } from "@groupless/catalog";
import * as fc from "fast-check";
import { instanceType } from "../../build/instance-type.ts";
import { ZONES } from "../vocabulary.ts";
import { oneIn } from "./sometimes.ts";

/** Label that tells capacity reservations apart. */
export const RESERVATION = "karpenter.k8s.aws/capacity-reservation-id";
/** A number that every type has: its cpus. */
export const SIZE = "example.com/size";

const is = (key: string, value: string) => ({ key, operator: "In" as const, values: [value] });

/** One to four types, some of one price, with a graphics card, a reservation, what they keep for themselves, or places where they cannot be had. */
export function variedCatalogs(): fc.Arbitrary<readonly InstanceType[]> {
  const shape = fc.record({
    cpu: fc.constantFrom(1, 2, 4, 8),
    ratio: fc.constantFrom(1, 4),
    arch: fc.constantFrom("amd64", "amd64", "amd64", "arm64"),
    price: fc.constantFrom(0.1, 0.2, 0.4),
    zones: fc.constantFrom(["zone-a", "zone-b"], ["zone-a", "zone-b", "zone-c"], ["zone-a"], ["zone-b"]),
    only: oneIn(5, fc.constantFrom("on-demand" as const, "spot" as const)),
    gone: oneIn(5, fc.constantFrom(...ZONES)),
    gpu: oneIn(6, fc.constantFrom("1", "4")),
    reserved: oneIn(5, fc.nat(2)),
    keeps: oneIn(5, fc.constant({ systemReserved: { cpu: "50m", memory: "10Mi" }, evictionThreshold: { memory: "50Mi" } })),
    pods: oneIn(5, fc.constantFrom(1, 2, 3)),
    page: oneIn(9, fc.constant("64Mi")),
    odd: oneIn(8, fc.boolean()),
  });
  return fc.uniqueArray(shape, { minLength: 1, maxLength: 4, selector: ({ cpu, ratio, arch }) => `${arch}${cpu}x${ratio}` }).map((shapes) =>
    shapes.map(({ cpu, ratio, arch, price, zones, only, gone, gpu, reserved, keeps, pods, page, odd }): InstanceType => {
      const name = `${arch === "arm64" ? "g" : "t"}${ratio}.${cpu}`;
      const made = instanceType(name, { cpu, memoryGiB: cpu * ratio, arch, zones, price, ...(only === undefined ? {} : { capacityTypes: [only] }), ...(pods === undefined ? {} : { pods }), labels: { [SIZE]: String(cpu) }, capacity: { ...(gpu === undefined ? {} : { "nvidia.com/gpu": gpu }), ...(page === undefined ? {} : { "hugepages-2Mi": page }) } });
      const offerings = made.offerings.map((offering, index): Offering => ({ ...offering, available: !offering.requirements.some(({ values }) => values?.[0] === gone), ...(odd !== undefined && index === 0 ? (odd ? { capacityOverride: { cpu: "1" } } : { overheadOverride: { kubeReserved: { cpu: "200m", memory: "200Mi" } } }) : {}) }));
      const zone = zones[0] as string;
      const reservations: readonly Offering[] = reserved === undefined ? [] : [{ requirements: [is("karpenter.sh/capacity-type", "reserved"), is("topology.kubernetes.io/zone", zone), is(RESERVATION, `cr-${name}`)], price: price / 1000, available: reserved > 0, reservationCapacity: reserved }];
      return { ...made, overhead: { ...made.overhead, ...keeps }, offerings: [...offerings, ...reservations] };
    }),
  );
}
