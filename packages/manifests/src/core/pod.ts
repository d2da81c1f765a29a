import { compareQuantities, parseQuantity, QuantityError } from "@groupless/quantity";
import { boolean, integer, listOf, mapOf, oneOf, open, rule, type Schema, text } from "../crd/schema.ts";
import { CONDITIONS, METADATA, TEMPLATE_METADATA } from "./metadata.ts";
import { QUANTITY, RESOURCES } from "./quantities.ts";
import { LABEL_SELECTOR, NODE_SELECTOR, NODE_SELECTOR_TERM } from "./selectors.ts";

const EFFECT: Schema = oneOf("NoSchedule", "PreferNoSchedule", "NoExecute");
const WEIGHT: Schema = integer(1, 100);
const NAME: Schema = text({ minLength: 1 });

const RESOURCE_REQUIREMENTS: Schema = open({ requests: RESOURCES, limits: RESOURCES, claims: listOf(open({ name: NAME, request: text() }, ["name"])) }, [], {
  rules: [rule("requests must not exceed limits", ({ requests = {}, limits = {} }) => Object.keys(requests).every((name) => !Object.hasOwn(limits, name) || atMost(String(requests[name]), String(limits[name]))))],
});

function atMost(request: string, limit: string): boolean {
  // What no quantity is, the pattern lets through (1e1.5), or is far too long, is reported as such.
  if (request.length > 256 || limit.length > 256) return true;
  try {
    return compareQuantities(parseQuantity(request), parseQuantity(limit)) <= 0;
  } catch (error) {
    if (error instanceof QuantityError) return true;
    throw error;
  }
}

const CONTAINER: Schema = open(
  {
    name: NAME,
    image: text(),
    resources: RESOURCE_REQUIREMENTS,
    ports: listOf(open({ name: text(), containerPort: integer(0, 65_535), hostPort: integer(0, 65_535), hostIP: text(), protocol: text({ default: "TCP" }) })),
    restartPolicy: text(),
  },
  ["name"],
);

const POD_AFFINITY_TERM: Schema = open({ topologyKey: NAME, labelSelector: LABEL_SELECTOR, namespaces: listOf(text()), namespaceSelector: LABEL_SELECTOR, matchLabelKeys: listOf(text()), mismatchLabelKeys: listOf(text()) }, ["topologyKey"]);
const POD_AFFINITY: Schema = open({
  requiredDuringSchedulingIgnoredDuringExecution: listOf(POD_AFFINITY_TERM),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(open({ weight: WEIGHT, podAffinityTerm: POD_AFFINITY_TERM }, ["weight", "podAffinityTerm"])),
});

const AFFINITY: Schema = open({
  nodeAffinity: open({
    requiredDuringSchedulingIgnoredDuringExecution: NODE_SELECTOR,
    preferredDuringSchedulingIgnoredDuringExecution: listOf(open({ weight: WEIGHT, preference: NODE_SELECTOR_TERM }, ["weight", "preference"])),
  }),
  podAffinity: POD_AFFINITY,
  podAntiAffinity: POD_AFFINITY,
});

const SPREAD: Schema = open(
  {
    maxSkew: integer(1),
    topologyKey: NAME,
    whenUnsatisfiable: oneOf("DoNotSchedule", "ScheduleAnyway"),
    labelSelector: LABEL_SELECTOR,
    minDomains: integer(1),
    nodeAffinityPolicy: oneOf("Honor", "Ignore"),
    nodeTaintsPolicy: oneOf("Honor", "Ignore"),
    matchLabelKeys: listOf(text()),
  },
  ["maxSkew", "topologyKey", "whenUnsatisfiable"],
);

const VOLUME: Schema = open(
  {
    name: NAME,
    persistentVolumeClaim: open({ claimName: NAME, readOnly: boolean }, ["claimName"]),
    ephemeral: open({ volumeClaimTemplate: open({ spec: open({ storageClassName: text(), volumeName: text() }) }) }),
    emptyDir: open({ medium: text(), sizeLimit: QUANTITY }),
    hostPath: open({ path: text() }, ["path"]),
  },
  ["name"],
);

/** A pod's spec: only what bears on scheduling and disruption is looked at. */
const POD_SPEC: Schema = open(
  {
    containers: listOf(CONTAINER, { minItems: 1 }),
    initContainers: listOf(CONTAINER),
    nodeName: text(),
    nodeSelector: mapOf(text()),
    affinity: AFFINITY,
    tolerations: listOf(open({ key: text(), operator: oneOf("Equal", "Exists", "Lt", "Gt"), value: text(), effect: EFFECT, tolerationSeconds: integer() })),
    topologySpreadConstraints: listOf(SPREAD),
    volumes: listOf(VOLUME),
    overhead: RESOURCES,
    resources: RESOURCE_REQUIREMENTS,
    priority: integer(),
    priorityClassName: text(),
    preemptionPolicy: text(),
    schedulerName: text({ default: "default-scheduler" }),
    schedulingGates: listOf(open({ name: NAME }, ["name"])),
    terminationGracePeriodSeconds: { ...integer(0), default: 30 },
    restartPolicy: { ...oneOf("Always", "OnFailure", "Never"), default: "Always" },
    hostNetwork: boolean,
    serviceAccountName: text(),
    resourceClaims: listOf(open({ name: NAME, resourceClaimName: text(), resourceClaimTemplateName: text() }, ["name"])),
  },
  ["containers"],
);

export const POD_TEMPLATE: Schema = open({ metadata: TEMPLATE_METADATA, spec: POD_SPEC }, ["spec"]);

const CONTAINER_STATUSES: Schema = listOf(open({ name: text(), resources: RESOURCE_REQUIREMENTS, allocatedResources: RESOURCES, ready: boolean, started: boolean }, ["name"]));

/** `v1` Pod. */
export const POD: Schema = open(
  {
    metadata: METADATA,
    spec: POD_SPEC,
    status: open({
      phase: oneOf("Pending", "Running", "Succeeded", "Failed", "Unknown"),
      conditions: CONDITIONS,
      nominatedNodeName: text(),
      startTime: text({ format: "date-time" }),
      reason: text(),
      qosClass: text(),
      resize: text(),
      resources: RESOURCE_REQUIREMENTS,
      allocatedResources: RESOURCES,
      containerStatuses: CONTAINER_STATUSES,
      initContainerStatuses: CONTAINER_STATUSES,
    }),
  },
  ["metadata", "spec"],
);

/** `v1` PodTemplate. */
export const POD_TEMPLATE_OBJECT: Schema = open({ metadata: METADATA, template: POD_TEMPLATE }, ["metadata", "template"]);
