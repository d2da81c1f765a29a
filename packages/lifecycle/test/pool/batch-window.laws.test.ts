import fc from "fast-check";
import { expect, test } from "vitest";
import { addToBatch, batchClosesMs, isBatchClosed, noBatch } from "../../src/index.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 300) };

test("P-087 a window closes a second after the last new pod, ten seconds after the first at most", () => {
  const first = addToBatch(noBatch, "a", 1_000);
  expect(isBatchClosed(noBatch, 1e12)).toBe(false);
  expect(isBatchClosed(first, 1_999)).toBe(false);
  expect(isBatchClosed(first, 2_000)).toBe(true);
  expect(batchClosesMs(addToBatch(first, "b", 1_900))).toBe(2_900);
  expect(batchClosesMs(addToBatch(first, "b", 10_900))).toBe(11_000);
  expect(batchClosesMs(first, { idleMs: 5, maxMs: 3 })).toBe(1_003);
});

test("P-087 the same pod again does not keep the window open", () => {
  const first = addToBatch(noBatch, "a", 0);
  expect(addToBatch(first, "a", 900)).toBe(first);
});

test("P-087 whatever comes, a window closes within its limits and holds each pod once", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat(2_000)), { minLength: 1, maxLength: 40 }), (arrivals) => {
      let nowMs = 0;
      let window = noBatch;
      const seen = new Set<string>();
      for (const [pod, afterMs] of arrivals) {
        nowMs += afterMs;
        if (isBatchClosed(window, nowMs)) break;
        window = addToBatch(window, String(pod), nowMs);
        seen.add(String(pod));
      }
      const closesMs = batchClosesMs(window) as number;
      expect(closesMs - (window.openedMs as number)).toBeLessThanOrEqual(10_000);
      expect(closesMs - (window.openedMs as number)).toBeGreaterThanOrEqual(1_000);
      expect([...window.uids].toSorted()).toEqual([...seen].toSorted());
    }),
    RUNS,
  );
});
