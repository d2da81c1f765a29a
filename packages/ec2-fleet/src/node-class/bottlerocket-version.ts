import type { EC2NodeClass } from "@groupless/api";
import { aliasOf } from "./ami-family.ts";

/** Whether the Bottlerocket image mounts the instance store without being told the directories: since 1.46. */
export function mountsByDefault(nodeClass: EC2NodeClass): boolean {
  const version = bottlerocketVersion(nodeClass);
  if (version === "latest") return true;
  const match = /^v*(\d+)\.(\d+)\..*/.exec(version);
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > 1 || (major === 1 && minor >= 46);
}

/** From the alias, a selector's name, the name of a selected image, then of any image in the status. */
function bottlerocketVersion({ spec, status, ...rest }: EC2NodeClass): string {
  const names = status?.amis ?? [];
  const selected = spec.amiSelectorTerms.flatMap(({ id }) => names.filter((image) => image.id === id && image.name?.includes("bottlerocket")));
  return (
    aliasOf({ spec, ...rest })?.version ??
    first(spec.amiSelectorTerms.map(({ name }) => versionIn(name))) ??
    first(selected.map(({ name }) => versionIn(name))) ??
    first(names.filter(({ name }) => name?.includes("bottlerocket")).map(({ name }) => versionIn(name))) ??
    ""
  );
}

// bottlerocket-aws-k8s-1.33-x86_64-v1.46.0-431fe75a
function versionIn(name: string | undefined): string | undefined {
  return name?.split("-").find((piece) => piece.startsWith("v") && piece.includes("."));
}

function first(versions: readonly (string | undefined)[]): string | undefined {
  return versions.find((version) => version !== undefined);
}
