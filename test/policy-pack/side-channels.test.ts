import { describe, expect, it } from "vitest";

import type { Finding } from "../../policy-pack/finding";
import type { StackResource } from "../../policy-pack/stack-resource";

import { base, inZone } from "./corpus/corpus-case";
import {
  bucket,
  cluster,
  database,
  foreignAccount,
  instance,
  key,
  logGroup,
  onlyThrough,
  ownAccount,
  policy,
  queue,
  role,
  rootOf,
  search,
  stream,
  table,
  tagsOf,
  topic,
  vault,
} from "./corpus/stranger-pieces";
import { judge, judgeAlone } from "./judge-on-a-day";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

type Build = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const built = (knowledge: Knowledge, build: Build): readonly StackResource[] => {
  const stack = base(knowledge);
  build(stack);
  return stack.resources();
};

const mandatory = (resources: readonly StackResource[], knowledge: Knowledge): readonly Finding[] =>
  judge(resources, { dryRun: knowledge === "preview" }).findings.filter(({ level }) => level === "mandatory");

/** What is refused, in a few words: whether for certain, by which rule, and the resource's name. */
const refusals = (knowledge: Knowledge, build: Build): readonly string[] =>
  mandatory(built(knowledge, build), knowledge).map(
    ({ verdict, rule, urn }) => `${verdict} ${rule} ${urn.slice(urn.lastIndexOf(":") + 1)}`,
  );

/** The same stack, in which one input of a resource is hidden, whatever it was made from. */
const hiding = (
  resources: readonly StackResource[],
  name: string,
  hidden: (properties: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): readonly StackResource[] =>
  resources.map((resource) =>
    resource.name === name
      ? { ...resource, inputs: hidden(resource.inputs ?? {}), outputs: hidden(resource.outputs) }
      : resource,
  );

/** Findings of one resource alone. */
const verdictsOf = (
  resources: readonly StackResource[],
  knowledge: Knowledge,
  name: string,
): readonly string[] =>
  mandatory(resources, knowledge).flatMap(({ urn, verdict }) => (urn.endsWith(`::${name}`) ? [verdict] : []));

const open = (name: string): readonly string[] => [`open phi-zone-has-no-egress ${name}`];
const undetermined = (name: string): readonly string[] => [`undetermined phi-zone-has-no-egress ${name}`];

const foreignStream = `arn:aws:kinesis:us-east-1:${foreignAccount}:stream/elsewhere`;

function subscription(stack: Sketch, group: unknown, destinationArn: unknown): string {
  return stack.add("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "subscription", {
    logGroup: group,
    filterPattern: "",
    destinationArn,
  });
}

function plan(stack: Sketch, rules: unknown): string {
  return stack.add("aws:backup/plan:Plan", "plan", { name: "plan", rules });
}

function selection(stack: Sketch, more: Readonly<Record<string, unknown>>, planId?: string): void {
  stack.add("aws:backup/selection:Selection", "selection", {
    name: "selection",
    iamRoleArn: role("backup"),
    planId: planId ?? plan(stack, [{ ruleName: "daily", targetVaultName: "Default" }]),
    ...more,
  });
}

