import type { EC2NodeClass, NodeClaim } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { ApiError, type CloudInstance, type CreateFleetInput, type CreateFleetOutput, type CreateLaunchTemplateInput, type Ec2Port, FIXED_BACK_OFF, FLEET_WINDOW, KARPENTER_SAFEGUARDS, launchConstants, launcher, type LaunchResult, type LaunchState, NOTHING_OUT_OF_STOCK, type PlacementGroup } from "@groupless/ec2-fleet";
import { virtualClock } from "@groupless/ec2-fleet/fake";
import type { Context, Suite } from "../suite.ts";
import { shortOffering } from "./ec2-short-types.ts";

/** Suite `ec2/launch`. */
export const ec2Launch: Suite = {
  functions: {
    create: async (args, _line, context) => (await launches(args, context)).answer,
    sameTemplateNames: async ({ A, B }, _line, context) => {
      const [a, b] = await Promise.all([A, B].map(async (args) => (await launches(args, context)).templateNames));
      return JSON.stringify(a) === JSON.stringify(b);
    },
    constants: () => launchConstants,
  },
  // The vectors list fleets in the order of their templates' real names, which are hashes of Go's making; both sides are put in the order of what they say.
  canonical: (output) => (Array.isArray(output?.fleets) ? { ...output, fleets: output.fleets.toSorted(byContent) } : output),
};

async function launches(args: any, context: Context): Promise<{ readonly answer: unknown; readonly templateNames: readonly string[] }> {
  const { nodeClass } = args as { readonly nodeClass: EC2NodeClass };
  // The claims of a vector share a uid; a cluster's never do.
  const nodeClaims = (args.nodeClaims as readonly NodeClaim[]).map((one, index): NodeClaim => ({ ...one, metadata: { ...one.metadata, uid: `${index}` } }));
  const clock = virtualClock(Date.parse(args.now ?? "2026-08-01T12:00:00Z"));
  const templates: CreateLaunchTemplateInput[] = [];
  const fleets: CreateFleetInput[] = [];
  const events: string[] = [];
  const state: LaunchState = { addresses: { reported: args.subnetIPs ?? {}, inFlight: {} }, stockOuts: NOTHING_OUT_OF_STOCK, reservations: new Map(Object.entries(args.reservations ?? {})) as Map<string, number> };
  const fleet = launcher({
    port: account(args, templates, fleets),
    clock,
    log: (event) => void (event.type === "spot-role-missing" && events.push("Warning ")),
    cluster: present({ region: args.region ?? "us-east-1", clusterName: args.clusterName ?? "test-cluster", clusterEndpoint: args.clusterEndpoint, clusterCIDR: args.clusterCIDR, caBundle: args.caBundle, kubeDNSIP: args.kubeDNSIP === "" ? undefined : args.kubeDNSIP, reservedCapacity: args.reservedCapacity }),
    window: args.concurrent === true ? FLEET_WINDOW : undefined,
    safeguards: KARPENTER_SAFEGUARDS,
    backOff: FIXED_BACK_OFF,
    minValuesPolicy: args.minValuesPolicy ?? "Strict",
    consistencyMs: 0,
    state,
  });
  const instanceTypes = typesOf(args.instanceTypes, context);
  const placementGroup = placementGroupOf(nodeClass, args.placementGroups ?? []);
  const one = (nodeClaim: NodeClaim): Promise<LaunchResult> => fleet.launch({ nodeClass, nodeClaim, instanceTypes, ...(placementGroup === undefined ? {} : { placementGroup }) });
  const results: unknown[] = [];
  if (args.concurrent === true) results.push(...(await clock.drive(Promise.all(nodeClaims.map(one)))).map(shown).toSorted(byContent));
  else for (const nodeClaim of nodeClaims) results.push(shown(await one(nodeClaim)));
  return { answer: { ...named(templates, fleets), results, unavailable: marked(state), ...(args.reservations === undefined ? {} : { reservations: Object.fromEntries(state.reservations) }), ...(events.length === 0 ? {} : { events }) }, templateNames: [...new Set(fleets.flatMap(({ LaunchTemplateConfigs }) => LaunchTemplateConfigs.map(({ LaunchTemplateSpecification: { LaunchTemplateName = "" } }) => LaunchTemplateName)))].toSorted() };
}

