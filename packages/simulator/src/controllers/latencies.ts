/** How long things take in the simulated cluster, in milliseconds. */
export interface Latencies {
  /** CreateFleet until its answer. */
  readonly fleetMs: number;
  /** CreateFleet until the instance runs. */
  readonly launchMs: number;
  /** Instance running until its kubelet registers the Node. */
  readonly joinMs: number;
  /** Node registered until its Ready condition is true. */
  readonly readyMs: number;
  /** Pod bound until its containers are ready. */
  readonly podStartMs: number;
  /** Containers told to stop until they have stopped, where the grace period allows that long. */
  readonly podStopMs: number;
  /** TerminateInstances until the instance is terminated. */
  readonly terminateMs: number;
}

/** Typical of EKS in 2024: half a minute from a launch to a registered node, ten seconds more until it is ready. */
export const DEFAULT_LATENCIES: Latencies = { fleetMs: 2_000, launchMs: 2_000, joinMs: 24_000, readyMs: 10_000, podStartMs: 2_000, podStopMs: 1_000, terminateMs: 5_000 };