describe.each(knowledges)("what a store holds leaves by itself, %s", (knowledge) => {
  it("is undetermined where it is not known what is read, and something of the kind is in the PHI zone", () => {
    const unread = (kind: "phi" | "plain"): readonly string[] =>
      refusals(knowledge, (s) => {
        logGroup(s, kind);
        subscription(s, unknownText, foreignStream);
      });
    expect(unread("phi")).toEqual(undetermined("subscription"));
    expect(unread("plain")).toEqual([]);
  });

  it("is undetermined where it is not known where it goes", () => {
    expect(refusals(knowledge, (s) => subscription(s, logGroup(s, "phi"), unknownText))).toEqual(
      undetermined("subscription"),
    );
  });

  it("is closed where it goes to the PHI zone, and open where it goes to what no zone has", () => {
    const to = (kind: "phi" | "plain"): readonly string[] =>
      refusals(knowledge, (s) => subscription(s, logGroup(s, "phi"), `${stream(s, kind)}.arn`));
    expect(to("phi")).toEqual([]);
    expect(to("plain")).toEqual(
      knowledge === "preview" ? undetermined("subscription") : open("subscription"),
    );
  });

  it("is undetermined where a value is hidden of a stack that exists, whatever it was made from", () => {
    const resources = built(knowledge, (s) => subscription(s, logGroup(s, "phi"), `${stream(s, "phi")}.arn`));
    const hidden = hiding(resources, "subscription", (all) => ({ ...all, destinationArn: unknownText }));
    expect(verdictsOf(hidden, knowledge, "subscription")).toEqual(
      knowledge === "preview" ? [] : ["undetermined"],
    );
  });

  it("is undetermined where what a value was made from is told already by another", () => {
    const copied = (to: (stack: Sketch) => unknown): readonly string[] =>
      refusals(knowledge, (s) =>
        plan(s, [
          {
            targetVaultName: `${vault(s, "phi")}.name`,
            copyActions: [{ destinationVaultArn: to(s) }],
          },
        ]),
      );
    expect(copied(() => unknownText)).toEqual(undetermined("plan"));
    expect(copied((s) => `${vault(s, "phi", "copies")}.arn`)).toEqual([]);
  });

  it("is undetermined through what may stand for it", () => {
    const moved = (bucketArn: unknown): readonly string[] =>
      refusals(knowledge, (s) => {
        s.add("aws:kinesis/stream:Stream", "anything", tagsOf("phi"));
        s.add("aws:datasync/task:Task", "task", {
          sourceLocationArn: `${s.add("aws:datasync/s3Location:S3Location", "from", { s3BucketArn: bucketArn })}.arn`,
          destinationLocationArn: `arn:aws:datasync:us-east-1:${foreignAccount}:location/loc-0123456789abcdef0`,
        });
      });
    expect(moved(unknownText)).toEqual(undetermined("task"));
    expect(moved("arn:aws:s3:::elsewhere-copies")).toEqual([]);
  });

  it("is undetermined where a whole is not known, whatever it was made from: parts may be written out", () => {
    const resources = built(knowledge, (s) =>
      s.add("aws:appflow/flow:Flow", "flow", {
        sourceFlowConfig: { sourceConnectorProperties: { s3: { bucketName: "phi-records" } } },
        destinationFlowConfigs: [
          {
            connectorType: "S3",
            destinationConnectorProperties: {
              s3: { bucketName: s.add("aws:s3/bucket:Bucket", "copies", tagsOf("phi")) },
            },
          },
        ],
        tags: inZone("phi"),
      }),
    );
    const hidden = hiding(resources, "flow", (all) => ({ ...all, destinationFlowConfigs: unknownText }));
    expect(verdictsOf(resources, knowledge, "flow")).toEqual([]);
    expect(verdictsOf(hidden, knowledge, "flow")).toEqual(["undetermined"]);
  });

  it("needs no exit that is not set, and one where the type cannot be without", () => {
    expect(
      refusals(knowledge, (s) =>
        s.add("aws:sns/topicSubscription:TopicSubscription", "subscription", {
          topic: topic(s, "phi"),
          protocol: "sqs",
          endpoint: `${queue(s, "phi")}.arn`,
        }),
      ),
    ).toEqual([]);
    expect(
      refusals(knowledge, (s) =>
        s.add("aws:sqs/queue:Queue", "messages", { redrivePolicy: "{}", ...tagsOf("phi") }),
      ),
    ).toEqual([]);
    expect(
      refusals(knowledge, (s) =>
        s.add("aws:athena/workgroup:Workgroup", "questions", { name: "questions", ...tagsOf("phi") }),
      ),
    ).toEqual(open("questions"));
  });

  it("by a dead letter queue that a text names", () => {
    const redrive = (to: string): readonly string[] =>
      refusals(knowledge, (s) => {
        queue(s, "phi");
        s.add("aws:sqs/queue:Queue", "messages", {
          name: "messages",
          redrivePolicy: JSON.stringify({ deadLetterTargetArn: to, maxReceiveCount: 3 }),
          ...tagsOf("phi"),
        });
      });
    expect(redrive(`arn:aws:sqs:us-east-1:${ownAccount}:phi-queue`)).toEqual([]);
    expect(redrive(`arn:aws:sqs:us-east-1:${foreignAccount}:phi-queue`)).toEqual(open("messages"));
    expect(redrive(`arn:aws:sqs:us-west-2:${ownAccount}:phi-queue`)).toEqual(open("messages"));
  });

  it("by the stream of a table that nothing of the stack reads", () => {
    const streamed = { streamEnabled: true, streamViewType: "NEW_IMAGE" };
    expect(refusals(knowledge, (s) => table(s, "phi", streamed))).toEqual(open("phi-table"));
    expect(refusals(knowledge, (s) => table(s, "phi", { streamEnabled: unknownText }))).toEqual(
      undetermined("phi-table"),
    );
    expect(
      refusals(knowledge, (s) =>
        s.add("aws:pipes/pipe:Pipe", "pipe", {
          roleArn: role("pipe"),
          source: `${table(s, "phi", streamed)}.streamArn`,
          target: `${queue(s, "phi")}.arn`,
        }),
      ),
    ).toEqual([]);
  });

  it("is found whatever the order of the resources is, and however their types are spelt", () => {
    const resources = built(knowledge, (s) => {
      subscription(s, `${logGroup(s, "phi")}.name`, foreignStream);
      s.add("aws:rds/clusterRoleAssociation:ClusterRoleAssociation", "feature", {
        dbClusterIdentifier: cluster(s, "phi"),
        featureName: "s3Export",
      });
    });
    const found = (list: readonly StackResource[]): readonly string[] =>
      mandatory(list, knowledge).map(({ rule, urn, summary }) => `${rule} ${urn} ${summary}`);
    expect(found(resources)).toHaveLength(2);
    expect(found([...resources].reverse())).toEqual(found(resources));
    for (const spell of [
      (token: string) => token.replace(/^(aws:\w+)\/\w+:/, "$1:"),
      (token: string) => token.toUpperCase(),
    ]) {
      expect(
        mandatory(
          resources.map((one) => ({ ...one, type: spell(one.type) })),
          knowledge,
        ),
      ).toHaveLength(2);
    }
  });
});

