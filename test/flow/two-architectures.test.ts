import { beforeAll, expect, test } from "vitest";
import { play, type Played, rows } from "./play.ts";

let story: Played;
beforeAll(async () => {
  story = await play("two-architectures");
}, 60_000);

test("each deployment gets spot nodes of its own architecture", () => {
  const claims = rows(story.entries, "kubectl get nodeclaims", 0);
  const typesOf = (pool: string): readonly string[] => claims.filter(({ NAME }) => NAME?.startsWith(pool)).map(({ TYPE }) => TYPE ?? "");
  expect(typesOf("arm64").length).toBeGreaterThan(0);
  // A letter g after the generation is Graviton.
  expect(typesOf("arm64").every((type) => /^[cmr]\d+g/.test(type))).toBe(true);
  expect(typesOf("amd64").every((type) => /^[cmr][5-9]/.test(type) && !/^[cmr]\d+g/.test(type))).toBe(true);
  expect(rows(story.entries, "kubectl get nodes", 0).every((row) => row["CAPACITY-TYPE"] === "spot")).toBe(true);
});

test("web pods stand in every zone alike", () => {
  const zoneOf = new Map(rows(story.entries, "kubectl get nodes", 0).map((row) => [row["NAME"], row["ZONE"]]));
  const counts = new Map<string, number>();
  for (const row of rows(story.entries, "kubectl get pods", 0)) if (row["NAME"]?.startsWith("web")) counts.set(zoneOf.get(row["NODE"]) ?? "", (counts.get(zoneOf.get(row["NODE"]) ?? "") ?? 0) + 1);
  expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(6);
});

test("the warned node is drained and replaced before EC2 takes it back, elsewhere than where spot ran out", () => {
  const warned = story.log.find((line) => line["message"] === "initiating delete from interruption message");
  const deleted = story.log.find((line) => line["message"] === "deleted nodeclaim");
  const launches = story.log.filter((line) => line["message"] === "launched nodeclaim");
  const [first, replacement] = [launches.find((line) => line["nodeclaim"] === warned?.["nodeclaim"]), launches.at(-1)];
  expect(deleted?.["nodeclaim"]).toBe(warned?.["nodeclaim"]);
  expect(Date.parse(String(deleted?.["time"])) - Date.parse(String(warned?.["time"]))).toBeLessThan(120_000);
  expect([replacement?.["instance-type"], replacement?.["zone"]]).not.toEqual([first?.["instance-type"], first?.["zone"]]);
  expect(rows(story.entries, "kubectl get pods", -1).map(({ STATUS }) => STATUS)).toEqual(Array.from({ length: 10 }, () => "Running"));
  expect(story.unplaced).toEqual([]);
});

test("the whole story is as it was last written down", async () => {
  await expect(story.story).toMatchFileSnapshot("stories/two-architectures.txt");
});
