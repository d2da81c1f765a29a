import { InputError } from "@groupless/api";
import type { RegionSnapshot } from "@groupless/ec2-catalog";

/**
 * The embedded facts of a region.
 *
 * @throws InputError `unknown-region`
 */
export async function regionSnapshot(region: string): Promise<RegionSnapshot> {
  if (!/^[a-z]+(-[a-z]+)+-\d+$/.test(region)) throw unknown(region);
  let module: { readonly default: RegionSnapshot };
  try {
    module = (await import(`@groupless/ec2-catalog/${region}`)) as { readonly default: RegionSnapshot };
  } catch (error) {
    throw unknown(region, error);
  }
  return module.default;
}

const unknown = (region: string, cause?: unknown): InputError =>
  new InputError("unknown-region", `no facts of region "${region}" are embedded`, { expected: "an AWS region such as us-west-2" }, cause === undefined ? undefined : { cause });
