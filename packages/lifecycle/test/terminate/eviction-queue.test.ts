import { expect, test } from "vitest";
import { answerEviction, dueEvictions, enqueue, type EvictionQueue } from "../../src/index.ts";
import { condition, messages, node, NOW_MS, pod, running, world } from "../objects.ts";

const observed = world(node(), running(), pod("p"));
const queued = enqueue({}, [pod("p")], NOW_MS);
const answer = (code: number, message = "", queue: EvictionQueue = queued) => answerEviction(queue, observed, { pod: "default/p", uid: "uid-p", code, message }, NOW_MS);

test("D-177 a granted eviction is reported with its reason and forgotten", () => {
  expect(answer(200)).toMatchObject({ queue: {}, isRetried: false });
  expect(messages(answer(200))).toEqual(["Evicted: Evicted pod: Forceful Termination"]);
  const drifted = world(node(), pod("p"), running({}, {}, { conditions: [condition("DisruptionReason", "True", 5, "Drifted")] }));
  expect(messages(answerEviction(queued, drifted, { pod: "default/p", uid: "uid-p", code: 201 }, NOW_MS))).toEqual(["Evicted: Evicted pod: Drifted"]);
});

test("D-177 a pod that is gone or another is not asked for again", () => {
  for (const code of [404, 409]) {
    const { queue } = answer(code);
    expect(dueEvictions(queue, NOW_MS + 3_600_000).actions).toEqual([]);
    expect(enqueue(queue, [pod("p")], NOW_MS)).toBe(queue);
  }
});

test("D-171 D-022 a budget that refuses, or several budgets, fail the drain aloud and are tried again", () => {
  expect(messages(answer(429))).toEqual(["FailedDraining: Failed to drain node, evicting pod violates a PDB (Pod=default/p)"]);
  const several = answer(500, "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
  expect(messages(several)).toEqual(["FailedDraining: Failed to drain node, eviction does not support multiple PDBs (Pod=default/p)"]);
  expect(answer(500, "boom")).toMatchObject({ actions: [], isRetried: true, reasons: [{ code: "eviction-failed", status: 500, message: "boom" }] });
});

test("D-171 refusals are spaced out from a tenth of a second to ten", () => {
  let queue = queued;
  const waits: number[] = [];
  for (let refusals = 0; refusals < 9; refusals += 1) {
    queue = answer(429, "", queue).queue;
    waits.push((queue["uid-p"]?.notBeforeMs ?? 0) - NOW_MS);
  }
  expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
});

test("D-172 the queue knows pods by uid: another pod of the same name is not evicted for the first", () => {
  expect(answerEviction(queued, observed, { pod: "default/p", uid: "other", code: 200 }, NOW_MS)).toMatchObject({ queue: queued, actions: [] });
  expect(dueEvictions(queued, NOW_MS).actions).toEqual([{ type: "evict", pod: "default/p", uid: "uid-p" }]);
});

test("an eviction is asked for once until it is answered, or its answer seems lost", () => {
  const { queue, requeueAfterMs } = dueEvictions(queued, NOW_MS);
  expect(requeueAfterMs).toBe(10_000);
  expect(dueEvictions(queue, NOW_MS + 9_999).actions).toEqual([]);
  expect(dueEvictions(queue, NOW_MS + 10_000).actions).toHaveLength(1);
});

test("a clock that was set back does not stall the queue", () => {
  const { queue } = dueEvictions(queued, NOW_MS);
  expect(dueEvictions(queue, NOW_MS - 3_600_000).actions).toHaveLength(1);
});
