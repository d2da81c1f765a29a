import { CAPACITY_TYPE_LABEL, NODE_POOL_LABEL } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { ec2WellKnownLabels, type RegionSnapshot } from "@groupless/ec2-catalog";
import type { Ec2AccountMaker } from "@groupless/ec2-fleet/fake";
import type { ProviderAction, ProviderEvent } from "@groupless/lifecycle";
import type { Chance } from "../chance/chance.ts";
import type { SpotPrices } from "../chance/spot-prices.ts";
import type { World } from "../controllers/world.ts";
import type { Counter } from "../record/counter.ts";
import type { CloudControls } from "../story/player.ts";
import type { ClusterSpec } from "../story/story.ts";
import { type ClaimController, claims } from "./claims.ts";
import { logClaims } from "./claim-log.ts";
import { disrupter } from "./disrupter.ts";
import { ec2Cloud } from "./ec2-cloud.ts";
import { nodeClasses } from "./node-classes.ts";
import { instanceIDOf, nodeJoin } from "./node-join.ts";
import { garbage } from "./garbage.ts";
import { registrations } from "./registrations.ts";
import { staticPools } from "./static-pools.ts";
import { planner } from "./planner.ts";
import { pools } from "./pools.ts";
import { provisioner } from "./provisioner.ts";

/** How long after an upgrade of the control plane its new images are noticed (Karpenter's version and AMI caches). */
const VERSION_NOTICE_MS = 300_000;
/** SQS is asked again at once; a message takes about a second from EC2 to there. */
const MESSAGE_MS = 1_000;

/** EC2 warns two minutes before it takes a spot instance back. */
const SPOT_NOTICE_MS = 120_000;

/** The autoscaler over a simulated cluster. */
export interface Karpenter extends CloudControls {
  readonly unplaced: ReadonlyMap<string, string>;
  /** The types of a NodePool, where they are known. */
  instanceTypes(nodePool: string): readonly InstanceType[] | undefined;
}

export interface KarpenterOptions {
  readonly spec: ClusterSpec;
  readonly region: RegionSnapshot;
  readonly chance: Chance;
  readonly counter: Counter;
  /** Where instances are had. Default: the fake. */
  readonly ec2?: Ec2AccountMaker;
}

// Karpenter asks for prices twice a day; here they are known at once.
function follow(prices: SpotPrices, { clock }: Pick<World, "clock">, refresh: () => void): void {
  const nextMs = prices.nextMs(clock.nowMs());
  if (nextMs === undefined) return;
  clock.at(nextMs, () => {
    refresh();
    follow(prices, { clock }, refresh);
  });
}

/** Start the autoscaler's controllers. */
export function startKarpenter(world: World, { spec, region, chance, counter, ec2 }: KarpenterOptions): Karpenter {
  const { server, clock, recorder } = world;
  const cloud = ec2Cloud(world, spec, region, chance, ec2);
  const plans = planner(world, { wellKnownLabels: ec2WellKnownLabels, scheduling: {} });
  const joins = nodeJoin(world, cloud, chance);
  const tell = (events: readonly ProviderEvent[]): void => {
    for (const event of events) {
      const claim = "nodeClaim" in event ? server.get("NodeClaim", event.nodeClaim) : undefined;
      if (event.type === "launched" && claim !== undefined) {
        joins.launched(claim, event.instance);
        if (event.instance.labels[CAPACITY_TYPE_LABEL] === "spot") leaveToChance(event.instance.providerID);
      }
      if (event.type === "launch-failed") {
        counter.launchFailed();
        recorder.log("ERROR", "controller.nodeclaim.lifecycle", `failed launching nodeclaim, ${event.message}`, [["nodeclaim", event.nodeClaim]]);
        classes.refreshTypes();
      }
      if (event.type === "interrupted") {
        recorder.log("INFO", "controller.interruption", "initiating delete from interruption message", [["queue", spec.name], ["messageKind", "SpotInterruptionKind"], ["nodeclaim", event.nodeClaim], ["action", "CordonAndDrain"], ["node", claim?.status?.nodeName ?? ""]]);
        classes.refreshTypes();
      }
      controller.tell(event);
    }
  };
  const execute = (action: ProviderAction): void => clock.background(cloud.execute(action).then(tell));
  const health = registrations(world);
  const controller: ClaimController = claims(world, { execute, instanceTypes: plans.instanceTypes, recordRegistration: health.record });
  const classes = nodeClasses(world, plans, cloud, () => controller);
  const provisioning = provisioner(world, plans);
  const disruption = disrupter(world, plans, counter);
  world.queues.push(pools(world, health), staticPools(world, disruption.busy), controller, disruption);
  garbage(world, cloud);
  logClaims(world);
  if (chance.spotPrices !== undefined) follow(chance.spotPrices, world, () => classes.refreshTypes());

  const interruptOne = (providerID: string, noticeMs: number): void => {
    const id = instanceIDOf(providerID);
    if (!cloud.isAlive(id)) return;
    counter.interrupted();
    recorder.cloud("Spot interruption warning", `${id} will be terminated in ${noticeMs / 1000} s`);
    cloud.reclaim(id);
    clock.after(MESSAGE_MS, () => clock.background(cloud.announcements().then(tell)));
    clock.after(noticeMs, () => {
      if (!cloud.wasReclaimed(id)) return;
      recorder.cloud("Spot instance reclaimed", id);
      joins.lost(id);
    });
  };

  const leaveToChance = (providerID: string): void => {
    const afterMs = chance.reclaimAfterMs();
    if (afterMs !== undefined) clock.after(afterMs, () => interruptOne(providerID, SPOT_NOTICE_MS));
  };

  return {
    instanceTypes: plans.instanceTypes,
    unplaced: provisioning.unplaced,
    upgrade: (version) => {
      cloud.setKubernetesVersion(version);
      clock.after(VERSION_NOTICE_MS, classes.refresh);
    },
    exhaust: (pool, ms) => {
      recorder.cloud("Out of capacity", `${Object.values(pool).join(" ") || "everything"} for ${ms / 1000} s`);
      cloud.exhaust(pool, clock.nowMs() + ms);
    },
    interrupt: (nodePool, count, noticeMs) => {
      const nodes = server.list("Node").filter(({ metadata, spec: of }) => metadata.labels?.[NODE_POOL_LABEL] === nodePool && of?.providerID !== undefined);
      for (const node of nodes.slice(0, count)) interruptOne(node.spec?.providerID ?? "", noticeMs);
    },
  };
}
