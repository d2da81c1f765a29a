import type { EC2NodeClass, NodeClaim } from "@groupless/api";
import { clusterProfiles, type Ec2Port, type Fleet, ec2Fleet, finalizeNodeClass, providerIdOf, TAGGED } from "@groupless/ec2-fleet";
import { type FakeEc2, fakeEc2, publishedImages, random, virtualClock, type VirtualClock } from "@groupless/ec2-fleet/fake";
import { claim, nodeClass, settings, START_MS, type as instanceType } from "../../packages/ec2-fleet/test/story.ts";
import { mortalPort } from "./mortal-port.ts";
import { schedule, type Schedule } from "./fault-schedule.ts";

/** Faults stop after a minute and a half; a quarter of an hour later everything must have come to rest. */
const FAULTS_MS = 90_000;
const REST_MS = 900_000;
const owner = { region: settings.region, clusterName: settings.clusterName };

const discovery = [{ Key: "karpenter.sh/discovery", Value: "demo" }];
const types = [instanceType("m5.large", 0.096), instanceType("c5.large", 0.085), instanceType("r5.large", 0.126)];

/** What becomes of a claim: what an API server would hold of it. */
interface Record {
  claim: NodeClaim;
  /** Of refused launches; the last stays. */
  reason?: string;
  gone?: string;
  deleting?: boolean;
  ready?: boolean;
}

export interface ChaosResult {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly fired: ReadonlyMap<string, number>;
  readonly crashes: number;
}

/** Sabotages a port: takes out one of the things that keep launches from happening twice. */
export type Mutation = (port: Ec2Port) => Ec2Port;

/**
 * One schedule: a small controller launches, tags, interrupts, deletes and collects garbage for a few claims, while calls fail and the process dies and starts anew.
 * Answers what does not hold at the end.
 */
