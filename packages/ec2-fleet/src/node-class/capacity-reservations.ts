import type { CapacityReservation, CapacityReservationSelectorTerm, EC2NodeClass } from "@groupless/api";
import { classifyError } from "../port/error-code.ts";
import type { DescribeCapacityReservationsInput, Ec2CapacityReservation } from "../port/ec2-capacity-reservation.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import { pages } from "../port/pages.ts";
import type { Filter } from "../port/tag.ts";
import { condition, MINUTE_MS, type Resolved } from "./resolved.ts";
import { tagFilters } from "./selector-filters.ts";

/** A capacity block is left alone this long before it ends, so that its nodes can be drained. */
export const BLOCK_EXPIRY_MS: number = 40 * MINUTE_MS;

/** The reservations of a node class by id, and how many instances each has left. */
export async function resolveCapacityReservations(nodeClass: EC2NodeClass, port: Ec2Port, { nowMs, ...options }: CallOptions & { readonly nowMs: number }): Promise<Resolved<readonly CapacityReservation[]> & { readonly available: Readonly<Record<string, number>> }> {
  const found = await describeReservations(nodeClass.spec.capacityReservationSelectorTerms ?? [], port, options);
  const alive = found.filter(({ EndDate }) => EndDate === undefined || Date.parse(EndDate) > nowMs).sort((a, b) => (a.CapacityReservationId < b.CapacityReservationId ? -1 : 1));
  const ends = alive.flatMap(({ EndDate }) => (EndDate === undefined ? [] : [Date.parse(EndDate) - nowMs]));
  return {
    status: alive.length === 0 ? undefined : alive.flatMap((one) => statusOf(one, nowMs) ?? []),
    condition: condition("CapacityReservationsReady"),
    requeueAfterMs: Math.max(0, Math.min(MINUTE_MS, ...ends)),
    available: Object.fromEntries(alive.map(({ CapacityReservationId, AvailableInstanceCount = 0 }) => [CapacityReservationId, AvailableInstanceCount])),
  };
}

/** One query a term; a term with an id and something else is two. */
export function reservationQueries(terms: readonly CapacityReservationSelectorTerm[]): readonly DescribeCapacityReservationsInput[] {
  const active: Filter = { Name: "state", Values: ["active"] };
  return terms.flatMap(({ id = "", tags = {}, ownerID = "", instanceMatchCriteria = "" }) => {
    // MaxResults is refused together with ids.
    const byId = id === "" ? [] : [{ CapacityReservationIds: [id], Filters: [active] }];
    if (Object.keys(tags).length === 0 && instanceMatchCriteria === "") return byId;
    const filters = [active, ...(ownerID === "" ? [] : [{ Name: "owner-id", Values: [ownerID] }]), ...tagFilters(tags), ...(instanceMatchCriteria === "" ? [] : [{ Name: "instance-match-criteria", Values: [instanceMatchCriteria] }])];
    return [...byId, { Filters: filters, MaxResults: 1000 }];
  });
}

/** The active reservations that selector terms find, each once. */
export async function describeReservations(terms: readonly CapacityReservationSelectorTerm[], port: Ec2Port, options: CallOptions): Promise<readonly Ec2CapacityReservation[]> {
  const found = new Map<string, Ec2CapacityReservation>();
  for (const input of reservationQueries(terms)) for (const reservation of await describe(input, port, options)) found.set(reservation.CapacityReservationId, reservation);
  return [...found.values()];
}

/** A block is expiring in its last forty minutes. */
export function reservationState({ ReservationType, EndDate }: Ec2CapacityReservation, nowMs: number): CapacityReservation["state"] {
  return ReservationType === "capacity-block" && EndDate !== undefined && nowMs >= Date.parse(EndDate) - BLOCK_EXPIRY_MS ? "expiring" : "active";
}

async function describe(input: DescribeCapacityReservationsInput, port: Ec2Port, options: CallOptions): Promise<readonly Ec2CapacityReservation[]> {
  try {
    return (await pages(port, "DescribeCapacityReservations", input, options)).flatMap(({ CapacityReservations = [] }) => CapacityReservations);
  } catch (error) {
    if (classifyError(error).notFound) return [];
    throw error;
  }
}

/** Undefined for a kind of reservation that is not known. */
function statusOf(reservation: Ec2CapacityReservation, nowMs: number): CapacityReservation | undefined {
  const { InstanceMatchCriteria: criteria = "", ReservationType: type = "default", EndDate } = reservation;
  if (criteria !== "open" && criteria !== "targeted") return undefined;
  if (type !== "default" && type !== "capacity-block") return undefined;
  return {
    id: reservation.CapacityReservationId,
    availabilityZone: reservation.AvailabilityZone ?? "",
    instanceType: reservation.InstanceType ?? "",
    instanceMatchCriteria: criteria,
    ownerID: reservation.OwnerId ?? "",
    reservationType: type,
    state: reservationState(reservation, nowMs),
    interruptible: reservation.Interruptible ?? false,
    ...(EndDate === undefined ? {} : { endTime: EndDate }),
  };
}
