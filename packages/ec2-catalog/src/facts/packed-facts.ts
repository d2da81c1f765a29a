import type { Device, InstanceTypeFacts, NeuronDevice } from "./instance-type-facts.ts";

/**
 * One type as a line of tab-separated cells, in the order of the fields below.
 *
 * A line takes a tenth of the same facts as JSON, and parses faster. Lists are comma-separated, their members' parts
 * colon-separated; an absent fact is an empty cell. {@link unpackFacts} is the inverse.
 */
export function packFacts(facts: InstanceTypeFacts): string {
  const storage = facts.instanceStorage;
  return [
    facts.name,
    facts.architectures.join(","),
    facts.vcpus,
    facts.memoryMiB,
    facts.usageClasses.map((each) => short(usageClasses, each)).join(""),
    facts.cpuManufacturer ?? "",
    facts.clockMHz ?? "",
    facts.ebsBandwidthMbps ?? "",
    facts.networkBandwidthMbps ?? "",
    storage === undefined ? "" : `${storage.totalGB}${storage.nvme ? "n" : ""}`,
    facts.gpus.map(packDevice).join(","),
    facts.accelerators.map(packDevice).join(","),
    facts.neuronDevices === undefined ? "" : `=${facts.neuronDevices.map((each) => `${each.name}:${each.count}:${each.coresPerDevice}`).join(",")}`,
    facts.hypervisor,
    flagLetters.filter(([, on]) => on(facts)).map(([letter]) => letter).join(""),
    facts.processorFeatures.join(","),
    facts.maxEfaInterfaces ?? "",
    packCards(facts.interfacesByCard),
    facts.defaultCard,
    facts.ipv4PerInterface,
    facts.branchInterfaces ?? "",
    facts.placementStrategies.map((each) => short(strategies, each)).join(""),
  ].join("\t");
}

/** The facts of the cells of one line of {@link packFacts}. */
export function unpackFacts(cells: readonly string[]): InstanceTypeFacts {
  const [name, architectures, vcpus, memoryMiB, usage, manufacturer, clock, ebs, network, storage, gpus, accelerators, neuron, hypervisor, flags, features, efa, interfaces, defaultCard, ipv4, branch, placement] = cells as CellTuple;
  // Built in place: spreading absent facts in would make eight objects for one.
  const facts: Building = {
    name,
    architectures: list(architectures),
    hvm: flags.includes("h"),
    vcpus: Number(vcpus),
    memoryMiB: Number(memoryMiB),
    usageClasses: letters(usage, usageClasses),
    gpus: gpus === "" ? noDevices : list(gpus).map(unpackDevice),
    accelerators: accelerators === "" ? noDevices : list(accelerators).map(unpackDevice),
    hypervisor,
    bareMetal: flags.includes("b"),
    encryptionInTransit: flags.includes("e"),
    nitroEnclaves: flags.includes("v"),
    processorFeatures: list(features),
    enaSupported: flags.includes("a"),
    interfacesByCard: unpackCards(interfaces),
    defaultCard: Number(defaultCard),
    ipv4PerInterface: Number(ipv4),
    placementStrategies: letters(placement, strategies),
  };
  if (manufacturer !== "") facts.cpuManufacturer = manufacturer;
  if (clock !== "") facts.clockMHz = Number(clock);
  if (ebs !== "") facts.ebsBandwidthMbps = Number(ebs);
  if (network !== "") facts.networkBandwidthMbps = Number(network);
  if (storage !== "") facts.instanceStorage = { totalGB: Number.parseFloat(storage), nvme: storage.endsWith("n") };
  if (neuron !== "") facts.neuronDevices = list(neuron.slice(1)).map(unpackNeuron);
  if (efa !== "") facts.maxEfaInterfaces = Number(efa);
  if (branch !== "") facts.branchInterfaces = Number(branch);
  return facts;
}

type Building = { -readonly [Key in keyof InstanceTypeFacts]: InstanceTypeFacts[Key] };

const noDevices: readonly Device[] = Object.freeze([]);

/** Cells of a line; lines with another number are truncated. */
export const FACT_CELLS = 22;

type CellTuple = readonly [string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string, string];

const usageClasses: Readonly<Record<string, string>> = { o: "on-demand", s: "spot", c: "capacity-block" };
const strategies: Readonly<Record<string, string>> = { c: "cluster", p: "partition", s: "spread" };
const flagLetters: readonly (readonly [string, (facts: InstanceTypeFacts) => boolean])[] = [
  ["h", (facts) => facts.hvm],
  ["b", (facts) => facts.bareMetal],
  ["e", (facts) => facts.encryptionInTransit],
  ["v", (facts) => facts.nitroEnclaves],
  ["a", (facts) => facts.enaSupported],
];

const none: readonly string[] = Object.freeze([]);
/** Equal cells mean equal lists: each is made once and shared by all types. */
const shared = new Map<string, readonly string[]>();

function list(cell: string): readonly string[] {
  if (cell === "") return none;
  const known = shared.get(cell);
  if (known !== undefined) return known;
  const made = Object.freeze(cell.split(","));
  shared.set(cell, made);
  return made;
}

function letters(cell: string, names: Readonly<Record<string, string>>): readonly string[] {
  if (cell === "") return none;
  const id = `${names === strategies ? "strategies" : "usage"} ${cell}`;
  const known = shared.get(id);
  if (known !== undefined) return known;
  const made = Object.freeze([...cell].map((letter) => names[letter] ?? letter));
  shared.set(id, made);
  return made;
}

function short(names: Readonly<Record<string, string>>, name: string): string {
  const found = Object.entries(names).find(([, each]) => each === name);
  if (found === undefined) throw new RangeError(`no letter for ${name}`);
  return found[0];
}

function packDevice(device: Device): string {
  return `${device.name}:${device.manufacturer}:${device.count}:${device.memoryMiB}`;
}

function unpackDevice(cell: string): Device {
  const [name = "", manufacturer = "", count, memoryMiB] = cell.split(":");
  return { name, manufacturer, count: Number(count), memoryMiB: Number(memoryMiB) };
}

function unpackNeuron(cell: string): NeuronDevice {
  const [name = "", count, cores] = cell.split(":");
  return { name, count: Number(count), coresPerDevice: Number(cores) };
}

/** `2x32` is thirty-two cards of two interfaces. */
function packCards(cards: readonly number[]): string {
  const same = cards.every((each) => each === cards[0]);
  return same && cards.length > 1 ? `${cards[0]}x${cards.length}` : cards.join(",");
}

const sharedCards = new Map<string, readonly number[]>();

function unpackCards(cell: string): readonly number[] {
  const known = sharedCards.get(cell);
  if (known !== undefined) return known;
  const [interfaces, times] = cell.split("x");
  const made = Object.freeze(times === undefined ? cell.split(",").map(Number) : Array.from({ length: Number(times) }, () => Number(interfaces)));
  sharedCards.set(cell, made);
  return made;
}
