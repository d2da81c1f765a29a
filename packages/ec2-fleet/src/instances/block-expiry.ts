import type { NodeClaim } from "@groupless/api";
import { describeReservations, reservationState } from "../node-class/capacity-reservations.ts";
import { RESERVATION_ID_LABEL } from "../node-class/label.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";

/**
 * The claims in capacity blocks that end within forty minutes: to be deleted, so that their nodes are drained before EC2 takes them.
 *
 * Karpenter pkg/controllers/capacityreservation/expiration.
 */
export async function expiringClaims(nodeClaims: readonly NodeClaim[], port: Ec2Port, { nowMs, ...options }: CallOptions & { readonly nowMs: number }): Promise<readonly NodeClaim[]> {
  const idOf = ({ metadata }: NodeClaim): string | undefined => metadata.labels?.[RESERVATION_ID_LABEL];
  const ids = nodeClaims.flatMap((claim) => idOf(claim) ?? []);
  const found = await describeReservations([...new Set(ids)].map((id) => ({ id })), port, options);
  const expiring = new Set(found.filter((one) => (one.EndDate === undefined || Date.parse(one.EndDate) > nowMs) && reservationState(one, nowMs) === "expiring").map(({ CapacityReservationId }) => CapacityReservationId));
  return nodeClaims.filter((claim) => expiring.has(idOf(claim) ?? ""));
}
