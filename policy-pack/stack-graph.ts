import { ownAccount } from "./facts/aws/accounts";
import { arnEndsOf, arnParts, physicalNames, type PhysicalNames } from "./facts/aws/physical-names";
import { armKey, armNames, inAnySubscription, isArmId, subscriptionOf } from "./facts/azure/arm-id";
import { gcpKey, gcpNames, inAnyProject, isGcpId, isByNumber } from "./facts/gcp/gcp-id";
import { holdsUnknown, listOf, reading, textOf, unknown, type Reading } from "./reading";
import { rememberedByResource } from "./remembered-by-resource";
import { packageOf, resourceType, type ResourceType } from "./resource-type";
import type { StackResource } from "./stack-resource";

/** A resource, and its type in the judge's one spelling. */
export interface Node extends StackResource {
  readonly resourceType: ResourceType;
  /** The resource as it was shown, which other stacks may have as well. */
  readonly shown: StackResource;
}

/** Packages whose resources are taken for a cloud's even where nothing says which provider makes them. */
const providerPackages: ReadonlySet<string> = new Set([
  "aws",
  "aws-native",
  "azure",
  "azure-native",
  "azuread",
  "gcp",
  "google-native",
  "kubernetes",
  "command",
  "pulumi-nodejs",
  "pulumi-python",
]);

const noGcpNames: ReturnType<typeof gcpNames> = { names: [], isUnknown: false };

/** Buckets are referred to by the name that the program gives them. */
export const bucketTypes: readonly ResourceType[] = ["aws:s3:bucket", "aws:s3:bucketv2"];

/** The subscription to which the provider of a resource is bound, in lower case. */
function subscriptionOfProvider({ providerInputs }: StackResource): string | undefined {
  const said = textOf(reading(providerInputs?.["subscriptionId"]));
  return said.kind === "known" ? said.value.toLowerCase() : undefined;
}

/** An id in the one spelling in which its cloud's ids are compared. */
function idKey(text: string): string {
  return isGcpId(text) ? gcpKey(text) : armKey(text);
}

/** What a property that holds an id, or a list of them, refers to. */
export type Referent =
  | {
      readonly kind: "resource";
      readonly node: Node;
      /** The property holds something that was made of this resource's outputs; which of them is not known in a preview. */
      readonly assumed: boolean;
    }
  /** Something that is not in the stack. */
  | { readonly kind: "external"; readonly id: string }
  | { readonly kind: "undetermined" };

/** A resource that a text names. */
export interface Bearer {
  readonly node: Node;
  /** Whether the text names this resource, and cannot be that of another. */
  readonly isCertain: boolean;
}

/** What others may call a resource besides its id and its ARN. */
const physicalNamesOf = rememberedByResource((graph, node) =>
  physicalNames(node.resourceType, (key) => graph.read(node, key)),
);

/** The ARN of what Cloud Control manages, which stands in a JSON text of all that the resource has become. */
function controlledArns({ resourceType: type, outputs }: Node): readonly string[] {
  const properties =
    type === "aws:cloudcontrol:resource" ? textOf(reading(outputs["properties"])) : undefined;
  return properties?.kind === "known"
    ? [...properties.value.matchAll(/"\w*Arn":\s*"([^"]+)"/g)].map(([, arn = ""]) => arn)
    : [];
}

const knownNamesOf = rememberedByResource((graph, node): readonly string[] => {
  const isBucket = bucketTypes.includes(node.resourceType);
  const keys = isBucket
    ? ["id", "arn", "bucket"]
    : node.resourceType.startsWith("gcp:")
      ? ["id", "selfLink", "email"]
      : ["id", "arn", "primaryNetworkInterfaceId"];
  const names = keys.flatMap((key) => {
    const name = textOf(key === "bucket" ? graph.read(node, key) : reading(node.outputs[key]));
    return name.kind === "known" ? [name.value] : [];
  });
  const bucket = isBucket ? textOf(graph.read(node, "bucket")) : undefined;
  const arns =
    bucket?.kind === "known"
      ? ["aws", "aws-us-gov", "aws-cn"].map((partition) => `arn:${partition}:s3:::${bucket.value}`)
      : [];
  return [...new Set([...names, ...arns, ...controlledArns(node), ...physicalNamesOf(graph, node).outputs])];
});