/** EC2 as the README says it is emulated. */
function account({ apiErrors = {}, fleetResponses = [], templatesExist = false }: any, templates: CreateLaunchTemplateInput[], fleets: CreateFleetInput[]): Ec2Port {
  const refuse = ({ code, message = "" }: any): never => {
    throw new ApiError(code, message);
  };
  return {
    async call(name, input: any) {
      if (name === "CreateLaunchTemplate") templates.push(input);
      if (name === "CreateFleet") fleets.push(input);
      if (apiErrors[name] !== undefined) refuse(apiErrors[name]);
      if (name === "DescribeLaunchTemplates") {
        const known = templatesExist || templates.some(({ LaunchTemplateName }) => input.LaunchTemplateNames.includes(LaunchTemplateName));
        return known ? { LaunchTemplates: input.LaunchTemplateNames.map((LaunchTemplateName: string) => ({ LaunchTemplateName })) } : refuse({ code: "InvalidLaunchTemplateName.NotFoundException" });
      }
      if (name !== "CreateFleet") return {} as never;
      const { output, error } = fleetResponses[fleets.length - 1] ?? {};
      if (error !== undefined) refuse(error);
      return output ?? cheapest(input);
    },
  };
}

export function cheapest(input: CreateFleetInput): CreateFleetOutput {
  const pools = input.LaunchTemplateConfigs.flatMap(({ Overrides }) => Overrides);
  const best = pools.reduce((a, b) => ((b.Priority ?? 0) < (a.Priority ?? 0) || (b.Priority === a.Priority && b.InstanceType + b.AvailabilityZone < a.InstanceType + a.AvailabilityZone) ? b : a));
  const { InstanceType, AvailabilityZone, SubnetId, ImageId } = best;
  const Overrides = present<Partial<typeof best>>({ InstanceType, AvailabilityZone, SubnetId, ImageId });
  return { FleetId: "fleet-1", Instances: Array.from({ length: input.TargetCapacitySpecification.TotalTargetCapacity }, (_unit, index) => ({ InstanceIds: [`i-${index + 1}`], InstanceType: best.InstanceType, LaunchTemplateAndOverrides: { Overrides } })) };
}

function typesOf({ catalog, names, add = [], replace = {}, unavailable = [] }: any, context: Context): readonly InstanceType[] {
  const all: readonly InstanceType[] = typeof catalog === "string" ? context.catalog(catalog) : catalog;
  const chosen = names === undefined ? all : (names as string[]).flatMap((name) => all.filter((type) => type.name === name));
  return chosen.map((type) => type).map((type) => type && withChanges(type, add?.[type.name], replace?.[type.name], unavailable));
}

const RESERVATION = "karpenter.k8s.aws/capacity-reservation-";

function withChanges(type: InstanceType, added: any[] | undefined, replaced: any[] | undefined, unavailable: any[]): InstanceType {
  const value = (offering: InstanceType["offerings"][number], key: string): string | undefined => offering.requirements.find((one) => one.key === key && one.operator === "In")?.values?.[0];
  const offerings = [...(replaced === undefined ? type.offerings : replaced.map(shortOffering)), ...(added ?? []).map(shortOffering)].map((offering) => {
    const down = unavailable.some((one) => (one.type ?? type.name) === type.name && (one.zone ?? value(offering, "topology.kubernetes.io/zone")) === value(offering, "topology.kubernetes.io/zone") && (one.capacityType ?? value(offering, "karpenter.sh/capacity-type")) === value(offering, "karpenter.sh/capacity-type"));
    return down ? { ...offering, available: false } : offering;
  });
  const values = (key: string): string[] => [...new Set(offerings.flatMap((offering) => value(offering, key) ?? []))];
  if (values(`${RESERVATION}id`).length === 0) return { ...type, offerings };
  const of: Readonly<Record<string, readonly string[]>> = { "karpenter.sh/capacity-type": ["on-demand", "reserved", "spot"], ...Object.fromEntries(["id", "type", "interruptible"].map((name) => [RESERVATION + name, values(RESERVATION + name)])) };
  return { ...type, offerings, requirements: type.requirements.map((one) => (of[one.key] === undefined ? one : { key: one.key, operator: "In", values: of[one.key] as string[] })) };
}

