import type { KubeObject } from "@groupless/api";
import { describe, expect, test } from "vitest";
import { disrupt } from "../../src/pass/evaluate.ts";
import { validate, type ValidatedCommand } from "../../src/pass/validate.ts";
import type { Command } from "../../src/command.ts";
import { clusterOf, node, nodePool, pod } from "../cluster-fixture.ts";
import { brief, prepared } from "../turn-fixture.ts";

type Objects = readonly (KubeObject | readonly KubeObject[])[];

const first = (objects: Objects): Command => disrupt(prepared(clusterOf(objects)))[0] as Command;
const shown = (outcome: ValidatedCommand): string => ("failure" in outcome ? outcome.failure : brief(outcome.command));

describe("a command in a changed cluster", () => {
  const replaced: Objects = [node("a", { size: "xlarge" }), pod("p", "a")];
  const now = (objects: Objects, changes = {}): string => shown(validate(first(replaced), prepared(clusterOf(objects, changes))));

  test("D-080 holds as long as its pods would go to a node of a type that was chosen", () => {
    expect(now(replaced)).toBe("replace a > small,medium,large");
    expect(now([...replaced, pod("q", "a", { cpu: "500m" })])).toBe("scheduling");
    expect(now([...replaced, node("b", { size: "2xlarge" })])).toBe("scheduling");
  });

  test("D-081 ends when a node of it is gone, or no candidate any more", () => {
    expect(now([])).toBe("churn");
    expect(now([node("a", { size: "xlarge", conditions: [] }), pod("p", "a")])).toBe("churn");
  });

  test("ends when budgets have closed, or no pool could make nodes", () => {
    expect(now(replaced, { nodePools: [nodePool({ budgets: [{ nodes: "0" }] })] })).toBe("budget");
    expect(now(replaced, { nodePools: [{ ...nodePool(), status: { conditions: [{ type: "Ready", status: "False" }] } }] })).toBe("scheduling");
  });

  test("D-046 goes on with the empty nodes that still are", () => {
    const empties = first([node("a"), node("b")]);
    expect(shown(validate(empties, prepared(clusterOf([node("a"), pod("p", "a"), node("b")]))))).toBe("delete b");
    expect(shown(validate(empties, prepared(clusterOf([node("b")]))))).toBe("delete b");
    expect(shown(validate(empties, prepared(clusterOf([]))))).toBe("churn");
  });

  test("must be of a method that is known", () => {
    expect(() => validate({ ...first(replaced), method: "Mine" }, prepared(clusterOf(replaced)))).toThrow(expect.objectContaining({ code: "unknown-method" }));
  });
});
