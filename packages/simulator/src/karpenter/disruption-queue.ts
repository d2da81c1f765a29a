import { type Condition, DISRUPTED_TAINT_KEY, type Node, type NodeClaim } from "@groupless/api";
import { type Command, commandTimeoutMs } from "@groupless/disruption";
import { timestamp } from "../clock/timestamp.ts";
import { type WorkQueue, workQueue } from "../controllers/work-queue.ts";
import type { World } from "../controllers/world.ts";
import { commandText } from "./command-text.ts";
import type { Planner } from "./planner.ts";
import { NOMINATION_MS, type Provisioner } from "./provisioner.ts";

/** Commands under way: nodes tainted, replacements launching, then the claims deleted. */
export interface DisruptionQueue extends WorkQueue {
  start(command: Command): void;
  /** Provider ids of the nodes that commands under way take. */
  providerIDs(): readonly string[];
}

interface Started {
  readonly command: Command;
  readonly claims: readonly NodeClaim[];
  readonly replacements: readonly string[];
  readonly createdMs: number;
  readonly initialized: Set<string>;
}

const DISRUPTION_REASON = "DisruptionReason";

/** Carries commands out as Karpenter's orchestration queue does (pkg/controllers/disruption/queue.go). */
export function disruptionQueue(world: World, planner: Planner, provisioner: Provisioner): DisruptionQueue {
  const { server, clock, recorder } = world;
  const started = new Set<Started>();

  const claimOf = (node: string): NodeClaim | undefined => {
    const providerID = server.get("Node", node)?.spec?.providerID;
    return providerID === undefined ? undefined : server.list("NodeClaim").find(({ status }) => status?.providerID === providerID);
  };
  const providerIDOf = ({ status }: NodeClaim): string => status?.providerID ?? "";

  const start = (command: Command): void => {
    recorder.log("INFO", "controller.disruption", commandText(command, (name) => server.get("Node", name)), []);
    const claims = command.sourceNodes.flatMap((name) => claimOf(name) ?? []);
    for (const name of command.sourceNodes) {
      const node = server.get("Node", name);
      if (node !== undefined) server.update(tainted(node));
    }
    for (const claim of claims) server.update(withReason(claim, command.reason, clock.nowMs()));
    const replacements = provisioner.create(command.replacements, "controller.disruption").map(({ metadata }) => metadata.name);
    for (const claim of claims) planner.mark(providerIDOf(claim), true);
    for (const { node } of command.existingNodes) planner.nominate(server.get("Node", node)?.spec?.providerID ?? "", clock.nowMs() + NOMINATION_MS);
    const entry: Started = { command, claims, replacements, createdMs: clock.nowMs(), initialized: new Set() };
    started.add(entry);
    queue.add("");
    clock.after(commandTimeoutMs(providerIDs().length) + 1000, () => queue.add(""));
  };

  const providerIDs = (): readonly string[] => [...started].flatMap(({ claims }) => claims.map(providerIDOf)).sort();

  const reconcile = (entry: Started): void => {
    const { claims, replacements, initialized, createdMs } = entry;
    for (const name of replacements) {
      if (initialized.has(name)) continue;
      const claim = server.get("NodeClaim", name);
      if (claim === undefined) return fail(entry, "replacement was deleted");
      if (claim.status?.conditions?.some(({ type, status }) => type === "Initialized" && status === "True") === true) initialized.add(name);
    }
    if (clock.nowMs() - createdMs > commandTimeoutMs(providerIDs().length)) return fail(entry, "command reached timeout");
    if (initialized.size < replacements.length) return;
    started.delete(entry);
    for (const { metadata } of claims) server.remove("NodeClaim", metadata.name);
    recorder.log("DEBUG", "controller.disruption.queue", "command succeeded", []);
  };

  const fail = (entry: Started, why: string): void => {
    started.delete(entry);
    recorder.log("ERROR", "controller.disruption.queue", `failed to disrupt nodes, ${why}`, []);
    for (const name of entry.command.sourceNodes) {
      const node = server.get("Node", name);
      if (node !== undefined && node.metadata.deletionTimestamp === undefined) server.update(untainted(node));
    }
    for (const { metadata, status } of entry.claims) {
      planner.mark(status?.providerID ?? "", false);
      const claim = server.get("NodeClaim", metadata.name);
      if (claim !== undefined) server.update({ ...claim, status: { ...claim.status, conditions: (claim.status?.conditions ?? []).filter(({ type }) => type !== DISRUPTION_REASON) } });
    }
  };

  const queue = workQueue(() => {
    for (const entry of [...started]) reconcile(entry);
  });
  server.watch(({ type, object }) => {
    if (object.kind !== "NodeClaim") return;
    if (started.size > 0) queue.add("");
    if (type === "DELETED" && object.status?.providerID !== undefined) planner.mark(object.status.providerID, false);
  });
  return { add: queue.add, drain: queue.drain, start, providerIDs };
}

function tainted(node: Node): Node {
  const others = (node.spec?.taints ?? []).filter(({ key }) => key !== DISRUPTED_TAINT_KEY);
  return { ...node, spec: { ...node.spec, taints: [...others, { key: DISRUPTED_TAINT_KEY, effect: "NoSchedule" }] } };
}

function untainted(node: Node): Node {
  return { ...node, spec: { ...node.spec, taints: (node.spec?.taints ?? []).filter(({ key }) => key !== DISRUPTED_TAINT_KEY) } };
}

function withReason(claim: NodeClaim, reason: string, nowMs: number): NodeClaim {
  const condition: Condition = { type: DISRUPTION_REASON, status: "True", reason, message: reason, lastTransitionTime: timestamp(nowMs) };
  return { ...claim, status: { ...claim.status, conditions: [...(claim.status?.conditions ?? []).filter(({ type }) => type !== DISRUPTION_REASON), condition] } };
}
