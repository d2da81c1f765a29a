import { describe, expect, test } from "vitest";
import { explain } from "../../src/index.ts";
import { packed } from "../build.ts";
import { SITUATIONS } from "./situations.ts";
import { TEXTS } from "./texts.ts";

describe("every situation in which a pod has no place is told in plain sentences", () => {
  test.each(SITUATIONS)("$name", ({ name, objects, rest, options }) => {
    const packing = packed(objects, rest, options);
    const [error] = [...packing.podErrors, ...packing.ignoredPods];
    expect(error?.reasons.map(explain)).toEqual(TEXTS[name]);
    expect(JSON.parse(JSON.stringify(error))).toEqual(error);
  });

  test("there are more than forty of them, of every code but those that need a cluster to come about", () => {
    expect(SITUATIONS.length).toBeGreaterThanOrEqual(40);
    expect(Object.keys(TEXTS)).toHaveLength(SITUATIONS.length);
    const codes = new Set(SITUATIONS.flatMap(({ objects, rest, options }) => [...packed(objects, rest, options).podErrors, ...packed(objects, rest, options).ignoredPods].flatMap(({ reasons }) => reasons.map(({ code }) => code))));
    expect(codes.size).toBeGreaterThanOrEqual(22);
  });
});

test("a reason says what came nearest, what it lacked, and whether waiting can help", () => {
  const [short] = packed(SITUATIONS.find(({ name }) => name === "too much cpu")?.objects ?? []).podErrors;
  expect(short?.reasons[0]).toMatchObject({ code: "no-instance-type", canResolve: false, unmet: ["resources"], nearest: { instanceType: "large", resources: [{ resource: "cpu", needed: "20", allocatable: "16" }] } });
  const soldOut = SITUATIONS.find(({ name }) => name === "a zone that is sold out");
  expect(packed(soldOut?.objects ?? [], soldOut?.rest).podErrors[0]?.reasons[0]).toMatchObject({ canResolve: true, nearest: { offering: "unavailable" } });
});
