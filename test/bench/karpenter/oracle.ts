import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Cluster } from "@groupless/bin-packer";
import { clusterOfInput } from "../../conformance/suites/scheduling.ts";
import { catalogReader } from "../../conformance/vectors.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const oracle = `${root}../shared/oracle`;
const conformance = `${root}../shared/conformance`;
/** Programs built, inputs written and figures measured. */
export const cache: string = `${root}.cache/oracle`;
const BIG = { encoding: "utf8", maxBuffer: 1 << 30 } as const;

/** What Karpenter's scheduler came to, and how long it took. */
export interface Timing {
  readonly work: string;
  readonly pods: number;
  readonly totalMs: number;
  readonly nodes: number;
  readonly errors: number;
}

/** An answer of the build whose sorts are total. */
export interface StableAnswer {
  readonly newNodeClaims: readonly { readonly cheapestPrice: number }[];
  readonly podErrors: readonly { readonly pod: string }[];
}

/** Builds what is missing of Karpenter's programs; ends the process where their sources are not there. */
export function buildOracle(): void {
  if (!existsSync(oracle)) {
    console.log(`skipped: no oracle at ${oracle} to compare with`);
    process.exit(0);
  }
  mkdirSync(cache, { recursive: true });
  execFileSync("go", ["build", "-o", `${cache}/schedule-bench`, "./cmd/schedule-bench"], { cwd: oracle, stdio: "inherit" });
  if (!existsSync(`${cache}/schedule-stable`)) execFileSync("bash", ["stable.sh", "schedule", `${cache}/schedule-stable`], { cwd: oracle, stdio: "inherit" });
}

/** The input of a work such as `diverse-1000`, as Karpenter's bench writes it; and the file it is in. */
export function inputOf(work: string): { readonly file: string; readonly text: string } {
  const at = /-\d+$/.test(work) ? work.lastIndexOf("-") : work.length;
  const [name, count] = [work.slice(0, at), work.slice(at + 1) || (work.startsWith("prefs") ? "4000" : "10000")];
  const text = execFileSync(`${cache}/schedule-bench`, ["-work", name, "-pods", count, "-dump"], BIG);
  const file = `${cache}/${work}.json`;
  writeFileSync(file, text);
  return { file, text };
}

/** Karpenter's own time for an input: unchanged module, one worker, its faster setting. */
export function timeKarpenter(file: string, repeat: number): Timing {
  return JSON.parse(execFileSync(`${cache}/schedule-bench`, ["-input", file, "-workers", "1", "-repeat", String(repeat), "-catalogs", `${conformance}/catalogs`], BIG)) as Timing;
}

export function stableAnswer(file: string): StableAnswer | undefined {
  const [line] = execFileSync(`${cache}/schedule-stable`, ["-runs", "1", "-catalogs", `${conformance}/catalogs`, file], BIG).split("\n");
  return (JSON.parse(line as string) as { accepted: readonly StableAnswer[] }).accepted[0];
}

/** Karpenter's what-ifs: their times, and their inputs. */
export function whatIfs(): readonly { readonly work: string; readonly totalMs: number; readonly text: string }[] {
  const lines = (args: readonly string[]): readonly string[] => execFileSync(`${cache}/schedule-bench`, ["-work", "whatif", ...args], BIG).trim().split("\n");
  const inputs = lines(["-dump"]);
  return lines(["-repeat", "3", "-catalogs", `${conformance}/catalogs`]).map((line, index) => ({ ...(JSON.parse(line) as { work: string; totalMs: number }), text: inputs[index] as string }));
}

/** A fresh copy of everything, the catalog too: nothing is left over from a run before. */
export function read(text: string): { readonly cluster: Cluster; readonly nowMs: number } {
  const fresh = { catalog: (name: string) => structuredClone(context.catalog(name)) };
  return clusterOfInput((JSON.parse(text) as { input: Parameters<typeof clusterOfInput>[0] }).input, fresh);
}

const context = catalogReader([`${conformance}/catalogs`])(`${conformance}/scheduling/none.jsonl`);
