import { scheduling } from "./scheduling.ts";
import type { Suite } from "../suite.ts";
import { ec2Errors } from "./ec2-errors.ts";
import { ec2Filters } from "./ec2-filters.ts";
import { ec2Interruption } from "./ec2-interruption.ts";
import { ec2NodeClass } from "./ec2-node-class.ts";
import { ec2Instances } from "./ec2-instances.ts";
import { ec2Launch } from "./ec2-launch.ts";
import { ec2UserData } from "./ec2-user-data.ts";
import { ec2InstanceTypes } from "./ec2-instance-types.ts";
import { ec2Pricing } from "./ec2-pricing.ts";
import { apiValidation } from "./api-validation.ts";
import { instanceTypesSuite } from "./instance-types.ts";
import { nodePoolHashSuite } from "./node-pool-hash.ts";
import { pdb } from "./pdb.ts";
import { podPredicates } from "./pod-predicates.ts";
import { podRequests } from "./pod-requests.ts";
import { quantities } from "./quantities.ts";
import { volumeUsage } from "./volume-usage.ts";
import { hostPorts } from "./host-ports.ts";
import { taints } from "./taints.ts";
import { requirements } from "./requirements.ts";
import { labels } from "./labels.ts";
import { budgets } from "./budgets.ts";
import { disruption } from "./disruption.ts";

/** Every suite the vectors come in; undefined: not built yet, reported and counted as such. */
export const suites: Readonly<Record<string, Suite | undefined>> = {
  "api-validation": apiValidation,
  budgets,
  disruption,
  "ec2/errors": ec2Errors,
  "ec2/filters": ec2Filters,
  "ec2/instance-types": ec2InstanceTypes,
  "ec2/instances": ec2Instances,
  "ec2/interruption": ec2Interruption,
  "ec2/launch": ec2Launch,
  "ec2/node-class": ec2NodeClass,
  "ec2/pricing": ec2Pricing,
  "ec2/user-data": ec2UserData,
  "host-ports": hostPorts,
  "instance-types": instanceTypesSuite,
  labels,
  "node-pool-hash": nodePoolHashSuite,
  pdb,
  "pod-predicates": podPredicates,
  "pod-requests": podRequests,
  quantities,
  requirements,
  scheduling,
  taints,
  "volume-usage": volumeUsage,
};
