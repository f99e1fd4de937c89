import { armTypes } from "../../policy-pack/facts/azure/arm-types";
import { gcpTypes } from "../../policy-pack/facts/gcp/gcp-types";
import { packageOf, resourceType } from "../../policy-pack/resource-type";
import type { StackResource } from "../../policy-pack/stack-resource";

/** The text by which CrossGuard says that a text is not known. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What is known of a stack: in a preview of one that does not exist yet, no id; after its deployment, all. */
export type Knowledge = "preview" | "deployed";

/** What a program tells the engine of a resource, besides its inputs. */
export interface SketchOptions {
  /** Inputs in whose place old state stands. */
  readonly ignoreChanges?: readonly string[];
  /** Whether the resource cannot be deleted, and so not be replaced. */
  readonly protect?: boolean;
}

/** The subscription of what sketches and rendered stacks have on Azure, and the resource group of what names none. */
export const ownSubscription = "11111111-2222-3333-4444-555555555555";
export const ownGroup = "hospital";

function isOfAzure(type: string): boolean {
  return packageOf(resourceType(type)) === "azure-native";
}

/** The project of what sketches have on Google Cloud where they name none, and where in it that is. */
export const ownProject = "hospital-ai";
const ownPlace: Readonly<Record<string, string>> = {
  project: ownProject,
  region: "us-central1",
  location: "us-central1",
  zone: "us-central1-a",
};

function isOfGoogle(type: string): boolean {
  return packageOf(resourceType(type)) === "gcp";
}

/** What stands before the name of a resource of Google Cloud's: the kind of a member, or the address of an API. */
const beforeGoogleName = /^(?:serviceAccount:|https:\/\/www\.googleapis\.com\/compute\/v1\/)/;

/**
 * What `${id}.name` stands for, where the id is one of Azure Resource Manager's or of Google Cloud's; there `.email` is the
 * last part as well, `.selfLink` the id behind the address of the API, and `.number` the number of a project.
 */
function nameIn(text: string): string | undefined {
  const before = beforeGoogleName.exec(text)?.[0] ?? "";
  const bare = text.slice(before.length);
  if (!/^(?:\/subscriptions|projects|accessPolicies)\//.test(bare)) {
    return undefined;
  }
  const [, id = "", output] = /^(.*)\.(name|email|selfLink|number)$/.exec(bare) ?? [];
  switch (output) {
    case "name":
    case "email":
      return `${before}${id.slice(id.lastIndexOf("/") + 1)}`;
    case "number":
      return String(Buffer.from(id).reduce((sum, byte) => (sum * 31 + byte) % 1_000_000_007, 7));
    case "selfLink":
      return `https://www.googleapis.com/compute/v1/${id}`;
    default:
      return undefined;
  }
}

/** The relative name that a resource of Google Cloud's will have; another id for what is not called by such a name. */
function googleIdOf(type: string, name: string, inputs: Readonly<Record<string, unknown>>): string {
  const [, module = "", last = ""] = resourceType(type).split(":");
  if (resourceType(type).startsWith("gcp:accesscontextmanager:")) {
    const said = inputs["name"];
    return typeof said === "string" ? said : `accessPolicies/111/${last}s/${name}`;
  }
  const template = gcpTypes.get(resourceType(type))?.[0] ?? `projects/{project}/${module}/${last}s/{name}`;
  if (template.startsWith("projects/_/")) {
    return `${type}::${name}-id`;
  }
  const keys = [...template.matchAll(/\{(\w+)\}/g)].map(([, key = ""]) => key);
  return template.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const said = inputs[key];
    const known = typeof said === "string" ? (nameIn(said) ?? said) : undefined;
    return (
      known ?? ownPlace[key] ?? (key === keys.filter((one) => one !== "project").at(-1) ? name : "somewhere")
    );
  });
}