export async function chaosRun(seed: number, mutation: Mutation = (port) => port): Promise<ChaosResult> {
  const clock = virtualClock(START_MS);
  let calmMs = START_MS + FAULTS_MS;
  const plan = schedule(seed, () => clock.nowMs() < calmMs);
  const ofClass = plan.role ? withRole(nodeClass) : nodeClass;
  const ec2 = account(clock, plan);
  const next = random(seed ^ 0x5eed);
  let crashes = 0;
  const mortality = { calls: 0, crashes: [...plan.crashes], onCrash: () => void crashes++ };
  const records = Array.from({ length: plan.claims }, (_, index): Record => ({ claim: newClaim(index, plan) }));
  const bound = new Set<string>();
  let reclaims = plan.reclaims;
  let deletions = plan.deletions;

  /** Until the process dies, or everything has come to rest. */
  async function live(): Promise<void> {
    const { port, isDead, died } = mortalPort(mutation(ec2), mortality);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [ofClass], instanceTypes: types, kubernetesVersion: "1.32", port, clock, random: random(seed + mortality.calls) });
    for (let round = 0; clock.nowMs() < calmMs + REST_MS && !isDead(); round++) {
      const work = Promise.all([...records.map((record) => step(fleet, record, isDead)), sweep(fleet, isDead), interruptions(fleet, isDead)]);
      await clock.drive(Promise.race([work, died]));
      if (isDead()) return;
      await clock.advance(4000 + Math.floor(next() * 6000));
      if (clock.nowMs() > calmMs && atRest()) return;
    }
  }

  function atRest(): boolean {
    return ec2.queueSize === 0 && records.every(({ gone, ready, deleting }) => gone !== undefined || (ready === true && deleting !== true)) && violations(ec2, records, bound).length === 0;
  }

  /** What a controller does for one claim in a round; what is written down survives the process. */
  async function step(fleet: Fleet, record: Record, isDead: () => boolean): Promise<void> {
    if (record.gone !== undefined || clock.nowMs() < Date.parse(record.claim.metadata.creationTimestamp ?? "")) return;
    const { name } = record.claim.metadata;
    const { providerID } = record.claim.status ?? {};
    try {
      if (providerID === undefined) {
        const [event] = await fleet.execute({ type: "launch", nodeClaim: record.claim });
        if (isDead()) return;
        if (event?.type === "launched") {
          bound.add(event.instance.providerID);
          record.claim = { ...record.claim, status: { ...record.claim.status, providerID: event.instance.providerID } };
        } else if (event?.type === "launch-failed") {
          record.reason = event.reason.code;
          if (event.kind === "insufficient-capacity") record.gone = event.reason.code;
        }
      } else if (record.deleting === true) {
        const [event] = await fleet.execute({ type: "terminate", nodeClaim: name, providerID });
        if (!isDead() && event?.type === "instance-gone") record.gone = "deleted";
      } else {
        const [event] = await fleet.execute({ type: "get-instance", nodeClaim: name, providerID });
        if (isDead()) return;
        if (event?.type === "instance-gone") record.gone = "instance gone";
        if (event?.type !== "instance") return;
        if (event.instance.terminating === true) record.gone = "instance gone";
        record.claim = { ...record.claim, status: { ...record.claim.status, nodeName: `node-${name}` } };
        if ((await fleet.tag(record.claim)) === "done" && !isDead()) {
          record.claim = { ...record.claim, metadata: { ...record.claim.metadata, annotations: { ...record.claim.metadata.annotations, ...TAGGED } } };
          record.ready = true;
          if (deletions > 0 && next() < 0.4) {
            deletions -= 1;
            record.deleting = true;
          }
        }
      }
    } catch (error) {
      // A controller tries again next time.
      record.reason = error instanceof Error ? error.name : String(error);
    }
  }

  async function sweep(fleet: Fleet, isDead: () => boolean): Promise<void> {
    try {
      await fleet.collectGarbage(() => records.filter(({ gone }) => gone === undefined).map(({ claim: one }) => one));
      if (!isDead()) await fleet.removeUnusedTemplates();
    } catch {
      // Next time.
    }
    if (isDead() || reclaims === 0 || clock.nowMs() > START_MS + FAULTS_MS) return;
    const spot = ec2.instances().find(({ InstanceId, State, SpotInstanceRequestId }) => SpotInstanceRequestId !== undefined && State?.Name === "running" && [...bound].some((id) => id.endsWith(InstanceId)));
    if (spot === undefined) return;
    reclaims -= 1;
    ec2.reclaimSpot(spot.InstanceId);
    // EventBridge delivers at least once.
    ec2.reclaimSpot(spot.InstanceId);
  }

  async function interruptions(fleet: Fleet, isDead: () => boolean): Promise<void> {
    if (ec2.queueSize === 0) return;
    try {
      const context = { nodeClaims: records.filter(({ gone }) => gone === undefined).map(({ claim: one }) => one) };
      for (const { interruption, done } of await fleet.receiveInterruptions("queue", () => context)) {
        if (isDead()) return;
        for (const name of interruption.deletions) for (const record of records) if (record.claim.metadata.name === name) record.deleting = true;
        await done();
      }
    } catch {
      // Next time.
    }
  }

  for (let lives = 0; lives <= plan.crashes.length; lives++) {
    await live();
    await clock.advance(500 + Math.floor(next() * 3000));
  }
  const found = [...violations(ec2, records, bound)];
  if (plan.leaves && found.length === 0) found.push(...(await leave()));
  return { seed, violations: found, fired: plan.fired, crashes };

  /** The class is deleted while calls fail again: its claims go, then what was made for it. Answers what is left. */
  async function leave(): Promise<readonly string[]> {
    calmMs = clock.nowMs() + FAULTS_MS;
    for (const record of records) record.deleting = true;
    // The process may still have a death to die.
    for (let lives = 0; lives <= plan.crashes.length && !atRest(); lives++) await live();
    calmMs = clock.nowMs() + FAULTS_MS;
    let done = false;
    for (let round = 0; round < 100 && !done; round++) {
      try {
        const left = records.filter(({ gone }) => gone === undefined).map(({ claim: one }) => one);
        done = (await clock.drive(finalizeNodeClass(ofClass, left, owner, ec2))).done;
      } catch {
        // Next time.
      }
      await clock.advance(5000);
    }
    calmMs = clock.nowMs();
    const profiles = await clusterProfiles(owner, ec2);
    return [...violations(ec2, records, bound), ...(done ? [] : ["the class does not go"]), ...ec2.launchTemplates.map((name) => `left: ${name}`), ...profiles.map(({ InstanceProfileName }) => `left: ${InstanceProfileName}`)];
  }
}

