import { CAPACITY_TYPE_LABEL, ZONE_LABEL } from "@groupless/api";
import { allocatable, type InstanceType, offeringLabel } from "@groupless/catalog";
import type { RegionSnapshot, RegionType } from "@groupless/ec2-catalog";
import { tableText } from "../output/table-text.ts";
import type { Row, RowPrice } from "./row.ts";

/** The rows as a table; estimates are marked, and what the mark means is said below. */
export function listText(rows: readonly Row[], region: RegionSnapshot, colors: boolean): string {
  const lines = rows.map((row) => {
    const zones = row.zones.map((zone) => (zone.startsWith(region.region) ? zone.slice(region.region.length) : zone));
    return [row.name, row.arch, row.vcpus, row.memoryGiB, row.gpus === 0 ? "" : row.gpus, row.allocatable["pods"] ?? "", priceText(row.onDemand), priceText(row.spot), ratio(row.perVcpu), ratio(row.perGiB), zones.join(" ")];
  });
  return `${tableText(["Type", "Arch", "vCPU", "GiB", "GPU", "Pods", "On-demand/h", "Spot/h", "/vCPU h", "/GiB h", "Zones"], lines, colors)}\n${rows.length} instance type(s) in ${region.region}, as of ${region.takenOn}, ${region.currency} an hour\n${legend(rows)}`;
}

/** Everything about one type. */
export function showText(type: InstanceType, facts: RegionType, region: RegionSnapshot, colors: boolean): string {
  const left = allocatable(type);
  const resources = Object.entries(type.capacity).map(([resource, amount]) => [resource, amount, left[resource] ?? ""]);
  const labels = type.requirements.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, operator, values }) => [key, operator === "DoesNotExist" ? "-" : (values ?? []).join(", ")]);
  const offerings = type.offerings.map((offering) => [
    offeringLabel(offering, ZONE_LABEL) ?? "",
    offeringLabel(offering, CAPACITY_TYPE_LABEL) ?? "",
    offering.priceSource === undefined ? "-" : number(offering.price),
    offering.priceSource ?? "none known",
    offering.available ? "yes" : "no",
  ]);
  const tables = [
    tableText(["Resource", "Capacity", "Allocatable"], resources, colors),
    tableText(["Label", "Value"], labels, colors),
    tableText(["Zone", "Capacity type", `${region.currency}/h`, "Price", "Available"], offerings, colors),
  ];
  const notes = [
    `${type.name} in ${region.region}, as of ${region.takenOn} (${region.source})`,
    ...(facts.spotInterruption === undefined ? [] : [`spot capacity was taken back from ${facts.spotInterruption} of instances in a month`]),
    ...(facts.assumed === undefined ? [] : [`assumed, for no source states them: ${facts.assumed.join(", ")}`]),
  ];
  return `${[...notes, ...tables].join("\n")}\n`;
}

const marks: Readonly<Record<RowPrice["source"], string>> = { listed: "", estimated: "~", supplied: "*", unknown: "?" };

function priceText(price: RowPrice | undefined): string {
  return price === undefined ? "-" : `${marks[price.source]}${number(price.usdPerHour)}`;
}

function number(price: number): string {
  return price.toFixed(price < 0.1 ? 5 : 4);
}

function ratio(price: number | undefined): string {
  return price === undefined ? "-" : price.toFixed(5);
}

function legend(rows: readonly Row[]): string {
  const used = new Set(rows.flatMap((row) => [row.onDemand?.source, row.spot?.source]));
  return [
    ...(used.has("estimated") ? ["~ estimated: another region's price; spot from its average saving\n"] : []),
    ...(used.has("supplied") ? ["* supplied by the caller\n"] : []),
    ...(used.has("unknown") ? ["? of unknown source\n"] : []),
  ].join("");
}
