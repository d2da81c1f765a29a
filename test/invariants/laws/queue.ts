import type { KubeObject, Node, NodeClaim } from "@groupless/api";
import { type Cluster, prepare, update, type WatchEvent } from "@groupless/bin-packer";
import { type DisruptionAction, EMPTY_QUEUE, POLLING_MS, type Queue, advanceQueue, commandLog, disruptionLoop, queuedProviderIDs, startCommand } from "@groupless/disruption";
import { same, unless } from "./same.ts";

type Prepared = ReturnType<typeof prepare>;

const TAINT = "karpenter.sh/disrupted";
const isMarked = (node: Node): boolean => (node.spec?.taints ?? []).some(({ key, effect }) => key === TAINT && effect === "NoSchedule");
const says = (claim: NodeClaim, wanted: string): boolean => claim.status?.conditions?.some(({ type, status }) => type === wanted && status === "True") === true;
const find = <K extends KubeObject["kind"]>(prepared: Prepared, kind: K, name: string) => prepared.cluster.objects.find((object) => object.kind === kind && object.metadata.name === name) as Extract<KubeObject, { readonly kind: K }> | undefined;

/** Objects as the actions leave them. */
function carriedOut(prepared: Prepared, actions: readonly DisruptionAction[], nowMs: number): Prepared {
  const events = actions.flatMap((action): readonly WatchEvent[] => {
    if (action.type === "create" || action.type === "update") return [{ type: action.type === "create" ? "ADDED" : "MODIFIED", object: action.object }];
    if (action.type !== "delete") return [];
    const object = find(prepared, action.kind as "NodeClaim", action.name);
    return object === undefined ? [] : [{ type: "DELETED", object }];
  });
  return update(prepared, events, { nowMs });
}

/** A turn of the loop marks what it takes and nothing else; once its replacements are up its nodes go; if one fails, all is as it was. */
export function queueWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const prepared = prepare(cluster, { nowMs });
  const turn = disruptionLoop(EMPTY_QUEUE, prepared);
  const idle = prepared.cluster.objects.some((object) => object.kind === "NodeClaim" && (object.status?.providerID ?? "") === "");
  if (idle) return unless(turn.started.length === 0, "the loop does not wait for claims without an instance");
  const started = carriedOut(prepared, turn.actions, nowMs);
  const taken = turn.queue.commands.flatMap(({ sources }) => sources);
  const nodes = started.cluster.objects.filter((object): object is Node => object.kind === "Node");
  const created = turn.actions.flatMap((action) => (action.type === "create" ? [action.object as NodeClaim] : []));
  const reasons = turn.queue.commands.flatMap(({ sources, reason }) => sources.map(({ nodeClaim }) => [nodeClaim, reason] as const));
  const again = disruptionLoop(turn.queue, started);
  return [
    ...same("the loop starts all of the method's commands", turn.started.map(({ sourceNodes }) => sourceNodes), turn.methods.at(-1)?.commands.map(({ sourceNodes }) => sourceNodes) ?? []),
    ...same("exactly the nodes that go are marked", nodes.filter(isMarked).map(({ metadata }) => metadata.name).sort(), taken.map(({ node }) => node).sort()),
    ...same("their claims say why", reasons.map(([name]) => [name, find(started, "NodeClaim", name)?.status?.conditions?.find(({ type }) => type === "DisruptionReason")?.reason]), reasons),
    ...same("every replacement is created, under a name of its own", [created.length, new Set(created.map(({ metadata }) => metadata.name)).size], [turn.started.flatMap(({ replacements }) => replacements).length, created.length]),
    ...created.flatMap((claim, index) => replacementWrongs(claim, turn.started.flatMap(({ replacements }) => replacements)[index], cluster)),
    ...unless(turn.requeueAfterMs === (turn.started.length > 0 || turn.error !== undefined ? 0 : POLLING_MS), "the loop comes back at the wrong time"),
    ...unless(again.started.every(({ sourceNodes }) => sourceNodes.every((name) => !taken.some(({ node }) => node === name))), "a node that is under way is taken twice"),
    ...turn.started.flatMap((command) => same("a command is not started twice", startCommand(turn.queue, command, started), { queue: turn.queue, actions: [] })),
    ...turn.started.flatMap((command) => {
      const log = commandLog(command, prepared, "id");
      return unless(log["disrupted-node-count"] === command.sourceNodes.length && log["replacement-node-count"] === command.replacements.length && log.command.includes(command.sourceNodes.join(", ")) && log["disrupted-nodes"].every(({ NodeClaim: claim }) => taken.some(({ nodeClaim }) => nodeClaim === claim.name)), "a command is logged as another");
    }),
    ...endings(turn.queue, started, nowMs),
  ];
}

