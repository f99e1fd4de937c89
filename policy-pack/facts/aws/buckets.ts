import {
  absent,
  flagOf,
  itemsOf,
  listOf,
  mayBeTrue,
  memberReading,
  recordOf,
  textOf,
  type Reading,
} from "../../reading";
import { bucketTypes, type Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import type { Blind, PublicName, SideChannel, StoreAdmission } from "../fact";
import { pathText, valuesAt, type PropertyPath } from "../property-path";

import { foreigners, own, service, type OwnCaller } from "./accounts";
import {
  accountAssumption,
  canonical,
  labelOf,
  perimeterOf,
  platformOf,
  types,
  type AwsStack,
} from "./aws-stack";
import { callersLetIn } from "./callers-let-in";
import { admissions, matches, unrefused, type Admission } from "./iam-evaluation";
import { staysInPhi } from "./phi-destinations";
import { withOrigins } from "./policy-origins";
import { readPolicy, type PolicyStatement, type ReadPolicy } from "./iam-policy";

/** What reads, writes or lists the objects of a bucket. */
const objectActions = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject"];

/** Whether an action that is allowed reads objects. */
function reads({ action }: Admission): boolean {
  return ["s3:GetObject", "s3:GetObjectVersion"].some((read) => matches(action, read, { ignoreCase: true }));
}

/** The four switches that keep a bucket from the public (Amazon S3 user guide, "Blocking public access"). */
const publicAccessSwitches = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
] as const;

/** Resources that say something of one bucket, named by `bucket`, and that open nothing whatever they say. */
export const harmlessBucketTypes = [
  "aws:s3:bucketcorsconfiguration",
  "aws:s3:bucketcorsconfigurationv2",
  "aws:s3:bucketintelligenttieringconfiguration",
  "aws:s3:bucketlifecycleconfiguration",
  "aws:s3:bucketlifecycleconfigurationv2",
  "aws:s3:bucketmetric",
  "aws:s3:bucketobject",
  "aws:s3:bucketobjectlockconfiguration",
  "aws:s3:bucketobjectlockconfigurationv2",
  "aws:s3:bucketobjectv2",
  "aws:s3:bucketrequestpaymentconfiguration",
  "aws:s3:bucketrequestpaymentconfigurationv2",
  "aws:s3:bucketserversideencryptionconfiguration",
  "aws:s3:bucketserversideencryptionconfigurationv2",
  "aws:s3:bucketversioning",
  "aws:s3:bucketversioningv2",
] as const;

/** Where something of a bucket goes: a bucket, and the account that it is said to belong to, or is given to. */
interface Destination {
  readonly bucket: Reading<unknown>;
  readonly account: Reading<unknown>;
}

/** A property that sends something of the bucket elsewhere, and to where. */
interface Copy {
  readonly types: readonly string[];
  readonly what: string;
  /** Where to, by the property that holds it; a list without a destination of its own has none. */
  readonly destinations: (value: Reading<unknown>) => readonly Destination[];
  /** The property that says where to, and whose dependencies say from what a destination was made. */
  readonly key: string;
  /** Where a bucket is named within that property. */
  readonly within: readonly (readonly string[])[];
  /** The properties of a bucket that say the same. */
  readonly inline: readonly string[];
  readonly remedy: string;
}

function within(value: Reading<unknown>, ...path: readonly string[]): Reading<unknown> {
  return path.reduce<Reading<unknown>>((at, key) => memberReading(recordOf(at), key), value);
}

/** The items of a list; the value itself, where it is none. */
function oneOrMore(value: Reading<unknown>): readonly Reading<unknown>[] {
  return listOf(value).kind === "known" ? itemsOf(value) : value.kind === "absent" ? [] : [value];
}

/** Where the rules of a replication send objects, but for those that are switched off. */
function replicated(rules: Reading<unknown>): readonly Destination[] {
  return itemsOf(rules)
    .filter((rule) => {
      const status = textOf(within(rule, "status"));
      return status.kind !== "known" || status.value !== "Disabled";
    })
    .flatMap((rule) => [
      ...oneOrMore(within(rule, "destination")),
      ...oneOrMore(within(rule, "destinations")),
    ])
    .map((destination) => {
      const account = within(destination, "account");
      return {
        bucket: within(destination, "bucket"),
        account: account.kind === "absent" ? within(destination, "accountId") : account,
      };
    });
}

function toBucket(bucket: Reading<unknown>, account: Reading<unknown> = absent): readonly Destination[] {
  return [{ bucket, account }];
}

