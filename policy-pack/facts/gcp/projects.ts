import { zoneIds, type ZoneId } from "../../../model/zone";

import {
  absent,
  itemsOf,
  memberReading,
  reading,
  recordOf,
  textOf,
  unknown,
  type Reading,
} from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import { referentsAt, valuesAt } from "../property-path";

import { gcpKey, projectOf } from "./gcp-id";
import type { GcpStack } from "./gcp-stack";

const projectType = "gcp:organizations:project";
const networkType = "gcp:compute:network";
const bridge = "PERIMETER_TYPE_BRIDGE";
const perimeterType = "gcp:accesscontextmanager:serviceperimeter";
const listType = "gcp:accesscontextmanager:serviceperimeters";

/** A project, by whatever of its id and its number the stack says. */
export interface Project {
  readonly id: string | undefined;
  readonly number: string | undefined;
  /** The project itself, where the stack makes it. */
  readonly node: Node | undefined;
  readonly zone: ZoneId | undefined;
  /** Why it may be in another zone, or in none; `undefined` where something says its zone. */
  readonly assumption: string | undefined;
}

/** What a text, or a value that is not known yet, names as a project. */
export type ProjectReferent =
  | { readonly kind: "project"; readonly project: Project; readonly isCertain: boolean }
  /** Of what is an organisation's or a folder's. */
  | { readonly kind: "none" }
  | { readonly kind: "undetermined" };

/** Properties that hold the whole name of what a resource is a part of, where it says no project itself. */
const ownerKeys = [
  "dataset",
  "datasetId",
  "fhirStoreId",
  "dicomStoreId",
  "hl7V2StoreId",
  "consentStoreId",
  "keyRing",
  "keyRingId",
  "cryptoKey",
  "cryptoKeyId",
  "secret",
  "serviceAccountId",
  "bucket",
  "cluster",
  "instance",
  "index",
  "indexEndpoint",
  "featurestore",
  "parent",
] as const;

/** Types that say their project as `projectId`. */
const idTypes: ReadonlySet<ResourceType> = new Set(["gcp:apigee:organization"]);

/** Types whose resources are of an organisation or a folder, and in no project. */
const aboveProjects =
  /^gcp:(?:accesscontextmanager|organizations|folder|billing|cloudidentity|resourcemanager|iam:workforce|compute:(?:firewallpolic|organization|securitypolicyassociation)|logging:(?:folder|organization|billingaccount)|securitycenter:(?:organization|folder|v2))/;

interface Draft {
  id: string | undefined;
  number: string | undefined;
  node: Node | undefined;
  zone: ZoneId | undefined;
  assumption: string | undefined;
}

