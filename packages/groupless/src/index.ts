export { diff, type Destination, type MovedPod, type NodeCount, type PackingDiff } from "./diff/diff.ts";
