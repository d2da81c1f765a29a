import type { Step } from "@groupless/simulator";
import * as fc from "fast-check";
import { deployment } from "../build/objects.ts";
import { APPS } from "../arbitraries/vocabulary.ts";
import { podTemplates } from "../arbitraries/pod.ts";

export interface DaysOptions {
  /** Most things that happen. Default 12. */
  readonly maxEvents?: number;
  /** Length of the day. Default 24 hours. */
  readonly lengthMs?: number;
  /** NodePools whose spot instances may be taken back. Default: `default`. */
  readonly nodePools?: readonly string[];
}

/** One thing that happens to a cluster, or a while of letting it run. */
export function steps(options: DaysOptions = {}): fc.Arbitrary<Step> {
  const { nodePools = ["default"] } = options;
  const app = fc.constantFrom(...APPS);
  return fc.oneof(
    { weight: 3, arbitrary: deploys() },
    { weight: 3, arbitrary: fc.tuple(app, fc.nat(6)).map(([name, replicas]): Step => ({ do: "scale", kind: "Deployment", name: `default/${name}`, replicas })) },
    { weight: 1, arbitrary: app.map((name): Step => ({ do: "delete", kind: "Deployment", name: `default/${name}` })) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...nodePools), fc.integer({ min: 1, max: 2 })).map(([nodePool, count]): Step => ({ do: "interrupt", nodePool, count, noticeMs: 120_000 })) },
  );
}

/** A Deployment of modest pods comes, or takes the place of the one of its name. */
function deploys(): fc.Arbitrary<Step> {
  const cpu = fc.constantFrom("250m", "900m", "1", "1900m", "2");
  return fc.tuple(fc.constantFrom(...APPS), fc.nat(5), cpu, podTemplates({ topology: false, preferences: false })).map(([name, replicas, asked, { spec }]): Step => {
    const { tolerations } = spec;
    return { do: "apply", source: `${name}.yaml`, objects: [deployment(name, replicas, { cpu: asked, memory: "512Mi" }, tolerations === undefined ? {} : { tolerations })] };
  });
}

/**
 * Days of events: things that happen and the time between them, as the steps of a story's scene. Steps about Deployments that are not there are left out.
 *
 * @example
 * ```ts
 * import { days } from "@groupless/testing/simulation";
 * import * as fc from "fast-check";
 * const [day = []] = fc.sample(days({ lengthMs: 3_600_000 }), { numRuns: 1, seed: 1 });
 * day.reduce((ms, step) => ms + (step.do === "advance" ? step.ms : 0), 0); // => 3600000
 * ```
 */
export function days(options: DaysOptions = {}): fc.Arbitrary<readonly Step[]> {
  const { maxEvents = 12, lengthMs = 86_400_000 } = options;
  return fc.array(fc.tuple(fc.nat(lengthMs), steps(options)), { minLength: 1, maxLength: maxEvents }).map((events) => {
    const there = new Set<string>();
    const day: Step[] = [];
    let now = 0;
    const until = (atMs: number): void => {
      if (atMs > now) day.push({ do: "advance", ms: atMs - now });
      now = Math.max(now, atMs);
    };
    for (const [atMs, step] of events.toSorted(([a], [b]) => a - b)) {
      if (!applies(step, there)) continue;
      until(atMs);
      day.push(step);
    }
    until(lengthMs);
    return day;
  });
}

/** Whether what the step is about is there; keeps the books of what is. */
export function applies(step: Step, there: Set<string>): boolean {
  if (step.do === "apply") for (const { metadata } of step.objects) there.add(`default/${metadata.name}`);
  if (step.do === "scale") return there.has(step.name);
  if (step.do === "delete") return there.delete(step.name);
  return true;
}
