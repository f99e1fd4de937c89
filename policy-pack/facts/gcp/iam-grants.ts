import {
  itemsOf,
  member,
  memberReading,
  reading,
  recordOf,
  textOf,
  unknown,
  type Reading,
} from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent, StackGraph } from "../../stack-graph";

import { gcpKey, projectOf } from "./gcp-id";
import type { GcpStack } from "./gcp-stack";
import { projectsOf, type ProjectReferent } from "./projects";

/** Resources by which somebody is given roles: one member, the members of one role, or a whole policy. */
const grantType = /^(gcp:[a-z0-9]+:)([a-z0-9]*?)iam(member|binding|policy)$/;

const bucketType = "gcp:storage:bucket";
const datasetType = "gcp:bigquery:dataset";
const datasetAccessType = "gcp:bigquery:datasetaccess";
const entitlementType = "gcp:privilegedaccessmanager:entitlement";

/** Lists of who may do what with a bucket or an object, in the form that is older than IAM. */
const accessListTypes = [
  "gcp:storage:bucketaccesscontrol",
  "gcp:storage:bucketacl",
  "gcp:storage:defaultobjectaccesscontrol",
  "gcp:storage:defaultobjectacl",
  "gcp:storage:objectaccesscontrol",
  "gcp:storage:objectacl",
] as const;

/** Types besides those of IAM by which somebody is let in to something. */
export const grantTypes: readonly ResourceType[] = [datasetAccessType, entitlementType, ...accessListTypes];

/** Whether resources of a type give somebody roles of IAM. */
export function isGrantType(type: ResourceType): boolean {
  return grantType.test(type);
}

/** What a role is given on. */
export type GrantPlace =
  /** An organisation or a folder, and so all that is in it. */
  | { readonly kind: "above" }
  | { readonly kind: "project"; readonly project: ProjectReferent }
  | { readonly kind: "resource"; readonly type: ResourceType; readonly referents: readonly Referent[] };

/** A role that somebody is given on something. */
export interface Grant {
  readonly node: Node;
  /** As IAM writes it: `serviceAccount:rag@hospital.iam.gserviceaccount.com`. */
  readonly member: Reading<string>;
  /** The property that holds the member. */
  readonly key: string;
  readonly role: Reading<string>;
  readonly place: GrantPlace;
}

/** How what a grant is on is named: by its property, and by the collections of its relative name after the project. */
interface Target {
  readonly key: string;
  readonly type: ResourceType;
  readonly collections: readonly string[];
}

const located = (...more: readonly string[]): readonly string[] => ["locations", ...more];

/** What grants are on, by the beginning of their type. */
const targets: ReadonlyMap<string, Target> = new Map<string, Target>([
  [
    "gcp:artifactregistry:repository",
    { key: "repository", type: "gcp:artifactregistry:repository", collections: located("repositories") },
  ],
  ["gcp:bigquery:", { key: "datasetId", type: datasetType, collections: ["datasets"] }],
  ["gcp:bigquery:dataset", { key: "datasetId", type: datasetType, collections: ["datasets"] }],
  ["gcp:bigquery:routine", { key: "datasetId", type: datasetType, collections: ["datasets"] }],
  [
    "gcp:certificateauthority:capool",
    { key: "caPool", type: "gcp:certificateauthority:capool", collections: located("caPools") },
  ],
  [
    "gcp:healthcare:consentstore",
    { key: "dataset", type: "gcp:healthcare:dataset", collections: located("datasets") },
  ],
  [
    "gcp:healthcare:dataset",
    { key: "datasetId", type: "gcp:healthcare:dataset", collections: located("datasets") },
  ],
  [
    "gcp:healthcare:dicomstore",
    {
      key: "dicomStoreId",
      type: "gcp:healthcare:dicomstore",
      collections: located("datasets", "dicomStores"),
    },
  ],
  [
    "gcp:healthcare:fhirstore",
    { key: "fhirStoreId", type: "gcp:healthcare:fhirstore", collections: located("datasets", "fhirStores") },
  ],
  [
    "gcp:healthcare:hl7store",
    { key: "hl7V2StoreId", type: "gcp:healthcare:hl7store", collections: located("datasets", "hl7V2Stores") },
  ],
  [
    "gcp:kms:cryptokey",
    { key: "cryptoKeyId", type: "gcp:kms:cryptokey", collections: located("keyRings", "cryptoKeys") },
  ],
  ["gcp:kms:keyring", { key: "keyRingId", type: "gcp:kms:keyring", collections: located("keyRings") }],
  [
    "gcp:pubsub:subscription",
    { key: "subscription", type: "gcp:pubsub:subscription", collections: ["subscriptions"] },
  ],
  ["gcp:pubsub:topic", { key: "topic", type: "gcp:pubsub:topic", collections: ["topics"] }],
  [
    "gcp:secretmanager:secret",
    { key: "secretId", type: "gcp:secretmanager:secret", collections: ["secrets"] },
  ],
  [
    "gcp:serviceaccount:",
    { key: "serviceAccountId", type: "gcp:serviceaccount:account", collections: ["serviceAccounts"] },
  ],
  ["gcp:spanner:database", { key: "instance", type: "gcp:spanner:instance", collections: ["instances"] }],
  ["gcp:spanner:instance", { key: "instance", type: "gcp:spanner:instance", collections: ["instances"] }],
  ["gcp:sql:", { key: "instance", type: "gcp:sql:databaseinstance", collections: ["instances"] }],
  [bucketType, { key: "bucket", type: bucketType, collections: [] }],
  ["gcp:storage:managedfolder", { key: "bucket", type: bucketType, collections: [] }],
]);

