import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // Test the sources, not the built files; this is also what lets mutation testing see its mutants.
    alias: [
      { find: /^@groupless\/ec2-catalog\/([a-z]+(?:-[a-z]+)+-\d+)$/, replacement: source("./packages/ec2-catalog/src/regions/$1.ts") },
      { find: /^@groupless\/([\w-]+)$/, replacement: source("./packages/$1/src/index.ts") },
      { find: /^@groupless\/([\w-]+)\/([\w-]+)$/, replacement: source("./packages/$1/src/$2/index.ts") },
      { find: /^groupless$/, replacement: source("./packages/groupless/src/index.ts") },
    ],
  },
  test: {
    setupFiles: ["./test/laws/seed.ts"],
    include: ["test/**/*.test.ts", "packages/*/test/**/*.test.ts"],
    testTimeout: 30_000,
  },
});
