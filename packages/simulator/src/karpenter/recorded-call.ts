import type { CallInput, CallName, CallOutput } from "@groupless/ec2-fleet";
import type { RegionSnapshot } from "@groupless/ec2-catalog";
import type { SpotPrices } from "../chance/spot-prices.ts";
import type { Recorder } from "../record/recorder.ts";

/** Writes down the calls that change something at EC2; launches with what they cost, and whether that is listed or estimated. */
export function recordedCall<N extends CallName>(name: N, input: CallInput<N>, output: CallOutput<N>, recorder: Recorder, region: RegionSnapshot, moving?: MovingPrices): void {
  if (name === "CreateFleet") {
    const { TargetCapacitySpecification: target, LaunchTemplateConfigs: configs } = input as CallInput<"CreateFleet">;
    const overrides = configs.reduce((sum, { Overrides }) => sum + Overrides.length, 0);
    const { Instances = [], Errors = [] } = output as CallOutput<"CreateFleet">;
    const got = Instances.map(({ InstanceIds, InstanceType = "", LaunchTemplateAndOverrides }) => {
      const zone = LaunchTemplateAndOverrides?.Overrides?.AvailabilityZone ?? "";
      return `${InstanceType} ${InstanceIds.join(" ")} in ${zone}${priceText(region, InstanceType, zone, target.DefaultTargetCapacityType, moving)}`;
    }).join(", ");
    const failed = Errors.length === 0 ? "" : `; ${Errors.map(({ ErrorCode = "" }) => ErrorCode).join(", ")}`;
    recorder.cloud(name, `${target.TotalTargetCapacity} ${target.DefaultTargetCapacityType} from ${overrides} override(s): ${got === "" ? "nothing" : got}${failed}`);
  }
  if (name === "TerminateInstances") recorder.cloud(name, (input as CallInput<"TerminateInstances">).InstanceIds.join(" "));
}

interface MovingPrices {
  readonly prices: SpotPrices;
  readonly nowMs: number;
}

function priceText(region: RegionSnapshot, instanceType: string, zone: string, capacityType: string, moving: MovingPrices | undefined): string {
  const type = region.types.find(({ facts }) => facts.name === instanceType);
  const price = capacityType === "spot" ? type?.spot?.[zone] : type?.onDemand;
  if (capacityType === "spot" && price !== undefined && moving !== undefined) return `, ${moving.prices.price({ instanceType, zone }, price.perHour, type?.onDemand?.perHour ?? Number.POSITIVE_INFINITY, moving.nowMs).toFixed(4)} ${region.currency} an hour (simulated)`;
  return price === undefined ? "" : `, ${price.perHour} ${region.currency} an hour (${price.source})`;
}