function armIdOf(type: string, name: string, inputs: Readonly<Record<string, unknown>>): string {
  const [, module = "", last = ""] = resourceType(type).split(":");
  const arm = armTypes.get(resourceType(type));
  const [namespace = "", ...kinds] = (arm?.path ?? `microsoft.${module}/${last}s`).split("/");
  const path = kinds.map((kind, index) => {
    const said = inputs[arm?.names[index] ?? ""];
    const own = index === kinds.length - 1 ? name : "somewhere";
    return `${kind}/${typeof said === "string" ? (nameIn(said) ?? said) : own}`;
  });
  const said = inputs["resourceGroupName"];
  const group = typeof said === "string" ? said : ownGroup;
  return `/subscriptions/${ownSubscription}/resourceGroups/${group}/providers/${namespace}/${path.join("/")}`;
}

interface Sketched {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Inputs, with ids and other outputs of resources as they will be once deployed. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Outputs where they are not made from the inputs: those that a component registers. */
  readonly outputs: Readonly<Record<string, unknown>> | undefined;
  readonly custom: boolean;
  readonly parent: string | undefined;
  /** Names of outputs that the cloud computes. */
  readonly computed: readonly string[];
  /** Outputs that the cloud computes, and that are more than a text. */
  readonly made?: Readonly<Record<string, unknown>>;
  readonly options?: SketchOptions;
}

function texts(value: unknown): readonly string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

function withTexts(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") {
    return replace(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => withTexts(item, replace));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTexts(item, replace)]))
    : value;
}

/** Names of outputs that the cloud computes, by the last part of the type. */
const computedByType: Readonly<Record<string, readonly string[]>> = {
  SecurityGroupEgressRule: ["securityGroupRuleId"],
  SecurityGroupIngressRule: ["securityGroupRuleId"],
  SecurityGroupRule: ["securityGroupRuleId"],
  Vpc: ["defaultSecurityGroupId", "defaultNetworkAclId", "defaultRouteTableId", "mainRouteTableId"],
};

/** An id within a JSON text. */
const quotedId = /"([^"]+::[^"]+-id(?:\.\w+)?)"/g;

/** The ids within a JSON text. */
function quotedIn(text: string): readonly string[] {
  return text.includes('"') ? [...text.matchAll(quotedId)].map(([, id = ""]) => id) : [];
}

/** Base64 of a text that is no longer than some certificates of a sketch. */
const shortBase64 = /^[A-Za-z0-9+/]{40,400}={0,2}$/;

/**
 * The lines of a text of several, each of which may be an output: certificates in PEM follow each other so, and Azure takes
 * them in base64.
 */
function linesIn(text: string): readonly string[] {
  const plain = shortBase64.test(text) ? Buffer.from(text, "base64").toString() : text;
  return plain.includes("\n") ? plain.split("\n").filter((line) => line !== "") : [];
}

interface Memory<K, V> {
  get(key: K): V | undefined;
  has(key: K): boolean;
  set(key: K, value: V): unknown;
}

/** Remembers answers: a stack has each of its texts many times, and some thousand stacks are made of one. */
function remembered<K, V>(answer: (key: K) => V, known: Memory<K, V> = new Map<K, V>()): (key: K) => V {
  return (key) => {
    const value = known.get(key);
    if (value !== undefined || known.has(key)) {
      return value as V;
    }
    const answered = answer(key);
    known.set(key, answered);
    return answered;
  };
}

const linesOf = remembered(linesIn);

/** A text, and the ids and lines within it, each of which may be an output. */
const partsOf = remembered((text: string): readonly string[] => [text, ...quotedIn(text), ...linesIn(text)]);

/** The id of a sketched resource; copies of a sketch have the same resources. */
const idOfSketched = remembered<Sketched, string>(
  ({ type, name, inputs }) => Sketch.idOf(type, name, inputs),
  new WeakMap(),
);

/** Inputs with the texts in them, and with what those were when they were shown last. */
interface Texts {
  readonly byKey: ReadonlyMap<string, readonly string[]>;
  readonly all: readonly string[];
  shown?: { readonly texts: readonly string[]; readonly inputs: Readonly<Record<string, unknown>> };
}

const textsOfInputs = remembered<Sketched["inputs"], Texts>((inputs) => {
  const byKey = new Map(Object.entries(inputs).map(([key, value]) => [key, texts(value)]));
  return { byKey, all: [...byKey.values()].flat() };
}, new WeakMap());

/** Inputs with other texts. Most stacks that are made of one show most of it as before, which is not made anew. */
function shownInputs(
  inputs: Sketched["inputs"],
  replace: (text: string) => string,
): Readonly<Record<string, unknown>> {
  const known = textsOfInputs(inputs);
  const shownTexts = known.all.map(replace);
  if (known.shown?.texts.every((text, index) => text === shownTexts[index]) === true) {
    return known.shown.inputs;
  }
  const shown = withTexts(inputs, replace) as Readonly<Record<string, unknown>>;
  known.shown = { texts: shownTexts, inputs: shown };
  return shown;
}

type Shown = Readonly<Record<string, unknown>>;

/** Whether two mappings have the same values: lists of texts by what is in them, all else by being one and the same. */
function isSame(one: Shown | undefined, other: Shown | undefined): boolean {
  if (one === undefined || other === undefined) {
    return one === other;
  }
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => {
      const [a, b] = [one[key], other[key]];
      return (
        Object.is(a, b) ||
        (Array.isArray(a) &&
          Array.isArray(b) &&
          a.length === b.length &&
          a.every((text, index) => typeof text === "string" && text === b[index]))
      );
    })
  );
}