/** Resources that copy what a bucket holds, or what is known of it, to somewhere else. */
const copies: readonly Copy[] = [
  {
    types: ["aws:s3:bucketreplicationconfig"],
    what: "it is replicated to another bucket",
    key: "rules",
    destinations: replicated,
    within: [
      ["destination", "bucket"],
      ["destinations", "bucket"],
    ],
    inline: ["replicationConfiguration", "replicationConfigurations"],
    remedy: "Take the replication away, or replicate to a bucket of the PHI zone.",
  },
  {
    types: ["aws:s3:bucketlogging", "aws:s3:bucketloggingv2"],
    what: "its access log, which holds the names of objects, is written to another bucket",
    key: "targetBucket",
    destinations: (bucket) => toBucket(bucket),
    within: [[]],
    inline: ["logging", "loggings"],
    remedy: "Take the log away, or write it to a bucket of the PHI zone; the trail records the same.",
  },
  {
    types: ["aws:s3:inventory"],
    what: "the list of its objects is written to another bucket",
    key: "destination",
    destinations: (value) =>
      toBucket(within(value, "bucket", "bucketArn"), within(value, "bucket", "accountId")),
    within: [["bucket", "bucketArn"]],
    inline: [],
    remedy: "Take the inventory away, or write it to a bucket of the PHI zone.",
  },
  {
    types: ["aws:s3:analyticsconfiguration"],
    what: "an analysis of its objects is written to another bucket",
    key: "storageClassAnalysis",
    destinations: (value) => {
      const destination = within(value, "dataExport", "destination", "s3BucketDestination");
      return toBucket(within(destination, "bucketArn"), within(destination, "bucketAccountId"));
    },
    within: [["dataExport", "destination", "s3BucketDestination", "bucketArn"]],
    inline: [],
    remedy: "Take the export away, or write it to a bucket of the PHI zone.",
  },
];

/** Where a notification sends events of a bucket, with what that can be. */
const notified: readonly { readonly path: PropertyPath; readonly types: readonly string[] }[] = [
  { path: ["lambdaFunctions", "lambdaFunctionArn"], types: ["aws:lambda:function"] },
  { path: ["queues", "queueArn"], types: ["aws:sqs:queue"] },
  { path: ["topics", "topicArn"], types: ["aws:sns:topic"] },
];

/** Types of side resources from which facts are drawn. */
export const bucketSideTypes = [
  ...copies.flatMap(({ types: of }) => of),
  "aws:s3:bucketacl",
  "aws:s3:bucketaclv2",
  "aws:s3:bucketaccelerateconfiguration",
  "aws:s3:bucketaccelerateconfigurationv2",
  "aws:s3:bucketnotification",
  "aws:s3:bucketownershipcontrols",
  "aws:s3:bucketpolicy",
  "aws:s3:bucketpublicaccessblock",
  "aws:s3:bucketwebsiteconfiguration",
  "aws:s3:bucketwebsiteconfigurationv2",
  "aws:s3:accesspoint",
] as const;

function isEmptyList(value: Reading<unknown>): boolean {
  return (
    value.kind === "absent" ||
    (value.kind === "known" && Array.isArray(value.value) && value.value.length === 0)
  );
}

/** Whether an access list gives everything that it gives to the bucket's owner. */
function isOwnersAlone(list: Reading<unknown>): boolean {
  const owner = textOf(within(list, "owner", "id"));
  const grants = itemsOf(within(list, "grants"));
  return (
    owner.kind === "known" &&
    grants.length > 0 &&
    grants.every((grant) => {
      const grantee = textOf(within(grant, "grantee", "id"));
      return grantee.kind === "known" && grantee.value === owner.value;
    })
  );
}

/** Something that says more of a bucket, and whether it is of this bucket for certain. */
interface Side {
  readonly node: Node;
  readonly isCertain: boolean;
}

/** A policy of a bucket, and what holds it. */
interface HeldPolicy {
  readonly holder: Node;
  readonly policy: ReadPolicy;
  readonly isCertain: boolean;
}

/** The buckets of a stack that hold what is in a zone, with what their own settings let out of it. */
export class Buckets {
  readonly #stack: AwsStack;
  readonly #buckets: readonly Node[];
  readonly #side = new Map<Node, Side[]>();
  readonly blind: Blind[] = [];

