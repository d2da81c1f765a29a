import type { KubeObject } from "@groupless/api";
import { isNamespaced } from "./kinds.ts";
import type { ManifestError } from "./manifest-error.ts";
import { isJsonObject, type Json, type JsonObject, type Path, shown } from "./read/json.ts";

/** Makes the error for a path of the object. */
export type Refuse = (path: Path, code: string, problem: string, expected?: string, more?: readonly string[]) => ManifestError;

/** What the API server does with an object of a known kind: default it, check it. */
export function admit(object: JsonObject, refuse: Refuse): KubeObject {
  const kind = object["kind"] as string;
  const metadata = object["metadata"];
  if (!isJsonObject(metadata)) throw refuse(["metadata"], "wrong-type", shown(metadata), "an object with a name");
  const { name } = metadata;
  if (typeof name !== "string" || name === "") throw refuse(["metadata", "name"], "no-name", shown(name), "a name");
  const spec = object["spec"];
  if (spec !== undefined && !isJsonObject(spec)) throw refuse(["spec"], "wrong-type", shown(spec), "an object");
  const { managedFields: _, ...kept } = metadata;
  const namespaced: JsonObject = isNamespaced(kind) && kept["namespace"] === undefined ? { ...kept, namespace: "default" } : kept;
  return withDefaults({ ...object, metadata: namespaced } as JsonObject) as unknown as KubeObject;
}

function withDefaults(object: JsonObject): JsonObject {
  const spec = (object["spec"] ?? {}) as JsonObject;
  if (object["kind"] === "NodePool") {
    const template = (spec["template"] ?? {}) as JsonObject;
    const disruption = (spec["disruption"] ?? { consolidateAfter: "0s" }) as JsonObject;
    return {
      ...object,
      spec: {
        ...spec,
        disruption: { consolidationPolicy: "WhenEmptyOrUnderutilized", budgets: [{ nodes: "10%" }], ...disruption },
        ...(spec["limits"] === undefined ? {} : { limits: texts(spec["limits"] as JsonObject) }),
        template: { ...template, spec: { expireAfter: "720h", ...(template["spec"] as JsonObject) } },
      },
    };
  }
  if (object["kind"] === "EC2NodeClass") {
    return { ...object, spec: { ...spec, metadataOptions: { httpEndpoint: "enabled", httpProtocolIPv6: "disabled", httpPutResponseHopLimit: 1, httpTokens: "required", ...(spec["metadataOptions"] as JsonObject) } } };
  }
  return object;
}

function texts(list: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(list).map(([key, value]): [string, Json] => [key, typeof value === "number" ? String(value) : value]));
}
