import { type Node, type NodeClaim, type NodePool, type Pod, nameOf } from "@groupless/api";
import { type Cluster, prepare, whatIf } from "@groupless/bin-packer";
import { type CandidateReport, type Command, type Method, type MethodReport, drift, emptiness, evaluate, explain, multiNodeConsolidation, passMetrics, singleNodeConsolidation, staticDrift, whyNot } from "@groupless/disruption";
import { planInvariants, planViolations, violationText } from "@groupless/testing";
import { unless } from "./same.ts";

const METHODS: readonly Method[] = [emptiness, staticDrift, drift, multiNodeConsolidation, singleNodeConsolidation];
const CONSOLIDATING = ["Emptiness", "MultiNodeConsolidation", "SingleNodeConsolidation"];

/** A node of ours, by what the objects say. */
interface Machine {
  readonly node: Node;
  readonly claim: NodeClaim;
  readonly pool: NodePool | undefined;
  readonly pods: readonly Pod[];
}

/** Each method by itself takes whom it may, as many as it may, for what it says. */
export function disruptionWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const prepared = prepare(cluster, { nowMs });
  const machines = machinesOf(cluster);
  return METHODS.flatMap((method) => {
    const [report] = evaluate(prepared, { methods: [method] }).methods;
    if (report === undefined) return [`${method.name} reports nothing`];
    const wanted = machines.filter((machine) => mayGo(cluster, machine, method, nowMs));
    return [
      ...unless(JSON.stringify(report.candidates.map(({ node }) => node)) === JSON.stringify(wanted.map(({ node }) => node.metadata.name)), `${method.name} looks at ${report.candidates.map(({ node }) => node).join()} rather than ${wanted.map(({ node }) => node.metadata.name).join()}`),
      ...report.candidates.flatMap((candidate) => figureWrongs(cluster, candidate, machines)),
      ...Object.entries(report.budgets ?? {}).flatMap(([pool, left]) => unless(left === budgetOf(cluster, pool, report.reason, nowMs), `${method.name} may take ${left} of ${pool}, its budgets say ${budgetOf(cluster, pool, report.reason, nowMs)}`)),
      ...planViolations({ before: cluster, commands: report.commands, nowMs }, planInvariants).map((violation) => `${method.name}: ${violationText(violation)}`),
      ...report.commands.flatMap((command) => commandWrongs(report, command)),
      ...unless(!idlesForNoReason(cluster, report, nowMs), `${method.name} finds nothing, and there is something`),
      ...unless(JSON.stringify(passMetrics([report]).map(({ value }) => value)) === JSON.stringify([report.candidates.length, ...[...new Set(report.commands.map(({ decision }) => decision))].map((decision) => report.commands.filter((command) => command.decision === decision).length)]), `${method.name}'s metrics count something else`),
      ...totalsWrongs(cluster, report, machines, nowMs),
    ...unless(report.settled === (report.candidates.length > 0 && report.commands.length === 0 && report.error === undefined && settles(report)), `${method.name} settles ${report.settled}`),
    ];
  }).concat(machines.flatMap((machine) => whyNotWrongs(cluster, machine, nowMs)));
}

function machinesOf(cluster: Cluster): readonly Machine[] {
  const of = <K extends string>(kind: K) => cluster.objects.filter((object) => object.kind === kind);
  return (of("Node") as Node[])
    .flatMap((node): readonly Machine[] => {
      const claim = (of("NodeClaim") as NodeClaim[]).find(({ status }) => status?.providerID === node.spec?.providerID);
      if (claim === undefined) return [];
      const pool = cluster.nodePools.find(({ metadata }) => metadata.name === node.metadata.labels?.["karpenter.sh/nodepool"]);
      const pods = (of("Pod") as Pod[]).filter(({ spec, status }) => spec.nodeName === node.metadata.name && status?.phase !== "Succeeded" && status?.phase !== "Failed");
      return [{ node, claim, pool, pods }];
    })
    .sort((a, b) => (a.node.metadata.name < b.node.metadata.name ? -1 : 1));
}