describe.each(knowledges)("a name that the program gives, %s", (knowledge) => {
  const exported = (sourceArn: string, identifier: unknown = "phi-cluster"): readonly string[] =>
    refusals(knowledge, (s) => {
      cluster(s, "phi", { clusterIdentifier: identifier });
      s.add("aws:rds/exportTask:ExportTask", "export", { sourceArn, s3BucketName: "elsewhere-copies" });
    });
  const arn = (region: string, account: string, name: string): string =>
    `arn:aws:rds:${region}:${account}:cluster:${name}`;

  it("is that of the resource in its own account and region alone", () => {
    expect(exported(arn("us-east-1", ownAccount, "phi-cluster"))).toEqual(open("export"));
    expect(exported(arn("us-east-1", foreignAccount, "phi-cluster"))).toEqual([]);
    expect(exported(arn("us-west-2", ownAccount, "phi-cluster"))).toEqual([]);
    expect(exported(arn("us-east-1", ownAccount, "phi-cluster-2"))).toEqual([]);
  });

  it("excuses where it goes in its own region alone, and in an account that is known", () => {
    const logged = (region: string | undefined, destination: string): readonly StackResource[] =>
      built(knowledge, (s) => {
        stream(s, "phi");
        s.add("aws:dynamodb/kinesisStreamingDestination:KinesisStreamingDestination", "changes", {
          tableName: table(s, "phi"),
          streamArn: destination,
          region,
        });
      });
    const whole = `arn:aws:kinesis:us-east-1:${ownAccount}:stream/phi-stream`;
    const verdicts = (resources: readonly StackResource[]): readonly string[] =>
      verdictsOf(resources, knowledge, "changes");
    expect(verdicts(logged(undefined, "phi-stream"))).toEqual([]);
    expect(verdicts(logged("us-west-2", "phi-stream"))).toEqual(["open"]);
    expect(verdicts(logged(undefined, whole))).toEqual([]);
    expect(
      verdicts(logged(undefined, whole).map((one) => ({ ...one, providerInputs: { region: "us-east-1" } }))),
    ).toEqual(["open"]);
  });

  it("may be any where it is not known, of the kind that the text speaks of", () => {
    expect(exported(arn("us-east-1", ownAccount, "records"), unknownText)).toEqual(undetermined("export"));
    expect(exported(`arn:aws:rds:us-east-1:${ownAccount}:snapshot:records`, unknownText)).toEqual([]);
  });

  it("is found where the account is not known, as what may be meant", () => {
    const resources = built(knowledge, (s) => {
      cluster(s, "phi");
      s.add("aws:rds/exportTask:ExportTask", "export", {
        sourceArn: arn("us-east-1", ownAccount, "phi-cluster"),
        s3BucketName: "elsewhere-copies",
      });
    }).map((resource) => ({ ...resource, providerInputs: { region: "us-east-1" } }));
    expect(
      mandatory(resources, knowledge).map(({ rule, verdict, urn }) => `${rule} ${verdict} ${urn}`),
    ).toEqual([
      "phi-zone-has-no-egress undetermined urn:pulumi:test::bulkhead::aws:rds/exportTask:ExportTask::export",
    ]);
  });

  it("puts an instance of a cluster into the zone of the cluster, and is undetermined where it is not known", () => {
    const named = (clusterIdentifier: unknown): readonly string[] =>
      refusals(knowledge, (s) => {
        cluster(s, "phi");
        s.add("aws:rds/clusterInstance:ClusterInstance", "member", {
          clusterIdentifier,
          publiclyAccessible: true,
        });
      });
    expect(named("phi-cluster")).toEqual(["open phi-zone-has-no-egress member"]);
    expect(named("other-cluster")).toEqual([]);
    expect(named(unknownText)).toEqual(["undetermined resources-are-understood member"]);
  });
});

