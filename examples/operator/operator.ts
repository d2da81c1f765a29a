import { type NodeClaim, UNREGISTERED_TAINT_KEY, isProvisionable, nameOf } from "@groupless/api";
import { type Cluster, prepare, type Prepared, solve } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { advanceQueue, disruptionLoop, type DisruptionAction, EMPTY_QUEUE, nodeClaimObject, type Queue, queuedProviderIDs } from "@groupless/disruption";
import type { Fleet } from "@groupless/ec2-fleet";
import { type Action, claimState, type ClaimState, type LifecycleEvent, nothingObserved, observe, step } from "@groupless/lifecycle";
import { type ApiServer, bind } from "./cluster.ts";

export interface OperatorOptions {
  readonly server: ApiServer;
  readonly fleet: Fleet;
  readonly instanceTypes: readonly InstanceType[];
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}

/** A node autoscaler: pods in, instances out. `turn` is to be called about every second; `tell` takes what the cloud announces by itself. */
export function operator({ server, fleet, instanceTypes, nowMs, log }: OperatorOptions): { turn(): Promise<void>; tell(event: LifecycleEvent): void } {
  const states = new Map<string, ClaimState>();
  const inbox: LifecycleEvent[] = [];
  let queue: Queue = EMPTY_QUEUE;
  let disruptAtMs = 0;
  let names = 0;
  let answered = "";

  const prepared = (): Prepared => {
    const nodePools = server.list("NodePool");
    const nodeClasses = server.list("EC2NodeClass");
    const objects = server.all().filter(({ kind }) => kind !== "NodePool" && kind !== "EC2NodeClass");
    const cluster: Cluster = { nodePools, nodeClasses, objects, instanceTypes: { "*": instanceTypes }, markedForDeletion: queuedProviderIDs(queue), options: { featureGates: { SpotToSpotConsolidation: true } } };
    return prepare(cluster, { nowMs: nowMs() });
  };

  /** Pods without a place: where there is room, else on new nodes. */
  const plan = (): void => {
    const waiting = server.list("Pod").filter((pod) => isProvisionable(pod));
    const question = JSON.stringify([waiting.map(nameOf), server.list("NodeClaim").map(nameOf), server.list("Node").map(({ metadata, spec }) => [metadata.name, spec?.taints])]);
    if (waiting.length === 0 || question === answered) return;
    answered = question;
    const { newNodeClaims, existingNodes, podErrors } = solve(prepared());
    for (const claim of newNodeClaims) {
      const pool = server.list("NodePool").find(({ metadata }) => metadata.name === claim.nodePool);
      if (pool === undefined) continue;
      const object = nodeClaimObject(claim, pool, `${claim.nodePool}-${++names}`);
      log(`created nodeclaim ${object.metadata.name} for ${claim.pods.length} pod(s)`);
      server.put(object);
    }
    for (const { node: name, pods } of existingNodes) {
      const node = server.list("Node").find(({ metadata }) => metadata.name === name);
      if (node === undefined || node.spec?.taints?.some(({ key }) => key === UNREGISTERED_TAINT_KEY) === true) continue;
      for (const pod of server.list("Pod")) if (pods.includes(nameOf(pod)) && isProvisionable(pod)) server.put(bind(pod, name));
    }
    for (const { pod, message } of podErrors) log(`no place for ${pod}: ${message}`);
  };

  /** One claim a step on, and what the cloud answers to that, until there is nothing more to do at once. */
  const advance = async (claim: NodeClaim): Promise<void> => {
    const { name } = claim.metadata;
    const events: LifecycleEvent[] = [{ type: "tick" }, ...inbox];
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      const state = { ...(states.get(name) ?? claimState(claim, nothingObserved)), observed: observe(server.all()) };
      const result = step(state, event, { nowMs: nowMs(), instanceTypes });
      states.set(name, result.state);
      for (const action of result.actions) events.push(...(await perform(action)));
    }
    if (!server.list("NodeClaim").some(({ metadata }) => metadata.name === name)) states.delete(name);
  };

  const perform = async (action: Action | DisruptionAction): Promise<readonly LifecycleEvent[]> => {
    switch (action.type) {
      case "create":
      case "update":
        if (action.type === "create") log(`created ${action.object.kind.toLowerCase()} ${nameOf(action.object)}`);
        server.put(action.object);
        return [];
      case "delete":
        log(`deleting ${action.kind.toLowerCase()} ${action.name}`);
        server.remove(action.kind, action.name);
        return [];
      case "evict":
        log(`evicting ${action.pod}`);
        server.evict(action.pod);
        return [{ type: "evicted", pod: action.pod, uid: action.uid, code: 200 }];
      case "launch":
      case "terminate":
      case "get-instance":
      case "list-instances": {
        const events = await fleet.execute(action);
        for (const event of events) {
          if (event.type === "launched") log(`launched ${event.nodeClaim}: ${event.instance.labels["node.kubernetes.io/instance-type"]}, ${event.instance.labels["karpenter.sh/capacity-type"]}`);
          if (event.type === "launch-failed") log(`launch of ${event.nodeClaim} failed: ${event.message}`);
        }
        return events;
      }
      default:
        return [];
    }
  };

  /** Nodes that are empty, too dear or no longer what their pool wants: every ten seconds, and what was begun at every turn. */
  const disrupt = async (): Promise<void> => {
    if (queue.commands.length > 0) {
      const progress = advanceQueue(queue, prepared());
      queue = progress.queue;
      for (const action of progress.actions) await perform(action);
    }
    if (nowMs() < disruptAtMs) return;
    const result = disruptionLoop(queue, prepared());
    queue = result.queue;
    disruptAtMs = nowMs() + result.requeueAfterMs;
    for (const { decision, reason, sourceNodes } of result.started) log(`disrupting ${sourceNodes.join(", ")}: ${decision}, ${reason}`);
    for (const action of result.actions) await perform(action);
  };

  return {
    turn: async () => {
      plan();
      for (const claim of server.list("NodeClaim")) await advance(claim);
      inbox.length = 0;
      await disrupt();
    },
    tell: (event) => void inbox.push(event),
  };
}
