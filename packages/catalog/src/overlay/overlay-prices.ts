import { INSTANCE_TYPE_LABEL, type NodeOverlay } from "@groupless/api";

/**
 * Prices that overlays give to types nobody else has a price for, USD an hour by type name: of overlays with a `price`
 * and `node.kubernetes.io/instance-type In [...]` as their only requirement.
 *
 * An overlay whose validation is known not to have succeeded gives none. Of two that name a type the later one stands.
 * Source: Karpenter, pkg/providers/instancetype/offering.
 */
export function overlayPrices(overlays: readonly NodeOverlay[]): Readonly<Record<string, number>> {
  const prices: Record<string, number> = {};
  for (const { spec, status } of overlays) {
    const validated = status?.conditions?.find((condition) => condition.type === "ValidationSucceeded");
    const [only, ...more] = spec.requirements ?? [];
    if ((validated !== undefined && validated.status !== "True") || only === undefined || more.length > 0) continue;
    if (only.key !== INSTANCE_TYPE_LABEL || only.operator !== "In") continue;
    const price = Number(spec.price ?? Number.NaN);
    if (!Number.isFinite(price)) continue;
    for (const name of only.values ?? []) prices[name] = price;
  }
  return prices;
}
