// `pnpm api [--write]`: the public API of every package as committed text (packages/*/*.api.md); without --write a difference fails.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

const root = fileURLToPath(new URL("../..", import.meta.url));
const write = process.argv.includes("--write");
let stale = 0;

for (const name of readdirSync(join(root, "packages")).sort()) {
  const projectFolder = join(root, "packages", name);
  const entries = ["index", ...readdirSync(join(projectFolder, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(join(projectFolder, "dist", entry.name, "index.js"))).map((entry) => `${entry.name}/index`)];
  for (const entry of entries) {
    const config = ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(projectFolder, "package.json"),
      configObject: {
        projectFolder,
        mainEntryPointFilePath: join(projectFolder, `dist/${entry}.d.ts`),
        apiReport: { enabled: true, reportFolder: projectFolder, reportTempFolder: join(root, ".cache/api"), reportFileName: entry === "index" ? name : `${name}.${entry.replace("/index", "")}` },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        compiler: { overrideTsconfig: { compilerOptions: { target: "es2022", lib: ["es2023"], module: "nodenext", moduleResolution: "nodenext", strict: true, skipLibCheck: true, types: name === "ec2-fleet" || name === "groupless" ? ["node"] : [] }, include: ["dist"] } },
        messages: { extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } }, tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } } },
      },
    });
    const result = Extractor.invoke(config, {
      localBuild: write,
      showVerboseMessages: false,
      messageCallback: (message) => {
        if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
      },
    });
    if (result.apiReportChanged && !write) {
      stale += 1;
      console.error(`packages/${name}: the public API changed (${entry}); look at the difference and run: pnpm api --write`);
    }
  }
}
console.log(stale === 0 ? "API reports are up to date" : `${stale} API reports are stale`);
process.exitCode = stale === 0 ? 0 : 1;
