import { beforeAll, describe, expect, it } from "vitest";

import { accessDocument } from "../../model/access-document";
import { schemaInJson } from "../../model/cedar-validator";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { named, renderedOnAzure, renderedOnGoogle, renderedPlatform } from "../policy-pack/rendered-stack";
import type { Sketch } from "../policy-pack/stack-sketch";

type Properties = Readonly<Record<string, unknown>>;

const shared = { "bulkhead-platform": "bulkhead", "bulkhead-zone": "shared" };

function inputsOf(stack: Sketch, name: string): Properties {
  return named(stack, name).inputs ?? {};
}

function statementsOf(stack: Sketch, name: string): readonly Properties[] {
  const policy = JSON.parse(String(inputsOf(stack, name)["policy"])) as {
    readonly Statement: readonly Properties[];
  };
  return policy.Statement;
}

function resourcesOf(stack: Sketch, type: string): readonly Properties[] {
  return stack
    .resources()
    .filter((resource) => resource.type === type)
    .map(({ inputs }) => inputs ?? {});
}

describe("decisions and tool calls on AWS", () => {
  let stack: Sketch;
  const id = (name: string): string => stack.id(name);
  beforeAll(async () => {
    stack = await renderedPlatform(referencePlatform, "deployed");
  });

  it("are what the programs print that decide and call, and nothing else of their tasks", () => {
    const groups = (task: string): unknown =>
      Object.fromEntries(
        (JSON.parse(String(inputsOf(stack, task)["containerDefinitions"])) as readonly Properties[]).map(
          (container) => {
            const { options } = container["logConfiguration"] as { readonly options: Properties };
            return [container["name"], `${String(options["awslogs-group"])} ${String(options["mode"])}`];
          },
        ),
      );
    expect(groups("bulkhead-decision-point-task")).toEqual({
      "certificate-agent": "/bulkhead/workload/decision-point blocking",
      envoy: "/bulkhead/workload/decision-point blocking",
      "decision-point": "/bulkhead/records/access-decisions blocking",
    });
    expect(groups("bulkhead-agent-tools-task")).toEqual({
      "certificate-agent": "/bulkhead/workload/agent-tools blocking",
      envoy: "/bulkhead/workload/agent-tools blocking",
      "agent-tools": "/bulkhead/records/tool-calls blocking",
    });
  });

  it("are written by nobody else than whoever starts these programs", () => {
    const writers = stack
      .resources()
      .flatMap(({ name, type, inputs }) =>
        type === "aws:iam/rolePolicy:RolePolicy" &&
        String(inputs?.["policy"]).includes("/bulkhead/records/access-decisions:*")
          ? [name]
          : [],
      );
    expect([...writers].sort()).toEqual([
      "bulkhead-decision-point-execution-permission",
      "bulkhead-decision-point-workload-permission",
    ]);
  });

  it.each(["access-decisions", "tool-calls"])("copies each line of %s to the locked bucket", (stream) => {
    expect(inputsOf(stack, `bulkhead-${stream}-subscription`)).toEqual({
      name: `bulkhead-${stream}`,
      logGroup: `/bulkhead/records/${stream}`,
      filterPattern: "",
      destinationArn: `arn:aws:firehose:us-east-1:111122223333:deliverystream/bulkhead-${stream}`,
      roleArn: `${id("bulkhead-records-subscription-role")}.arn`,
    });
    expect(inputsOf(stack, `bulkhead-${stream}-delivery`)).toEqual({
      name: `bulkhead-${stream}`,
      destination: "extended_s3",
      serverSideEncryption: {
        enabled: true,
        keyType: "CUSTOMER_MANAGED_CMK",
        keyArn: `${id("bulkhead-audit-key")}.arn`,
      },
      extendedS3Configuration: {
        bucketArn: `${id("bulkhead-audit-records-bucket")}.arn`,
        roleArn: `${id("bulkhead-records-delivery-role")}.arn`,
        kmsKeyArn: `${id("bulkhead-audit-key")}.arn`,
        prefix: `${stream}/!{timestamp:yyyy/MM/dd}/`,
        errorOutputPrefix: `${stream}/failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
        bufferingInterval: 60,
        bufferingSize: 5,
        compressionFormat: "UNCOMPRESSED",
        fileExtension: ".jsonl",
        processingConfiguration: {
          enabled: true,
          processors: [
            {
              type: "Decompression",
              parameters: [{ parameterName: "CompressionFormat", parameterValue: "GZIP" }],
            },
            {
              type: "CloudWatchLogProcessing",
              parameters: [{ parameterName: "DataMessageExtraction", parameterValue: "true" }],
            },
            { type: "AppendDelimiterToRecord" },
          ],
        },
        s3BackupMode: "Disabled",
      },
      tags: shared,
    });
  });

  it("are handed over and kept by roles that can do nothing else, and delete nothing", () => {
    const bucket = "arn:aws:s3:::bulkhead-audit-records-111122223333-us-east-1";
    const handOver = {
      Sid: "HandOver",
      Effect: "Allow",
      Action: ["firehose:PutRecord", "firehose:PutRecordBatch"],
      Resource: ["access-decisions", "tool-calls", "egress-inspections"].map(
        (stream) => `arn:aws:firehose:us-east-1:111122223333:deliverystream/bulkhead-${stream}`,
      ),
    };
    const keep = [
      {
        Sid: "FindBucket",
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        Resource: [bucket],
      },
      {
        Sid: "AddRecords",
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:PutObject"],
        Resource: [
          `${bucket}/access-decisions/*`,
          `${bucket}/tool-calls/*`,
          `${bucket}/egress-inspections/*`,
        ],
      },
      {
        Sid: "RecordsKey",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: ["arn:aws:kms:us-east-1:111122223333:key/*"],
        Condition: {
          StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] },
          "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/bulkhead-audit" },
        },
      },
    ];
    expect(statementsOf(stack, "bulkhead-records-subscription-permission")).toEqual([handOver]);
    expect(statementsOf(stack, "bulkhead-records-delivery-permission")).toEqual(keep);
    expect(statementsOf(stack, "bulkhead-component-boundary").slice(1)).toEqual([handOver, ...keep]);
    for (const [what, service, source] of [
      ["subscription", "logs", "arn:aws:logs:us-east-1:111122223333:*"],
      ["delivery", "firehose", "arn:aws:firehose:us-east-1:111122223333:deliverystream/*"],
    ] as const) {
      const { name, permissionsBoundary, assumeRolePolicy } = inputsOf(
        stack,
        `bulkhead-records-${what}-role`,
      );
      expect({ name, permissionsBoundary }).toEqual({
        name: `bulkhead.records-${what}`,
        permissionsBoundary: `${id("bulkhead-component-boundary")}.arn`,
      });
      expect(JSON.parse(String(assumeRolePolicy))).toMatchObject({
        Statement: [
          {
            Principal: { Service: `${service}.amazonaws.com` },
            Condition: {
              StringEquals: { "aws:SourceAccount": "111122223333" },
              ArnLike: { "aws:SourceArn": source },
            },
          },
        ],
      });
    }
  });

  it("are encrypted by the audit trail's key, which their delivery alone uses for the bucket", () => {
    const statements = statementsOf(stack, "bulkhead-audit-key");
    expect(statements.find(({ Sid }) => Sid === "RecordsAreKept")).toEqual({
      Sid: "RecordsAreKept",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111122223333:root" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: ["*"],
      Condition: {
        StringEquals: {
          "kms:CallerAccount": "111122223333",
          "kms:ViaService": ["s3.us-east-1.amazonaws.com"],
        },
        ArnEquals: {
          "aws:PrincipalArn": ["arn:aws:iam::111122223333:role/bulkhead/bulkhead.records-delivery"],
        },
      },
    });
  });
});

describe("the access policy on AWS", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedPlatform(referencePlatform, "deployed");
  });

  it("is in a store that validates strictly, and that nobody deletes", () => {
    expect(inputsOf(stack, "bulkhead-access-policies")).toEqual({
      description: "Who may do what on bulkhead",
      validationSettings: { mode: "STRICT" },
      deletionProtection: "ENABLED",
      tags: shared,
    });
  });

  it("has the schema and the policies that the decision points have, each under its own id", () => {
    const { schema, policies } = accessDocument(platformSpec(referencePlatform)).cedar;
    const policyStoreId = stack.id("bulkhead-access-policies");
    expect(inputsOf(stack, "bulkhead-access-schema")).toEqual({
      policyStoreId,
      definition: { value: schemaInJson(schema) },
    });
    expect(Object.keys(policies)).toContain("role.nurse");
    expect(resourcesOf(stack, "aws:verifiedpermissions/policy:Policy")).toHaveLength(
      Object.keys(policies).length,
    );
    for (const [id, statement] of Object.entries(policies)) {
      expect(inputsOf(stack, `bulkhead-access-policy-${id}`)).toEqual({
        policyStoreId,
        definition: { static: { description: id, statement } },
      });
    }
  });

  it("has a schema of one namespace, in the form that the service takes", () => {
    const { schema } = accessDocument(platformSpec(referencePlatform)).cedar;
    const read = JSON.parse(schemaInJson(schema)) as Readonly<
      Record<string, { readonly actions: Properties; readonly entityTypes: Properties }>
    >;
    expect(Object.keys(read)).toEqual(["Bulkhead"]);
    expect(Object.keys(read["Bulkhead"]?.actions ?? {}).sort()).toEqual(["call", "use"]);
    expect(() => schemaInJson("entity User in [Nobody];")).toThrow(/Nobody/);
  });
});

describe("decisions and tool calls on Azure", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedOnAzure(referencePlatform, "deployed");
  });

  it.each([
    ["decision-point", "access_decisions"],
    ["agent-tools", "tool_calls"],
  ])("are what the program of %s prints, in a table of their own", (workload, stream) => {
    const flow = (transformKql: string, table: string): Properties => ({
      streams: ["Custom-Records"],
      destinations: ["records"],
      transformKql,
      outputStream: `Custom-bulkhead_${table}_CL`,
    });
    expect(inputsOf(stack, `bulkhead-${workload}-output-rule`)["dataFlows"]).toEqual([
      flow(
        `source | where tostring(Record.container) != "${workload}"`,
        `${workload.replaceAll("-", "_")}_output`,
      ),
      flow(`source | where tostring(Record.container) == "${workload}"`, `${stream}_records`),
    ]);
  });

  it("are copied to the account whose records nobody changes or deletes", () => {
    const account = inputsOf(stack, "bulkhead-services-records-account");
    expect(account["immutableStorageWithVersioning"]).toEqual({
      enabled: true,
      immutabilityPolicy: {
        immutabilityPeriodSinceCreationInDays: 2192,
        allowProtectedAppendWrites: true,
        state: "Unlocked",
      },
    });
    const { resourceId, ...others } = inputsOf(stack, "bulkhead-records-export");
    expect(others).toEqual({
      dataExportName: "bulkhead-records",
      resourceGroupName: "bulkhead-audit",
      workspaceName: "bulkhead-records",
      tableNames: [
        "bulkhead_access_decisions_records_CL",
        "bulkhead_tool_calls_records_CL",
        "bulkhead_egress_inspections_records_CL",
      ],
      enable: true,
    });
    expect(String(resourceId).endsWith(`/storageAccounts/${String(account["accountName"])}`)).toBe(true);
    expect(inputsOf(stack, "bulkhead-records-workspace")["features"]).toMatchObject({
      enableDataExport: true,
    });
  });
});

describe("decisions and tool calls on Google Cloud", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedOnGoogle(referencePlatform, "deployed");
  });

  it.each([
    ["access-decisions", "decision-point"],
    ["tool-calls", "agent-tools"],
  ])("keeps %s, which the program of %s prints, in a locked bucket of its own", (stream, workload) => {
    const bucket = inputsOf(stack, `bulkhead-${stream}-records`);
    const { project } = bucket;
    expect(bucket).toEqual({
      project,
      location: "us-central1",
      bucketId: `bulkhead-${stream}`,
      description: `The stream ${stream} of bulkhead`,
      retentionDays: 2192,
      locked: true,
      cmekSettings: inputsOf(stack, "bulkhead-processing-records")["cmekSettings"],
    });
    expect(project).toBe(inputsOf(stack, "bulkhead-processing-records")["project"]);
    expect(inputsOf(stack, `bulkhead-${stream}-routing`)).toEqual({
      name: `bulkhead-${stream}`,
      project,
      description: `Keeps what ${workload} records in bulkhead-${stream}`,
      destination: `logging.googleapis.com/projects/${String(project)}/locations/us-central1/buckets/bulkhead-${stream}`,
      filter: `LOG_ID("gcplogs-docker-driver") AND jsonPayload.container.name = ("/${workload}" OR "${workload}")`,
      exclusions: [],
      disabled: false,
      uniqueWriterIdentity: false,
    });
  });
});
