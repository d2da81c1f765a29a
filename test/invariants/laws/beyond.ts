import type { NodePool } from "@groupless/api";
import { type Cluster, prepare, whatIf } from "@groupless/bin-packer";
import { type Command, type Method, driftPreview, evaluate, multiNode, multiNodeConsolidation, regroupConsolidation, singleNode, splitConsolidation, stable, subsetConsolidation, validate, whyNot } from "@groupless/disruption";
import { planInvariants, planViolations, violationText } from "@groupless/testing";
import { same, unless } from "./same.ts";

const saved = (commands: readonly Command[]): number => commands.reduce((sum, { estimatedSavings }) => sum + estimatedSavings, 0);

/** What Karpenter does not do keeps the same rules, and does no less; a preview of drift is what drift would then do. */
export function beyondWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const prepared = prepare(cluster, { nowMs });
  const run = (method: Method): readonly Command[] => evaluate(prepared, { methods: [method] }).methods[0]?.commands ?? [];
  const multi = run(multiNodeConsolidation);
  const subset = run(subsetConsolidation());
  const all = [subset, run(splitConsolidation()), run(regroupConsolidation()), run(singleNode({ minSavingsUsdPerHour: 0.1 })), run(stable(multiNodeConsolidation, multi))];
  const picky = run(multiNode({ minSavingsUsdPerHour: 0.2 }));
  return [
    ...all.flatMap((commands) => planViolations({ before: cluster, commands, nowMs }, planInvariants).map((violation) => `${commands[0]?.method}: ${violationText(violation)}`)),
    ...all.flat().flatMap(({ method, reason, estimatedSavings }) => unless(reason === "Underutilized" && estimatedSavings > 0, `${method} saves ${estimatedSavings} as ${reason}`)),
    ...unless(saved(subset) >= saved(multi) - 1e-9, `subset search saves ${saved(subset)}, less than ${saved(multi)}`),
    ...same("a stable method stays with its plan", run(stable(multiNodeConsolidation, multi)).map(({ sourceNodes }) => sourceNodes), multi.map(({ sourceNodes }) => sourceNodes)),
    ...unless(picky.every(({ estimatedSavings }) => estimatedSavings >= 0.2), "what saves too little is done"),
    ...same("what saves enough is done as ever", picky, saved(multi) >= 0.2 ? multi : picky),
    ...multi.flatMap((command) => unless("command" in validate(command, prepared), "a command does not hold in the cluster it was made in")),
    ...subsetWrongs(cluster, nowMs, subset),
    ...previewWrongs(cluster, nowMs),
  ];
}

/** No set of a few nodes that can be deleted together, as far as budgets go, saves more than the subset search finds. */
function subsetWrongs(cluster: Cluster, nowMs: number, commands: readonly Command[]): readonly string[] {
  const prepared = prepare(cluster, { nowMs });
  const { candidates = [], budgets = {} } = evaluate(prepared, { methods: [subsetConsolidation()] }).methods[0] ?? {};
  if (candidates.length > 5 || cluster.nodePools.some(({ spec }) => spec.disruption.consolidationPolicy === "Balanced")) return [];
  const bound = new Set(cluster.objects.flatMap((object) => (object.kind === "Pod" && (object.spec.nodeName ?? "") !== "" ? [`${object.metadata.namespace}/${object.metadata.name}`] : [])));
  const sets = Array.from({ length: 2 ** candidates.length - 1 }, (_, mask) => candidates.filter((__, at) => ((mask + 1) >> at) % 2 === 1));
  const best = sets.reduce((most, group) => {
    const price = group.reduce((sum, one) => sum + one.price, 0);
    if (price <= most || Object.entries(budgets).some(([pool, left]) => group.filter(({ nodePool }) => nodePool === pool).length > left)) return most;
    const { newNodeClaims, podErrors } = whatIf(prepared, { removeNodes: group.map(({ node }) => node) }, { purpose: "disruption" });
    return newNodeClaims.length > 0 || podErrors.some(({ pod }) => bound.has(pod)) ? most : price;
  }, 0);
  return unless(saved(commands) >= best - 1e-9, `the subset search saves ${saved(commands)}, and ${best} can be saved`);
}

function previewWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const before = prepare(cluster, { nowMs });
  const renamed = cluster.nodePools.map((pool, index): NodePool => (index > 0 ? pool : { ...pool, spec: { ...pool.spec, template: { ...pool.spec.template, metadata: { labels: { changed: "yes" } } } } }));
  const preview = driftPreview(before, prepare({ ...cluster, nodePools: renamed }, { nowMs }));
  const unchanged = driftPreview(before, before);
  const pool = cluster.nodePools[0]?.metadata.name;
  const members = cluster.objects.flatMap((object) => (object.kind === "NodeClaim" && object.metadata.labels?.["karpenter.sh/nodepool"] === pool ? [object.metadata.name.slice("claim-".length)] : []));
  const nodes = new Set(cluster.objects.flatMap((object) => (object.kind === "Node" ? [object.metadata.name] : [])));
  return [
    ...same("a new label drifts every node of its pool", preview.nodes.filter(({ nodePool }) => nodePool === pool).map(({ node, reason }) => [node.replace("claim-", ""), reason]).sort(), members.sort().map((name) => [name, "NodePoolDrifted"])),
    ...unless(unchanged.nodes.length === 0 || unchanged.nodes.every(({ reason }) => reason === "RequirementsDrifted"), "nothing changed, and a template drifts"),
    ...preview.nodePools.flatMap((drifted) => unless(drifted.drifted === preview.nodes.filter(({ nodePool }) => nodePool === drifted.nodePool).length && (drifted.rounds === undefined) === (drifted.atOnce === 0) && (drifted.rounds ?? 1) >= 1 && (drifted.rounds ?? 1) <= drifted.drifted, `a pool is said to drift ${JSON.stringify(drifted)}`)),
    ...unless(Math.abs(preview.priceChangeUsdPerHour + preview.nodes.reduce((sum, { savingsUsdPerHour }) => sum + savingsUsdPerHour, 0)) < 1e-9, "drift's price is another"),
    ...same("drift moves the pods of the nodes that drift", preview.pods, [...new Set(preview.nodes.flatMap(({ pods }) => pods))].sort()),
    ...[...nodes].flatMap((name) => unless(Array.isArray(whyNot(before, name)), "why not has no answer")),
  ];
}