const isTrue = ({ status }: NodeClaim, wanted: string): boolean => status?.conditions?.some(({ type, status: value }) => type === wanted && value === "True") === true;
const ownedBy = (pod: Pod, kind: string): boolean => (pod.metadata.ownerReferences ?? []).some((owner) => owner.kind === kind);
const moves = (pod: Pod): boolean => pod.metadata.deletionTimestamp === undefined && !ownedBy(pod, "DaemonSet") && !ownedBy(pod, "Node");
const toleratesAll = ({ spec }: Pod): boolean => (spec.tolerations ?? []).some(({ key, operator }) => (key ?? "") === "" && operator === "Exists");
const deletes = (cluster: Cluster, { node, claim }: Machine): boolean => claim.metadata.deletionTimestamp !== undefined || (cluster.markedForDeletion ?? []).includes(node.spec?.providerID ?? "");

function evictionCost({ metadata, spec }: Pod): number {
  const cost = 1 + Number(metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? 0) / 2 ** 27 + (spec.priority ?? 0) / 2 ** 25;
  return Math.max(0, Math.min(10, Math.max(-10, cost)));
}

const costOf = (pods: readonly Pod[]): number => pods.filter(moves).reduce((sum, pod) => sum + evictionCost(pod), 1);

/** Whether an annotation keeps a pod where it is now: for good, or for a time that has not passed since it started. */
function isKept({ metadata, status }: Pod, nowMs: number): boolean {
  const text = metadata.annotations?.["karpenter.sh/do-not-disrupt"];
  if (text === undefined || metadata.deletionTimestamp !== undefined) return false;
  if (text === "true") return true;
  const minutes = /^(\d+)m$/.exec(text)?.[1];
  return minutes !== undefined && nowMs < Date.parse(status?.startTime ?? "") + Number(minutes) * 60_000;
}

/** Whether a budget keeps a pod from being evicted. */
function isHeld(cluster: Cluster, pod: Pod): boolean {
  if (pod.metadata.deletionTimestamp !== undefined || ownedBy(pod, "Node") || toleratesAll(pod)) return false;
  const budgets = cluster.objects.flatMap((object) => (object.kind === "PodDisruptionBudget" && Object.entries(object.spec.selector?.matchLabels ?? {}).every(([key, value]) => pod.metadata.labels?.[key] === value) && object.metadata.namespace === pod.metadata.namespace ? [object] : []));
  return budgets.length > 1 || budgets.some(({ status }) => status?.disruptionsAllowed === 0);
}

/** Whether a node may be disrupted at all, as far as it and its pods go. */
function isFree(cluster: Cluster, machine: Machine, reason: string, nowMs: number): boolean {
  const { node, claim, pool, pods } = machine;
  if (pool === undefined || node.metadata.labels?.["karpenter.sh/initialized"] !== "true" || deletes(cluster, machine)) return false;
  if ((cluster.nominated ?? []).includes(node.spec?.providerID ?? "") || node.metadata.annotations?.["karpenter.sh/do-not-disrupt"] === "true") return false;
  const forced = reason === "Drifted" && claim.spec.terminationGracePeriod !== undefined;
  return forced || !pods.some((pod) => isKept(pod, nowMs) || isHeld(cluster, pod));
}

