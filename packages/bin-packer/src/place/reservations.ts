import type { Offering } from "@groupless/catalog";
import type { CatalogIndex } from "../supply/catalog-index.ts";

/**
 * How many instances each capacity reservation has left in this solve. A claim takes one of every reservation it might use and
 * gives back what it no longer can. Karpenter pkg/controllers/provisioning/scheduling/reservationmanager.go.
 */
export class Reservations {
  readonly #left = new Map<string, number>();

  constructor(catalogs: Iterable<CatalogIndex>) {
    for (const catalog of catalogs) {
      for (const index of catalog.reserved) {
        const reservationId = catalog.reservationOf(index);
        const count = (catalog.offerings[index] as Offering).reservationCapacity ?? 0;
        const known = this.#left.get(reservationId);
        // Pools may disagree while a count changes: the least is true of all.
        if (known === undefined || known > count) this.#left.set(reservationId, count);
      }
    }
  }

  canReserve(held: ReadonlySet<string>, reservationId: string): boolean {
    return held.has(reservationId) || this.left(reservationId) !== 0;
  }

  left(reservationId: string): number {
    return this.#left.get(reservationId) ?? 0;
  }

  /** Moves a claim from the reservations it held to those it holds now. */
  move(from: ReadonlySet<string>, to: ReadonlySet<string>): void {
    for (const id of to) if (!from.has(id)) this.#left.set(id, (this.#left.get(id) ?? 0) - 1);
    for (const id of from) if (!to.has(id)) this.#left.set(id, (this.#left.get(id) ?? 0) + 1);
  }
}
