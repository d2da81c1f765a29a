import { assertHolds, explainsEveryPod, holdsCapacity } from "@groupless/testing";
import { clusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { toyScheduler } from "./toy-scheduler.ts";

// npx tsx --tsconfig tsconfig.sources.json examples/toy-scheduler/find-the-bug.ts
fc.assert(fc.property(clusters(), (cluster) => assertHolds(cluster, toyScheduler(cluster), [explainsEveryPod, holdsCapacity])), { seed: 1 });