describe.each(knowledges)("a copy, %s", (knowledge) => {
  const shared = { sharedAccounts: [foreignAccount] };

  it("is in the zone of what it is made from, through others", () => {
    const copied = (kind: "phi" | "plain"): readonly string[] =>
      refusals(knowledge, (s) => {
        const snapshot = s.add("aws:rds/clusterSnapshot:ClusterSnapshot", "snapshot", {
          dbClusterIdentifier: cluster(s, kind),
          dbClusterSnapshotIdentifier: "first-snapshot",
        });
        s.add("aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy", "a-copy", {
          sourceDbClusterSnapshotIdentifier: `${snapshot}.dbClusterSnapshotArn`,
          targetDbClusterSnapshotIdentifier: "second-snapshot",
        });
        s.add("aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy", "copy-of-copy", {
          sourceDbClusterSnapshotIdentifier: "second-snapshot",
          targetDbClusterSnapshotIdentifier: "third-snapshot",
          ...shared,
        });
      });
    expect(copied("phi")).toEqual(open("copy-of-copy"));
    expect(copied("plain")).toEqual([]);
  });

  it("of a disk that an instance of the PHI zone has is of the PHI zone", () => {
    const of = (where: "phi" | "gateway"): readonly string[] =>
      refusals(knowledge, (s) => {
        const disk = s.add("aws:ebs/volume:Volume", "disk", { availabilityZone: "us-east-1a", size: 100 });
        s.add("aws:ec2/volumeAttachment:VolumeAttachment", "attachment", {
          deviceName: "/dev/xvdf",
          volumeId: disk,
          instanceId: instance(s, where),
        });
        s.add("aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission", "permission", {
          snapshotId: s.add("aws:ebs/snapshot:Snapshot", "snapshot", { volumeId: disk }),
          accountId: foreignAccount,
        });
      });
    expect(of("phi")).toEqual(open("permission"));
    expect(of("gateway")).toEqual([]);
  });

  it("is undetermined where it is not known what it is made from", () => {
    expect(
      refusals(knowledge, (s) => {
        database(s, "phi");
        s.add("aws:rds/snapshot:Snapshot", "snapshot", {
          dbInstanceIdentifier: unknownText,
          dbSnapshotIdentifier: "snapshot",
          ...shared,
        });
      }),
    ).toEqual(undetermined("snapshot"));
  });

  it("is where the original is, unless the program puts it somewhere", () => {
    const replica = (more: Readonly<Record<string, unknown>>): readonly string[] =>
      refusals(knowledge, (s) => {
        database(s, "phi");
        s.add("aws:rds/instance:Instance", "replica", {
          identifier: "replica",
          replicateSourceDb: "phi-db",
          vpcSecurityGroupIds: [s.id("phi-group")],
          ...more,
        });
      });
    expect(replica({})).toEqual([]);
    expect(replica({ region: "us-west-2" })).toEqual(open("replica"));
    expect(replica({ region: unknownText })).toEqual(undetermined("replica"));
  });
});