function placementGroupOf({ spec: { placementGroupSelector: selector } }: EC2NodeClass, groups: any[]): PlacementGroup | undefined {
  const found = selector && groups.find(({ GroupId, GroupName, State }) => State === "available" && (selector.id === undefined ? GroupName === selector.name : GroupId === selector.id));
  return found && { id: found.GroupId, strategy: found.Strategy };
}

function shown(result: LaunchResult): unknown {
  if ("instance" in result) return { instance: withoutTime(result.instance) };
  const { kind, reason, condition } = result.refusal;
  if (reason.code === "restricted-tags") return { error: { class: "Error" } };
  if (kind === "insufficient-capacity") return { error: { class: "InsufficientCapacity" } };
  return { error: kind === "create" ? { class: "CreateError", reason: condition?.reason, reasonMessage: condition?.message } : { class: "NodeClassNotReady" } };
}

function withoutTime(instance: CloudInstance): unknown {
  return present({ ...instance, launchedMs: undefined });
}

/** Templates by content, named in that order; fleets likewise. */
function named(templates: readonly CreateLaunchTemplateInput[], fleets: readonly CreateFleetInput[]): { readonly launchTemplates: readonly unknown[]; readonly fleets: readonly unknown[] } {
  const contents = templates
    .map(({ LaunchTemplateName, LaunchTemplateData: { UserData, ...data }, ...rest }) => ({ name: LaunchTemplateName, content: { ...rest, LaunchTemplateData: { ...data, UserData: new TextDecoder().decode(Uint8Array.from(atob(UserData), (char) => char.charCodeAt(0))) } } }))
    .toSorted((a, b) => byContent(a.content, b.content));
  const names = new Map(contents.map(({ name }, index) => [name, `LT-${index + 1}`]));
  const shownFleets = fleets.map(({ LaunchTemplateConfigs, ...rest }) => ({
    ...rest,
    LaunchTemplateConfigs: LaunchTemplateConfigs.map(({ LaunchTemplateSpecification, Overrides }) => ({
      LaunchTemplateSpecification: { ...LaunchTemplateSpecification, LaunchTemplateName: names.get(LaunchTemplateSpecification.LaunchTemplateName ?? "") ?? "LT" },
      Overrides: Overrides.toSorted((a, b) => byContent([a.InstanceType, a.AvailabilityZone, a.SubnetId], [b.InstanceType, b.AvailabilityZone, b.SubnetId])),
    })).toSorted(byContent),
  }));
  return { launchTemplates: contents.map(({ name, content }) => ({ ...content, LaunchTemplateName: names.get(name) })), fleets: shownFleets.toSorted(byContent) };
}

function marked({ stockOuts: { marks } }: LaunchState): unknown {
  const capacityTypes = Object.keys(marks.capacityTypes).toSorted();
  const offerings = Object.keys(marks.offerings).filter((key) => !capacityTypes.some((one) => key.startsWith(`${one}:`))).toSorted();
  const subnets = Object.keys(marks.subnets).toSorted();
  return present({ offerings: offerings.length === 0 ? undefined : offerings, capacityTypes: capacityTypes.length === 0 ? undefined : capacityTypes, subnets: subnets.length === 0 ? undefined : subnets });
}

function byContent(a: unknown, b: unknown): number {
  const [left, right] = [canonical(a), canonical(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === "object" && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([x], [y]) => (x < y ? -1 : 1))) : inner));
}

function present<T>(record: Readonly<Record<string, unknown>>): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null)) as T;
}