/** `123`, `my-project` of `projects/123`, `projects/my-project/…`, or of the text itself. */
function bare(text: string): string {
  return projectOf(text) ?? gcpKey(text).replace(/^projects\//, "");
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

function isOfGoogle({ resourceType: type }: Node): boolean {
  return type.startsWith("gcp:");
}

/** The projects of a stack: their ids, their numbers, and the zones that they are in. */
export class Projects {
  readonly #graph: StackGraph;
  readonly #zones: GcpStack["zones"];
  readonly #drafts: Draft[] = [];
  readonly #byText = new Map<string, Draft>();
  readonly #ofNode = new Map<string, ProjectReferent>();

  constructor({ graph, zones }: GcpStack) {
    this.#graph = graph;
    this.#zones = zones;
    this.#readOutputs();
    this.#readProjects();
    this.#readNumbers();
    this.#readPerimeters();
    this.#takeUnmatched();
  }

  /** Every project of which the stack says something, in the order in which it is met. */
  get all(): readonly Project[] {
    return this.#drafts;
  }

  /** The projects of a zone. */
  in(zone: ZoneId): readonly Project[] {
    return this.#drafts.filter((project) => project.zone === zone);
  }

  /** The project that an id, a number or a name within it says. */
  named(text: string): Project {
    return this.#draft(bare(text));
  }

  /** The zone of a project, by its id, its number or a name within it. */
  zoneOf(text: string): ZoneId | undefined {
    return this.#byText.get(bare(text))?.zone;
  }

  numberOf(text: string): string | undefined {
    return isNumber(bare(text)) ? bare(text) : this.#byText.get(bare(text))?.number;
  }

  idOf(text: string): string | undefined {
    return isNumber(bare(text)) ? this.#byText.get(bare(text))?.id : bare(text);
  }

  /** Whether two texts name one project; `undefined` where one is an id and the other a number that nothing matches to it. */
  isSame(one: string, other: string): boolean | undefined {
    const [a, b] = [this.named(one), this.named(other)];
    if (a === b) {
      return true;
    }
    const comparable =
      (a.id !== undefined && b.id !== undefined) || (a.number !== undefined && b.number !== undefined);
    return comparable ? false : undefined;
  }

  /** What a value, held by the property `key` of a resource or by a part of it, names as a project. */
  referentsOf(node: Node, key: string, value: Reading<unknown>): readonly ProjectReferent[] {
    const text = textOf(value);
    if (text.kind === "known") {
      return [{ kind: "project", project: this.named(text.value), isCertain: true }];
    }
    const origins = (node.propertyDependencies[key] ?? []).flatMap((urn) => {
      const origin = this.#graph.node(urn);
      return origin?.resourceType === projectType ? [this.#ofProjectNode(origin)] : [];
    });
    return origins.length === 0
      ? [{ kind: "undetermined" }]
      : origins.map((project) => ({ kind: "project", project, isCertain: origins.length === 1 }));
  }

  /** The project that a resource is in: as it says, as what it is a part of says, or as its provider does. */
  of(node: Node): ProjectReferent {
    const known = this.#ofNode.get(node.urn);
    if (known !== undefined) {
      return known;
    }
    // What refers to itself, round about, is in no project by that.
    this.#ofNode.set(node.urn, { kind: "undetermined" });
    const found = this.#find(node);
    this.#ofNode.set(node.urn, found);
    return found;
  }

  #find(node: Node): ProjectReferent {
    if (node.resourceType === projectType) {
      return { kind: "project", project: this.#ofProjectNode(node), isCertain: true };
    }
    if (aboveProjects.test(node.resourceType)) {
      return { kind: "none" };
    }
    const own = this.#graph.read(node, "project");
    if (own.kind !== "absent") {
      const [only, ...others] = this.referentsOf(node, "project", own);
      return others.length === 0 && only !== undefined ? only : { kind: "undetermined" };
    }
    const told = idTypes.has(node.resourceType) ? this.#graph.read(node, "projectId") : absent;
    if (told.kind !== "absent") {
      const [only, ...others] = this.referentsOf(node, "projectId", told);
      return others.length === 0 && only !== undefined ? only : { kind: "undetermined" };
    }
    for (const key of ownerKeys) {
      const owner = this.#ofOwner(node, key);
      if (owner !== undefined) {
        return owner;
      }
    }
    const id = textOf(reading(node.outputs["id"]));
    const ofId = id.kind === "known" ? projectOf(id.value) : undefined;
    if (ofId !== undefined) {
      return { kind: "project", project: this.#draft(ofId), isCertain: true };
    }
    const ofProvider = textOf(reading(node.providerInputs?.["project"]));
    return ofProvider.kind === "known"
      ? { kind: "project", project: this.#draft(bare(ofProvider.value)), isCertain: true }
      : { kind: "undetermined" };
  }

  /** The project of what a property of a resource names. */
  #ofOwner(node: Node, key: string): ProjectReferent | undefined {
    const text = textOf(this.#graph.read(node, key));
    const said = text.kind === "known" ? projectOf(text.value) : undefined;
    if (said !== undefined) {
      return { kind: "project", project: this.#draft(said), isCertain: true };
    }
    if (text.kind === "known" && /^(?:folders|organizations)\//.test(text.value)) {
      return { kind: "none" };
    }
    // Other short names are those of another resource in the same project.
    const owners =
      text.kind === "known" && key === "bucket"
        ? this.#graph.bearers(text.value).map((bearer) => bearer.node)
        : text.kind === "unknown"
          ? (node.propertyDependencies[key] ?? []).flatMap((urn) => this.#graph.node(urn) ?? [])
          : [];
    const [only, ...others] = owners.filter((owner) => owner !== node && isOfGoogle(owner));
    return only === undefined || others.length > 0 ? undefined : this.of(only);
  }

  #draft(text: string): Draft {
    const known = this.#byText.get(text);
    if (known !== undefined) {
      return known;
    }
    const draft: Draft = {
      id: isNumber(text) ? undefined : text,
      number: isNumber(text) ? text : undefined,
      node: undefined,
      zone: undefined,
      assumption: undefined,
    };
    this.#drafts.push(draft);
    this.#byText.set(text, draft);
    return draft;
  }

  /** One project, of an id and a number that belong together. */
  #pair(id: string, number: string): Draft {
    const [byId, byNumber] = [this.#draft(id), this.#draft(number)];
    if (byId !== byNumber) {
      byId.number = number;
      byId.node ??= byNumber.node;
      this.#put(byId, byNumber.zone);
      this.#drafts.splice(this.#drafts.indexOf(byNumber), 1);
      this.#byText.set(number, byId);
    }
    return byId;
  }

  /** Puts a project into a zone. What anything calls PHI is PHI. */
  #put(draft: Draft, zone: ZoneId | undefined): void {
    if (zone === "phi" || draft.zone === undefined) {
      draft.zone = zone;
    }
  }

  /** What components register of the projects of their zones. */
  #readOutputs(): void {
    for (const { outputs } of this.#graph.nodes) {
      const registered =
        outputs["zoneProjects"] === undefined ? undefined : recordOf(reading(outputs["zoneProjects"]));
      for (const zone of registered?.kind === "known" ? zoneIds : []) {
        const project = recordOf(memberReading(registered ?? unknown, zone));
        const id = textOf(memberReading(project, "id"));
        const number = textOf(memberReading(project, "number"));
        if (id.kind === "known" && number.kind === "known") {
          this.#put(this.#pair(id.value, number.value), zone);
        } else if (id.kind === "known" || number.kind === "known") {
          this.#put(this.#draft(id.kind === "known" ? id.value : textIn(number)), zone);
        }
      }
    }
  }

  /** The projects that the stack makes. */
  #readProjects(): void {
    for (const node of this.#graph.ofType(projectType)) {
      this.#put(this.#ofProjectNode(node), this.#zones.of(node.urn));
    }
  }

  #ofProjectNode(node: Node): Draft {
    const known = this.#drafts.find((draft) => draft.node === node);
    if (known !== undefined) {
      return known;
    }
    const id = textOf(this.#graph.read(node, "projectId"));
    const number = textOf(reading(node.outputs["number"]));
    const draft =
      id.kind === "known" && number.kind === "known"
        ? this.#pair(id.value, number.value)
        : this.#draft(id.kind === "known" ? id.value : number.kind === "known" ? number.value : node.urn);
    draft.node ??= node;
    return draft;
  }

  /** Numbers that resources show of the projects that they are in, once they are deployed. */
  #readNumbers(): void {
    for (const node of this.#graph.nodes.filter(isOfGoogle)) {
      const number = reading(node.outputs["projectNumber"]);
      const digits = number.kind === "known" ? String(number.value) : "";
      const id = isNumber(digits) ? textOf(this.#graph.read(node, "project")) : undefined;
      if (id?.kind === "known" && !isNumber(bare(id.value))) {
        this.#pair(bare(id.value), digits);
      }
    }
  }

  /** What a perimeter of the PHI zone holds is of the PHI zone. A bridge only joins what others hold. */
  #readPerimeters(): void {
    for (const perimeter of this.#graph.ofType(perimeterType)) {
      const type = textOf(this.#graph.read(perimeter, "perimeterType"));
      const isBridge = type.kind === "known" && type.value === bridge;
      if (isBridge || this.#zones.of(perimeter.urn) !== "phi") {
        continue;
      }
      for (const property of ["status", "spec"]) {
        this.#putHeld(perimeter, property, valuesAt(this.#graph, perimeter, [property, "resources"]));
      }
    }
    // Of several perimeters in one list, what is said of the list does not say which is meant.
    for (const list of this.#graph.ofType(listType).filter(({ urn }) => this.#zones.of(urn) === "phi")) {
      const regular = itemsOf(this.#graph.read(list, "servicePerimeters"))
        .map(recordOf)
        .filter((perimeter) => {
          const type = textOf(memberReading(perimeter, "perimeterType"));
          return type.kind !== "known" || type.value !== bridge;
        });
      const [only, ...others] = regular;
      for (const property of only === undefined || others.length > 0 ? [] : ["status", "spec"]) {
        const part = recordOf(memberReading(only ?? unknown, property));
        this.#putHeld(list, "servicePerimeters", itemsOf(memberReading(part, "resources")));
      }
    }
  }

  /** Puts the projects that a perimeter of the PHI zone holds into the zone. */
  #putHeld(node: Node, key: string, resources: readonly Reading<unknown>[]): void {
    for (const value of resources) {
      const text = textOf(value);
      if (text.kind !== "known" || /^projects\/[^/]+$/.test(gcpKey(text.value))) {
        this.referentsOf(node, key, value).forEach((referent) => {
          if (referent.kind === "project") {
            this.#put(this.named(keyOf(referent.project)), "phi");
          }
        });
      }
    }
  }

  /**
   * Projects of which the stack says the id alone, where it says of one in the PHI zone the number alone: nothing shows
   * that they are another. A project in which something says that it is of another zone is not taken for it, and where
   * something says of what is in a project that it is PHI, no other project is.
   */
  #takeUnmatched(): void {
    const [open] = this.#drafts.filter(
      ({ zone, id, number }) => zone === "phi" && id === undefined && number !== undefined,
    );
    if (open === undefined) {
      return;
    }
    const ofOthers = new Set<Project>();
    const ofPhi = new Set<Project>();
    const used = new Set<Draft>();
    for (const node of this.#graph.nodes.filter(isOfGoogle)) {
      const referent = this.of(node);
      if (referent.kind === "project") {
        const zone = this.#zones.of(node.urn);
        used.add(this.named(keyOf(referent.project)));
        if (zone !== undefined) {
          (zone === "phi" ? ofPhi : ofOthers).add(referent.project);
        }
      }
    }
    const unmatched = [...used].filter(
      (draft) =>
        draft.id !== undefined &&
        draft.number === undefined &&
        draft.zone === undefined &&
        !ofOthers.has(draft),
    );
    const claimed = unmatched.filter((draft) => ofPhi.has(draft));
    for (const draft of claimed.length > 0 ? claimed : unmatched) {
      draft.zone = "phi";
      draft.assumption = `which number project ${draft.id ?? ""} has: it is taken for ${open.number ?? ""}, which the PHI perimeter holds`;
    }
  }
}

function textIn(read: Reading<string>): string {
  return read.kind === "known" ? read.value : "";
}

/** A text by which a project is found again. */
function keyOf({ id, number, node }: Project): string {
  return id ?? number ?? node?.urn ?? "";
}

const projectsByGraph = new WeakMap<StackGraph, Projects>();

/** The projects of a stack, which are read once. */
export function projectsOf(stack: GcpStack): Projects {
  const known = projectsByGraph.get(stack.graph) ?? new Projects(stack);
  projectsByGraph.set(stack.graph, known);
  return known;
}

/**
 * Lets every resource inherit the zone of its project. What says nothing itself, and is in a project that is not known,
 * may be in that of the PHI zone, where there is one.
 */
export function inheritProjectZones(stack: GcpStack): void {
  const { graph, zones } = stack;
  const projects = projectsOf(stack);
  const hasPhi = projects.in("phi").length > 0;
  // A perimeter may hold single networks of a project as well.
  for (const perimeter of graph.ofType(perimeterType).filter(({ urn }) => zones.of(urn) === "phi")) {
    for (const referent of referentsAt(graph, perimeter, ["status", "resources"], [networkType])) {
      if (referent.kind === "resource") {
        zones.inherit(referent.node.urn, "phi", "its perimeter");
      }
    }
  }
  for (const node of graph.nodes.filter(isOfGoogle)) {
    const referent = projects.of(node);
    if (referent.kind === "project") {
      zones.inherit(node.urn, referent.project.zone, "its project");
    } else if (referent.kind === "undetermined" && hasPhi && zones.of(node.urn) === undefined) {
      zones.inherit(node.urn, "phi", "its project, which is not known");
    }
  }
}