const shownBefore = {
  preview: new WeakMap<Sketched, StackResource>(),
  deployed: new WeakMap<Sketched, StackResource>(),
} as const satisfies Record<Knowledge, WeakMap<Sketched, StackResource>>;

/** The resource as it was shown before, where it is shown the same: stacks that are made of one have most of it in common. */
function asBefore(sketched: Sketched, knowledge: Knowledge, now: StackResource): StackResource {
  const before = shownBefore[knowledge].get(sketched);
  const isAsBefore =
    before !== undefined &&
    isSame(before.inputs, now.inputs) &&
    isSame(before.outputs, now.outputs) &&
    isSame(before.propertyDependencies, now.propertyDependencies) &&
    isSame(before.providerInputs, now.providerInputs);
  if (isAsBefore) {
    return before;
  }
  shownBefore[knowledge].set(sketched, now);
  return now;
}

const noOutputs: Shown = {};

/**
 * Resources of a stack as CrossGuard shows them. Where nothing is deployed, every text that holds an output of one of
 * them is unknown, and the property names the resource as its dependency, as the engine does.
 */
export class Sketch {
  readonly knowledge: Knowledge;
  readonly #resources: Sketched[] = [];
  #defaultTags: Readonly<Record<string, string>> | undefined;
  #shown: readonly StackResource[] | undefined;

  constructor(knowledge: Knowledge) {
    this.knowledge = knowledge;
  }

  /** The id that a resource has once it is deployed: on Azure and Google Cloud a path, whose last part is its name. */
  static idOf(type: string, name: string, inputs: Readonly<Record<string, unknown>> = {}): string {
    return isOfAzure(type)
      ? armIdOf(type, name, inputs)
      : isOfGoogle(type)
        ? googleIdOf(type, name, inputs)
        : `${type}::${name}-id`;
  }

  /**
   * A copy, which can be changed without changing this one.
   *
   * @param knowledge what is known of the copy; the same, by default.
   */
  copy(knowledge: Knowledge = this.knowledge): Sketch {
    const copy = new Sketch(knowledge);
    copy.#resources.push(...this.#resources);
    copy.#defaultTags = this.#defaultTags;
    return copy;
  }

  addRaw(resource: Sketched): void {
    this.#shown = undefined;
    this.#resources.push(resource);
  }