function mayGo(cluster: Cluster, machine: Machine, method: Method, nowMs: number): boolean {
  const { node, claim, pool, pods } = machine;
  if (pool === undefined || !isFree(cluster, machine, method.reason, nowMs)) return false;
  if ((pool.spec.replicas !== undefined) !== (method.name === "StaticDrift")) return false;
  if (method.reason === "Drifted") return isTrue(claim, "Drifted");
  if (pool.spec.disruption.consolidateAfter === "Never" || !isTrue(claim, "Consolidatable")) return false;
  const spared = (cluster.bufferPods?.[node.spec?.providerID ?? ""] ?? 0) > 0;
  const empty = costOf(pods) <= 1;
  if (method.name === "Emptiness" && spared) return false;
  if (method.name === "Emptiness") return empty;
  const { labels = {} } = node.metadata;
  const known = Object.values(cluster.instanceTypes).some((types) => types.some(({ name }) => name === labels["node.kubernetes.io/instance-type"]));
  return !empty && known && pool.spec.disruption.consolidationPolicy !== "WhenEmpty";
}

function priceOf(cluster: Cluster, { metadata }: Node | NodeClaim): number {
  const { labels = {} } = metadata;
  const types = Object.values(cluster.instanceTypes).flat();
  const offering = types
    .find(({ name }) => name === labels["node.kubernetes.io/instance-type"])
    ?.offerings.find(({ requirements }) => ["topology.kubernetes.io/zone", "karpenter.sh/capacity-type"].every((key) => requirements.some((requirement) => requirement.key === key && requirement.values?.[0] === labels[key])));
  return offering?.price ?? 0;
}

function figureWrongs(cluster: Cluster, report: CandidateReport, machines: readonly Machine[]): readonly string[] {
  const machine = machines.find(({ node }) => node.metadata.name === report.node);
  if (machine === undefined) return [`${report.node} is no node`];
  const [price, cost] = [priceOf(cluster, machine.node), costOf(machine.pods)];
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;
  return unless(near(report.price, price) && near(report.disruptionCost, cost) && near(report.savingsRatio, price / cost) && report.empty === cost <= 1 && report.nodePool === machine.pool?.metadata.name, `${report.node}'s figures are ${JSON.stringify(report)}, not ${price} for ${cost}`);
}