function replacementWrongs(claim: NodeClaim, planned: { readonly nodePool: string; readonly instanceTypes: readonly string[] } | undefined, cluster: Cluster): readonly string[] {
  const pool = cluster.nodePools.find(({ metadata }) => metadata.name === planned?.nodePool);
  const types = claim.spec.requirements.find(({ key }) => key === "node.kubernetes.io/instance-type")?.values ?? [];
  return [
    ...unless(claim.metadata.labels?.["karpenter.sh/nodepool"] === planned?.nodePool && claim.metadata.ownerReferences?.some(({ kind, name }) => kind === "NodePool" && name === planned?.nodePool) === true, "a replacement is of another pool"),
    ...same("a replacement is of its pool's class", claim.spec.nodeClassRef, pool?.spec.template.spec.nodeClassRef),
    ...unless((planned?.instanceTypes ?? []).every((type) => types.includes(type)), "a replacement may not be of its types"),
  ];
}

/** What becomes of the queue's commands: when their replacements come up, when one of them goes, and when nothing happens for too long. */
function endings(queue: Queue, started: Prepared, nowMs: number): readonly string[] {
  if (queue.commands.length === 0) return [];
  const names = new Set(queue.commands.flatMap(({ replacements }) => replacements.map(({ nodeClaim }) => nodeClaim)));
  const launched = (object: KubeObject): object is NodeClaim => object.kind === "NodeClaim" && names.has(object.metadata.name);
  const initialized = started.cluster.objects.filter(launched).map((claim): NodeClaim => ({ ...claim, status: { ...claim.status, providerID: `aws:///us-west-2/i-${claim.metadata.name}`, conditions: [{ type: "Initialized", status: "True" }] } }));
  const up = update(started, initialized.map((object) => ({ type: "MODIFIED" as const, object })), { nowMs });
  const done = advanceQueue(queue, up);
  const wait = advanceQueue(queue, started);
  const waits = queue.commands.filter(({ replacements }) => replacements.length > 0);
  const lost = advanceQueue(queue, prepare({ ...started.cluster, objects: started.cluster.objects.filter((object) => !launched(object)) }, { nowMs }));
  const late = advanceQueue(queue, prepare(started.cluster, { nowMs: nowMs + 24 * 3_600_000 }));
  const deletions = (actions: readonly DisruptionAction[]): readonly string[] => actions.flatMap((action) => (action.type === "delete" ? [action.name] : [])).sort();
  const claims = (commands: Queue["commands"]): readonly string[] => commands.flatMap(({ sources }) => sources.map(({ nodeClaim }) => nodeClaim)).sort();
  const freed = carriedOut(started, lost.actions, nowMs);
  return [
    ...same("with its replacements up, a command's nodes go", [deletions(done.actions), done.queue.commands.length, done.succeeded.length, done.failed.length, done.requeueAfterMs], [claims(queue.commands), 0, queue.commands.length, 0, undefined]),
    ...same("without, those that need none go, and the others wait", [deletions(wait.actions), wait.queue.commands.length, wait.requeueAfterMs], [claims(queue.commands.filter(({ replacements }) => replacements.length === 0)), waits.length, waits.length === 0 ? undefined : 1000]),
    ...same("a command whose replacement is gone is given up", [lost.failed.map(({ reason }) => reason), lost.queue.commands.length], [waits.map(() => "replacement-deleted"), 0]),
    ...same("what it had marked is free again", freed.cluster.objects.filter((object): object is Node => object.kind === "Node" && isMarked(object)).map(({ metadata }) => metadata.name).sort(), queue.commands.filter(({ replacements }) => replacements.length === 0).flatMap(({ sources }) => sources.map(({ node }) => node)).sort()),
    ...same("after a day every command is late", [late.failed.map(({ reason }) => reason), late.queue.commands.length], [queue.commands.map(() => "timeout"), 0]),
    ...same("the queue names the instances it takes", [...queuedProviderIDs(queue)].sort(), queue.commands.flatMap(({ sources }) => sources.map(({ providerID }) => providerID)).sort()),
    ...unless(initialized.every((claim) => says(claim, "Initialized")), "replacements come up"),
  ];
}
