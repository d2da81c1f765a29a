import { has } from "../rule-error.ts";
import { integer, object, rule, type Schema, text } from "../schema.ts";
import { conditions, RESOURCE_LIST } from "./node-template.ts";

const POD_TEMPLATE_REF: Schema = object({ name: text({ minLength: 1 }) }, ["name"]);

/** `autoscaling.x-k8s.io/v1beta1` CapacityBuffer. */
export const CAPACITY_BUFFER: Schema = object({
  spec: object(
    {
      limits: RESOURCE_LIST,
      percentage: integer(0),
      podTemplateRef: POD_TEMPLATE_REF,
      provisioningStrategy: text({ default: "buffer.x-k8s.io/active-capacity" }),
      replicas: integer(0),
      scalableRef: object({ apiGroup: text(), kind: text({ minLength: 1 }), name: text({ minLength: 1 }) }, ["kind", "name"]),
    },
    [],
    {
      rules: [
        rule("If podTemplateRef is set, replicas or limits must also be set", (self) => !has(self, "podTemplateRef") || has(self, "replicas") || has(self, "limits")),
        rule("You must define either PodTemplateRef or ScalableRef, but not both", (self) => !(has(self, "podTemplateRef") && has(self, "scalableRef"))),
      ],
    },
  ),
  status: object({
    conditions: conditions(),
    podTemplateGeneration: integer(),
    podTemplateRef: POD_TEMPLATE_REF,
    provisioningStrategy: text(),
    replicas: integer(),
  }),
}, ["spec"]);
