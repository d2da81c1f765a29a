import fc from "fast-check";
import { expect, test } from "vitest";
import { virtualClock } from "../../src/clock/clock.ts";

const runs = Number(process.env["LAWS_RUNS"] ?? 200);
const nothing = (): void => undefined;

test("timers run in the order of their times, those of one time in the order they were set, however they were set", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 20 }), { maxLength: 60 }), async (times) => {
      const clock = virtualClock(0);
      const ran: (readonly [number, number])[] = [];
      times.forEach((atMs, order) => clock.at(atMs, () => void ran.push([clock.nowMs(), order])));
      await clock.runUntil(100, nothing);
      expect(ran).toEqual(times.map((atMs, order) => [atMs, order] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]));
      expect(clock.nowMs()).toBe(100);
    }),
    { numRuns: runs },
  );
});

test("a cancelled timer does not run, and one set in the past runs now", async () => {
  const clock = virtualClock(50);
  const ran: string[] = [];
  clock.cancel(clock.at(60, () => void ran.push("cancelled")));
  clock.at(10, () => void ran.push(`late at ${clock.nowMs()}`));
  expect(clock.nextMs()).toBe(50);
  await clock.runUntil(70, nothing);
  expect(ran).toEqual(["late at 50"]);
  expect(clock.nextMs()).toBeUndefined();
});

test("a timer may set others, also for the same moment", async () => {
  const clock = virtualClock(0);
  const ran: number[] = [];
  clock.at(5, () => void clock.after(0, () => void ran.push(clock.nowMs())));
  clock.at(5, () => void clock.after(3, () => void ran.push(clock.nowMs())));
  await clock.runUntil(7, nothing);
  expect(ran).toEqual([5]);
  await clock.runUntil(8, nothing);
  expect(ran).toEqual([5, 8]);
});

test("work beside the timers goes as far as it can before the clock moves", async () => {
  const clock = virtualClock(0);
  const seen: string[] = [];
  const work = async (): Promise<void> => {
    for (let step = 0; step < 50; step += 1) await Promise.resolve();
    seen.push(`worked at ${clock.nowMs()}`);
    await clock.sleep(20);
    seen.push(`woke at ${clock.nowMs()}`);
    await Promise.resolve();
    seen.push(`done at ${clock.nowMs()}`);
  };
  clock.background(work());
  clock.at(10, () => void seen.push("timer at 10"));
  await clock.runUntil(30, nothing);
  expect(seen).toEqual(["worked at 0", "timer at 10", "woke at 20", "done at 20"]);
});

test("a sleep can be broken off", async () => {
  const clock = virtualClock(0);
  const controller = new AbortController();
  const failed = clock.sleep(10, controller.signal).catch((error: unknown) => error);
  controller.abort(new Error("enough"));
  expect(await failed).toMatchObject({ message: "enough" });
  await expect(clock.sleep(1, controller.signal)).rejects.toThrow("enough");
});
