import { type Cluster, prepare, solve, whatIf } from "@groupless/bin-packer";
import { type Command, drift, evaluate, type Method, multiNodeConsolidation, singleNodeConsolidation, subsetConsolidation } from "@groupless/disruption";
import { same, unless } from "./same.ts";

const METHODS: readonly Method[] = [drift, multiNodeConsolidation, singleNodeConsolidation, subsetConsolidation()];

/** Where a command sends pods is where the cluster without its nodes would put them, and what is told of it can be read. */
export function commandWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const prepared = prepare(cluster, { nowMs });
  const methods = METHODS.flatMap((method) => evaluate(prepared, { methods: [method] }).methods);
  const events = methods.flatMap((report) => report.events);
  const names = new Set([...cluster.objects, ...cluster.nodePools].map(({ kind, metadata: { namespace, name } }) => (namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`)));
  return [
    ...methods.flatMap(({ commands, method }) => commands.flatMap((command) => placeWrongs(command, method, whatIf(prepared, { removeNodes: command.sourceNodes }, { purpose: "disruption", guardDestinations: method !== "Drift" })))),
    ...events.flatMap(({ reason, message }) => unless(/^[A-Z][A-Za-z]+$/.test(reason) && message.length > 9 && !/undefined|\[object|NaN|Stryker/.test(message), `an event reads ${reason}: ${message}`)),
    ...events.flatMap(({ object }) => unless(names.has(object), `an event is about ${object}, which is not there`)),
  ];
}

function placeWrongs({ existingNodes, replacements, sourceNodes }: Command, method: string, without: ReturnType<typeof whatIf>): readonly string[] {
  if (method === "SubsetConsolidation") return [];
  const pods = (list: readonly { readonly pods: readonly string[] }[]): readonly string[] => list.map((one) => one.pods.join()).sort();
  return [
    ...same(`${method} sends the pods of ${sourceNodes.join()} elsewhere than a what-if`, existingNodes, without.existingNodes),
    ...same(`${method} replaces ${sourceNodes.join()} otherwise than a what-if`, pods(replacements), pods(without.newNodeClaims)),
  ];
}

/** Together pods cost no more than each by itself, and no less than the dearest of them; the bound says no more than that. */
export function togetherWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const waiting = cluster.objects.filter((object) => object.kind === "Pod" && (object.spec.nodeName ?? "") === "");
  const others = cluster.objects.filter(({ kind }) => kind === "DaemonSet" || kind === "Namespace");
  // Limits and reservations are shared; what else there is does not bear on pods that ask nothing of others.
  const scarce = cluster.nodePools.some(({ spec }) => spec.limits !== undefined) || Object.values(cluster.instanceTypes).some((types) => types.some(({ offerings }) => offerings.some(({ reservationCapacity }) => reservationCapacity !== undefined)));
  if (scarce || waiting.some((pod) => pod.kind === "Pod" && pod.spec.volumes !== undefined)) return [];
  const plan = (objects: typeof waiting) => solve(prepare({ ...cluster, objects: [...objects, ...others] }, { nowMs }), { objective: "cheapest" });
  const alone = waiting.map((pod) => plan([pod]));
  const together = plan(waiting);
  const sum = alone.reduce((total, { priceUsdPerHour }) => total + priceUsdPerHour, 0);
  const dearest = Math.max(0, ...alone.map(({ priceUsdPerHour }) => priceUsdPerHour));
  const refused = alone.flatMap(({ podErrors, ignoredPods }) => [...podErrors, ...ignoredPods].map(({ pod }) => pod)).sort();
  return [
    ...same("together other pods are refused than one by one", [...together.podErrors, ...together.ignoredPods].map(({ pod }) => pod).sort(), refused),
    ...unless(together.priceUsdPerHour <= sum + 1e-9, `together pods cost ${together.priceUsdPerHour}, one by one ${sum}`),
    ...unless(together.priceUsdPerHour >= dearest - 1e-9, `together pods cost ${together.priceUsdPerHour}, one of them alone ${dearest}`),
    ...unless((together.lowerBoundUsdPerHour ?? 0) <= Math.min(sum, together.priceUsdPerHour) + 1e-9, `the bound is ${together.lowerBoundUsdPerHour}`),
    ...alone.flatMap(({ lowerBoundUsdPerHour = 0, priceUsdPerHour }) => unless(lowerBoundUsdPerHour <= priceUsdPerHour + 1e-9, "the bound of one pod is above its price")),
  ];
}