describe.each(knowledges)("backups, %s", (knowledge) => {
  const selected = (more: Readonly<Record<string, unknown>>): readonly string[] =>
    refusals(knowledge, (s) => {
      table(s, "phi");
      selection(s, more);
    });
  const tagged = (value: unknown): Readonly<Record<string, unknown>> => ({
    resources: ["*"],
    conditions: [{ stringEquals: [{ key: "aws:ResourceTag/bulkhead-zone", value }] }],
  });

  it("take in what a pattern names, and everything where nothing is said", () => {
    expect(selected({ resources: ["arn:aws:dynamodb:*:*:table/phi-*"] })).toEqual(open("plan"));
    expect(selected({ resources: ["arn:aws:dynamodb:*:*:table/plain-*"] })).toEqual([]);
    expect(selected({ resources: ["*"] })).toEqual(open("plan"));
    expect(selected({})).toEqual(open("plan"));
  });

  it("leave out what a condition excludes for certain", () => {
    expect(selected(tagged("phi"))).toEqual(open("plan"));
    expect(selected(tagged("gateway"))).not.toContain("open phi-zone-has-no-egress plan");
    expect(selected(tagged(unknownText))).toEqual(open("plan"));
  });

  it("are undetermined where tags or resources are not known", () => {
    expect(selected({ selectionTags: unknownText })).toEqual(undetermined("plan"));
    expect(selected({ resources: [unknownText] })).toEqual(undetermined("plan"));
    expect(selected({ resources: unknownText })).toEqual(undetermined("plan"));
  });

  it("are undetermined where the plan is not of the stack", () => {
    expect(
      refusals(knowledge, (s) => {
        selection(s, { resources: [`${table(s, "phi")}.arn`] }, "0123456789abcdef");
      }),
    ).toEqual(undetermined("selection"));
  });

  it("are undetermined where the plan's rules are not known, whatever they were made from", () => {
    const resources = built(knowledge, (s) => plan(s, [{ targetVaultName: vault(s, "phi") }]));
    const hidden = hiding(resources, "plan", (all) => ({ ...all, rules: unknownText }));
    expect(mandatory(resources, knowledge)).toEqual([]);
    expect(mandatory(hidden, knowledge).map(({ verdict }) => verdict)).toEqual(["undetermined"]);
  });

  it("of disks by their tags, which are copied to another region", () => {
    const lifecycle = (targetTags: unknown, schedule: Readonly<Record<string, unknown>>): readonly string[] =>
      refusals(knowledge, (s) =>
        s.add("aws:dlm/lifecyclePolicy:LifecyclePolicy", "lifecycle", {
          policyDetails: {
            resourceTypes: ["VOLUME"],
            targetTags,
            schedules: [{ name: "daily", ...schedule }],
          },
        }),
      );
    const copied = { crossRegionCopyRules: [{ target: "us-west-2", encrypted: true }] };
    expect(lifecycle(inZone("phi"), copied)).toEqual(open("lifecycle"));
    expect(lifecycle(inZone("phi"), { crossRegionCopyRules: unknownText })).toEqual(
      undetermined("lifecycle"),
    );
    expect(lifecycle(inZone("phi"), {})).toEqual([]);
    expect(lifecycle({ backup: "yes" }, copied)).toEqual([]);
    expect(lifecycle(unknownText, copied)).toEqual(open("lifecycle"));
  });
});

