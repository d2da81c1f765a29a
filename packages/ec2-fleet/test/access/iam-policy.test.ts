import { expect, test } from "vitest";
import { ACTIONS, actionOf, iamPolicy } from "@groupless/ec2-fleet";
import { chaosRun } from "../../../../test/chaos/chaos-run.ts";
import type { CallName } from "@groupless/ec2-fleet";

const options = { region: "us-west-2", clusterName: "demo", accountId: "111122223333", nodeRoleArn: "arn:aws:iam::111122223333:role/nodes", queueArn: "arn:aws:sqs:us-west-2:111122223333:demo", manageInstanceProfiles: true, zonalShift: true };

test("the policy allows every call the fleet makes and, beyond them, only what a launch implies", () => {
  const allowed = [...new Set(iamPolicy(options).Statement.flatMap(({ Action }) => Action))].sort();
  expect(allowed).toEqual([...ACTIONS, "iam:PassRole"].sort());
});

test("a run full of faults makes no call that the policy lacks", async () => {
  const allowed = new Set(iamPolicy(options).Statement.flatMap(({ Action }) => Action));
  const made = new Set<CallName>();
  const spy = (port: Parameters<NonNullable<Parameters<typeof chaosRun>[1]>>[0]): typeof port => ({ call: (name, input, callOptions) => (made.add(name), port.call(name, input, callOptions)) });
  for (let seed = 1; seed <= 5; seed++) await chaosRun(seed, spy);
  expect(made.size).toBeGreaterThan(8);
  expect([...made].filter((call) => !allowed.has(actionOf(call)))).toEqual([]);
});

test("what is made must carry the cluster's tag, and only what carries it can be changed or ended", () => {
  const { Statement } = iamPolicy(options);
  const owned = (sid: string): unknown => Object.values(Statement.find(({ Sid }) => Sid === sid)?.Condition?.["StringEquals"] ?? {})[0];
  for (const sid of ["LaunchFromOwnTemplates", "MakeWithTags", "TagWhatIsMade", "TagOwnInstances", "EndOwn"]) expect(owned(sid), sid).toBe("owned");
  expect(Statement.filter(({ Action }) => Action.includes("ec2:TerminateInstances"))).toHaveLength(1);
});

test("without a queue and with profiles made elsewhere, neither is allowed", () => {
  const { region, clusterName, accountId, nodeRoleArn } = options;
  const actions = iamPolicy({ region, clusterName, accountId, nodeRoleArn }).Statement.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => action.startsWith("sqs:") || action.startsWith("arc-zonal-shift:") || (action.startsWith("iam:") && action !== "iam:PassRole"))).toEqual([]);
});
