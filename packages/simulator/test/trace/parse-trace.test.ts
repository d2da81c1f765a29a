import { describe, expect, test } from "vitest";
import { StoryError } from "../../src/story/story-error.ts";
import { csvTable } from "../../src/trace/csv-table.ts";
import { parseTrace } from "../../src/trace/parse-trace.ts";

const OPENB = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\nopenb-pod-0001,6000,12288,1,460,,LS,Running,427061,427161,427061\nopenb-pod-0000,12000,16384,0,0,,LS,Running,100,400,100\n";

describe("a trace of openb", () => {
  test("becomes pods in the order of their coming, a share of a GPU a whole one", () => {
    expect(parseTrace(OPENB).pods).toEqual([
      { name: "openb-pod-0000", arrivesMs: 100_000, runsForMs: 300_000, requests: { cpu: "12000m", memory: "16384Mi" } },
      { name: "openb-pod-0001", arrivesMs: 427_061_000, runsForMs: 100_000, requests: { cpu: "6000m", memory: "12288Mi", "nvidia.com/gpu": "1" } },
    ]);
  });

  test("a part of it starts at 0, and arrivals may come faster while pods run as long", () => {
    expect(parseTrace(OPENB, { fromMs: 427_000_000, forMs: 100_000, speedUp: 10 }).pods).toMatchObject([{ name: "openb-pod-0001", arrivesMs: 6_100, runsForMs: 100_000 }]);
  });
});

test("plain columns do too", () => {
  expect(parseTrace("name,cpu,memory,arrives_s,runs_for_s\nWeb_1,500m,1Gi,10,60\n").pods).toEqual([{ name: "web-1", arrivesMs: 10_000, runsForMs: 60_000, requests: { cpu: "500m", memory: "1Gi" } }]);
});

describe("a bad trace is told with its line", () => {
  test.each([
    ["columns nobody knows", "a,b\n1,2\n", "t.csv:1: columns of no known trace; expected name,cpu_milli"],
    ["a row of another width", "name,cpu,memory,arrives_s,runs_for_s\nx,1,1\n", "t.csv:2: 3 cells; expected 5"],
    ["no number", "name,cpu,memory,arrives_s,runs_for_s\nx,1,1,soon,1\n", 't.csv:2: arrives_s: arrives_s is "soon"; expected a number, 0 or more'],
    ["nothing", "", "t.csv:1: nothing in it"],
  ])("%s", (_, text, message) => {
    expect(() => parseTrace(text, { file: "t.csv" })).toThrow(StoryError);
    expect(() => parseTrace(text, { file: "t.csv" })).toThrow(message);
  });
});

test("quoted cells may hold commas, quotes and line breaks; blank lines are no rows", () => {
  expect(csvTable('a,b\r\n"x, ""y""","two\nlines"\n\n1,2')).toEqual([
    { line: 2, cells: { a: 'x, "y"', b: "two\nlines" } },
    { line: 5, cells: { a: "1", b: "2" } },
  ]);
});
