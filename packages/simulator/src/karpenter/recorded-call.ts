import type { CallInput, CallName, CallOutput } from "@groupless/ec2-fleet";
import type { Recorder } from "../record/recorder.ts";

/** Writes down the calls that change something at EC2. */
export function recordedCall<N extends CallName>(name: N, input: CallInput<N>, output: CallOutput<N>, recorder: Recorder): void {
  if (name === "CreateFleet") {
    const { TargetCapacitySpecification: target, LaunchTemplateConfigs: configs } = input as CallInput<"CreateFleet">;
    const overrides = configs.reduce((sum, { Overrides }) => sum + Overrides.length, 0);
    const { Instances = [], Errors = [] } = output as CallOutput<"CreateFleet">;
    const got = Instances.map(({ InstanceIds, InstanceType = "" }) => `${InstanceType} ${InstanceIds.join(" ")}`).join(", ");
    const failed = Errors.length === 0 ? "" : `; ${Errors.map(({ ErrorCode = "" }) => ErrorCode).join(", ")}`;
    recorder.cloud(name, `${target.TotalTargetCapacity} ${target.DefaultTargetCapacityType} from ${overrides} override(s): ${got === "" ? "nothing" : got}${failed}`);
  }
  if (name === "TerminateInstances") recorder.cloud(name, (input as CallInput<"TerminateInstances">).InstanceIds.join(" "));
}
