import { InputError } from "@groupless/api";
import type { Ec2AccountMaker } from "@groupless/ec2-fleet/fake";
import { startMotoServer } from "./moto-server.ts";

/**
 * Runs something against the EC2 that `--ec2` names; the work gets undefined for the fake.
 *
 * @throws {InputError} `no-such-ec2`, or `no-moto` if moto cannot be started or does not answer
 */
export async function onEc2<T>(where: string, region: string, work: (ec2: Ec2AccountMaker | undefined) => Promise<T>): Promise<T> {
  if (where === "fake") return work(undefined);
  const [kind, ...rest] = where.split("=");
  const given = rest.join("=");
  if (kind !== "moto" || (rest.length > 0 && !URL.canParse(given))) throw new InputError("no-such-ec2", `got "${where}"`, { path: "--ec2", expected: "fake, moto, or moto= and the URL of a moto server" });
  const server = given === "" ? await startMotoServer() : { url: given.replace(/\/$/u, ""), stop: async () => {} };
  try {
    const { motoEc2 } = await import("@groupless/ec2-fleet/moto");
    const ec2 = await motoEc2({ url: server.url, region }).catch((error: unknown) => {
      throw new InputError("no-moto", `nothing answers at ${server.url}`, { path: "--ec2", expected: "the URL of a running moto_server" }, { cause: error });
    });
    try {
      return await work(ec2);
    } finally {
      await ec2.stop();
    }
  } finally {
    await server.stop();
  }
}