/** How many nodes of the pool may go: budgets that are open, less what is down. */
function budgetOf(cluster: Cluster, name: string, reason: string, nowMs: number): number {
  const machines = machinesOf(cluster).filter(({ node }) => node.metadata.labels?.["karpenter.sh/nodepool"] === name && node.metadata.labels["karpenter.sh/initialized"] === "true");
  const down = machines.filter((machine) => deletes(cluster, machine) || machine.node.metadata.deletionTimestamp !== undefined || machine.node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") !== true).length;
  const budgets = cluster.nodePools.find(({ metadata }) => metadata.name === name)?.spec.disruption.budgets ?? [];
  const open = budgets.filter((budget) => (budget.reasons === undefined || (budget.reasons as readonly string[]).includes(reason)) && isOpen(budget.schedule, nowMs));
  const least = Math.min(2_147_483_647, ...open.map(({ nodes }) => (nodes.endsWith("%") ? Math.ceil((Number(nodes.slice(0, -1)) * machines.length) / 100) : Number(nodes))));
  return Math.max(0, least - down);
}

/** The windows that generated budgets have: working hours, and five minutes every quarter of an hour. */
function isOpen(schedule: string | undefined, nowMs: number): boolean {
  const now = new Date(nowMs);
  if (schedule === undefined) return true;
  return schedule.startsWith("*/15") ? now.getUTCMinutes() % 15 < 5 : now.getUTCHours() >= 9 && now.getUTCHours() < 17 && now.getUTCDay() >= 1 && now.getUTCDay() <= 5;
}

function commandWrongs({ candidates, budgets = {}, method, reason }: MethodReport, command: Command): readonly string[] {
  const sources = command.sourceNodes.flatMap((name) => candidates.filter(({ node }) => node === name));
  const before = sources.reduce((sum, { price }) => sum + price, 0);
  const saved = before - command.replacements.reduce((sum, { cheapestPrice }) => sum + cheapestPrice, 0);
  const taken = (pool: string): number => sources.filter(({ nodePool }) => nodePool === pool).length;
  const consolidates = reason === "Underutilized";
  return [
    ...unless(sources.length === command.sourceNodes.length && command.sourceNodes.length > 0, `${method} takes ${command.sourceNodes.join()}, which it has not looked at`),
    ...unless(JSON.stringify(command.sourceNodes) === JSON.stringify([...new Set(command.sourceNodes)].sort()), `${method} does not sort its nodes`),
    ...unless(command.method === method && command.reason === reason && command.decision === (command.replacements.length === 0 ? "delete" : "replace"), `${method} calls it ${command.method}, ${command.reason}, ${command.decision}`),
    ...unless(command.replacements.length > 1 || Math.abs(command.estimatedSavings - saved) < 1e-6 || (!consolidates && command.replacements.length > 0), `${method} says it saves ${command.estimatedSavings}, and saves ${saved}`),
    ...unless(!consolidates || command.replacements.length <= 1, `${method} launches ${command.replacements.length}`),
    ...unless(!consolidates || command.replacements.length === 0 || command.estimatedSavings > 0, `${method} saves nothing`),
    ...Object.entries(budgets).flatMap(([pool, left]) => unless(taken(pool) <= left, `${method} takes more of ${pool} than ${left}`)),
    // The dearest for what it costs to move its pods goes first.
    ...(method === "Emptiness" || method === "MultiNodeConsolidation"
      ? sources.flatMap((source) => candidates.filter((other) => other.nodePool === source.nodePool && other.savingsRatio > source.savingsRatio && !sources.includes(other)).map((other) => `${method} takes ${source.node} before ${other.node}`))
      : []),
    ...(method === "Emptiness" ? Object.entries(budgets).flatMap(([pool, left]) => unless(taken(pool) === Math.min(left, candidates.filter(({ nodePool }) => nodePool === pool).length), `Emptiness takes ${taken(pool)} of ${pool}`)) : []),
  ];
}

/** A pool costs what its nodes cost, and disrupting all of it as much as all of their pods. A move that a Balanced pool approves is worth half its share. */
function totalsWrongs(cluster: Cluster, { method, candidates, totals = {}, commands, reason }: MethodReport, machines: readonly Machine[], nowMs: number): readonly string[] {
  return Object.entries(totals).flatMap(([pool, { cost, disruptionCost }]) => {
    const members = machines.filter(({ node }) => node.metadata.labels?.["karpenter.sh/nodepool"] === pool);
    const claims = cluster.objects.filter((object): object is NodeClaim => object.kind === "NodeClaim" && object.metadata.labels?.["karpenter.sh/nodepool"] === pool);
    const price = claims.reduce((sum, claim) => sum + priceOf(cluster, claim), 0);
    // A claim without a node counts as a node.
    const whole = members.reduce((sum, machine) => sum + (isFree(cluster, machine, reason, nowMs) ? costOf(machine.pods) : 1 + machine.pods.filter((pod) => !ownedBy(pod, "DaemonSet")).reduce((all, pod) => all + evictionCost(pod), 0)), claims.length - members.length);
    const balanced = cluster.nodePools.some(({ metadata, spec }) => metadata.name === pool && spec.disruption.consolidationPolicy === "Balanced");
    const worthless = commands.filter(({ sourceNodes, estimatedSavings }) => {
      const sources = candidates.filter(({ node }) => sourceNodes.includes(node));
      const mine = sources.filter(({ nodePool }) => nodePool === pool);
      const share = mine.reduce((sum, source) => sum + source.price, 0) / sources.reduce((sum, source) => sum + source.price, 0);
      const disrupted = mine.reduce((sum, source) => sum + source.disruptionCost, 0);
      return reason === "Underutilized" && balanced && mine.length > 0 && (estimatedSavings * share) / cost < (0.5 - 1e-9) * (disrupted / disruptionCost);
    });
    return [
      ...unless(Math.abs(cost - price) < 1e-9 && Math.abs(disruptionCost - whole) < 1e-9, `${method} counts ${cost} and ${disruptionCost} for ${pool}, which costs ${price} and ${whole}`),
      ...unless(worthless.length === 0, `${method} makes a move that is not worth ${pool}'s while`),
    ];
  });
}

/** Whether every candidate was looked at: none was left out for want of budget. */
function settles({ method, candidates, budgets = {} }: MethodReport): boolean {
  if (method === "SingleNodeConsolidation") return candidates.every(({ nodePool }) => (budgets[nodePool] ?? 0) > 0);
  if (!CONSOLIDATING.includes(method)) return false;
  return Object.entries(budgets).every(([pool, left]) => candidates.filter(({ nodePool }) => nodePool === pool).length <= left);
}

/** Whether the method takes nothing though a node might go: an empty one, a drifted one whose pods have places, or one whose pods have them on other nodes. */
function idlesForNoReason(cluster: Cluster, report: MethodReport, nowMs: number): boolean {
  if (report.commands.length > 0 || report.error !== undefined) return false;
  const free = report.candidates.filter(({ nodePool }) => (report.budgets?.[nodePool] ?? 0) > 0);
  if (report.method === "Emptiness") return free.length > 0;
  if (report.method !== "Drift" && report.method !== "SingleNodeConsolidation") return false;
  const prepared = prepare(cluster, { nowMs });
  const bound = new Set(cluster.objects.flatMap((object) => (object.kind === "Pod" && (object.spec.nodeName ?? "") !== "" ? [nameOf(object)] : [])));
  // A Balanced pool may find a move not worth its while.
  const scores = (name: string): boolean => cluster.nodePools.some(({ metadata, spec }) => metadata.name === name && spec.disruption.consolidationPolicy === "Balanced");
  return free.some(({ node, nodePool }) => {
    if (report.method !== "Drift" && scores(nodePool)) return false;
    const { podErrors, newNodeClaims } = whatIf(prepared, { removeNodes: [node] }, { purpose: "disruption", guardDestinations: report.method !== "Drift" });
    return podErrors.every(({ pod }) => !bound.has(pod)) && (report.method === "Drift" || newNodeClaims.length === 0);
  });
}

/** What keeps a node where it is is named; and where nothing does, some method takes it. */
function whyNotWrongs(cluster: Cluster, machine: Machine, nowMs: number): readonly string[] {
  const prepared = prepare(cluster, { nowMs });
  const { name } = machine.node.metadata;
  const blockers = whyNot(prepared, name);
  const codes = new Set(blockers.map(({ code }) => code));
  const says = (code: (typeof blockers)[number]["code"], holds: boolean): readonly string[] => unless(codes.has(code) === holds, `${name} is said ${holds ? "not " : ""}to be held by ${code}`);
  const texts = blockers.map(explain);
  const general = machine.pool !== undefined && machine.pool.spec.replicas === undefined;
  return [
    ...says("deleting", deletes(cluster, machine)),
    ...says("not-initialized", machine.node.metadata.labels?.["karpenter.sh/initialized"] !== "true"),
    ...says("nominated", (cluster.nominated ?? []).includes(machine.node.spec?.providerID ?? "")),
    ...says("node-do-not-disrupt", machine.node.metadata.annotations?.["karpenter.sh/do-not-disrupt"] === "true"),
    ...unless(texts.every((text) => text.length > 10 && !text.includes("undefined") && !text.includes("[object")), `${name}'s blockers read ${texts.join(" ")}`),
    ...unless(new Set(blockers.map((blocker) => JSON.stringify(blocker))).size === blockers.length, `${name}'s blockers are named twice`),
    ...(general ? unless(blockers.length > 0 || METHODS.some((method) => mayGo(cluster, machine, method, nowMs)), `nothing is said to hold ${name}, and no method may take it`) : []),
    ...blockers.flatMap(({ clearsAtMs }) => unless(clearsAtMs === undefined || clearsAtMs >= nowMs, `${name} was to go before now`)),
  ];
}