function violations(ec2: FakeEc2, records: readonly Record[], bound: ReadonlySet<string>): readonly string[] {
  const found: string[] = [];
  const all = ec2.instances().map((one) => ({ ...one, providerID: providerIdOf({ zone: one.Placement?.AvailabilityZone ?? "", id: one.InstanceId }) }));
  const alive = all.filter(({ State }) => State?.Name === "pending" || State?.Name === "running");
  const claimed = new Set(records.filter(({ gone }) => gone === undefined).flatMap(({ claim: { status } }) => status?.providerID ?? []));
  for (const { providerID } of alive) if (!claimed.has(providerID)) found.push(`leaked: ${providerID}`);
  for (const { providerID } of all) if (!bound.has(providerID)) found.push(`launched and never used: ${providerID}`);
  for (const providerID of claimed) if (!alive.some((one) => one.providerID === providerID)) found.push(`claimed and not there: ${providerID}`);
  const owners = records.flatMap(({ claim: { status } }) => status?.providerID ?? []);
  if (new Set(owners).size !== owners.length) found.push("two claims have one instance");
  for (const { claim: { metadata }, gone, ready, reason } of records) if (gone === undefined && ready !== true) found.push(`${metadata.name} is neither ready nor gone (${reason ?? "no reason"})`);
  for (const { providerID, Tags = [] } of alive) {
    const keys = new Set(Tags.map(({ Key }) => Key));
    for (const key of ["karpenter.sh/nodepool", "karpenter.k8s.aws/ec2nodeclass", "eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"]) if (!keys.has(key)) found.push(`untagged: ${providerID} has no ${key}`);
  }
  return found;
}

function withRole({ spec: { instanceProfile: _, ...spec }, ...rest }: EC2NodeClass): EC2NodeClass {
  return { ...rest, spec: { ...spec, role: "demo-nodes" } };
}

function newClaim(index: number, plan: Schedule): NodeClaim {
  const alike = index % plan.alike === 0;
  return claim(`claim-${index}`, { createdMs: START_MS + 1000 + (alike ? 0 : Math.floor((plan.startMs * index) / plan.claims)), capacityTypes: plan.spot ? ["spot", "on-demand"] : ["on-demand"], requests: { cpu: alike ? "1" : "500m" } });
}

function account(clock: VirtualClock, plan: Schedule): FakeEc2 {
  return fakeEc2({
    clock,
    seed: plan.seed,
    subnets: ["a", "b"].map((zone) => ({ SubnetId: `subnet-${zone}`, AvailabilityZone: `us-west-2${zone}`, AvailabilityZoneId: `usw2-az-${zone}`, AvailableIpAddressCount: 4000, Tags: discovery })),
    securityGroups: [{ GroupId: "sg-1", GroupName: "nodes", Tags: discovery }],
    ...publishedImages("AL2023", "1.32"),
    capacity: ({ type, zone }) => (plan.emptyPools.includes(`${type}/${zone}`) && clock.nowMs() < START_MS + FAULTS_MS ? 0 : undefined),
    faults: plan.faults,
    timing: { consistencyMs: plan.consistencyMs },
    pageSize: 3,
  });
}
