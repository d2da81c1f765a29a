import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { groupless } from "./terminal.ts";

const TRACE = "name,cpu,memory,arrives_s,runs_for_s\na,1,2Gi,0,600\nb,1,2Gi,300,600\n";
const POLICIES = ["--policy", "policies/when-empty.yaml", "--policy", "policies/when-empty-or-underutilized.yaml"];

describe("groupless simulate --trace", () => {
  test("sets policies side by side, and draws them", async () => {
    const { code, out, written } = await groupless(["simulate", "--trace", "t.csv", ...POLICIES, "--chart", "out.svg"], { "t.csv": TRACE });
    expect(out).toContain("when-empty");
    expect(out).toContain("when-empty-or-underutilized");
    expect(out).toMatch(/pods come \/ finished\s*│\s*2 \/ \d\s*│\s*2 \/ \d/);
    expect(written["out.svg"]).toContain("</svg>");
    expect(code).toBe(0);
  }, 60_000);

  test("EC2 that refuses calls keeps pods waiting, and moving spot prices change what is paid", async () => {
    const onSpot = readFileSync(new URL("../../../../examples/policies/when-empty.yaml", import.meta.url), "utf8").replace("[on-demand]", "[spot]");
    const run = async (...flags: readonly string[]) => {
      const { out } = await groupless(["simulate", "--trace", "t.csv", "--policy", "spot.yaml", "--format", "json", ...flags], { "t.csv": "name,cpu,memory,arrives_s,runs_for_s\na,1,2Gi,0,20000\nb,1,2Gi,20000,60\n", "spot.yaml": onSpot });
      return (JSON.parse(out) as readonly [{ readonly summary: { readonly costUsd: number; readonly pendingSeconds: { readonly max: number } } }])[0].summary;
    };
    const calm = await run();
    expect((await run("--fault", "throttled:CreateFleet@0s+4m")).pendingSeconds.max).toBeGreaterThan(calm.pendingSeconds.max + 30);
    expect((await run("--spot-volatility", "0.5")).costUsd).not.toBe(calm.costUsd);
  }, 60_000);

  test.each([
    ["a trace without a policy", ["simulate", "--trace", "t.csv"], "a trace without a policy; expected --policy"],
    ["a trace beside a story", ["simulate", "story.yaml", "--trace", "t.csv", ...POLICIES], "files beside a trace"],
    ["nothing at all", ["simulate"], "nothing to simulate"],
    ["a policy without pools", ["simulate", "--trace", "t.csv", "--policy", "walkthrough/pdb.yaml"], "walkthrough/pdb.yaml: no NodePool"],
    ["a part of a trace in which nothing comes", ["simulate", "--trace", "t.csv", ...POLICIES, "--from", "2d"], "t.csv: no pod comes in that time"],
    ["a length that is none", ["simulate", "--trace", "t.csv", ...POLICIES, "--from", "soon"], '--from is "soon"; expected a length of time such as 90s, 12h or 30d'],
    ["a fault that is none", ["simulate", "--trace", "t.csv", ...POLICIES, "--fault", "broken@1m+1m"], "--fault broken@1m+1m; expected throttled, lost-request or lost-response"],
    ["a fault of no call", ["simulate", "--trace", "t.csv", ...POLICIES, "--fault", "throttled:Dance@1m+1m"], "after a colon one call of CreateFleet"],
    ["a fault at no time", ["simulate", "--trace", "t.csv", ...POLICIES, "--fault", "throttled@soon+1m"], '--fault is "soon"; expected a length of time'],
    ["a volatility below zero", ["simulate", "--trace", "t.csv", ...POLICIES, "--spot-volatility", "-1"], "a number, 0 or more, is expected"],
    ["a trace that is none", ["simulate", "--trace", "bad.csv", ...POLICIES], "bad.csv:2: 2 cells; expected 5"],
  ])("%s is bad input", async (_, args, message) => {
    const ran = await groupless(args, { "t.csv": TRACE, "bad.csv": "name,cpu,memory,arrives_s,runs_for_s\na,1\n", "story.yaml": "" });
    expect(ran.err).toContain(message);
    expect({ code: ran.code, out: ran.out, written: ran.written }).toEqual({ code: 2, out: "", written: {} });
  });
});

test("groupless sweep tells means and spreads over seeds, the same however often it is run", async () => {
  const args = ["sweep", "--trace", "t.csv", "--policy", "policies/when-empty.yaml", "--seeds", "2", "--threads", "1", "--join-jitter", "0.5"];
  const { code, out } = await groupless(args, { "t.csv": TRACE });
  expect(out).toContain("when-empty, 2 run(s)");
  expect(out).toMatch(/cost, USD\s*│ \d+\.\d+ ± \d+\.\d+/);
  expect(code).toBe(0);
  expect((await groupless(args, { "t.csv": TRACE })).out).toBe(out);
}, 120_000);
