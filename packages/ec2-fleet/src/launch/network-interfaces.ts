import type { EC2NodeClass } from "@groupless/api";
import type { NetworkInterfaceSpecification } from "../port/launch-template.ts";

/**
 * The network interfaces of a launch: the node class's own, or one EFA interface a card, or a plain one.
 * EFA-only interfaces carry no addresses, and so nothing that is about addresses.
 *
 * Karpenter pkg/providers/launchtemplate generateNetworkInterfaces.
 */
export function networkInterfaces(nodeClass: EC2NodeClass, efaCount: number, ipv6: boolean): readonly NetworkInterfaceSpecification[] {
  const { spec, status } = nodeClass;
  const groups = { Groups: (status?.securityGroups ?? []).map(({ id }) => id) };
  const addressed: Partial<NetworkInterfaceSpecification> = {
    ...(spec.associatePublicIPAddress === undefined ? {} : { AssociatePublicIpAddress: spec.associatePublicIPAddress }),
    ...(spec.ipPrefixCount === undefined ? {} : ipv6 ? { Ipv6PrefixCount: spec.ipPrefixCount } : { Ipv4PrefixCount: spec.ipPrefixCount }),
    ...(ipv6 ? { PrimaryIpv6: true, Ipv6AddressCount: 1 } : {}),
    ...tracking(nodeClass),
  };
  if (spec.networkInterfaces !== undefined && spec.networkInterfaces.length > 0) {
    return spec.networkInterfaces.map(({ networkCardIndex, deviceIndex, interfaceType }) => ({
      NetworkCardIndex: networkCardIndex,
      DeviceIndex: deviceIndex,
      InterfaceType: interfaceType,
      ...groups,
      ...(interfaceType === "efa-only" ? {} : addressed),
    }));
  }
  if (efaCount > 0) return Array.from({ length: efaCount }, (_, card) => ({ NetworkCardIndex: card, DeviceIndex: card === 0 ? 0 : 1, InterfaceType: "efa", ...groups, ...addressed }));
  return [{ DeviceIndex: 0, ...groups, ...addressed }];
}

function tracking({ spec: { connectionTracking } }: EC2NodeClass): Pick<NetworkInterfaceSpecification, "ConnectionTrackingSpecification"> {
  const { tcpEstablishedTimeout: tcp, udpStreamTimeout: stream, udpTimeout: udp } = connectionTracking ?? {};
  if (tcp === undefined && stream === undefined && udp === undefined) return {};
  return { ConnectionTrackingSpecification: { ...(tcp === undefined ? {} : { TcpEstablishedTimeout: tcp }), ...(stream === undefined ? {} : { UdpStreamTimeout: stream }), ...(udp === undefined ? {} : { UdpTimeout: udp }) } };
}
