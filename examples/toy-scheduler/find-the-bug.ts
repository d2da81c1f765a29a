import { assertHolds, explainsEveryPod, holdsCapacity } from "@groupless/testing";
import { clusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { toyScheduler } from "./toy-scheduler.ts";

// npx tsx --tsconfig tsconfig.sources.json examples/toy-scheduler/find-the-bug.ts
const { failed, errorInstance } = fc.check(fc.property(clusters(), (cluster) => assertHolds(cluster, toyScheduler(cluster), [explainsEveryPod, holdsCapacity])), { seed: 1 });
// The smallest cluster that shows it, as YAML; `fc.assert` would print the same as one line of JSON before it.
if (failed) {
  console.log((errorInstance as Error).message);
  process.exitCode = 1;
}
