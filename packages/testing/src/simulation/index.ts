export { clusterCommands, type ClusterModel, type TransitionCheck } from "./cluster-commands.ts";
export { days, type DaysOptions, steps } from "./days.ts";
export { liveCluster, type LiveCluster, type Clock, virtualClock } from "@groupless/simulator";
export { fakeEc2, type FakeEc2, type FakeEc2Options } from "@groupless/ec2-fleet/fake";
