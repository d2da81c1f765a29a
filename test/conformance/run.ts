import { difference, type Difference } from "./compare.ts";
import type { Suite } from "./suite.ts";
import { catalogReader, readLines, suiteOf, vectorFiles } from "./vectors.ts";

export interface SuiteReport {
  readonly passed: number;
  readonly total: number;
  readonly failed: readonly string[];
  /** What differed, for the first few failures. */
  readonly mismatches: readonly Mismatch[];
  readonly built: boolean;
}

export interface Mismatch {
  readonly id: string;
  readonly difference?: Difference;
  readonly error?: string;
}

export interface RunOptions {
  readonly suites: Readonly<Record<string, Suite | undefined>>;
  /** Folders searched for catalogs after those beside the vectors. */
  readonly catalogs: readonly string[];
  /** Only lines whose id contains this. */
  readonly only?: string;
}

/** Answers every vector below the folders and compares with what Karpenter answered. */
export async function run(folders: readonly string[], options: RunOptions): Promise<Record<string, SuiteReport>> {
  const contextOf = catalogReader(options.catalogs);
  const reports: Record<string, { passed: number; total: number; failed: string[]; mismatches: Mismatch[]; built: boolean }> = {};
  for (const folder of folders) {
    for (const file of vectorFiles(folder)) {
      const context = contextOf(file);
      for (const line of readLines(file)) {
        if (options.only !== undefined && !line.id.includes(options.only)) continue;
        const name = suiteOf(line.id);
        if (!(name in options.suites)) throw new Error(`${file}: unknown suite ${name} (line ${line.id})`);
        const suite = options.suites[name];
        const report = (reports[name] ??= { passed: 0, total: 0, failed: [], mismatches: [], built: suite !== undefined });
        report.total += 1;
        if (suite === undefined) continue;
        const mismatch = await check(suite, line, context);
        if (mismatch === undefined) report.passed += 1;
        else {
          report.failed.push(line.id);
          report.mismatches.push(mismatch);
        }
      }
    }
  }
  return reports;
}

async function check(suite: Suite, line: Parameters<NonNullable<Suite["decide"]>>[0], context: Parameters<NonNullable<Suite["decide"]>>[1]): Promise<Mismatch | undefined> {
  const { fn } = line.input as { fn?: string };
  const answer = fn === undefined ? suite.decide : suite.functions[fn];
  if (answer === undefined) return { id: line.id, error: `unknown function ${fn ?? "(none)"}` };
  const canonical = suite.canonical ?? ((output: unknown) => output);
  try {
    const output = await (fn === undefined ? (answer as NonNullable<Suite["decide"]>)(line, context) : suite.functions[fn]?.(line.input.args, line, context));
    // Through JSON: undefined fields vanish, as they would for any consumer.
    const actual = canonical(JSON.parse(JSON.stringify(output ?? null)));
    let nearest: Difference | undefined;
    for (const accepted of line.accepted) {
      const found = difference(canonical(accepted), actual, suite.tolerance);
      if (found === undefined) return undefined;
      nearest ??= found;
    }
    return { id: line.id, ...(nearest === undefined ? {} : { difference: nearest }) };
  } catch (error) {
    return { id: line.id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
