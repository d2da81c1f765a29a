export { fakeEc2, type FakeEc2, type FakeEc2Options } from "./fake-ec2.ts";
export { publishedImages, type PublishedImages } from "./images.ts";
export { random } from "./random.ts";
export { virtualClock, type VirtualClock } from "./virtual-clock.ts";
export type { Fault, FaultPlan } from "./fault.ts";
export type { PoolCapacity } from "./fleet.ts";
export type { Timing } from "./instances.ts";
export { type Bucket, EC2_BUCKETS, tokenBuckets } from "./token-buckets.ts";
export type { Ec2Account, Ec2AccountMaker } from "./ec2-account.ts";