/** The relative names that a text may be short for. */
function wholeNames(
  { collections }: Target,
  text: string,
  { project, location }: { readonly project: string | undefined; readonly location: string | undefined },
): readonly string[] {
  if (projectOf(text) !== undefined || collections.length === 0) {
    return [gcpKey(text)];
  }
  const parts = text.split("/");
  const given =
    parts.length === collections.length + 1
      ? parts
      : parts.length === collections.length
        ? [project, ...parts]
        : [project, location, ...parts];
  const [first, ...rest] = given;
  return first === undefined || given.includes(undefined) || rest.length !== collections.length
    ? [text]
    : [
        `projects/${first}/${collections.map((collection, at) => `${collection}/${rest[at] ?? ""}`).join("/")}`,
      ];
}

/** What the property of a resource names that a role is given on. */
function referentsIn(stack: GcpStack, node: Node, target: Target): readonly Referent[] {
  const { graph } = stack;
  const text = textOf(graph.read(node, target.key));
  if (text.kind !== "known") {
    return graph.origins(node, target.key, [target.type]);
  }
  const project = projectsOf(stack).of(node);
  const location = textOf(graph.read(node, "location"));
  const said = target.type === bucketType ? text.value.replace(/^b\//, "") : text.value;
  const names = wholeNames(target, said, {
    project: project.kind === "project" ? (project.project.id ?? project.project.number) : undefined,
    location: location.kind === "known" ? location.value : undefined,
  });
  const [name = said] = names;
  return graph.referentsOf(node, target.key, { kind: "known", value: name }, [target.type]);
}

/** What an IAM resource gives roles on. */
function placeOf(stack: GcpStack, node: Node): GrantPlace {
  const [, module = "", base = ""] = grantType.exec(node.resourceType) ?? [];
  if (base === "" && (module === "gcp:organizations:" || module === "gcp:folder:")) {
    return { kind: "above" };
  }
  const target = targets.get(`${module}${base}`);
  const project = projectsOf(stack).of(node);
  return target === undefined
    ? project.kind === "none"
      ? { kind: "above" }
      : { kind: "project", project }
    : { kind: "resource", type: target.type, referents: referentsIn(stack, node, target) };
}

type Mapping = Reading<Readonly<Record<string, unknown>>>;

/** The bindings of a whole policy, which is a JSON text. One that is not known may give anybody anything. */
function bindingsIn(policyData: Reading<unknown>): readonly Mapping[] {
  const text = textOf(policyData);
  if (text.kind !== "known") {
    return text.kind === "unknown" ? [unknown] : [];
  }
  try {
    const parsed = recordOf(reading(JSON.parse(text.value)));
    return parsed.kind === "known" ? itemsOf(member(parsed.value, "bindings")).map(recordOf) : [unknown];
  } catch {
    return [unknown];
  }
}

function grantsOfIam(stack: GcpStack, node: Node): readonly Grant[] {
  const { graph } = stack;
  const place = placeOf(stack, node);
  const role = textOf(graph.read(node, "role"));
  switch (grantType.exec(node.resourceType)?.[3]) {
    case "member":
      return [{ node, member: textOf(graph.read(node, "member")), key: "member", role, place }];
    case "binding":
      return itemsOf(graph.read(node, "members")).map((item) => ({
        node,
        member: textOf(item),
        key: "members",
        role,
        place,
      }));
    default:
      return bindingsIn(graph.read(node, "policyData")).flatMap((binding) =>
        binding.kind === "unknown"
          ? [{ node, member: unknown, key: "policyData", role: unknown, place }]
          : itemsOf(memberReading(binding, "members")).map((item) => ({
              node,
              member: textOf(item),
              key: "policyData",
              role: textOf(memberReading(binding, "role")),
              place,
            })),
      );
  }
}

/** A text that becomes another, where it is known. */
function made(read: Reading<string>, make: (text: string) => string): Reading<string> {
  return read.kind === "known" ? { kind: "known", value: make(read.value) } : read;
}

function asMember(email: string): string {
  return `${email.endsWith("gserviceaccount.com") ? "serviceAccount" : "user"}:${email}`;
}

const datasetRoles: Readonly<Record<string, string>> = {
  OWNER: "roles/bigquery.dataOwner",
  READER: "roles/bigquery.dataViewer",
  WRITER: "roles/bigquery.dataEditor",
};

/** Groups that are written by a word, and whom they are to IAM. */
const specialGroups: Readonly<Record<string, string>> = {
  projectOwners: "projectOwner:",
  projectWriters: "projectEditor:",
  projectReaders: "projectViewer:",
};

/** Whom an entry in the list of a dataset of BigQuery lets in. Views and routines that it lets in are nobody. */
function datasetMembers(read: (key: string) => Reading<unknown>): readonly Reading<string>[] {
  return [
    made(textOf(read("userByEmail")), asMember),
    made(textOf(read("groupByEmail")), (group) => `group:${group}`),
    made(textOf(read("domain")), (domain) => `domain:${domain}`),
    made(textOf(read("iamMember")), (text) => text),
    made(textOf(read("specialGroup")), (group) => specialGroups[group] ?? group),
  ].filter(({ kind }) => kind !== "absent");
}

/** Whom BigQuery lets in at a dataset that says nothing of it (BigQuery documentation, "Control access to datasets"). */
const everyoneOfProject: readonly Reading<unknown>[] = [
  { role: "OWNER", specialGroup: "projectOwners" },
  { role: "WRITER", specialGroup: "projectWriters" },
  { role: "READER", specialGroup: "projectReaders" },
].map((entry) => ({ kind: "known", value: entry }));

function accessesOf(list: Reading<unknown>): readonly Reading<unknown>[] {
  return list.kind === "absent" ? everyoneOfProject : itemsOf(list);
}

/** A resource of which itself says whom it lets in. */
function placeAt(node: Node): GrantPlace {
  return {
    kind: "resource",
    type: node.resourceType,
    referents: [{ kind: "resource", node, assumed: false }],
  };
}

/** Whom Cloud Storage lets in at a bucket of which nothing says so: who may view or edit its project. */
function grantsOfNewBuckets(stack: GcpStack): readonly Grant[] {
  const { graph } = stack;
  const target = targets.get(bucketType);
  const said = new Set(
    graph
      .ofType("gcp:storage:bucketiampolicy")
      .flatMap((policy) => (target === undefined ? [] : referentsIn(stack, policy, target)))
      .flatMap((to) => (to.kind === "resource" ? [to.node] : [])),
  );
  const role: Reading<string> = { kind: "known", value: "roles/storage.legacyObjectReader" };
  return graph
    .ofType(bucketType)
    .filter((bucket) => !said.has(bucket))
    .flatMap((node) =>
      ["projectEditor:", "projectViewer:"].map((member): Grant => ({
        node,
        member: { kind: "known", value: member },
        key: "name",
        role,
        place: placeAt(node),
      })),
    );
}

function grantsOfDatasets(stack: GcpStack): readonly Grant[] {
  const { graph } = stack;
  const roleIn = (read: (key: string) => Reading<unknown>): Reading<string> =>
    made(textOf(read("role")), (role) => datasetRoles[role] ?? role);
  const target = targets.get(datasetType);
  return [
    ...graph.ofType(datasetType).flatMap((node) =>
      accessesOf(graph.read(node, "accesses")).flatMap((item): readonly Grant[] => {
        const entry = recordOf(item);
        const read = (key: string): Reading<unknown> => memberReading(entry, key);
        const place = placeAt(node);
        const members = entry.kind === "unknown" ? [unknown] : datasetMembers(read);
        return members.map((one) => ({ node, member: one, key: "accesses", role: roleIn(read), place }));
      }),
    ),
    ...graph.ofType(datasetAccessType).flatMap((node) => {
      const read = (key: string): Reading<unknown> => graph.read(node, key);
      const place: GrantPlace = {
        kind: "resource",
        type: datasetType,
        referents: target === undefined ? [] : referentsIn(stack, node, target),
      };
      return datasetMembers(read).map((one) => ({
        node,
        member: one,
        key:
          ["userByEmail", "groupByEmail", "domain", "iamMember", "specialGroup"].find(
            (key) => read(key).kind !== "absent",
          ) ?? "iamMember",
        role: roleIn(read),
        place,
      }));
    }),
  ];
}

/** `user-a@b.c`, `group-…`, `domain-…`, `project-owners-123` and `allUsers`, as IAM writes them. */
function memberOfEntity(entity: string): string {
  const [, kind = "", rest = ""] = /^(user|group|domain|project)-(.*)$/.exec(entity) ?? [];
  switch (kind) {
    case "user":
      return asMember(rest);
    case "group":
    case "domain":
      return `${kind}:${rest}`;
    case "project":
      return `project${/^owners/.test(rest) ? "Owner" : /^editors/.test(rest) ? "Editor" : "Viewer"}:${rest.replace(/^\w+-/, "")}`;
    default:
      return entity;
  }
}

function grantsOfAccessLists(stack: GcpStack): readonly Grant[] {
  const { graph } = stack;
  const target = targets.get(bucketType);
  const role: Reading<string> = { kind: "known", value: "roles/storage.legacyObjectReader" };
  return graph.ofType(...accessListTypes).flatMap((node) => {
    const place: GrantPlace = {
      kind: "resource",
      type: bucketType,
      referents: target === undefined ? [] : referentsIn(stack, node, target),
    };
    const entity = textOf(graph.read(node, "entity"));
    const entities = [
      ...(entity.kind === "absent" ? [] : [{ key: "entity", said: entity }]),
      ...itemsOf(graph.read(node, "roleEntities")).map((item) => ({
        key: "roleEntities",
        said: made(textOf(item), (text) => text.replace(/^[A-Z]+:/, "")),
      })),
    ];
    return entities.map(({ key, said }) => ({ node, member: made(said, memberOfEntity), key, role, place }));
  });
}

/** Roles that somebody may take for a time. */
function grantsOfEntitlements(stack: GcpStack): readonly Grant[] {
  const { graph } = stack;
  return graph.ofType(entitlementType).flatMap((node) => {
    const project = projectsOf(stack).of(node);
    const place: GrantPlace = project.kind === "none" ? { kind: "above" } : { kind: "project", project };
    const access = recordOf(memberReading(recordOf(graph.read(node, "privilegedAccess")), "gcpIamAccess"));
    const roles = itemsOf(memberReading(access, "roleBindings")).map((binding) =>
      textOf(memberReading(recordOf(binding), "role")),
    );
    const members = itemsOf(graph.read(node, "eligibleUsers")).flatMap((users) =>
      itemsOf(memberReading(recordOf(users), "principals")).map(textOf),
    );
    return roles.flatMap((role) =>
      members.map((one) => ({ node, member: one, key: "eligibleUsers", role, place })),
    );
  });
}

const grantsByGraph = new WeakMap<StackGraph, readonly Grant[]>();

/**
 * Every role that somebody is given in a stack. Members that are deleted are nobody; a condition may only narrow a grant, and
 * is not looked at.
 */
export function grantsOf(stack: GcpStack): readonly Grant[] {
  const known =
    grantsByGraph.get(stack.graph) ??
    [
      ...stack.graph.nodes
        .filter(({ resourceType: type }) => isGrantType(type))
        .flatMap((node) => grantsOfIam(stack, node)),
      ...grantsOfDatasets(stack),
      ...grantsOfNewBuckets(stack),
      ...grantsOfAccessLists(stack),
      ...grantsOfEntitlements(stack),
    ].filter(
      ({ member: one }) =>
        one.kind !== "absent" && !(one.kind === "known" && one.value.startsWith("deleted:")),
    );
  grantsByGraph.set(stack.graph, known);
  return known;
}
