import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ApiError, awsPort, ec2Fleet, type FleetLogEvent } from "@groupless/ec2-fleet";
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

test("credentials are in no log event and in no error, whether AWS cannot be reached or refuses", async () => {
  const credentials = { accessKeyId: "AKIDCANARY", secretAccessKey: "canary-secret", sessionToken: "canary-token" };
  const refusing = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(403, { "Content-Type": "text/xml" }).end(`<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>`));
  });
  await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
  const events: FleetLogEvent[] = [];
  const errors: unknown[] = [];
  for (const endpoint of ["http://127.0.0.1:9", `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`]) {
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: awsPort({ region: "us-west-2", credentials, endpoint }), batching: false, retries: { attempts: 2, baseMs: 1, maxMs: 1 }, log: (event) => events.push(event) });
    errors.push(await fleet.execute({ type: "list-instances" }).catch((error: unknown) => error));
  }
  await new Promise((resolve) => refusing.close(resolve));
  expect(errors).toMatchObject([{ name: "LostResponseError" }, { name: "ApiError", code: "UnauthorizedOperation" }]);
  expect(events.length).toBeGreaterThan(2);
  const everything = inspect([events, errors], { depth: 10, showHidden: true }) + JSON.stringify(errors);
  for (const secret of Object.values(credentials)) expect(everything).not.toContain(secret);
});
