import { awsPort } from "@groupless/ec2-fleet";
import { motoEc2 } from "@groupless/ec2-fleet/moto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MotoServer } from "../../packages/groupless/src/moto/moto-server.ts";
import { play, type Played, type PlayOptions } from "../flow/play.ts";
import { startMoto } from "./server.ts";

/** Instances are known by ids that EC2 chooses; all else is the story's. */
const withoutIds = ({ story, unplaced, log }: Played): unknown => JSON.parse(JSON.stringify({ story, unplaced, log }).replaceAll(/\bi-[0-9a-f]{17}\b/gu, "i-x"));

describe("stories with their instances at moto, over the wire", () => {
  let moto: MotoServer;
  beforeAll(async () => {
    moto = await startMoto();
  }, 600_000);
  afterAll(() => moto.stop());

  async function both(folder: string, options: PlayOptions = {}): Promise<readonly [fake: Played, moto: Played]> {
    const ec2 = await motoEc2({ url: moto.url, region: "us-west-2" });
    try {
      return [await play(folder, options), await play(folder, { ...options, ec2 })];
    } finally {
      await ec2.stop();
    }
  }
  async function instancesAtMoto(): Promise<readonly { readonly state: string; readonly type: string; readonly nodePool: string | undefined; readonly lifecycle: string }[]> {
    const port = awsPort({ region: "us-west-2", endpoint: moto.url, credentials: { accessKeyId: "x", secretAccessKey: "y" } });
    const { Reservations = [] } = await port.call("DescribeInstances", {});
    return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State, InstanceType = "", Tags, InstanceLifecycle }) => ({ state: State?.Name ?? "", type: InstanceType, nodePool: Tags?.find(({ Key }) => Key === "karpenter.sh/nodepool")?.Value, lifecycle: String(InstanceLifecycle) })));
  }

  test("the walkthrough goes line by line as on the fake, and its two nodes have come and gone at moto", async () => {
    const [fake, wire] = await both("walkthrough");
    expect(withoutIds(wire)).toEqual(withoutIds(fake));
    expect(wire.story).toMatch(/i-[0-9a-f]{17} joined the cluster/u);
    expect(await instancesAtMoto()).toEqual(Array.from({ length: 2 }, () => ({ state: "terminated", type: "r6gd.xlarge", nodePool: "default", lifecycle: "undefined" })));
  }, 120_000);

  test("consolidation, too: at its end one spot instance runs at moto", async () => {
    const [fake, wire] = await both("walkthrough", { scene: "consolidate" });
    expect(withoutIds(wire)).toEqual(withoutIds(fake));
    expect((await instancesAtMoto()).map(({ state, lifecycle }) => [state, lifecycle])).toEqual([["terminated", "undefined"], ["running", "spot"]]);
  }, 120_000);

  test("calls whose answers are lost launch nothing twice at moto", async () => {
    const lost = (calls: readonly "CreateFleet"[] | undefined, kind: "lost-response" | "throttled"): object => ({ fromMs: 0, forMs: 600_000, every: 2, fault: { kind }, ...(calls === undefined ? {} : { calls }) });
    const chance = { faults: [lost(["CreateFleet"], "lost-response"), lost(undefined, "throttled")] } as NonNullable<PlayOptions["chance"]>;
    const [fake, wire] = await both("walkthrough", { scene: "expire", chance });
    expect(withoutIds(wire)).toEqual(withoutIds(fake));
    const states = (await instancesAtMoto()).map(({ state }) => state);
    expect(states.filter((state) => state === "running")).toHaveLength(1);
    expect(states).toHaveLength(wire.log.filter(({ message }) => message === "launched nodeclaim").length);
  }, 120_000);

  test("EC2's notice that it wants a spot instance back comes through moto's queue", async () => {
    const [fake, wire] = await both("two-architectures");
    expect(withoutIds(wire)).toEqual(withoutIds(fake));
    expect(wire.story).toContain("initiating delete from interruption message");
  }, 120_000);

  test.each([["walkthrough", "expire"], ["walkthrough", "impossible"]])("so does %s, scene %s", async (folder, scene) => {
    const [fake, wire] = await both(folder, { scene });
    expect(withoutIds(wire)).toEqual(withoutIds(fake));
  }, 120_000);
});
