import { expect, test } from "vitest";
import { random, safeHash } from "../../src/clock/random.ts";

test("the same seed gives the same draws, written down once and for all", () => {
  const draws = random("1");
  expect([draws.integer(1000), draws.integer(1000), draws.integer(1000), draws.suffix(5)]).toMatchInlineSnapshot(`
    [
      989,
      799,
      982,
      "kjh9l",
    ]
  `);
  expect(random("1").uuid()).toBe(random("1").uuid());
  expect(random("1").uuid()).not.toBe(random("2").uuid());
});

test("streams are apart: draws from one do not shift another", () => {
  const [a, b] = [random("1"), random("1")];
  a.stream("x").next();
  a.next();
  expect(a.stream("y").next()).toBe(b.stream("y").next());
});

test("draws cover their range about evenly", () => {
  const draws = random("even");
  const counts = Array.from({ length: 10 }, () => 0);
  for (let index = 0; index < 10_000; index += 1) {
    const drawn = draws.integer(10);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test("suffixes and hashes are in the letters Kubernetes uses", () => {
  expect(random("1").suffix(100)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{100}$/);
  expect(safeHash("template")).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{10}$/);
  expect(random("1").uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