  constructor(stack: AwsStack) {
    this.#stack = stack;
    const { graph, zones } = stack;
    this.#buckets = graph.ofType(...bucketTypes);
    for (const node of graph.ofType(...bucketSideTypes, ...harmlessBucketTypes)) {
      const referents = graph.referents(node, "bucket", bucketTypes);
      if (
        referents.some(({ kind }) => kind === "undetermined") &&
        (bucketSideTypes as readonly string[]).includes(node.resourceType)
      ) {
        this.blind.push({
          urn: node.urn,
          label: labelOf(node),
          zone: this.#inPhi().length > 0 ? "phi" : zones.of(node.urn),
          what: "Of which bucket it speaks cannot be known: `bucket` is unknown, and derives from no bucket of the stack.",
          remedy: "Set bucket to the id of a bucket of this stack, without computing it.",
        });
      }
      for (const referent of referents) {
        if (referent.kind === "resource") {
          const known = this.#side.get(referent.node) ?? [];
          known.push({ node, isCertain: !referent.assumed });
          this.#side.set(referent.node, known);
          zones.inherit(node.urn, zones.of(referent.node.urn), `its bucket ${referent.node.name}`);
        }
      }
    }
  }

  #inPhi(): readonly Node[] {
    return this.#buckets.filter(({ urn }) => this.#stack.zones.of(urn) === "phi");
  }

  #sides(bucket: Node, ...sideTypes: readonly string[]): readonly Side[] {
    return (this.#side.get(bucket) ?? []).filter(({ node }) => sideTypes.includes(node.resourceType));
  }

  /** What says more of a bucket, or may: enough to accuse by, and not to excuse. */
  #of(bucket: Node, ...sideTypes: readonly string[]): readonly Node[] {
    return this.#sides(bucket, ...sideTypes).map(({ node }) => node);
  }

  /** The policies of a bucket: of its own resource, and as a property of the bucket. */
  #policies(bucket: Node): readonly HeldPolicy[] {
    const holders = [{ node: bucket, isCertain: true }, ...this.#sides(bucket, "aws:s3:bucketpolicy")];
    return holders.flatMap(({ node: holder, isCertain }) => {
      const policy = readPolicy("policy", withOrigins(this.#stack, holder, "policy"), canonical(this.#stack));
      // What AWS reports of a bucket whose policy another resource sets is that resource's.
      const isReported = holder === bucket && bucket.inputs !== undefined && !("policy" in bucket.inputs);
      return policy.kind === "absent" || isReported ? [] : [{ holder, policy, isCertain }];
    });
  }

  /**
   * The policies that a bucket may end up with. Of several the last to be written is in force, whichever that is; and
   * none, unless one is the bucket's for certain.
   */
  #alternatives(bucket: Node): readonly {
    readonly holder: Node;
    readonly statements: readonly PolicyStatement[];
    readonly why?: string;
  }[] {
    const policies = this.#policies(bucket);
    const held = policies.map(({ holder, policy }) =>
      policy.kind === "known"
        ? { holder, statements: policy.statements }
        : { holder, statements: [], ...(policy.kind === "unknown" ? { why: policy.why } : {}) },
    );
    return policies.some(({ isCertain }) => isCertain) ? held : [...held, { holder: bucket, statements: [] }];
  }

  /** All objects of a bucket, as policies name them. */
  #objects(bucket: Node): string {
    const arn = this.#stack.graph.knownNames(bucket).find((name) => name.startsWith("arn:"));
    return `${arn ?? "arn:aws:s3:::*"}/*`;
  }

  sideChannels(): readonly SideChannel[] {
    return this.#inPhi().flatMap((bucket) => [
      ...this.#copies(bucket),
      ...this.#publicSettings(bucket),
      ...this.#openPolicies(bucket),
    ]);
  }

  #channel(
    node: Node,
    bucket: Node,
    what: string,
    assumption: string | undefined,
    remedy: string,
    isGuiltyAlone = false,
  ): SideChannel {
    return {
      urn: node.urn,
      label: labelOf(node),
      zone: "phi",
      platform: platformOf(this.#stack, bucket),
      what: `${labelOf(bucket)}: ${what}`,
      assumption,
      remedy,
      isGuiltyAlone,
    };
  }

  #copies(bucket: Node): readonly SideChannel[] {
    const { graph } = this.#stack;
    const sent = copies.flatMap(({ types: of, what, destinations, key, within: parts, inline, remedy }) => [
      ...this.#of(bucket, ...of).flatMap((node) => {
        const found = destinations(graph.read(node, key));
        const paths = parts.map((part): PropertyPath => [key, ...part]);
        return this.#sent(bucket, node, paths, found, what, remedy);
      }),
      ...inline
        .filter((property) => this.#isSetByProgram(bucket, property))
        .flatMap((property) => {
          const found = oneOrMore(graph.read(bucket, property)).flatMap((part) =>
            destinations(part.kind === "known" ? within(part, key) : part),
          );
          const paths = parts.map((part): PropertyPath => [property, key, ...part]);
          return this.#sent(bucket, bucket, paths, found, what, `Take ${property} away.`);
        }),
    ]);
    const websites = ["website", "websites"].flatMap((key) =>
      this.#isSetByProgram(bucket, key)
        ? [this.#channel(bucket, bucket, "it is served as a website", undefined, `Take ${key} away.`, true)]
        : [],
    );
    const notifications = this.#of(bucket, "aws:s3:bucketnotification").flatMap((node) => {
      // Events go to a bus that every rule of the account may read.
      const isOnBus = mayBeTrue(flagOf(graph.read(node, "eventbridge")));
      const leaving = notified.some(({ path, types: of }) =>
        valuesAt(graph, node, path).some(
          (value) => !staysInPhi(this.#stack, node, { paths: [path], types: of }, value),
        ),
      );
      const isUnnamed = notified.some(
        ({ path: [list, ...rest] }) =>
          !isEmptyList(graph.read(node, list)) && valuesAt(graph, node, [list, ...rest]).length === 0,
      );
      return isOnBus || leaving || isUnnamed
        ? [
            this.#channel(
              node,
              bucket,
              "what happens to its objects, and their names, is sent to another service",
              undefined,
              "Take the notification away, or send it to a queue, a topic or a function in the PHI zone.",
            ),
          ]
        : [];
    });
    return [...sent, ...websites, ...notifications];
  }

  /** What goes, or may go, to where it does not certainly stay in the PHI zone. */
  #sent(
    bucket: Node,
    node: Node,
    [path = [""], ...others]: readonly PropertyPath[],
    destinations: readonly Destination[],
    what: string,
    remedy: string,
  ): readonly SideChannel[] {
    const { account } = this.#stack;
    return destinations.flatMap((destination) => {
      const isToBucket = destination.bucket.kind !== "absent";
      const isOther = (owner: Reading<unknown>): boolean =>
        owner.kind === "unknown" || (owner.kind === "known" && owner.value !== account);
      const leaving = [
        ...(isToBucket &&
        !staysInPhi(this.#stack, node, { paths: [path, ...others], types: bucketTypes }, destination.bucket)
          ? [destination.bucket]
          : []),
        ...(isToBucket && isOther(destination.account) ? [destination.account] : []),
      ];
      return leaving.map((to) =>
        this.#channel(
          node,
          bucket,
          `${what}${to.kind === "known" ? ` (${String(to.value)})` : ""}`,
          to.kind === "unknown" ? `\`${pathText(path)}\` is not known` : undefined,
          remedy,
        ),
      );
    });
  }

  /** Whether a property holds something that the program set, rather than what AWS reports. */
  #isSetByProgram(bucket: Node, key: string): boolean {
    if (bucket.inputs !== undefined && !(key in bucket.inputs)) {
      return false;
    }
    const value = this.#stack.graph.read(bucket, key);
    return !isEmptyList(value);
  }

  #publicSettings(bucket: Node): readonly SideChannel[] {
    const { graph } = this.#stack;
    const blocks = this.#of(bucket, "aws:s3:bucketpublicaccessblock").flatMap((node) => {
      const open = publicAccessSwitches.filter((key) => {
        const value = flagOf(graph.read(node, key));
        return value.kind !== "known" || !value.value;
      });
      const unknownOnes = open.filter((key) => graph.read(node, key).kind === "unknown");
      return open.length === 0
        ? []
        : [
            this.#channel(
              node,
              bucket,
              `public access is not blocked: ${open.join(", ")}`,
              unknownOnes.length === open.length ? `${unknownOnes.join(", ")} are not known` : undefined,
              "Set all four to true.",
              unknownOnes.length < open.length,
            ),
          ];
    });
    const lists = [
      ...this.#of(bucket, "aws:s3:bucketacl", "aws:s3:bucketaclv2").map((node) => ({
        node,
        isInline: false,
      })),
      ...(this.#isSetByProgram(bucket, "acl") || this.#isSetByProgram(bucket, "grants")
        ? [{ node: bucket, isInline: true }]
        : []),
    ].flatMap(({ node, isInline }) => {
      const acl = textOf(graph.read(node, "acl"));
      const others = graph.read(node, isInline ? "grants" : "accessControlPolicy");
      const isPrivate =
        acl.kind === "known"
          ? acl.value === "private" && isEmptyList(others)
          : acl.kind === "absent" && !isInline && isOwnersAlone(others);
      return isPrivate
        ? []
        : [
            this.#channel(
              node,
              bucket,
              acl.kind === "known" ? `its access list is ${acl.value}` : "its access list may let others in",
              acl.kind === "unknown" ? "`acl` is not known" : undefined,
              "Take the access list away, and let the bucket's owner own every object.",
            ),
          ];
    });
    const websites = this.#of(
      bucket,
      "aws:s3:bucketwebsiteconfiguration",
      "aws:s3:bucketwebsiteconfigurationv2",
    ).map((node) =>
      this.#channel(node, bucket, "it is served as a website", undefined, "Take the website away."),
    );
    const accelerated = [
      ...this.#of(
        bucket,
        "aws:s3:bucketaccelerateconfiguration",
        "aws:s3:bucketaccelerateconfigurationv2",
      ).map((node) => ({ node, key: "status" })),
      ...(this.#isSetByProgram(bucket, "accelerationStatus")
        ? [{ node: bucket, key: "accelerationStatus" }]
        : []),
    ].flatMap(({ node, key }) => {
      const status = textOf(graph.read(node, key));
      return status.kind === "known" && status.value === "Suspended"
        ? []
        : [
            this.#channel(
              node,
              bucket,
              "it answers at the edge locations of AWS, which only the public network reaches",
              status.kind === "unknown" ? `\`${key}\` is not known` : undefined,
              "Take the acceleration away.",
            ),
          ];
    });
    const accessPoints = this.#of(bucket, "aws:s3:accesspoint").flatMap((node) => {
      const bound = graph.read(node, "vpcConfiguration");
      const networks =
        bound.kind === "absent"
          ? []
          : graph.referentsOf(
              node,
              "vpcConfiguration",
              memberReading(recordOf(bound), "vpcId"),
              types.network,
            );
      return networks.length > 0 && networks.every(({ kind }) => kind === "resource")
        ? []
        : [
            this.#channel(
              node,
              bucket,
              bound.kind === "absent"
                ? "an access point of it answers the Internet"
                : "an access point of it answers a network that is not of the stack",
              networks.some(({ kind }) => kind === "undetermined")
                ? "`vpcConfiguration` is not known"
                : undefined,
              "Bind the access point to the VPC of the stack (vpcConfiguration), or take it away.",
            ),
          ];
    });
    return [...blocks, ...lists, ...websites, ...accelerated, ...accessPoints];
  }

  /** Accounts and services that a bucket's policy lets in from outside. */
  #openPolicies(bucket: Node): readonly SideChannel[] {
    const stack = this.#stack;
    const assumption = accountAssumption(stack);
    const accessPoints = this.#of(bucket, "aws:s3:accesspoint").flatMap((holder) => {
      const policy = readPolicy("policy", stack.graph.read(holder, "policy"), canonical(stack));
      return policy.kind === "absent" ? [] : [{ holder, policy }];
    });
    return [...this.#policies(bucket), ...accessPoints].flatMap(({ holder, policy }) => {
      if (policy.kind !== "known") {
        return policy.kind === "absent"
          ? []
          : [
              this.#channel(
                holder,
                bucket,
                "its policy may let anybody in",
                policy.why,
                "Write the policy so that a preview knows it: name resources by literal ARNs, and ids through the endpoint's URN.",
              ),
            ];
      }
      const perimeter = perimeterOf(stack);
      const found = (
        [
          {
            who: "another account",
            callers: foreigners(perimeter, "the stack's account"),
            remedy: "Take the statement away; nobody outside of the account reads what is in the PHI zone.",
          },
          {
            who: "a service of AWS that acts for other accounts",
            callers: [service(perimeter, "another account")],
            remedy: "Require aws:SourceAccount to be your own, or take the statement away.",
          },
          {
            who: "a service of AWS, which reads it past every endpoint",
            callers: [service(perimeter, "anybody")],
            remedy: "Take the statement away; what reads the bucket comes by the endpoint of the PHI zone.",
            isMeant: reads,
          },
        ] as const
      )
        .flatMap(({ who, callers, remedy, ...more }) =>
          callers
            .flatMap((caller) => admissions(policy.statements, caller))
            .filter((admission) => !("isMeant" in more) || more.isMeant(admission))
            .map((admission) => ({ who, remedy, admission })),
        )
        .at(0);
      return found === undefined
        ? []
        : [
            this.#channel(
              holder,
              bucket,
              `its policy lets in ${found.who}: statement ${found.admission.statement.Sid ?? "without a name"}, ${found.admission.action}`,
              assumption,
              found.remedy,
            ),
          ];
    });
  }

  /** Buckets of the PHI zone that answer whoever comes by no endpoint of the zone. */
  publicNames(): readonly PublicName[] {
    const stack = this.#stack;
    const elsewhere = stack.graph
      .ofType(...types.endpoint)
      .filter(({ urn }) => stack.zones.of(urn) !== "phi")
      .map((node) => ({
        by: { endpoint: node.urn },
        what: `${labelOf(node)}, which is not in the PHI zone: nothing refuses a call by it`,
      }));
    const ways: readonly { readonly by: OwnCaller["by"]; readonly what: string }[] = [
      {
        by: "no endpoint",
        what: "its public name: nothing refuses a call that passes no private endpoint",
      },
      {
        by: "another endpoint",
        what: "any private endpoint: nothing refuses a call by one that is not of the stack",
      },
      ...elsewhere,
    ];
    const reached = this.#inPhi().flatMap((bucket): readonly PublicName[] => {
      const objects = this.#objects(bucket);
      return this.#alternatives(bucket).flatMap(({ holder, statements, why }) => {
        const open = ways.find(({ by }) => this.#isLetIn(objects, statements, { who: "anybody", by }));
        return open === undefined
          ? []
          : [
              {
                urn: holder.urn,
                label: labelOf(holder),
                zone: "phi",
                platform: platformOf(stack, bucket),
                isStore: true,
                what: `${labelOf(bucket)} answers ${open.by === "no endpoint" ? "by " : ""}${open.what}.`,
                assumption: why,
                remedy:
                  "Deny in the bucket's policy what reads and writes objects unless aws:SourceVpce is its endpoint in the PHI zone.",
              },
            ];
      });
    });
    return [...reached, ...this.#unblocked()];
  }

  /** Whether nothing in a policy refuses a caller of the account to read or write the objects of a bucket. */
  #isLetIn(
    objects: string,
    statements: readonly PolicyStatement[],
    { who, by }: Pick<OwnCaller, "who" | "by">,
  ): boolean {
    const caller = own(perimeterOf(this.#stack), { who, by, uses: "the stack's account" });
    return unrefused(statements, caller, objectActions, objects).length > 0;
  }

  /** Whom the buckets of a platform let in by their endpoint: roles of the stack, whom a policy names, or anybody. */
  storeAdmissions(): readonly StoreAdmission[] {
    const stack = this.#stack;
    const endpoints = stack.graph.ofType(...types.endpoint);
    return this.#inPhi().flatMap((bucket) => {
      const store = peerOf(stack.graph, bucket);
      const objects = this.#objects(bucket);
      return this.#alternatives(bucket).flatMap(({ holder, statements, why }): readonly StoreAdmission[] => {
        if (why !== undefined) {
          return []; // Found as a side channel.
        }
        const isLetIn = (who: OwnCaller["who"]): boolean =>
          endpoints.some(({ urn }) => this.#isLetIn(objects, statements, { who, by: { endpoint: urn } }));
        return callersLetIn(stack, statements, isLetIn).map(({ peer, label, remark }) => ({
          urn: holder.urn,
          label: labelOf(holder),
          zone: "phi",
          platform: platformOf(stack, bucket),
          stores: store === undefined ? [] : [store],
          who: peer,
          what: `${labelOf(bucket)} lets in ${label}${remark === undefined ? "" : `, ${remark}`}.`,
          assumption: undefined,
        }));
      });
    });
  }

  /** Buckets of the PHI zone that nothing of the stack keeps from being made public. */
  #unblocked(): readonly PublicName[] {
    return this.#inPhi()
      .filter((bucket) =>
        this.#sides(bucket, "aws:s3:bucketpublicaccessblock").every(({ isCertain }) => !isCertain),
      )
      .map((bucket) => ({
        urn: bucket.urn,
        label: labelOf(bucket),
        zone: "phi",
        platform: platformOf(this.#stack, bucket),
        isStore: false,
        what: `Nothing of the stack blocks public access to ${labelOf(bucket)}; AWS does for new buckets, until somebody takes that away.`,
        assumption: undefined,
        remedy: "Add a BucketPublicAccessBlock with all four switches set to true.",
      }));
  }
}
