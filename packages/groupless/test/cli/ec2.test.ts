import { afterEach, describe, expect, test, vi } from "vitest";
import { groupless } from "./terminal.ts";

const files = { "pods.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n" };

describe("simulate --ec2", () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ["something else", ["pods.yaml", "--ec2", "aws"], /^--ec2: got "aws"; expected fake, moto, or moto= and the URL/],
    ["a URL that is none", ["pods.yaml", "--ec2", "moto=here"], /^--ec2: got "moto=here"; expected/],
    ["a URL where nothing answers", ["pods.yaml", "--ec2", "moto=http://127.0.0.1:9"], /^--ec2: nothing answers at http:\/\/127\.0\.0\.1:9; expected the URL of a running moto_server/],
    ["moto under a trace", ["--trace", "t.csv", "--policy", "p.yaml", "--ec2", "moto"], /--ec2 moto with a trace; expected a story or manifests/],
  ])("refuses %s in one line", async (_, args, expected) => {
    const ran = await groupless(["simulate", ...args], files);
    expect(ran.err).toMatch(expected);
    expect({ code: ran.code, out: ran.out, lines: ran.err.trimEnd().split("\n").length }).toEqual({ code: 2, out: "", lines: 1 });
  });

  test("says what to install where there is no moto_server", async () => {
    vi.stubEnv("PATH", "/nowhere");
    const ran = await groupless(["simulate", "pods.yaml", "--ec2", "moto"], files);
    expect(ran).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/^--ec2: moto_server did not start: .*ENOENT; expected moto_server on the PATH \(pip install 'moto\[server\]'\)/) });
  });
});
