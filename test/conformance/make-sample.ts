// `pnpm conformance:sample`: chooses the smallest committed set of vectors that names every row id, from ../shared/conformance.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { suiteOf, vectorFiles } from "./vectors.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const source = resolve(here, "../../../shared/conformance");
const target = join(here, "sample");
/** Catalogs above this size would not fit the sample: lines that name them are passed over. */
const LARGEST_CATALOG_BYTES = 120_000;
const LINES_A_FILE = 5;

interface Candidate {
  readonly file: string;
  readonly text: string;
  readonly covers: readonly string[];
  readonly catalogs: readonly string[];
}

if (!existsSync(source)) {
  console.error(`no vectors at ${source}`);
  process.exit(2);
}

const candidates = vectorFiles(source).flatMap((file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((text) => text !== "")
    .flatMap((text): Candidate[] => {
      const line = JSON.parse(text) as { id?: string; covers?: string[]; input?: { catalogs?: Record<string, unknown>; args?: { instanceTypes?: { catalog?: unknown } } } };
      if (line.id === undefined) return [];
      const names = [...Object.values(line.input?.catalogs ?? {}), line.input?.args?.instanceTypes?.catalog].filter((name) => typeof name === "string");
      const folder = suiteOf(line.id).startsWith("ec2/") ? "ec2/catalogs" : "catalogs";
      const catalogs = names.map((name) => join(source, folder, `${name}.json`));
      if (catalogs.some((path) => readFileSync(path).length > LARGEST_CATALOG_BYTES)) return [];
      return [{ file, text, covers: line.covers ?? [], catalogs }];
    }),
);
// Lines written by hand are about what their `covers` say; random ones got theirs from their ingredients.
const isRandom = ({ file, text }: Candidate): boolean => /\/random[^/]*\.jsonl$/.test(file) || /"id":"scheduling\/[^"]*-s\d+"/.test(text.slice(0, 200));
candidates.sort((a, b) => Number(isRandom(a)) - Number(isRandom(b)) || a.text.length - b.text.length || (a.text < b.text ? -1 : 1));

const chosen = new Set<Candidate>();
const covered = new Set<string>();
for (const candidate of candidates) {
  if (candidate.covers.every((id) => covered.has(id))) continue;
  chosen.add(candidate);
  for (const id of candidate.covers) covered.add(id);
}
// A few more of every file, evenly spread over its sizes, so that no area stands on one line.
const byFile = new Map<string, Candidate[]>();
for (const candidate of candidates) byFile.set(candidate.file, [...(byFile.get(candidate.file) ?? []), candidate]);
for (const lines of byFile.values()) {
  const small = lines.filter((line) => line.text.length < 5_000);
  for (let i = 0; i < LINES_A_FILE && i < small.length; i++) chosen.add(small[Math.floor((i * small.length) / LINES_A_FILE)] as Candidate);
}

rmSync(target, { recursive: true, force: true });
const texts = new Map<string, string[]>();
for (const candidate of candidates) {
  if (!chosen.has(candidate)) continue;
  texts.set(candidate.file, [...(texts.get(candidate.file) ?? []), candidate.text]);
  for (const catalog of candidate.catalogs) {
    const copy = join(target, relative(source, catalog));
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(catalog, copy);
  }
}
let bytes = 0;
for (const [file, lines] of texts) {
  const copy = join(target, relative(source, file));
  mkdirSync(dirname(copy), { recursive: true });
  const content = `${lines.sort().join("\n")}\n`;
  bytes += content.length;
  writeFileSync(copy, content);
}
console.log(`${chosen.size} lines, ${covered.size} row ids, ${bytes} bytes of vectors`);
