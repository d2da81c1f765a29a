import { type Cluster, prepare, type Prepared, type Profile } from "@groupless/bin-packer";
import type { Command } from "../src/command.ts";
import { evaluate, type EvaluateOptions } from "../src/pass/evaluate.ts";
import type { Method } from "../src/methods/method.ts";
import type { MethodReport } from "../src/pass/method-report.ts";
import { NOW_MS } from "./cluster-fixture.ts";

export function prepared(cluster: Cluster, nowMs: number = NOW_MS, profile: Profile = "karpenter-1.14"): Prepared {
  return prepare(cluster, { nowMs, profile });
}

/** One method's turn. */
export function turnOf(method: Method, cluster: Cluster, options: Omit<EvaluateOptions, "methods"> = {}): MethodReport {
  return evaluate(prepared(cluster), { ...options, methods: [method] }).methods[0] as MethodReport;
}

/** The nodes a method takes as candidates. */
export function candidatesOf(method: Method, cluster: Cluster, options: Omit<EvaluateOptions, "methods"> = {}): readonly string[] {
  return turnOf(method, cluster, options).candidates.map(({ node }) => node);
}

/** What is said on a node. */
export function messagesOf(report: MethodReport, object: string): readonly string[] {
  return report.events.filter((event) => event.object === object).map(({ message }) => message);
}

/** A command in brief: `delete a,b` or `replace a > small,medium`. */
export function brief({ decision, sourceNodes, replacements }: Command): string {
  const types = replacements.map(({ instanceTypes }) => instanceTypes.join(",")).join(" + ");
  return `${decision} ${sourceNodes.join(",")}${types === "" ? "" : ` > ${types}`}`;
}

export function briefs(method: Method, cluster: Cluster, options: Omit<EvaluateOptions, "methods"> = {}): readonly string[] {
  return turnOf(method, cluster, options).commands.map(brief);
}
