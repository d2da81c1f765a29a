import { isJsonObject, type Json, type JsonObject } from "../read/json.ts";

/**
 * The defaults that depend on other fields (Kubernetes pkg/apis/*\/v1/defaults.go, in effect): a pod's limits stand in for missing requests, host-network ports are host ports,
 * a node's capacity stands in for missing allocatable, a namespace is labelled with its name, a job runs one pod.
 */
export function withDerivedDefaults(object: JsonObject): JsonObject {
  switch (object["kind"]) {
    case "Pod":
      return { ...object, spec: podDefaults(object["spec"] as JsonObject) };
    case "Job":
      return { ...object, spec: jobDefaults(object["spec"] as JsonObject) };
    case "Node":
      return nodeDefaults(object);
    case "Namespace": {
      const metadata = object["metadata"] as JsonObject;
      return { ...object, metadata: { ...metadata, labels: { "kubernetes.io/metadata.name": metadata["name"] as string, ...(metadata["labels"] as JsonObject | undefined) } } };
    }
    default:
      return object;
  }
}

/** Of pods only: templates keep what was written. */
export function podDefaults(spec: JsonObject): JsonObject {
  const containers = (list: Json): Json => (list as readonly JsonObject[]).map((container) => containerDefaults(container, spec["hostNetwork"] === true));
  return {
    ...spec,
    ...(spec["containers"] === undefined ? {} : { containers: containers(spec["containers"]) }),
    ...(spec["initContainers"] === undefined ? {} : { initContainers: containers(spec["initContainers"]) }),
  };
}

function containerDefaults(container: JsonObject, hostNetwork: boolean): JsonObject {
  const resources = container["resources"];
  const limits = isJsonObject(resources) ? resources["limits"] : undefined;
  const ports = container["ports"];
  return {
    ...container,
    ...(isJsonObject(resources) && isJsonObject(limits) ? { resources: { ...resources, requests: { ...limits, ...(resources["requests"] as JsonObject | undefined) } } } : {}),
    ...(hostNetwork && Array.isArray(ports) ? { ports: (ports as readonly JsonObject[]).map((port) => (port["hostPort"] === undefined && port["containerPort"] !== undefined ? { ...port, hostPort: port["containerPort"] } : port)) } : {}),
  };
}

function jobDefaults(spec: JsonObject): JsonObject {
  const { parallelism, completions } = spec;
  if (parallelism === undefined && completions === undefined) return { ...spec, parallelism: 1, completions: 1 };
  return parallelism === undefined ? { ...spec, parallelism: 1 } : spec;
}

function nodeDefaults(node: JsonObject): JsonObject {
  const { status } = node;
  if (!isJsonObject(status) || status["capacity"] === undefined || status["allocatable"] !== undefined) return node;
  return { ...node, status: { ...status, allocatable: status["capacity"] } };
}
