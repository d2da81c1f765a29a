import { InputError } from "@groupless/api";
import { regionNames, type RegionSnapshot } from "@groupless/ec2-catalog";
import { didYouMean } from "./nearest.ts";

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
  new InputError("unknown-region", `no facts of region "${region}" are embedded`, { expected: didYouMean(region, regionNames, `one of ${regionNames.join(", ")}; others by groupless catalog refresh and --snapshot of groupless catalog`) }, cause === undefined ? undefined : { cause });