/** The names by which a resource is known, as ids are compared. */
const idKeysOf = rememberedByResource((graph, node) => knownNamesOf(graph, node).map(idKey));

/** The names of a resource of Azure's, from what the program says. */
const armNamesOf = rememberedByResource((graph, node) =>
  armNames(node.resourceType, (key) => graph.read(node, key), subscriptionOfProvider(node)),
);

/** The names of a resource of Google Cloud's, from what the program says. */
const googleNamesOf = rememberedByResource((graph, node) =>
  node.resourceType.startsWith("gcp:")
    ? gcpNames(
        node.resourceType,
        (key) => graph.read(node, key),
        (key) => reading(node.providerInputs?.[key]),
      )
    : noGcpNames,
);

/** The names of a resource of Google Cloud's, as they are compared. */
const googleKeysOf = rememberedByResource((graph, node): readonly string[] => [
  ...new Set([...knownNamesOf(graph, node).map(gcpKey), ...googleNamesOf(graph, node).names]),
]);

/** The resources of a stack, in the order of their URNs, with the references between them. */
export class StackGraph {
  readonly nodes: readonly Node[];
  /** Those whose URN another has as well, one for each URN: what names it may mean either. */
  readonly repeated: readonly Node[];
  /** Whether values may still be unknown because nothing has been created yet. */
  readonly dryRun: boolean;
  readonly #byUrn = new Map<string, Node>();
  readonly #byType = new Map<ResourceType, Node[]>();
  readonly #byId = new Map<string, Node[]>();
  readonly #byName = new Map<string, Node[]>();
  readonly #byArnEnd = new Map<string, Node[]>();
  /** Resources of Google Cloud's by their names without the project, which a text may tell by a number that nothing shows. */
  readonly #byNameInProject = new Map<string, Node[]>();
  readonly #nameless: Node[] = [];
  readonly #children = new Set<string>();
  readonly #propertiesRead = new Map<string, Set<string>>();
  readonly #providers = new Set<string>();
  #account: { readonly id: string | undefined } | undefined;

