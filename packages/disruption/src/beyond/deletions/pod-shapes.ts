import { nameOf, type Pod } from "@groupless/api";
import { int64Value, parseQuantity, podRequests } from "@groupless/quantity";
import { type LabelTables, meets, podAlternatives, tolerates } from "@groupless/requirements";
import type { NodeRecord } from "../../cluster/node-record.ts";

type Amounts = ReadonlyMap<string, number>;

/** Pods alike in amounts and in what they ask of a node, as far as a search for deletions looks. */
export class PodShapes {
  readonly list: { readonly amounts: Amounts; readonly kind: number }[] = [];
  readonly #tables: LabelTables;
  readonly #known = new Map<string, number>();
  readonly #kinds = new Map<string, number>();
  readonly #examples: Pod[] = [];
  readonly #amounts = new Map<string, Amounts>();
  readonly #resources = new Set<string>();

  constructor(tables: LabelTables) {
    this.#tables = tables;
  }

  /** Those that some pod asks for. */
  get resources(): readonly string[] {
    return [...this.#resources].sort();
  }

  of(pod: Pod): number {
    const kind = this.#kindOf(pod);
    const amounts = this.amountsOf(pod);
    const key = `${kind} ${[...amounts].join(" ")}`;
    let shape = this.#known.get(key);
    if (shape === undefined) {
      this.#known.set(key, (shape = this.list.push({ amounts, kind }) - 1));
      for (const [resource, amount] of amounts) if (amount > 0) this.#resources.add(resource);
    }
    return shape;
  }

  amountsOf(pod: Pod): Amounts {
    const { spec, status } = pod;
    const resized = status?.containerStatuses !== undefined || status?.initContainerStatuses !== undefined;
    const key = resized ? nameOf(pod) : JSON.stringify([spec.containers?.map(({ resources }) => resources?.requests), spec.initContainers?.map(({ resources, restartPolicy }) => [resources?.requests, restartPolicy]), spec.overhead, spec.resources]);
    let amounts = this.#amounts.get(key);
    if (amounts === undefined) this.#amounts.set(key, (amounts = new Map(Object.entries(podRequests(pod)).map(([resource, quantity]) => [resource, amountOf(quantity)]))));
    return amounts;
  }

  /** By shape: which of these nodes take it, as far as labels and taints tell. */
  takenBy(records: readonly NodeRecord[], destinations: readonly boolean[]): readonly Uint8Array[] {
    const byKind = this.#examples.map((pod) => {
      const alternatives = podAlternatives(pod, this.#tables);
      return Uint8Array.from(records, ({ node, labels }, i) => (destinations[i] === true && tolerates(node?.spec?.taints ?? [], pod.spec.tolerations ?? []) && alternatives.some((one) => meets(labels, one)) ? 1 : 0));
    });
    return this.list.map(({ kind }) => byKind[kind] as Uint8Array);
  }

  #kindOf(pod: Pod): number {
    const { nodeSelector, affinity, tolerations, topologySpreadConstraints, volumes, containers } = pod.spec;
    const ports = containers?.flatMap((container) => container.ports?.filter(({ hostPort }) => (hostPort ?? 0) > 0) ?? []) ?? [];
    const social = affinity?.podAffinity !== undefined || affinity?.podAntiAffinity !== undefined || topologySpreadConstraints !== undefined;
    const claims = volumes?.some(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim !== undefined || ephemeral !== undefined) === true;
    const key = JSON.stringify([nodeSelector, affinity, tolerations, topologySpreadConstraints, ports, social ? [pod.metadata.namespace, pod.metadata.labels] : 0, claims ? nameOf(pod) : 0]);
    let kind = this.#kinds.get(key);
    if (kind === undefined) this.#kinds.set(key, (kind = this.#examples.push(pod) - 1));
    return kind;
  }
}

// In thousandths; a search may round, the packer does not.
export function amountOf(quantity: string | undefined): number {
  return quantity === undefined ? 0 : Number(int64Value(parseQuantity(quantity), -3));
}
