/** A Kubernetes event in Karpenter's words, for the caller to record. */
export interface DisruptionEvent {
  /** `Kind/name`, or `Kind/namespace/name`. */
  readonly object: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}