  constructor(resources: readonly StackResource[], options: { readonly dryRun: boolean }) {
    this.dryRun = options.dryRun;
    this.nodes = resources
      .map((resource) => ({ ...resource, resourceType: resourceType(resource.type), shown: resource }))
      .sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
    const repeated = new Map<string, Node>();
    for (const node of this.nodes) {
      if (this.#byUrn.has(node.urn)) {
        repeated.set(node.urn, node);
      }
      this.#byUrn.set(node.urn, node);
      append(this.#byType, node.resourceType, node);
      for (const key of idKeysOf(this, node)) {
        append(this.#byId, key, node);
      }
      const google = googleNamesOf(this, node);
      for (const name of google.names) {
        if (!(this.#byId.get(name) ?? []).includes(node)) {
          append(this.#byId, name, node);
        }
        const inProject = inAnyProject(name);
        if (inProject !== undefined) {
          append(this.#byNameInProject, inProject, node);
        }
      }
      const arm = armNamesOf(this, node);
      if (arm.id !== undefined && !(this.#byId.get(arm.id) ?? []).includes(node)) {
        append(this.#byId, arm.id, node);
      }
      const { names, arnEnds, isUnknown } = this.physicalNames(node);
      names.forEach((name) => {
        append(this.#byName, name, node);
      });
      arnEnds.forEach((end) => {
        append(this.#byArnEnd, end, node);
      });
      if (isUnknown || arm.isUnknown || google.isUnknown) {
        this.#nameless.push(node);
      }
      if (node.parent !== undefined) {
        this.#children.add(node.parent);
      }
      if (node.resourceType.startsWith("pulumi:providers:")) {
        this.#providers.add(node.resourceType.slice("pulumi:providers:".length));
      }
    }
    this.repeated = [...repeated.values()];
  }

  /** The URN of the stack itself, to which belongs what is said of the whole; of its first resource, where it is not shown. */
  get root(): string {
    return (this.ofType("pulumi:pulumi:stack")[0] ?? this.nodes[0])?.urn ?? "";
  }

  node(urn: string): Node | undefined {
    return this.#byUrn.get(urn);
  }

  /** The resources of some types, in the order of their URNs within each type. */
  ofType(...types: readonly ResourceType[]): readonly Node[] {
    const [first, ...others] = types;
    const ofFirst = first === undefined ? [] : (this.#byType.get(first) ?? []);
    return others.length === 0 ? ofFirst : types.flatMap((type) => this.#byType.get(type) ?? []);
  }

  /**
   * Whether a resource groups others and is nothing with a cloud. CrossGuard does not say: a component has no provider,
   * and its package is no provider's.
   */
  isComponent({ providerInputs, resourceType: type }: Node): boolean {
    const provider = packageOf(type);
    return providerInputs === undefined && !this.#providers.has(provider) && !providerPackages.has(provider);
  }

  /**
   * Every text by which others refer to a resource, as far as they are known: its id, its ARN, a bucket's name, the
   * interface of an instance.
   */
  knownNames(node: Node): readonly string[] {
    return knownNamesOf(this, node);
  }

  /** What others may call a resource besides its id and its ARN. */
  physicalNames(node: Node): PhysicalNames {
    return physicalNamesOf(this, node);
  }

  /** The account that the stack is in, where something shows it. */
  get account(): string | undefined {
    this.#account ??= { id: ownAccount(this) };
    return this.#account.id;
  }

  /** Every id that a resource of Azure's has, or will have by the names that the program gives it, as they are compared. */
  armIdsOf(node: Node): readonly string[] {
    const known = this.knownId(node);
    const made = armNamesOf(this, node).id;
    return [...new Set([known === undefined ? undefined : armKey(known), made])].filter(
      (id) => id !== undefined,
    );
  }

  /** The subscription that a resource is in, in lower case, where its id or its provider says so. */
  subscriptionOf(node: Node): string | undefined {
    const id = textOf(reading(node.outputs["id"]));
    return (id.kind === "known" ? subscriptionOf(id.value) : undefined) ?? subscriptionOfProvider(node);
  }

  /** Every name that a resource of Google Cloud's has, or will have by what the program says, as they are compared. */
  gcpNamesOf(node: Node): readonly string[] {
    return googleKeysOf(this, node);
  }

  /** The resources that an id, or a name, is of. */
  #identified(text: string): readonly Node[] {
    const key = idKey(text);
    const found = this.#byId.get(key) ?? [];
    return found.length > 0 || !isArmId(key) ? found : (this.#byId.get(inAnySubscription(key)) ?? []);
  }

  /** The region that a resource is in, where it or its provider says so. */
  regionOf(node: Node): string | undefined {
    const own = textOf(this.read(node, "region"));
    const ofProvider = textOf(reading(node.providerInputs?.["region"]));
    return own.kind === "known"
      ? own.value
      : own.kind === "absent" && ofProvider.kind === "known"
        ? ofProvider.value
        : undefined;
  }

  /** The resources of some types, or of any, that a text names: by an id, by an ARN of theirs or of a part of them, by name. */
  bearers(text: string, types?: readonly ResourceType[]): readonly Bearer[] {
    const isMeant = ({ resourceType: type }: Node): boolean => types?.includes(type) ?? true;
    const certain = [...this.#identified(text), ...(this.#byName.get(text) ?? [])];
    const found = new Map(certain.filter(isMeant).map((node) => [node, true]));
    for (const node of this.#byProjectNumber(text).filter(isMeant)) {
      found.set(node, found.get(node) === true);
    }
    for (const { node, isCertain } of this.#byArn(text)) {
      if (isMeant(node)) {
        found.set(node, isCertain || found.get(node) === true);
      }
    }
    return [...found].map(([node, isCertain]) => ({ node, isCertain }));
  }

  /** The resources that a name may be of that tells its project by a number: those of this name in any project. */
  #byProjectNumber(text: string): readonly Node[] {
    const key = gcpKey(text);
    const inProject = isByNumber(key) && !this.#byId.has(key) ? inAnyProject(key) : undefined;
    return inProject === undefined ? [] : (this.#byNameInProject.get(inProject) ?? []);
  }

  /** The resources of which an ARN is, or is that of a part. One of another account or region is another resource's. */
  #byArn(text: string): readonly Bearer[] {
    const parts = arnParts(text);
    if (parts === undefined) {
      return [];
    }
    const ends = arnEndsOf(parts).find((end) => this.#byArnEnd.has(end));
    return (ends === undefined ? [] : (this.#byArnEnd.get(ends) ?? [])).flatMap((node) => {
      const said = [
        [parts.account, this.account],
        [parts.region, this.regionOf(node)],
      ] as const;
      const isOther = said.some(([named, own]) => named !== "" && own !== undefined && named !== own);
      const isCertain = said.every(([named, own]) => named === "" || own !== undefined);
      return isOther ? [] : [{ node, isCertain }];
    });
  }

  /** The resources of some types that the program gives a name that is not known, and that a text may be. */
  nameless(text: string, types?: readonly ResourceType[]): readonly Node[] {
    const parts = arnParts(text);
    return this.#nameless.filter((node) => {
      const mayBeNamed =
        parts === undefined ||
        ((parts.account === "" || this.account === undefined || parts.account === this.account) &&
          this.physicalNames(node).arnStarts.some((start) =>
            `${parts.service}:${parts.resource}`.startsWith(start),
          ));
      return mayBeNamed && (types?.includes(node.resourceType) ?? true);
    });
  }

  /** The resource to which a text refers by one of its names or by its URN; `undefined` where there is none, or several. */
  named(text: string): Node | undefined {
    const [found, ...others] = this.#identified(text);
    return this.#byUrn.get(text) ?? (others.length === 0 ? found : undefined);
  }

  /** The id with the cloud, where it is known. */
  knownId(node: Node): string | undefined {
    const id = textOf(reading(node.outputs["id"]));
    return id.kind === "known" ? id.value : undefined;
  }

  /**
   * What is known of a property.
   *
   * An output that is known stands. One that is not, or that a preview has lost, gives way to the checked input. An
   * output that is unknown because the program did not set the input is absent: the cloud's default holds.
   *
   * After a deployment nothing is lost and nothing still to come. What is unknown then is hidden, such as an encrypted
   * secret of a state: it stands for itself, because the input may be older than what the cloud says, or not be there.
   */
  read(node: StackResource, key: string): Reading<unknown> {
    if (node.ignoreChanges.length > 0) {
      const read = this.#propertiesRead.get(node.urn) ?? new Set();
      this.#propertiesRead.set(node.urn, read.add(key));
    }
    const raw = node.outputs[key];
    const output = reading(raw);
    if (output.kind === "known" && (typeof raw !== "object" || !holdsUnknown(raw))) {
      return output;
    }
    if (node.inputs === undefined || (!this.dryRun && output.kind !== "absent")) {
      return output;
    }
    const rawInput = node.inputs[key];
    const input = reading(rawInput);
    switch (output.kind) {
      case "known":
        return input.kind === "known" && !holdsUnknown(rawInput) ? input : output;
      case "unknown":
        return input;
      case "absent":
        return input;
    }
  }

  /** What a property whose value is not known may refer to: the resources of the given types from whose outputs it was made. */
  origins(node: StackResource, key: string, types: readonly ResourceType[]): readonly Referent[] {
    const found = this.#origins(node, key, types);
    return found.length === 0
      ? [{ kind: "undetermined" }]
      : found.map((origin) => ({ kind: "resource", node: origin, assumed: found.length > 1 }));
  }

  #origins(node: StackResource, key: string, types: readonly ResourceType[]): readonly Node[] {
    return (node.propertyDependencies[key] ?? [])
      .flatMap((urn) => this.#byUrn.get(urn) ?? [])
      .filter(({ resourceType: type }) => types.includes(type));
  }

  /** What an id, held by the property `key` of a resource or by a part of it, refers to. */
  referentsOf(
    node: StackResource,
    key: string,
    id: Reading<unknown>,
    types: readonly ResourceType[],
  ): readonly Referent[] {
    const text = textOf(id);
    if (text.kind !== "known") {
      return this.origins(node, key, types);
    }
    const named = this.bearers(text.value, types);
    if (named.length > 0) {
      return named.map(({ node: found, isCertain }) => ({
        kind: "resource",
        node: found,
        assumed: !isCertain,
      }));
    }
    // A provider that does not put the id among the outputs leaves only the dependency to find the resource by.
    const origins = this.#origins(node, key, types);
    const withoutId = origins.filter(({ outputs }) => reading(outputs["id"]).kind === "absent");
    if (withoutId.length > 0) {
      return withoutId.map((origin) => ({ kind: "resource", node: origin, assumed: withoutId.length > 1 }));
    }
    // A known text may be the id of a resource whose own is not known, an output that it does not show, or something else.
    const shown = origins.filter(({ outputs }) => !Object.values(outputs).includes(text.value));
    const possible = new Set([...shown, ...this.nameless(text.value, types)]);
    return [
      ...[...possible].map((origin): Referent => ({ kind: "resource", node: origin, assumed: true })),
      { kind: "external", id: text.value },
    ];
  }

  /**
   * What a property that holds one id refers to: nothing if it is not set, all that it may refer to if its value is not
   * known. `types` are the types to which it can refer.
   */
  referents(node: StackResource, key: string, types: readonly ResourceType[]): readonly Referent[] {
    const value = this.read(node, key);
    return value.kind === "absent" ? [] : this.referentsOf(node, key, value, types);
  }

  /** What a property that holds a list of ids refers to; one of each. */
  listReferents(node: StackResource, key: string, types: readonly ResourceType[]): readonly Referent[] {
    const value = this.read(node, key);
    if (value.kind === "absent") {
      return [];
    }
    const list = listOf(value);
    const items = list.kind === "known" ? list.value.map(reading) : [unknown];
    const found = new Map<string, Referent>();
    for (const item of items) {
      for (const referent of this.referentsOf(node, key, item.kind === "absent" ? unknown : item, types)) {
        found.set(referentKey(referent), referent);
      }
    }
    return [...found.values()];
  }

  /** The properties that have been read of a resource some of whose changes are ignored. */
  propertiesRead({ urn }: StackResource): ReadonlySet<string> {
    return this.#propertiesRead.get(urn) ?? new Set();
  }

  /** The resource and everything above it. */
  lineage(node: StackResource): readonly StackResource[] {
    const parent = node.parent === undefined ? undefined : this.#byUrn.get(node.parent);
    return parent === undefined ? [node] : [node, ...this.lineage(parent)];
  }

  /** Whether anything has the resource as its parent. */
  hasChildren(node: StackResource): boolean {
    return this.#children.has(node.urn);
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) {
    map.set(key, [value]);
  } else {
    values.push(value);
  }
}

function referentKey(referent: Referent): string {
  switch (referent.kind) {
    case "resource":
      return referent.node.urn;
    case "external":
      return `external ${referent.id}`;
    case "undetermined":
      return referent.kind;
  }
}