  /**
   * Adds a resource, and gives its id: use it, or the id followed by `.` and the name of an output, in inputs of others.
   * On Azure and Google Cloud the output `name` is the last part of the id.
   */
  add(type: string, name: string, inputs: Readonly<Record<string, unknown>>, parent?: string): string {
    this.#shown = undefined;
    this.#resources.push({
      urn: `urn:pulumi:test::bulkhead::${type}::${name}`,
      type,
      name,
      inputs,
      outputs: undefined,
      custom: true,
      parent,
      computed: computedByType[type.slice(type.lastIndexOf(":") + 1)] ?? [],
    });
    return Sketch.idOf(type, name, inputs);
  }

  /** Lets the provider give tags to each resource, as the engine shows it: as JSON in the provider's configuration. */
  defaultTags(tags: Readonly<Record<string, string>>): this {
    this.#shown = undefined;
    this.#defaultTags = tags;
    return this;
  }

  /** Takes resources away. */
  remove(name: string): this {
    const index = this.#resources.findIndex((resource) => resource.name === name);
    if (index < 0) {
      throw new Error(`no resource ${name}`);
    }
    this.#shown = undefined;
    this.#resources.splice(index, 1);
    return this;
  }

  /** Changes the inputs of a resource. */
  change(
    name: string,
    change: (inputs: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
  ): this {
    const index = this.#resources.findIndex((resource) => resource.name === name);
    const resource = this.#resources[index];
    if (resource === undefined) {
      throw new Error(`no resource ${name}`);
    }
    this.#shown = undefined;
    this.#resources[index] = { ...resource, inputs: change(resource.inputs) };
    return this;
  }

  /** Gives a resource options. */
  withOptions(name: string, options: SketchOptions): this {
    const index = this.#resources.findIndex((resource) => resource.name === name);
    const resource = this.#resources[index];
    if (resource === undefined) {
      throw new Error(`no resource ${name}`);
    }
    this.#shown = undefined;
    this.#resources[index] = { ...resource, options };
    return this;
  }

  /** The id of a resource by its name. */
  id(name: string): string {
    const resource = this.#resources.find((candidate) => candidate.name === name && candidate.custom);
    if (resource === undefined) {
      throw new Error(`no resource ${name}`);
    }
    return Sketch.idOf(resource.type, name, resource.inputs);
  }

  /** The URN of a resource by its name, of a component as well. */
  urn(name: string): string {
    const resource = this.#resources.find((candidate) => candidate.name === name);
    if (resource === undefined) {
      throw new Error(`no resource ${name}`);
    }
    return resource.urn;
  }

  names(): readonly string[] {
    return this.#resources.map(({ name }) => name);
  }

  /** The resources as they are shown now. They are worked out once, until something of the sketch changes. */
  resources(): StackResource[] {
    this.#shown ??= this.#show();
    return [...this.#shown];
  }

  #show(): readonly StackResource[] {
    const byId = new Map(
      this.#resources
        .filter(({ custom }) => custom)
        .map((resource) => [idOfSketched(resource), resource.urn]),
    );
    const ownerOfPart = (text: string): string | undefined => {
      const slash = text.lastIndexOf("/");
      return slash <= 0 ? undefined : (byId.get(text.slice(0, slash)) ?? ownerOfPart(text.slice(0, slash)));
    };
    const ownerOf = remembered((whole: string): string | undefined => {
      const text = whole.replace(beforeGoogleName, "");
      const dot = text.lastIndexOf(".");
      const owner = byId.get(text) ?? (dot < 0 ? undefined : byId.get(text.slice(0, dot)));
      // The id of a part begins with the id of the whole, on Azure and Google Cloud.
      return owner ?? (/^(?:\/subscriptions|projects)\//.test(text) ? ownerOfPart(text) : undefined);
    });
    const isPreview = this.knowledge === "preview";
    const inputsOf = new Map(this.#resources.map(({ urn, inputs }) => [urn, inputs]));
    // An output that an input sets is the same text, which a preview knows as well.
    const setOutput = (text: string): string | undefined => {
      const output = text.slice(text.lastIndexOf(".") + 1);
      const set = inputsOf.get(ownerOf(text) ?? "")?.[output];
      const isKnown = typeof set === "string" && ownerOf(set) === undefined;
      return isKnown && !byId.has(text) ? set : undefined;
    };
    // A text that holds an id besides others is unknown in a preview, unless the program puts the URN in its place.
    const withUrns = (text: string): string =>
      text.replaceAll(quotedId, (quoted, id: string) => {
        const owner = ownerOf(id);
        const known = setOutput(id) ?? (isPreview ? owner : undefined);
        return known === undefined ? quoted : `"${known}"`;
      });
    const ownersIn = remembered((text: string): readonly string[] =>
      partsOf(text).flatMap((id) => ownerOf(id) ?? []),
    );
    const shownText = remembered((text: string): string => {
      const isUnknown = isPreview && [text, ...linesOf(text)].some((line) => ownerOf(line) !== undefined);
      const name = ownerOf(text) === undefined ? undefined : nameIn(text);
      return setOutput(text) ?? (isUnknown ? unknownText : (name ?? withUrns(text)));
    });
    // Outputs that others use are there, whether they are known or not.
    const used = new Map<string, Record<string, unknown>>();
    for (const text of new Set(this.#resources.flatMap(({ inputs }) => textsOfInputs(inputs).all))) {
      for (const id of partsOf(text)) {
        const isOutput = byId.has(id.slice(0, id.lastIndexOf("."))) && !byId.has(id);
        const owner = isOutput && setOutput(id) === undefined ? ownerOf(id) : undefined;
        if (owner !== undefined) {
          const outputs = used.get(owner) ?? {};
          outputs[id.slice(id.lastIndexOf(".") + 1)] = isPreview ? unknownText : (nameIn(id) ?? id);
          used.set(owner, outputs);
        }
      }
    }
    const ids = this.#resources.map(idOfSketched);
    return this.#resources.map((sketched, index) => {
      const { urn, type, name, inputs, outputs, custom, parent, computed, made: more, options } = sketched;
      const id = ids[index] ?? "";
      // A name that the program gives is known, also where it is the id that the resource will have.
      const own = inputs["name"] === id ? { name: id } : {};
      const seen = { ...shownInputs(inputs, shownText), ...own };
      const made = {
        ...Object.fromEntries(computed.map((key) => [key, isPreview ? unknownText : `${id}.${key}`])),
        ...Object.fromEntries(
          Object.entries(more ?? {}).map(([key, value]) => [key, isPreview ? unknownText : value]),
        ),
      };
      const propertyDependencies = Object.fromEntries(
        [...textsOfInputs(inputs).byKey].map(([key, held]) => [key, [...new Set(held.flatMap(ownersIn))]]),
      );
      return asBefore(sketched, this.knowledge, {
        ignoreChanges: options?.ignoreChanges ?? [],
        protect: options?.protect ?? false,
        urn,
        type,
        name,
        inputs: seen,
        outputs: custom
          ? { ...used.get(urn), ...made, ...seen, id: isPreview ? unknownText : id }
          : shownInputs(outputs ?? noOutputs, shownText),
        parent,
        dependencies: [...new Set(Object.values(propertyDependencies).flat())],
        propertyDependencies,
        providerInputs: custom
          ? {
              ...(isOfAzure(type)
                ? { subscriptionId: ownSubscription, location: "eastus2" }
                : isOfGoogle(type)
                  ? { project: ownProject, region: "us-central1" }
                  : { region: "us-east-1", allowedAccountIds: JSON.stringify(["111122223333"]) }),
              ...(this.#defaultTags === undefined
                ? {}
                : isOfGoogle(type)
                  ? { defaultLabels: JSON.stringify(this.#defaultTags) }
                  : { defaultTags: JSON.stringify({ tags: this.#defaultTags }) }),
            }
          : undefined,
      });
    });
  }
}
