// A Stryker test runner for pure code: the tests are bundled once and run in the worker itself, a fresh evaluation a mutant.
// What vitest needs a second for takes milliseconds, so whole packages can be scored on one machine. Same tests, same `expect`.
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { build } from "esbuild";

const PASSED = 0;
const FAILED = 1;

/** `@vitest/expect`, the one that vitest itself uses. */
async function loadExpect() {
  const ofVitest = createRequire(createRequire(import.meta.url).resolve("vitest/package.json"));
  const { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } = await import(pathToFileURL(ofVitest.resolve("@vitest/expect")).href);
  for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
  return chai.expect;
}

/** Test files under the folders, or the files themselves. */
function testFiles(places, except) {
  const under = (place) => (place.endsWith(".ts") ? [place] : readdirSync(place, { recursive: true }).map((file) => join(place, file)));
  return places
    .flatMap(under)
    .filter((file) => file.endsWith(".test.ts") && !except.some((part) => file.includes(part)))
    .sort();
}

/** Sources, not builds, as in vitest.config.ts. */
const aliases = {
  name: "aliases",
  setup(bundler) {
    const source = (...path) => ({ path: resolve("packages", ...path) });
    bundler.onResolve({ filter: /^@groupless\/ec2-catalog\/([a-z]+(?:-[a-z]+)+-\d+)$/ }, ({ path }) => source("ec2-catalog/src/regions", `${path.split("/")[2]}.ts`));
    bundler.onResolve({ filter: /^@groupless\/[\w-]+$/ }, ({ path }) => source(path.split("/")[1], "src/index.ts"));
    bundler.onResolve({ filter: /^@groupless\/[\w-]+\/[\w-]+$/ }, ({ path }) => source(path.split("/")[1], "src", path.split("/")[2], "index.ts"));
    bundler.onResolve({ filter: /^vitest$/ }, () => ({ path: "vitest", namespace: "shim" }));
    bundler.onLoad({ filter: /.*/, namespace: "shim" }, () => ({ contents: "module.exports = globalThis.__inProcess__;" }));
  },
};

/** Only the first run asks what each test reaches; to count it again for every mutant would take most of the time. */
const withoutCounting = {
  name: "without-counting",
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => ({ contents: readFileSync(path, "utf8").replace(/function stryCov_9fa48\(\) \{[\s\S]*?(?=function stryMutAct_9fa48)/, "function stryCov_9fa48() {}\n"), loader: "ts" }));
  },
};

/** `%s` and the like in the title of a `test.each`, roughly: names only need to be told apart. */
const titled = (title, row, index) => `${title} [${index}] ${typeof row === "object" ? "" : String(row)}`;

class InProcessRunner {
  static inject = ["options"];

  constructor(options) {
    this.options = options.inProcess;
    this.namespace = globalThis.__stryker__ ??= {};
    // Stryker's way of naming the active mutant to child processes; here the namespace says it.
    delete process.env.__STRYKER_ACTIVE_MUTANT__;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const { tests, except = [], setup = [], env = {} } = this.options;
    Object.assign(process.env, env);
    this.expect = await loadExpect();
    this.durations = new Map();
    const files = testFiles(tests, except);
    const contents = [...setup.map((file) => `import "./${file}";`), ...files.map((file, index) => `globalThis.__inProcess__.file(${JSON.stringify(relative(".", file))}); require("./${file}"); // ${index}`)].join("\n");
    const bundled = async (counting) => {
      const { outputFiles } = await build({ stdin: { contents, resolveDir: process.cwd(), loader: "ts" }, bundle: true, write: false, platform: "node", format: "cjs", target: "node20", external: ["fast-check"], plugins: counting ? [aliases] : [aliases, withoutCounting], logLevel: "error", define: { "import.meta.url": JSON.stringify(pathToFileURL(resolve("test/mutation/bundle.js")).href) } });
      return new Script(`(function (require, module, exports) {${outputFiles[0].text}\n})`, { filename: "bundle.cjs" });
    };
    this.counting = await bundled(true);
    this.script = await bundled(false);
    this.require = createRequire(resolve("package.json"));
  }

  /** Evaluates the bundle anew: no mutant leaves anything in a cache for the next. */
  collect(script) {
    const found = [];
    let file = "";
    const add = (title, run) => found.push({ id: `${file}#${found.filter((other) => other.title === title && other.file === file).length}#${title}`, title, file, run });
    const test = (title, a, b) => add(title, typeof a === "function" ? a : b);
    test.each = (rows) => (title, run) => rows.forEach((row, index) => add(titled(title, row, index), () => (Array.isArray(row) ? run(...row) : run(row))));
    const describe = (_, body) => body();
    globalThis.__inProcess__ = { test, it: test, describe, expect: this.expect, file: (name) => (file = name) };
    const module = { exports: {} };
    script.runInThisContext()(this.require, module, module.exports);
    return found;
  }

  async dryRun() {
    const { namespace } = this;
    delete namespace.mutantCoverage;
    namespace.activeMutant = undefined;
    namespace.currentTestId = undefined;
    const tests = [];
    for (const { id, title, file, run } of this.collect(this.counting)) {
      namespace.currentTestId = id;
      const started = performance.now();
      const failure = await failureOf(run);
      const timeSpentMs = performance.now() - started;
      namespace.currentTestId = undefined;
      this.durations.set(id, timeSpentMs);
      tests.push({ id, name: title, fileName: resolve(file), timeSpentMs, status: failure === undefined ? PASSED : FAILED, ...(failure === undefined ? {} : { failureMessage: failure }) });
    }
    return { status: "complete", tests, mutantCoverage: namespace.mutantCoverage ?? { static: {}, perTest: {} } };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    const { namespace } = this;
    namespace.hitCount = 0;
    namespace.hitLimit = hitLimit;
    namespace.activeMutant = mutantActivation === "static" ? activeMutant.id : undefined;
    let nrOfTests = 0;
    try {
      const tests = this.collect(this.script);
      namespace.activeMutant = activeMutant.id;
      const wanted = testFilter === undefined ? undefined : new Set(testFilter);
      const chosen = tests.filter(({ id }) => wanted === undefined || wanted.has(id)).sort((a, b) => (this.durations.get(a.id) ?? 0) - (this.durations.get(b.id) ?? 0));
      for (const { id, run } of chosen) {
        nrOfTests += 1;
        const failure = await failureOf(run);
        if (namespace.hitCount > hitLimit) return { status: "timeout", reason: "Hit limit reached" };
        if (failure !== undefined) return { status: "killed", killedBy: [id], failureMessage: failure, nrOfTests };
      }
      return { status: "survived", nrOfTests };
    } catch (error) {
      // Modules that cannot even be evaluated fail every test.
      return { status: "killed", killedBy: testFilter?.slice(0, 1) ?? [], failureMessage: String(error), nrOfTests };
    } finally {
      namespace.activeMutant = undefined;
    }
  }
}

async function failureOf(run) {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

export const strykerPlugins = [{ kind: "TestRunner", name: "in-process", injectableClass: InProcessRunner }];

export const strykerValidationSchema = {
  type: "object",
  properties: {
    inProcess: {
      type: "object",
      description: "`tests`: folders or files; `except`: parts of paths to leave out; `setup`: modules to load first; `env`.",
      properties: { tests: { type: "array" }, except: { type: "array" }, setup: { type: "array" }, env: { type: "object" } },
    },
  },
};
