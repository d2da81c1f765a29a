import { CAPACITY_TYPE_LABEL, ZONE_LABEL } from "@groupless/api";
import { allocatable, type InstanceType, offeringLabel } from "@groupless/catalog";
import type { RegionSnapshot, RegionType } from "@groupless/ec2-catalog";
import Table from "cli-table3";
import type { Row, RowPrice } from "./row.ts";

/** The rows as a table; estimates are marked, and what the mark means is said below. */
export function listText(rows: readonly Row[], region: RegionSnapshot, colors: boolean): string {
  const table = newTable(["Type", "Arch", "vCPU", "GiB", "GPU", "Pods", "On-demand/h", "Spot/h", "/vCPU h", "/GiB h", "Zones"], colors);
  for (const row of rows) {
    const zones = row.zones.map((zone) => (zone.startsWith(region.region) ? zone.slice(region.region.length) : zone));
    table.push([row.name, row.arch, row.vcpus, row.memoryGiB, row.gpus === 0 ? "" : row.gpus, row.allocatable["pods"] ?? "", priceText(row.onDemand), priceText(row.spot), ratio(row.perVcpu), ratio(row.perGiB), zones.join(" ")]);
  }
  return `${table.toString()}\n${rows.length} instance type(s) in ${region.region}, as of ${region.takenOn}, ${region.currency} an hour\n${legend(rows)}`;
}

/** Everything about one type. */
export function showText(type: InstanceType, facts: RegionType, region: RegionSnapshot, colors: boolean): string {
  const resources = newTable(["Resource", "Capacity", "Allocatable"], colors);
  const left = allocatable(type);
  for (const [resource, amount] of Object.entries(type.capacity)) resources.push([resource, amount, left[resource] ?? ""]);
  const labels = newTable(["Label", "Value"], colors);
  for (const { key, operator, values } of type.requirements.toSorted((a, b) => (a.key < b.key ? -1 : 1))) labels.push([key, operator === "DoesNotExist" ? "-" : (values ?? []).join(", ")]);
  const offerings = newTable(["Zone", "Capacity type", `${region.currency}/h`, "Price", "Available"], colors);
  for (const offering of type.offerings) {
    offerings.push([offeringLabel(offering, ZONE_LABEL) ?? "", offeringLabel(offering, CAPACITY_TYPE_LABEL) ?? "", offering.priceSource === undefined ? "-" : number(offering.price), offering.priceSource ?? "none known", offering.available ? "yes" : "no"]);
  }
  const notes = [
    `${type.name} in ${region.region}, as of ${region.takenOn} (${region.source})`,
    ...(facts.spotInterruption === undefined ? [] : [`spot capacity was taken back from ${facts.spotInterruption} of instances in a month`]),
    ...(facts.assumed === undefined ? [] : [`assumed, for no source states them: ${facts.assumed.join(", ")}`]),
  ];
  return `${[...notes, resources.toString(), labels.toString(), offerings.toString()].join("\n")}\n`;
}

function newTable(head: string[], colors: boolean): Table.Table {
  // No lines between rows: a region has over a thousand types.
  return new Table({ head, chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" }, style: { head: colors ? ["bold"] : [], border: [] } });
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
