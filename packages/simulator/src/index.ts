export { simulate, type SimulateOptions, type Simulation } from "./simulate.ts";
export { parseStory, type StoryOptions } from "./story/parse-story.ts";
export type { ClusterSpec, Scene, Step, Story, UnmanagedNodes } from "./story/story.ts";
export { StoryError } from "./story/story-error.ts";
export type { Entry, LogField, LogLevel, LogValue } from "./record/recorder.ts";
export type { Listing } from "./record/tables.ts";
export { logLines } from "./record/log-lines.ts";
export { narration, type NarrationLine } from "./record/narration.ts";
export { DEFAULT_LATENCIES, type Latencies } from "./controllers/latencies.ts";
