// A Stryker checker that lets a sample of the mutants through, chosen by a seed: where trying all of them would take days.
// Stryker leaves what a checker refuses out of the score.
import { createHash } from "node:crypto";
import { relative } from "node:path";

class SampleChecker {
  static inject = ["options"];

  constructor(options) {
    const { oneIn = 1, seed = 1 } = options.sample ?? {};
    this.oneIn = Number(process.env.SAMPLE_ONE_IN ?? oneIn);
    this.seed = Number(process.env.SAMPLE_SEED ?? seed);
  }

  async init() {}

  async check(mutants) {
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, this.isChosen(mutant) ? { status: "passed" } : { status: "compileError", reason: "not in the sample" }]));
  }

  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }

  /** By what the mutant is, not by its number: the sample stays the same where the code does. */
  isChosen({ fileName, location, mutatorName, replacement }) {
    const identity = JSON.stringify([this.seed, relative(".", fileName).replace(/^.*?packages\//, ""), location, mutatorName, replacement]);
    return createHash("sha256").update(identity).digest().readUInt32BE(0) % this.oneIn === 0;
  }
}

export const strykerPlugins = [{ kind: "Checker", name: "sample", injectableClass: SampleChecker }];

export const strykerValidationSchema = {
  type: "object",
  properties: { sample: { type: "object", description: "`oneIn`: of how many mutants one is tried; `seed`: which. SAMPLE_ONE_IN and SAMPLE_SEED override them.", properties: { oneIn: { type: "number" }, seed: { type: "number" } } } },
};
