import type { Pod } from "@groupless/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { requestedBy } from "../../../src/controllers/scheduler/amounts.ts";
import { podView, refusal } from "../../../src/controllers/scheduler/filters.ts";
import { account, nodeInfo, type NodeInfo, setNode } from "../../../src/controllers/scheduler/node-info.ts";
import { kindOf, outlooks } from "../../../src/controllers/scheduler/outlook.ts";
import { pod, readyNode } from "../../world.ts";

const RUNS = Number(process.env["LAWS_RUNS"] ?? 200);
const server = { get: () => undefined };
const KINDS: readonly Pod["spec"]["containers"][] = ["500m", "1", "2500m"].map((cpu) => [{ name: "main", resources: { requests: { cpu } } }]);
const viewOf = (one: Pod): ReturnType<typeof podView> => podView(one, requestedBy(one), undefined, []);

type Deed =
  | { readonly type: "put" | "take" | "cordon" | "remove" | "join"; readonly node: number; readonly kind: number }
  | { readonly type: "look"; readonly node: number; readonly kind: number };
const deeds = fc.array(fc.record({ type: fc.constantFrom<Deed["type"]>("put", "take", "cordon", "remove", "join", "look", "look"), node: fc.nat(5), kind: fc.nat(KINDS.length - 1) }), { minLength: 5, maxLength: 60 });

test("an outlook kept from look to look is what asking every node anew gives", () => {
  let [looks, withPlace, without] = [0, 0, 0];
  fc.assert(
    fc.property(deeds, (list) => {
      const nodes = new Map<string, NodeInfo>();
      const known = outlooks(nodes, server);
      let count = 0;
      for (const { type, node, kind } of list) {
        const name = `n${node}`;
        const info = nodes.get(name);
        const one = pod(`p${(count += 1)}`, { containers: KINDS[kind] as Pod["spec"]["containers"] });
        if (type === "look") {
          const found = known.of(kindOf(one) as object, viewOf(one));
          const answers = [...nodes.values()].map((each) => [each.node.metadata.name, refusal(viewOf(one), each, server)] as const);
          expect(found.feasible.map((each) => each.node.metadata.name)).toEqual(answers.flatMap(([each, reason]) => (reason === undefined ? [each] : [])).sort());
          const reasons: Record<string, number> = {};
          for (const [, reason] of answers) if (reason !== undefined) reasons[reason] = (reasons[reason] ?? 0) + 1;
          expect(Object.fromEntries(found.reasons)).toEqual(reasons);
          looks += 1;
          if (found.feasible.length > 0) withPlace += 1;
          if (found.reasons.size > 0) without += 1;
          continue;
        }
        if (type === "join" && info === undefined) {
          const added = nodeInfo(readyNode(name, { cpu: "3" }));
          nodes.set(name, added);
          known.touch(added);
        }
        if (info === undefined) continue;
        if (type === "put") account(info, one, 1);
        const last = [...info.pods.values()].at(-1);
        if (type === "take" && last !== undefined) account(info, last, -1);
        if (type === "cordon") setNode(info, { ...info.node, spec: { ...info.node.spec, unschedulable: info.node.spec?.unschedulable !== true } });
        if (type === "remove") nodes.delete(name);
        known.touch(info);
      }
    }),
    { numRuns: RUNS },
  );
  expect(withPlace / looks).toBeGreaterThan(0.1);
  expect(without / looks).toBeGreaterThan(0.05);
});

test("pods that ask for more than amounts are of no kind", () => {
  expect(kindOf(pod("a", { nodeSelector: { disk: "ssd" } }))).toBeUndefined();
  const plain = pod("b");
  expect(kindOf(plain)).toBe(plain.spec.containers);
});
