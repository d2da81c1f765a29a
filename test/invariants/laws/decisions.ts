import { type Cluster, prepare, solve } from "@groupless/bin-packer";
import { type Command, disrupt, drift, emptiness, evaluate, karpenterMethods, type Method, type MethodReport, multiNodeConsolidation, singleNodeConsolidation } from "@groupless/disruption";
import { type NaiveCommand, NaiveDecisions } from "../model/decisions.ts";
import { isInModel } from "../model/first-fit.ts";
import { same } from "./same.ts";

/** Each method decides what its rules, read plainly, come to; the pass does what the first method that finds something decides. */
export function decisionWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const prepared = prepare(cluster, { nowMs });
  const run = (method: Method): MethodReport | undefined => evaluate(prepared, { methods: [method] }).methods[0];
  const first = karpenterMethods.map(run).find((report) => report !== undefined && report.commands.length > 0);
  const passes = same("the pass does not do what its first method decides", disrupt(prepared), first?.commands ?? []);
  if (!isInModel(cluster) || cluster.objects.some(({ kind }) => kind === "NodeOverlay")) return passes;
  const model = new NaiveDecisions(cluster, nowMs, solve(prepared).ignoredPods.map(({ pod }) => pod));
  const wrongs = (method: Method, decide: (report: MethodReport) => readonly NaiveCommand[]): readonly string[] => {
    const report = run(method);
    if (report === undefined || report.error !== undefined) return [];
    return same(`${method.name} decides otherwise than the model`, report.commands.map(plainly), decide(report).map(rounded));
  };
  return [
    ...passes,
    ...wrongs(emptiness, ({ candidates, budgets = {} }) => model.emptiness(candidates, budgets)),
    ...wrongs(drift, ({ candidates, budgets = {} }) => model.drift(candidates, budgets)),
    ...wrongs(multiNodeConsolidation, ({ candidates, budgets = {}, totals = {} }) => model.several(candidates, budgets, totals)),
    ...wrongs(singleNodeConsolidation, ({ candidates, budgets = {}, totals = {} }) => model.single(candidates, budgets, totals)),
  ];
}

const rounded = ({ sourceNodes, estimatedSavings, replacements, existingNodes }: NaiveCommand): NaiveCommand => ({ sourceNodes, estimatedSavings: Math.round(estimatedSavings * 1e9) / 1e9, replacements: replacements.map(({ nodePool, pods, instanceTypes, requirements }) => ({ nodePool, pods, instanceTypes, requirements })), existingNodes });
const plainly = ({ sourceNodes, estimatedSavings, replacements, existingNodes }: Command): NaiveCommand => rounded({ sourceNodes, estimatedSavings, replacements, existingNodes });
