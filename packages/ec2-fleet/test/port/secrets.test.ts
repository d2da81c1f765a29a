import { expect, test } from "vitest";
import { ApiError, ec2Fleet, type FleetLogEvent } from "@groupless/ec2-fleet";
import { account, claim, nodeClass, settings, START_MS, types, virtualClock } from "../story.ts";

const SECRET = "hunter2-in-user-data";

test("user data is in no log event and in no error, whatever goes wrong", async () => {
  const secretive = { ...nodeClass, spec: { ...nodeClass.spec, userData: `#!/bin/bash\necho ${SECRET}` } };
  const events: FleetLogEvent[] = [];
  const answers: unknown[] = [];
  for (const fault of ["CreateLaunchTemplate", "CreateFleet", "DescribeImages"] as const) {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock, { faults: (call) => (call === fault ? { kind: "refused", code: "InvalidParameterValue", message: "no" } : undefined) });
    const fleet = ec2Fleet({ ...settings, nodeClasses: [secretive], instanceTypes: types, port: ec2, clock, log: (event) => events.push(event) });
    answers.push(await clock.drive(fleet.execute({ type: "launch", nodeClaim: claim("a") })).catch((error: unknown) => error));
  }
  const broken = { ...nodeClass, spec: { ...nodeClass.spec, userData: `MIME-Version: 1.0\n\n${SECRET}` } };
  const clock = virtualClock(START_MS);
  const fleet = ec2Fleet({ ...settings, nodeClasses: [broken], instanceTypes: types, port: account(clock), clock, log: (event) => events.push(event) });
  answers.push(await clock.drive(fleet.execute({ type: "launch", nodeClaim: claim("a") })));
  const everything = JSON.stringify([events, answers.map((answer) => (answer instanceof Error ? [answer.name, answer.message, answer.stack] : answer))]);
  expect(events.length).toBeGreaterThan(10);
  expect(answers).toHaveLength(4);
  for (const form of [SECRET, btoa(SECRET), btoa(`#!/bin/bash\necho ${SECRET}`).slice(8, -8)]) expect(everything).not.toContain(form);
});

test("an API error holds code and message alone", () => {
  expect(Object.keys(new ApiError("InvalidInstanceID.NotFound", "gone")).sort()).toEqual(["code", "fault", "name"]);
});
