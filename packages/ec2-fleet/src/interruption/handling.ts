import { INSTANCE_TYPE_LABEL, type Node, type NodeClaim, ZONE_LABEL } from "@groupless/api";
import type { InterruptionKind, ProviderEvent, ReportAction } from "@groupless/lifecycle";
import { instanceIdOf } from "../instances/provider-id.ts";
import type { StockOuts } from "../launch/stock-out.ts";
import { RESERVATION_ID_LABEL } from "../node-class/label.ts";
import type { InterruptionMessage, MessageKind } from "./message.ts";

/** What one message comes to. */
export interface Interruption {
  /** Claims to delete, by name: their nodes are drained. */
  readonly deletions: readonly string[];
  readonly reports: readonly ReportAction[];
  /** What is out of stock as a consequence. */
  readonly stockOuts: Pick<StockOuts, "pools" | "reservations">;
  /** For `lifecycle`. */
  readonly events: readonly ProviderEvent[];
}

interface Notice {
  readonly reason: string;
  readonly eventType: "Normal" | "Warning";
  readonly message: string;
  readonly kind: InterruptionKind;
}

const notices: Readonly<Record<Exclude<MessageKind, "no-op">, Notice>> = {
  "spot-interrupted": { reason: "SpotInterrupted", eventType: "Warning", message: "Spot interruption warning was triggered", kind: "spot-interruption" },
  "capacity-reservation-interrupted": { reason: "CapacityReservationInstanceInterrupted", eventType: "Warning", message: "Capacity reservation interruption warning was triggered", kind: "capacity-reservation-interruption" },
  "rebalance-recommendation": { reason: "SpotRebalanceRecommendation", eventType: "Normal", message: "Spot rebalance recommendation was triggered", kind: "rebalance-recommendation" },
  "scheduled-change": { reason: "InstanceUnhealthy", eventType: "Warning", message: "An unhealthy warning was triggered for the instance", kind: "scheduled-change" },
  "instance-stopped": { reason: "InstanceStopping", eventType: "Warning", message: "Instance is stopping", kind: "state-change" },
  "instance-terminated": { reason: "InstanceTerminating", eventType: "Warning", message: "Instance is terminating", kind: "state-change" },
};

/**
 * What a message means for the cluster's claims. A spot warning also says that the pool is out of stock, a reservation's that the reservation is.
 * A claim already being deleted is told of and learnt from, and left alone; a rebalance recommendation changes nothing.
 *
 * Karpenter pkg/controllers/interruption handleMessage.
 */
export function handleMessage(message: InterruptionMessage, nodeClaims: readonly NodeClaim[], nodes: readonly Node[] = []): Interruption {
  const { kind, instanceIds, startMs } = message;
  if (kind === "no-op") return { deletions: [], reports: [], stockOuts: { pools: [], reservations: [] }, events: [] };
  const notice = notices[kind];
  const hit = instanceIds.flatMap((id) => (id === "" ? [] : nodeClaims.filter(({ status }) => idIn(status?.providerID) === id).map((claim) => ({ id, claim }))));
  const leaving = hit.filter(({ claim }) => kind !== "rebalance-recommendation" && claim.metadata.deletionTimestamp === undefined);
  const report = ({ id, claim }: (typeof hit)[number], { reason, eventType, message: text }: Pick<Notice, "reason" | "eventType" | "message">): readonly ReportAction[] => {
    const node = nodes.find(({ spec }) => idIn(spec?.providerID) === id);
    return [`NodeClaim/${claim.metadata.name}`, ...(node === undefined ? [] : [`Node/${node.metadata.name}`])].map((object) => ({ type: "report", object, eventType, reason, message: text }));
  };
  return {
    deletions: leaving.map(({ claim }) => claim.metadata.name),
    reports: [...hit.flatMap((one) => report(one, notice)), ...leaving.flatMap((one) => report(one, { reason: "TerminatingOnInterruption", eventType: "Warning", message: "Interruption triggered termination for the node" }))],
    stockOuts: {
      pools: kind === "spot-interrupted" ? hit.flatMap(({ claim }) => spotPool(claim)) : [],
      reservations: kind === "capacity-reservation-interrupted" ? hit.flatMap(({ claim }) => claim.metadata.labels?.[RESERVATION_ID_LABEL] ?? []) : [],
    },
    events: hit.map(({ claim }) => ({ type: "interrupted", nodeClaim: claim.metadata.name, providerID: claim.status?.providerID ?? "", kind: notice.kind, ...(startMs === undefined ? {} : { startMs }) })),
  };
}

function spotPool({ metadata: { labels = {} } }: NodeClaim): StockOuts["pools"] {
  const { [INSTANCE_TYPE_LABEL]: instanceType = "", [ZONE_LABEL]: zone = "" } = labels;
  return instanceType === "" || zone === "" ? [] : [{ instanceType, zone, capacityType: "spot" }];
}

function idIn(providerID: string | undefined): string | undefined {
  try {
    return providerID === undefined ? undefined : instanceIdOf(providerID);
  } catch {
    return undefined;
  }
}