describe.each(knowledges)("whom a policy lets in, %s", (knowledge) => {
  const statement = (more: Readonly<Record<string, unknown>>): string =>
    policy({ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*", ...more });
  const ofQueue = (text: unknown): readonly string[] =>
    refusals(knowledge, (s) =>
      s.add("aws:sqs/queuePolicy:QueuePolicy", "queue-policy", {
        queueUrl: `${queue(s, "phi")}.url`,
        policy: text,
      }),
    );

  it("is refused where it is another account, and undetermined where it is not known", () => {
    expect(ofQueue(statement({ Principal: { AWS: rootOf(foreignAccount) } }))).toEqual(open("queue-policy"));
    expect(ofQueue(statement({ Principal: { AWS: role("records") } }))).toEqual([]);
    expect(ofQueue(unknownText)).toEqual(undetermined("queue-policy"));
  });

  it("may be a service that only puts something in, and none that reads for others", () => {
    const Principal = { Service: "sns.amazonaws.com" };
    expect(ofQueue(statement({ Principal }))).toEqual([]);
    expect(ofQueue(statement({ Principal, Action: "sqs:*" }))).toEqual(open("queue-policy"));
  });

  it("may be whoever is of the topic's own account, as AWS's own policy says", () => {
    const own = (owner: string): readonly string[] =>
      refusals(knowledge, (s) =>
        s.add("aws:sns/topicPolicy:TopicPolicy", "topic-policy", {
          arn: topic(s, "phi"),
          policy: policy({
            Effect: "Allow",
            Principal: { AWS: "*" },
            Action: ["SNS:Publish", "SNS:Subscribe"],
            Resource: "*",
            Condition: { StringEquals: { "AWS:SourceOwner": owner } },
          }),
        }),
      );
    expect(own(ownAccount)).toEqual([]);
    expect(own(foreignAccount)).toEqual(open("topic-policy"));
  });

  it("may be of any store where it is not known of which", () => {
    const of = (kind: "phi" | "plain"): readonly string[] =>
      refusals(knowledge, (s) => {
        vault(s, kind);
        s.add("aws:backup/vaultPolicy:VaultPolicy", "vault-policy", {
          backupVaultName: unknownText,
          policy: statement({ Principal: { AWS: rootOf(foreignAccount) }, Action: "backup:*" }),
        });
      });
    expect(of("phi")).toEqual(open("vault-policy"));
    expect(of("plain")).toEqual([]);
  });

  it("may use a key by a grant where it is a role of the stack", () => {
    const granted = (principal: (stack: Sketch) => unknown): readonly string[] =>
      refusals(knowledge, (s) =>
        s.add("aws:kms/grant:Grant", "grant", {
          keyId: key(s, "phi"),
          granteePrincipal: principal(s),
          operations: ["Decrypt"],
        }),
      );
    expect(granted((s) => `${s.add("aws:iam/role:Role", "reader", { name: "reader" })}.arn`)).toEqual([]);
    const permitted = built(knowledge, (s) =>
      s.add("aws:lakeformation/permissions:Permissions", "permissions", {
        principal: `${s.add("aws:iam/role:Role", "reader", { name: "reader" })}.arn`,
        dataLocation: { arn: `${stream(s, "phi")}.arn` },
      }),
    );
    const hidden = hiding(permitted, "permissions", (all) => ({ ...all, principal: unknownText }));
    expect(mandatory(permitted, knowledge)).toEqual([]);
    expect(verdictsOf(hidden, knowledge, "permissions")).toEqual(
      knowledge === "preview" ? [] : ["undetermined"],
    );
    expect(granted(() => unknownText)).toEqual(undetermined("grant"));
    expect(granted(() => rootOf(foreignAccount))).toEqual(open("grant"));
  });
});

describe.each(knowledges)("what is said of a bucket, %s", (knowledge) => {
  /** What is refused of a resource that speaks of `phi-documents`. */
  const said = (
    type: string,
    inputs: (stack: Sketch) => Readonly<Record<string, unknown>>,
  ): readonly string[] =>
    mandatory(
      built(knowledge, (s) => s.add(type, "said", { bucket: bucket(s, "phi"), ...inputs(s) })),
      knowledge,
    ).flatMap(({ urn, verdict }) => (urn.endsWith("::said") ? [verdict] : []));
  const replication = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
  const elsewhere = "arn:aws:s3:::elsewhere-copies";
  const home = (s: Sketch): string => `${bucket(s, "phi", "copies")}.arn`;

  it("replicates it unless that is switched off for certain", () => {
    const rule = (more: Readonly<Record<string, unknown>>): readonly string[] =>
      said(replication, () => ({ rules: [{ destination: { bucket: elsewhere }, ...more }] }));
    expect(rule({ status: "Disabled" })).toEqual([]);
    expect(rule({ status: "Enabled" })).toEqual(["open"]);
    expect(rule({ status: unknownText })).toEqual(["open"]);
    expect(rule({})).toEqual(["open"]);
    expect(said(replication, () => ({ rules: [unknownText] }))).toEqual(["undetermined"]);
    expect(said(replication, () => ({ rules: unknownText }))).toEqual(["undetermined"]);
  });

  it("refuses what comes by no endpoint, in a policy that is a mapping", () => {
    const named = (
      sourceVpce: (stack: Sketch) => unknown,
      ...others: readonly ((stack: Sketch) => Readonly<Record<string, unknown>>)[]
    ): readonly string[] => {
      const resources = built(knowledge, (s) => {
        const id = bucket(s, "phi");
        s.remove("phi-documents-policy").add("aws-native:s3:BucketPolicy", "said", {
          bucket: id,
          policyDocument: {
            Statement: [
              {
                ...onlyThrough("", "phi-documents"),
                Condition: { StringNotEquals: { "aws:SourceVpce": sourceVpce(s) } },
              },
              ...others.map((other) => other(s)),
            ],
          },
        });
      });
      return verdictsOf(resources, knowledge, "said");
    };
    expect(named((s) => s.id("s3-endpoint"))).toEqual([]);
    expect(named(() => "vpce-0123456789abcdef0")).toEqual(["open"]);
    expect(named(() => unknownText)).toEqual(["open"]);
    expect(
      named(
        (s) => `${s.add("aws:ssm/parameter:Parameter", "other-endpoint", { type: "String" })}.value`,
        (s) => ({
          Effect: "Allow",
          Principal: { AWS: role("records") },
          Action: "s3:GetObject",
          Resource: "arn:aws:s3:::phi-documents/*",
          Condition: { StringEquals: { "aws:SourceVpce": s.id("s3-endpoint") } },
        }),
      ),
    ).toEqual(["open"]);
  });

  it("gives copies to nobody but the account", () => {
    const given = (account: unknown): readonly string[] =>
      said(replication, (s) => ({
        rules: [{ status: "Enabled", destination: { bucket: home(s), account } }],
      }));
    expect(given(ownAccount)).toEqual([]);
    expect(given(undefined)).toEqual([]);
    expect(given(foreignAccount)).toEqual(["open"]);
    expect(given(unknownText)).toEqual(["undetermined"]);
  });

  it("lets its owner in by a list, and nobody else", () => {
    const list = (...grantees: readonly unknown[]): readonly string[] =>
      said("aws:s3/bucketAcl:BucketAcl", () => ({
        accessControlPolicy: {
          owner: { id: "1".repeat(64) },
          grants: grantees.map((id) => ({ permission: "READ", grantee: { type: "CanonicalUser", id } })),
        },
      }));
    expect(list("1".repeat(64))).toEqual([]);
    expect(list("1".repeat(64), "9".repeat(64))).toEqual(["open"]);
    expect(list(unknownText)).toEqual(["open"]);
    expect(list()).toEqual(["open"]);
  });

  it("tells a queue of the PHI zone what happens, and no bus", () => {
    const told = (inputs: (stack: Sketch) => Readonly<Record<string, unknown>>): readonly string[] =>
      said("aws:s3/bucketNotification:BucketNotification", inputs);
    const to = (queueArn: unknown): Readonly<Record<string, unknown>> => ({ queues: [{ queueArn }] });
    expect(told((s) => to(`${queue(s, "phi")}.arn`))).toEqual([]);
    expect(told((s) => to(`${queue(s, "plain")}.arn`))).toEqual(["open"]);
    expect(told(() => to(unknownText))).toEqual(["open"]);
    expect(told(() => ({ queues: [{ events: ["s3:ObjectCreated:*"] }] }))).toEqual(["open"]);
    expect(told(() => ({ eventbridge: unknownText }))).toEqual(["open"]);
    expect(told(() => ({}))).toEqual([]);
  });
});

describe.each(knowledges)("what the judge does not read, %s", (knowledge) => {
  const peering =
    (more: Readonly<Record<string, unknown>>): Build =>
    (s) =>
      s.add("mongodbatlas:index/networkPeering:NetworkPeering", "peering", more);

  it("is refused where it names a network that holds the PHI zone, or may", () => {
    expect(refusals(knowledge, (s) => peering({ vpcId: s.id("vpc") })(s))).toEqual([
      "undetermined resources-are-understood peering",
    ]);
    expect(refusals(knowledge, peering({ vpcId: unknownText }))).toEqual([
      "undetermined resources-are-understood peering",
    ]);
    expect(refusals(knowledge, peering({ vpcId: "vpc-0123456789abcdef0" }))).toEqual([]);
  });

  it("is not refused for a secret that is not shown", () => {
    expect(refusals(knowledge, peering({ apiPassword: "[secret]" }))).toEqual([]);
  });
});

describe("a file server in a preview", () => {
  const filtered = (groups: (stack: Sketch) => unknown): readonly string[] => [
    ...new Set(
      refusals("preview", (s) =>
        s.add("aws:transfer/server:Server", "files", {
          endpointType: "VPC",
          endpointDetails: {
            vpcId: s.id("vpc"),
            subnetIds: [s.id("phi-subnet")],
            securityGroupIds: groups(s),
          },
          tags: inZone("phi"),
        }),
      ),
    ),
  ];

  it("has the group that its details were made from, and may have the network's own where there is none", () => {
    expect(filtered((s) => [s.id("phi-group")])).toEqual([]);
    expect(filtered(() => [unknownText])).toContain("open phi-zone-has-no-egress vpc");
    expect(filtered((s) => [s.id("phi-group"), unknownText])).toContain("open phi-zone-has-no-egress vpc");
  });
});

describe("a resource by itself", () => {
  const alone = (build: Build): readonly string[] => {
    const added = built("preview", build).at(-1);
    return added === undefined ? ["nothing"] : judgeAlone(added).map(({ rule }) => rule);
  };

  it("is refused for what no other resource can make right", () => {
    expect(
      alone((s) =>
        s.add("aws:rds/snapshot:Snapshot", "snapshot", {
          dbInstanceIdentifier: "phi-db",
          sharedAccounts: [foreignAccount],
          ...tagsOf("phi"),
        }),
      ),
    ).toEqual(["phi-zone-has-no-egress"]);
  });

  it("is not refused for what another resource can make right", () => {
    expect(
      alone((s) =>
        s.add("aws:cloudwatch/logDestination:LogDestination", "destination", {
          targetArn: foreignStream,
          ...tagsOf("phi"),
        }),
      ),
    ).toEqual([]);
    expect(alone((s) => table(s, "phi", { streamEnabled: true }))).toEqual([]);
    expect(alone((s) => search(s, "phi"))).toEqual([]);
  });
});
