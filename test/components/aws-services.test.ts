import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { guardrailSettings } from "../../components/aws/guardrail-settings";
import type { PlatformFile } from "../../model/platform-file";
import type { Entrance } from "../../model/entrance";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { withExternalProviders } from "../model/with-external-providers";
import type { StackResource } from "../../policy-pack/stack-resource";
import { guardrailArn, named, renderedPlatform, surroundingsOf, target } from "../policy-pack/rendered-stack";
import type { Sketch } from "../policy-pack/stack-sketch";

import { smallPlatform } from "./small-platform";

type Properties = Readonly<Record<string, unknown>>;

const phi = (store: string): Properties => ({
  "bulkhead-platform": "bulkhead",
  "bulkhead-zone": "phi",
  "bulkhead-data-store": store,
});
const shared = { "bulkhead-platform": "bulkhead", "bulkhead-zone": "shared" };
const edge = {
  "bulkhead-platform": "bulkhead",
  "bulkhead-zone": "gateway",
  "bulkhead-load-balancer": "edge",
};
const role = (workload: string): string => `arn:aws:iam::111122223333:role/bulkhead/bulkhead-${workload}`;

function inputsOf(stack: Sketch, name: string): Properties {
  return named(stack, name).inputs ?? {};
}

function policyOf(stack: Sketch, name: string, key = "policy"): unknown {
  return JSON.parse(String(inputsOf(stack, name)[key]));
}

function statementsOf(stack: Sketch, name: string): readonly Properties[] {
  return (policyOf(stack, name) as { readonly Statement: readonly Properties[] }).Statement;
}

function shortTypes(stack: Sketch, parent: string): readonly string[] {
  return stack
    .resources()
    .filter((resource) => resource.parent?.endsWith(`::${parent}`))
    .map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`)
    .sort();
}

describe("the reference platform on AWS", () => {
  let stack: Sketch;
  const id = (name: string): string => stack.id(name);
  beforeAll(async () => {
    stack = await renderedPlatform(referencePlatform, "deployed");
  });

  it("says its zone on everything that can carry tags", () => {
    const sdk = dirname(createRequire(__filename).resolve("@pulumi/aws/package.json"));
    const takesTags = ({ type }: StackResource): boolean => {
      const [, module = "", name = ""] = type.split(":");
      const folder = module.split("/")[0] ?? "";
      const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`;
      const text = readFileSync(join(sdk, folder, file), "utf8");
      return /^ {4}tags\?:/m.test(text.slice(text.indexOf(`export interface ${name}Args`)));
    };
    const taggable = stack
      .resources()
      .filter(({ type }) => type.startsWith("aws:"))
      .filter(takesTags);
    expect(taggable.length).toBeGreaterThan(150);
    const silent = taggable.filter(({ inputs }) => {
      const tags = (inputs?.["tags"] ?? {}) as Properties;
      return typeof tags["bulkhead-zone"] !== "string" || tags["bulkhead-platform"] !== "bulkhead";
    });
    expect(silent.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
  });

  it("is one component with fifteen under it", () => {
    expect(shortTypes(stack, "bulkhead")).toEqual(
      [
        "AuditLog bulkhead-audit-log",
        "CertificateAuthority bulkhead-certificates",
        "DataStores bulkhead-data-stores",
        "EncryptionKeys bulkhead-encryption-keys",
        "FlowFilters bulkhead-flow-filters",
        "FrontDoor bulkhead-front-door",
        "ImageRegistry bulkhead-image-registry",
        "ModelGuardrails bulkhead-model-guardrails",
        "NameResolution bulkhead-name-resolution",
        "PolicyStore bulkhead-policy-store",
        "PrivateEndpoints bulkhead-private-endpoints",
        "Segmentation bulkhead-segmentation",
        "WorkloadCredentials bulkhead-workload-credentials",
        "WorkloadIdentities bulkhead-workload-identities",
        "Workloads bulkhead-workloads",
      ].sort(),
    );
  });

  describe("its data stores", () => {
    it("are exactly these resources", () => {
      expect(shortTypes(stack, "bulkhead-data-stores")).toEqual(
        [
          "Resource bulkhead-fhir-store",
          "VpcEndpoint bulkhead-phi-healthlake-endpoint",
          "VpcEndpoint bulkhead-phi-s3-endpoint",
          "Bucket bulkhead-document-store-bucket",
          "BucketLifecycleConfiguration bulkhead-document-store-retention",
          "BucketOwnershipControls bulkhead-document-store-ownership",
          "BucketPolicy bulkhead-document-store-policy",
          "BucketPublicAccessBlock bulkhead-document-store-public-access",
          "BucketServerSideEncryptionConfiguration bulkhead-document-store-encryption",
          "BucketVersioning bulkhead-document-store-versioning",
          "Zone bulkhead-document-store-name",
          "Record bulkhead-document-store-name-record",
          "ServerlessVpcEndpoint bulkhead-phi-aoss-endpoint",
          "VpcEndpointPolicy bulkhead-phi-aoss-endpoint-policy",
          "ServerlessAccessPolicy bulkhead-vector-index-access",
          "ServerlessCollection bulkhead-vector-index-collection",
          "ServerlessSecurityPolicy bulkhead-vector-index-encryption",
          "ServerlessSecurityPolicy bulkhead-vector-index-network",
        ].sort(),
      );
    });

    it("hold FHIR in HealthLake, under the zone's key, with nothing that copies or sends it", () => {
      const { desiredState, ...inputs } = inputsOf(stack, "bulkhead-fhir-store");
      expect(inputs).toEqual({ typeName: "AWS::HealthLake::FHIRDatastore" });
      expect(JSON.parse(String(desiredState))).toEqual({
        DatastoreName: "bulkhead-fhir-store",
        DatastoreTypeVersion: "R4",
        SseConfiguration: {
          KmsEncryptionConfig: {
            CmkType: "CUSTOMER_MANAGED_KMS_KEY",
            KmsKeyId: `${id("bulkhead-phi-key")}.arn`,
          },
        },
        AnalyticsConfiguration: { Status: "PAUSED" },
        NlpConfiguration: { Status: "DISABLED" },
        Tags: Object.entries(phi("fhir-store")).map(([Key, Value]) => ({ Key, Value })),
      });
    });

    it.each([
      {
        endpoint: "bulkhead-phi-healthlake-endpoint",
        service: "healthlake",
        store: "fhir-store",
        privateName: true,
      },
      { endpoint: "bulkhead-phi-s3-endpoint", service: "s3", store: "document-store", privateName: false },
    ])("are reached by $endpoint, in the PHI subnets, behind the filter of the store", (expected) => {
      const { policy, ...inputs } = inputsOf(stack, expected.endpoint);
      expect(policy).toEqual(expect.any(String));
      expect(inputs).toEqual({
        vpcId: id("bulkhead-network"),
        serviceName: `com.amazonaws.us-east-1.${expected.service}`,
        vpcEndpointType: "Interface",
        ipAddressType: "ipv4",
        privateDnsEnabled: expected.privateName,
        subnetIds: [id("bulkhead-phi-private-endpoint-a"), id("bulkhead-phi-private-endpoint-b")],
        securityGroupIds: [id(`bulkhead-${expected.store}-filter`)],
        tags: phi(expected.store),
      });
    });

    it("let through their endpoints the workloads that flows name, to read and write records, and no more", () => {
      const client = (workload: string): Properties => ({
        ArnEquals: { "aws:PrincipalArn": [role(workload)] },
      });
      expect(statementsOf(stack, "bulkhead-phi-healthlake-endpoint")).toEqual([
        {
          Sid: "ClientsFhirStore",
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: [
            "healthlake:CreateResource",
            "healthlake:GetCapabilities",
            "healthlake:GetHistoryByResourceId",
            "healthlake:PatchResource",
            "healthlake:ReadResource",
            "healthlake:SearchWithGet",
            "healthlake:SearchWithPost",
            "healthlake:UpdateResource",
            "healthlake:ValidateResource",
            "healthlake:VersionReadResource",
          ],
          Resource: [`${id("bulkhead-fhir-store")}.DatastoreArn`],
          Condition: client("fhir-proxy"),
        },
      ]);
      expect(statementsOf(stack, "bulkhead-phi-s3-endpoint")).toEqual([
        {
          Sid: "ClientsDocumentStore",
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
          Resource: ["arn:aws:s3:::bulkhead-document-store-111122223333-us-east-1/*"],
          Condition: client("fhir-proxy"),
        },
        {
          Sid: "ClientsListDocumentStore",
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::bulkhead-document-store-111122223333-us-east-1"],
          Condition: client("fhir-proxy"),
        },
      ]);
      expect(inputsOf(stack, "bulkhead-phi-aoss-endpoint-policy")["vpcEndpointId"]).toBe(
        id("bulkhead-phi-aoss-endpoint"),
      );
      expect(statementsOf(stack, "bulkhead-phi-aoss-endpoint-policy")).toEqual([
        {
          Sid: "ClientsVectorIndex",
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: ["aoss:APIAccessAll"],
          Resource: [`${id("bulkhead-vector-index-collection")}.arn`],
          Condition: client("rag-service"),
        },
      ]);
    });

    it("hold documents in a bucket that only its clients reach, only through its endpoint, under its key", () => {
      const arn = "arn:aws:s3:::bulkhead-document-store-111122223333-us-east-1";
      const deny = (Sid: string, Action: unknown, Condition: Properties): Properties => ({
        Sid,
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action,
        Resource: [arn, `${arn}/*`],
        Condition,
      });
      const records = [
        "s3:AbortMultipartUpload",
        "s3:BypassGovernanceRetention",
        "s3:DeleteObject*",
        "s3:GetObject*",
        "s3:ListBucketMultipartUploads",
        "s3:ListBucketVersions",
        "s3:ListMultipartUploadParts",
        "s3:PutObject*",
        "s3:Replicate*",
        "s3:RestoreObject",
      ];
      expect(statementsOf(stack, "bulkhead-document-store-policy")).toEqual([
        deny("SecureTransport", ["s3:*"], { Bool: { "aws:SecureTransport": "false" } }),
        deny("Tls12", ["s3:*"], { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
        deny("OnlyThroughItsEndpoint", records, {
          StringNotEquals: { "aws:SourceVpce": id("bulkhead-phi-s3-endpoint") },
        }),
        deny("OnlyItsClients", records, { ArnNotEquals: { "aws:PrincipalArn": [role("fhir-proxy")] } }),
        deny("OnlyItsKey", ["s3:PutObject"], {
          Null: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "false" },
          StringNotEquals: {
            "s3:x-amz-server-side-encryption-aws-kms-key-id": `${id("bulkhead-phi-key")}.arn`,
          },
        }),
        deny("NoEncryptionWithoutItsKey", ["s3:PutObject"], {
          Null: {
            "s3:x-amz-server-side-encryption": "false",
            "s3:x-amz-server-side-encryption-aws-kms-key-id": "true",
          },
        }),
        deny("NoKeyOfTheCaller", ["s3:PutObject"], {
          Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" },
        }),
      ]);
      const bucket = id("bulkhead-document-store-bucket");
      expect(inputsOf(stack, "bulkhead-document-store-bucket")).toEqual({
        bucket: "bulkhead-document-store-111122223333-us-east-1",
        forceDestroy: false,
        tags: phi("document-store"),
      });
      expect(inputsOf(stack, "bulkhead-document-store-public-access")).toEqual({
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(inputsOf(stack, "bulkhead-document-store-encryption")).toEqual({
        bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              kmsMasterKeyId: `${id("bulkhead-phi-key")}.arn`,
            },
            bucketKeyEnabled: true,
          },
        ],
      });
      expect(inputsOf(stack, "bulkhead-document-store-versioning")).toEqual({
        bucket,
        versioningConfiguration: { status: "Enabled" },
      });
      expect(inputsOf(stack, "bulkhead-document-store-retention")).toEqual({
        bucket,
        rules: [
          {
            id: "retention",
            status: "Enabled",
            filter: {},
            noncurrentVersionExpiration: { noncurrentDays: 2192 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      });
    });

    it("are found by the bucket's usual name at the endpoint, inside of the network alone", () => {
      const name = "bulkhead-document-store-111122223333-us-east-1.s3.us-east-1.amazonaws.com";
      const zone = inputsOf(stack, "bulkhead-document-store-name");
      expect({ name: zone["name"], vpcs: zone["vpcs"] }).toEqual({
        name,
        vpcs: [{ vpcId: id("bulkhead-network") }],
      });
      const endpoint = id("bulkhead-phi-s3-endpoint");
      expect(inputsOf(stack, "bulkhead-document-store-name-record")).toEqual({
        zoneId: id("bulkhead-document-store-name"),
        name,
        type: "A",
        aliases: [
          { name: `${endpoint}.dnsName`, zoneId: `${endpoint}.hostedZoneId`, evaluateTargetHealth: false },
        ],
      });
    });

    it("hold vectors in a collection that answers its endpoint alone, under the zone's key", () => {
      const Rules = [{ ResourceType: "collection", Resource: ["collection/bulkhead-vector-index"] }];
      expect(policyOf(stack, "bulkhead-vector-index-network")).toEqual([
        { Rules, AllowFromPublic: false, SourceVPCEs: [id("bulkhead-phi-aoss-endpoint")] },
      ]);
      expect(policyOf(stack, "bulkhead-vector-index-encryption")).toEqual({
        Rules,
        AWSOwnedKey: false,
        KmsARN: `${id("bulkhead-phi-key")}.arn`,
      });
      expect(policyOf(stack, "bulkhead-vector-index-access")).toEqual([
        {
          Rules: [
            {
              ResourceType: "index",
              Resource: ["index/bulkhead-vector-index/*"],
              Permission: [
                "aoss:CreateIndex",
                "aoss:DescribeIndex",
                "aoss:ReadDocument",
                "aoss:UpdateIndex",
                "aoss:WriteDocument",
              ],
            },
          ],
          Principal: [role("rag-service")],
        },
      ]);
      expect(inputsOf(stack, "bulkhead-vector-index-collection")).toEqual({
        name: "bulkhead-vector-index",
        type: "VECTORSEARCH",
        standbyReplicas: "ENABLED",
        tags: phi("vector-index"),
      });
      expect(inputsOf(stack, "bulkhead-phi-aoss-endpoint")).toEqual({
        name: "bulkhead-phi",
        vpcId: id("bulkhead-network"),
        subnetIds: [id("bulkhead-phi-private-endpoint-a"), id("bulkhead-phi-private-endpoint-b")],
        securityGroupIds: [id("bulkhead-vector-index-filter")],
      });
    });
  });

  describe("its name resolution", () => {
    it("answers the names of endpoints and of called workloads, blocks every other, and fails closed", () => {
      expect(inputsOf(stack, "bulkhead-names-own")["domains"]).toEqual([
        "*.us-east-1.aoss.amazonaws.com",
        "111122223333.dkr.ecr.us-east-1.amazonaws.com",
        "agent-tools.processing.ai.hospital.example",
        "api.ecr.us-east-1.amazonaws.com",
        "async-ai-workers.processing.ai.hospital.example",
        "bedrock-runtime.us-east-1.amazonaws.com",
        "bulkhead-document-store-111122223333-us-east-1.s3.us-east-1.amazonaws.com",
        "decision-point.processing.ai.hospital.example",
        "embedding-service.processing.ai.hospital.example",
        "fhir-proxy.processing.ai.hospital.example",
        "healthlake.us-east-1.amazonaws.com",
        "kms.us-east-1.amazonaws.com",
        "logs.us-east-1.amazonaws.com",
        "monitoring.us-east-1.amazonaws.com",
        "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com",
        "rag-service.processing.ai.hospital.example",
        "secretsmanager.us-east-1.amazonaws.com",
        "sts.us-east-1.amazonaws.com",
      ]);
      expect(inputsOf(stack, "bulkhead-names-others")["domains"]).toEqual(["*"]);
      const group = id("bulkhead-names-firewall");
      expect(inputsOf(stack, "bulkhead-names-answer-own")).toEqual({
        name: "bulkhead-names-answer-own",
        firewallRuleGroupId: group,
        firewallDomainListId: id("bulkhead-names-own"),
        priority: 100,
        action: "ALLOW",
        firewallDomainRedirectionAction: "INSPECT_REDIRECTION_DOMAIN",
      });
      expect(inputsOf(stack, "bulkhead-names-block-others")).toEqual({
        name: "bulkhead-names-block-others",
        firewallRuleGroupId: group,
        firewallDomainListId: id("bulkhead-names-others"),
        priority: 9000,
        action: "BLOCK",
        blockResponse: "NXDOMAIN",
      });
      const vpc = id("bulkhead-network");
      expect(inputsOf(stack, "bulkhead-names-firewall-association")).toEqual({
        name: "bulkhead-names",
        firewallRuleGroupId: group,
        vpcId: vpc,
        priority: 101,
        mutationProtection: "ENABLED",
        tags: shared,
      });
      expect(inputsOf(stack, "bulkhead-names-firewall-fails-closed")).toEqual({
        resourceId: vpc,
        firewallFailOpen: "DISABLED",
      });
      expect(inputsOf(stack, "bulkhead-names-resolver")["domainNameServers"]).toEqual(["AmazonProvidedDNS"]);
      expect(inputsOf(stack, "bulkhead-names-resolver-association")).toEqual({
        vpcId: vpc,
        dhcpOptionsId: id("bulkhead-names-resolver"),
      });
      expect(inputsOf(stack, "bulkhead-names-queries")["destinationArn"]).toBe(
        `${id("bulkhead-name-queries-records")}.arn`,
      );
      expect(inputsOf(stack, "bulkhead-names-queries-association")).toEqual({
        resolverQueryLogConfigId: id("bulkhead-names-queries"),
        resourceId: vpc,
      });
    });
  });

  describe("its audit trail", () => {
    it("keeps each stream of records and each workload's output for six years, encrypted and undeletable", () => {
      const groups = stack.resources().filter(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup");
      expect(groups.map(({ inputs }) => inputs?.["name"]).sort()).toEqual(
        [
          "/aws/ecs/containerinsights/bulkhead/performance",
          "aws-waf-logs-bulkhead",
          ...["access-decisions", "egress-inspections", "name-queries", "network-flows", "tool-calls"].map(
            (stream) => `/bulkhead/records/${stream}`,
          ),
          ...referencePlatform.workloads.map((workload) => `/bulkhead/workload/${workload.id}`),
        ].sort(),
      );
      for (const { inputs } of groups) {
        const { kmsKeyId, retentionInDays, deletionProtectionEnabled } = inputs ?? {};
        expect({ kmsKeyId, retentionInDays, deletionProtectionEnabled }).toEqual({
          kmsKeyId: `${id("bulkhead-audit-key")}.arn`,
          retentionInDays: 2192,
          deletionProtectionEnabled: true,
        });
      }
    });

    it("records all flows of the whole network once a minute, by a role that can do nothing else", () => {
      expect(inputsOf(stack, "bulkhead-network-flows")).toEqual({
        vpcId: id("bulkhead-network"),
        trafficType: "ALL",
        maxAggregationInterval: 60,
        logDestinationType: "cloud-watch-logs",
        logDestination: `${id("bulkhead-network-flows-records")}.arn`,
        iamRoleArn: `${id("bulkhead-network-flows-role")}.arn`,
        tags: shared,
      });
      const group = "arn:aws:logs:us-east-1:111122223333:log-group:/bulkhead/records/network-flows";
      expect(statementsOf(stack, "bulkhead-network-flows-permission")).toEqual([
        {
          Sid: "WriteFlows",
          Effect: "Allow",
          Action: [
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
          ],
          Resource: [group, `${group}:*`],
        },
      ]);
      expect(statementsOf(stack, "bulkhead-component-boundary")[0]).toEqual(
        statementsOf(stack, "bulkhead-network-flows-permission")[0],
      );
      expect(inputsOf(stack, "bulkhead-network-flows-role")["permissionsBoundary"]).toBe(
        `${id("bulkhead-component-boundary")}.arn`,
      );
    });

    it("records every call in every region, and data events of the stores, into a bucket that is locked", () => {
      expect(inputsOf(stack, "bulkhead-trail")).toEqual({
        name: "bulkhead-trail",
        s3BucketName: id("bulkhead-audit-records-bucket"),
        kmsKeyId: `${id("bulkhead-audit-key")}.arn`,
        enableLogging: true,
        enableLogFileValidation: true,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        advancedEventSelectors: [
          {
            name: "Every call that manages something",
            fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }],
          },
          {
            name: "Reads and writes of documents",
            fieldSelectors: [
              { field: "eventCategory", equals: ["Data"] },
              { field: "resources.type", equals: ["AWS::S3::Object"] },
              {
                field: "resources.ARN",
                startsWiths: ["arn:aws:s3:::bulkhead-document-store-111122223333-us-east-1/"],
              },
            ],
          },
          {
            name: "Reads and writes of vectors",
            fieldSelectors: [
              { field: "eventCategory", equals: ["Data"] },
              { field: "resources.type", equals: ["AWS::AOSS::Collection"] },
            ],
          },
        ],
        tags: shared,
      });
      expect(inputsOf(stack, "bulkhead-audit-records-bucket")["objectLockEnabled"]).toBe(true);
      expect(inputsOf(stack, "bulkhead-audit-records-lock")).toEqual({
        bucket: id("bulkhead-audit-records-bucket"),
        rule: { defaultRetention: { mode: "COMPLIANCE", days: 2192 } },
      });
      const sids = statementsOf(stack, "bulkhead-audit-records-policy").map(({ Sid }) => Sid);
      expect(sids).toEqual([
        "SecureTransport",
        "Tls12",
        "TrailIsChecked",
        "TrailIsWritten",
        "RecordsAreKept",
      ]);
    });
  });

  describe("its identities", () => {
    it("are two roles for each workload, within a boundary, for tasks of the account alone", () => {
      const roles = stack
        .resources()
        .filter(
          ({ type, parent }) =>
            type === "aws:iam/role:Role" && parent?.endsWith("::bulkhead-workload-identities") === true,
        );
      expect(roles.map(({ inputs }) => inputs?.["name"]).sort()).toEqual(
        referencePlatform.workloads
          .flatMap((workload) => [`bulkhead-${workload.id}`, `bulkhead-${workload.id}.execution`])
          .sort(),
      );
      for (const { inputs } of roles) {
        const kind = String(inputs?.["name"]).endsWith(".execution") ? "execution" : "workload";
        expect(inputs?.["permissionsBoundary"]).toBe(`${id(`bulkhead-${kind}-boundary`)}.arn`);
        expect(inputs?.["path"]).toBe("/bulkhead/");
        expect(JSON.parse(String(inputs?.["assumeRolePolicy"]))).toEqual({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "OwnAccountOnly",
              Effect: "Allow",
              Principal: { Service: "ecs-tasks.amazonaws.com" },
              Action: ["sts:AssumeRole"],
              Condition: {
                StringEquals: { "aws:SourceAccount": "111122223333" },
                ArnLike: { "aws:SourceArn": "arn:aws:ecs:us-east-1:111122223333:*" },
              },
            },
          ],
        });
      }
    });

    it("may do nothing from outside of the platform's network, but for what starts a task", () => {
      const condition = {
        StringNotEquals: { "aws:SourceVpc": id("bulkhead-network") },
        BoolIfExists: { "aws:ViaAWSService": "false" },
      };
      const refused = (kind: string): unknown => statementsOf(stack, `bulkhead-${kind}-boundary`)[1];
      const refusal = { Sid: "FromThePlatformsNetworkOnly", Effect: "Deny", Resource: ["*"] };
      expect(refused("workload")).toEqual({ ...refusal, Action: ["*"], Condition: condition });
      expect(refused("execution")).toEqual({
        ...refusal,
        NotAction: ["ecr:GetAuthorizationToken", "logs:CreateLogStream", "logs:PutLogEvents"],
        Condition: condition,
      });
      for (const kind of ["workload", "execution"]) {
        const [allow] = statementsOf(stack, `bulkhead-${kind}-boundary`);
        const actions = allow?.["Action"] as readonly string[];
        expect(actions.filter((action) => action.includes("*"))).toEqual([]);
        expect(actions.some((action) => /Export|Import|Delete|PutBucket|PassRole/.test(action))).toBe(false);
      }
    });

    it("let a workload use the stores that its flows name, and the stores' key through them alone", () => {
      const store = statementsOf(stack, "bulkhead-fhir-proxy-workload-permission").filter(({ Sid }) =>
        String(Sid).startsWith("Store"),
      );
      expect(store.map(({ Sid, Resource, Condition }) => ({ Sid, Resource, Condition }))).toEqual([
        {
          Sid: "Store0",
          Resource: ["arn:aws:s3:::bulkhead-document-store-111122223333-us-east-1/*"],
          Condition: undefined,
        },
        {
          Sid: "Store0Names",
          Resource: ["arn:aws:s3:::bulkhead-document-store-111122223333-us-east-1"],
          Condition: undefined,
        },
        { Sid: "Store1", Resource: [`${id("bulkhead-fhir-store")}.DatastoreArn`], Condition: undefined },
        {
          Sid: "StoresKey",
          Resource: [`${id("bulkhead-phi-key")}.arn`],
          Condition: {
            StringEquals: {
              "kms:ViaService": ["healthlake.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com"],
            },
          },
        },
      ]);
      const others = statementsOf(stack, "bulkhead-embedding-service-workload-permission");
      expect(others.filter(({ Sid }) => String(Sid).startsWith("Store"))).toEqual([]);
    });
  });

  describe("its keys", () => {
    it.each(["phi", "audit", "platform"])(
      "for %s rotate, and let nobody administer and use them both",
      (purpose) => {
        const { policy, tags, ...inputs } = inputsOf(stack, `bulkhead-${purpose}-key`);
        expect(policy).toEqual(expect.any(String));
        expect(tags).toEqual({
          "bulkhead-platform": "bulkhead",
          "bulkhead-zone": purpose === "phi" ? "phi" : "shared",
        });
        expect(inputs).toEqual({
          description: expect.stringContaining("Bulkhead bulkhead: ") as string,
          enableKeyRotation: true,
          deletionWindowInDays: 30,
          multiRegion: false,
        });
        const [administration, ...uses] = statementsOf(stack, `bulkhead-${purpose}-key`);
        const crypto = /kms:(?:\*|Decrypt|Encrypt|GenerateDataKey|ReEncrypt|CreateGrant|Create\*)/;
        expect(
          (administration?.["Action"] as readonly string[]).filter((action) => crypto.test(action)),
        ).toEqual([]);
        // Whoever uses the key does so under a condition.
        expect(uses.filter(({ Condition }) => Condition === undefined)).toEqual([]);
      },
    );

    it("for PHI are used by the stores' clients through the stores, and by the stores themselves", () => {
      const statements = statementsOf(stack, "bulkhead-phi-key");
      expect(statements.map(({ Sid }) => Sid)).toEqual([
        "Administration",
        "ServicesUse",
        "ServicesTakeGrants",
        "StoresServeTheirClients",
      ]);
      expect(statements[3]?.["Condition"]).toEqual({
        StringEquals: {
          "kms:CallerAccount": "111122223333",
          "kms:ViaService": [
            "aoss.us-east-1.amazonaws.com",
            "healthlake.us-east-1.amazonaws.com",
            "s3.us-east-1.amazonaws.com",
          ],
        },
        ArnEquals: { "aws:PrincipalArn": [role("fhir-proxy"), role("rag-service")] },
      });
    });

    it("for the platform are used by Fargate for the disks of its cluster, and by alarms for its topic", () => {
      const cluster = {
        "kms:EncryptionContext:aws:ecs:clusterAccount": "111122223333",
        "kms:EncryptionContext:aws:ecs:clusterName": "bulkhead",
      };
      const fargate = { Service: "fargate.amazonaws.com" };
      const statements = statementsOf(stack, "bulkhead-platform-key");
      expect(statements.map(({ Sid }) => Sid)).toEqual([
        "Administration",
        "ServicesUse",
        "ServicesTakeGrants",
        "Workloads",
        "DisksAreMade",
        "DisksAreRead",
        "AlarmsArePublished",
      ]);
      expect(statements.slice(4)).toEqual([
        {
          Sid: "DisksAreMade",
          Effect: "Allow",
          Principal: fargate,
          Action: ["kms:GenerateDataKeyWithoutPlaintext"],
          Resource: ["*"],
          Condition: { StringEquals: cluster },
        },
        {
          Sid: "DisksAreRead",
          Effect: "Allow",
          Principal: fargate,
          Action: ["kms:CreateGrant"],
          Resource: ["*"],
          Condition: {
            StringEquals: cluster,
            "ForAllValues:StringEquals": { "kms:GrantOperations": ["Decrypt"] },
          },
        },
        {
          Sid: "AlarmsArePublished",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: ["*"],
          Condition: {
            StringEquals: { "aws:SourceAccount": "111122223333" },
            ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:*" },
          },
        },
      ]);
    });
  });

  describe("its guardrail", () => {
    const partsOf = ({
      contentPolicyConfig,
      sensitiveInformationPolicyConfig,
    }: ReturnType<typeof guardrailSettings>): Properties => ({
      contentPolicyConfig,
      sensitiveInformationPolicyConfig,
    });

    it("blocks harm and attacks, remarks PHI as the agreement lets it through, and is under the platform's key", () => {
      const { name, kmsKeyArn, tags, contentPolicyConfig, sensitiveInformationPolicyConfig } = inputsOf(
        stack,
        "bulkhead-native-models-guardrail",
      );
      expect({ name, kmsKeyArn, tags }).toEqual({
        name: "bulkhead-native-models",
        kmsKeyArn: `${id("bulkhead-platform-key")}.arn`,
        tags: shared,
      });
      expect({ contentPolicyConfig, sensitiveInformationPolicyConfig }).toEqual(
        partsOf(guardrailSettings({ onFinding: "allow" }, { recordNumbers: [] })),
      );
    });

    it("has a version that nobody changes, of which the description says of what settings it is", () => {
      expect(inputsOf(stack, "bulkhead-native-models-guardrail-version")).toEqual({
        guardrailArn: guardrailArn("bulkhead-native-models"),
        description: expect.stringMatching(/^Settings [0-9a-f]{8}$/) as string,
        skipDestroy: false,
      });
    });

    it("is named in that version by every call that a role may make, and that the endpoint lets through", () => {
      const version = `${id("bulkhead-native-models-guardrail-version")}.version`;
      const required = {
        "bedrock:GuardrailIdentifier": `${guardrailArn("bulkhead-native-models")}:${version}`,
      };
      const generating = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0";
      const asked = ["async-ai-workers", "embedding-service", "rag-service"].map(
        (workload) => `bulkhead-${workload}-workload-permission`,
      );
      for (const name of ["bulkhead-bedrock-runtime-endpoint", ...asked]) {
        const statements = statementsOf(stack, name).filter(({ Resource }) =>
          (Resource as readonly string[]).includes(generating),
        );
        expect(
          statements.map(({ Effect, Condition }) => [Effect, (Condition as Properties)["StringEquals"]]),
        ).toEqual([["Allow", required]]);
        const applying = statementsOf(stack, name).filter(({ Action }) =>
          (Action as readonly string[]).includes("bedrock:ApplyGuardrail"),
        );
        expect(applying.map(({ Resource }) => Resource)).toEqual([[guardrailArn("bulkhead-native-models")]]);
      }
      const others = stack
        .resources()
        .filter(({ type, name }) => type === "aws:iam/rolePolicy:RolePolicy" && !asked.includes(name));
      expect(others.filter(({ inputs }) => String(inputs?.["policy"]).includes("bedrock"))).toEqual([]);
    });

    it("is an output of the platform, for programs that it does not run", () => {
      const version = `${id("bulkhead-native-models-guardrail-version")}.version`;
      expect(named(stack, "bulkhead").outputs["guardrailIds"]).toEqual({
        "native-models": `${guardrailArn("bulkhead-native-models")}:${version}`,
      });
    });

    it("is encrypted and read through Bedrock alone", () => {
      const [, use, grants] = statementsOf(stack, "bulkhead-platform-key");
      for (const statement of [use, grants]) {
        expect((statement?.["Condition"] as Properties)["StringEquals"]).toEqual({
          "kms:CallerAccount": "111122223333",
          "kms:ViaService": [
            "bedrock.us-east-1.amazonaws.com",
            "ecr.us-east-1.amazonaws.com",
            "secretsmanager.us-east-1.amazonaws.com",
          ],
        });
      }
    });

    it("is not there where no flow names the cloud's own models", async () => {
      const without = await renderedPlatform(smallPlatform, "deployed");
      expect(without.resources().filter(({ type }) => type.startsWith("aws:bedrock"))).toEqual([]);
      expect(JSON.stringify(statementsOf(without, "ward-platform-key"))).not.toContain("bedrock");
    });
  });

  it("has a private registry whose tags cannot be moved, and that admits no other account", () => {
    const repositories = stack.resources().filter(({ type }) => type === "aws:ecr/repository:Repository");
    expect(repositories.map(({ inputs }) => inputs?.["name"]).sort()).toEqual(
      ["certificate-agent", "envoy", ...referencePlatform.workloads.map((workload) => workload.id)]
        .map((image) => `bulkhead/${image}`)
        .sort(),
    );
    expect(inputsOf(stack, "bulkhead-image-fhir-proxy")).toEqual({
      name: "bulkhead/fhir-proxy",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: `${id("bulkhead-platform-key")}.arn` }],
      forceDelete: false,
      tags: shared,
    });
    expect(statementsOf(stack, "bulkhead-image-fhir-proxy-policy")).toEqual([
      {
        Sid: "OwnAccountOnly",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: ["ecr:*"],
        Condition: { StringNotEquals: { "aws:PrincipalAccount": "111122223333" } },
      },
    ]);
  });

  describe("its front door", () => {
    const balancer = (client: string): Properties => inputsOf(stack, `bulkhead-${client}-entrance`);

    it("is two load balancers with public addresses, and nothing else has any", () => {
      const balancers = stack.resources().filter(({ type }) => type === "aws:lb/loadBalancer:LoadBalancer");
      expect(balancers.map(({ name }) => name).sort()).toEqual([
        "bulkhead-clinician-entrance",
        "bulkhead-machine-entrance",
      ]);
      const records = { bucket: id("bulkhead-edge-records-bucket"), enabled: true };
      expect(balancer("machine")).toEqual({
        name: "bulkhead-machine",
        loadBalancerType: "application",
        internal: false,
        ipAddressType: "ipv4",
        subnets: [id("bulkhead-gateway-load-balancer-a"), id("bulkhead-gateway-load-balancer-b")],
        securityGroups: [id("bulkhead-load-balancer-filter")],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "strictest",
        xffHeaderProcessingMode: "append",
        enableTlsVersionAndCipherSuiteHeaders: true,
        enableWafFailOpen: false,
        enableDeletionProtection: true,
        accessLogs: records,
        connectionLogs: records,
        tags: edge,
      });
    });

    it("lets only the clinicians' load balancer call out, to sign them in", () => {
      expect(balancer("clinician")["securityGroups"]).toEqual([
        id("bulkhead-load-balancer-filter"),
        id("bulkhead-aws-clinician-sign-in-filter"),
      ]);
      expect(inputsOf(stack, "bulkhead-load-balancer-to-world-egress")).toMatchObject({
        securityGroupId: id("bulkhead-aws-clinician-sign-in-filter"),
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: "0.0.0.0/0",
      });
      expect(inputsOf(stack, "bulkhead-aws-clinician-sign-in-filter-rules")).toEqual({
        securityGroupId: id("bulkhead-aws-clinician-sign-in-filter"),
        ingressRuleIds: [],
        egressRuleIds: [`${id("bulkhead-load-balancer-to-world-egress")}.securityGroupRuleId`],
      });
    });

    it("verifies machine clients' certificates over TLS 1.3", () => {
      expect(inputsOf(stack, "bulkhead-machine-listener")).toEqual({
        loadBalancerArn: `${id("bulkhead-machine-entrance")}.arn`,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
        certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000",
        mutualAuthentication: {
          mode: "verify",
          trustStoreArn: `${id("bulkhead-machine-trust-store")}.arn`,
          ignoreClientCertificateExpiry: false,
          advertiseTrustStoreCaNames: "on",
        },
        defaultActions: [
          { type: "forward", order: 1, targetGroupArn: `${id("bulkhead-machine-targets")}.arn` },
        ],
        tags: edge,
      });
      expect(inputsOf(stack, "bulkhead-machine-trust-store")).toEqual({
        name: "bulkhead-machine",
        caCertificatesBundleS3Bucket: id("bulkhead-machine-authorities-bucket"),
        caCertificatesBundleS3Key: "authorities.pem",
        caCertificatesBundleS3ObjectVersion: `${id("bulkhead-machine-authorities")}.versionId`,
        tags: edge,
      });
    });

    it("signs clinicians in before anything is forwarded, over TLS 1.3", () => {
      const { sslPolicy, port, protocol, defaultActions } = inputsOf(stack, "bulkhead-clinician-listener");
      expect({ sslPolicy, port, protocol }).toEqual({
        sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
        port: 443,
        protocol: "HTTPS",
      });
      // The whole list is marked as a secret, because the client's secret is in it.
      const { value, ...mark } = defaultActions as Properties;
      expect(mark).toEqual({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" });
      expect(value).toEqual([
        {
          type: "authenticate-oidc",
          order: 1,
          authenticateOidc: {
            issuer: "https://sign-in.hospital.example",
            authorizationEndpoint: "https://sign-in.hospital.example/authorize",
            tokenEndpoint: "https://sign-in.hospital.example/token",
            userInfoEndpoint: "https://sign-in.hospital.example/userinfo",
            clientId: "bulkhead",
            clientSecret: "not-a-secret",
            onUnauthenticatedRequest: "authenticate",
            scope: "openid",
            sessionTimeout: 3600,
          },
        },
        { type: "forward", order: 2, targetGroupArn: `${id("bulkhead-clinician-targets")}.arn` },
      ]);
    });

    it("speaks TLS to ai-gateway", () => {
      expect(inputsOf(stack, "bulkhead-machine-targets")).toEqual({
        name: "bulkhead-machine",
        vpcId: id("bulkhead-network"),
        targetType: "ip",
        protocol: "HTTPS",
        protocolVersion: "HTTP2",
        port: 443,
        healthCheck: {
          enabled: true,
          protocol: "HTTPS",
          port: "traffic-port",
          path: "/healthz",
          matcher: "200",
        },
        tags: edge,
      });
    });

    it.each([
      {
        client: "machine",
        claims: ["x-amzn-oidc-accesstoken", "x-amzn-oidc-data", "x-amzn-oidc-identity"],
      },
      {
        client: "clinician",
        claims: [
          "x-amzn-mtls-clientcert",
          "x-amzn-mtls-clientcert-issuer",
          "x-amzn-mtls-clientcert-leaf",
          "x-amzn-mtls-clientcert-serial-number",
          "x-amzn-mtls-clientcert-subject",
          "x-amzn-mtls-clientcert-validity",
        ],
      },
    ])(
      "stands behind a web firewall that blocks, also who claims at the $client entrance what the other says",
      ({ client, claims }) => {
        const firewall = `bulkhead-${client}-web-firewall`;
        const { rules, defaultAction, scope } = inputsOf(stack, firewall);
        expect({ defaultAction, scope }).toEqual({ defaultAction: { allow: {} }, scope: "REGIONAL" });
        expect(
          (rules as readonly Properties[]).map(({ name, priority, action, overrideAction }) => ({
            name,
            priority,
            blocks: action ?? overrideAction,
          })),
        ).toEqual([
          { name: "claimed-identity", priority: 0, blocks: { block: {} } },
          { name: "too-many-requests", priority: 1, blocks: { block: {} } },
          { name: "AWSManagedRulesAmazonIpReputationList", priority: 2, blocks: { none: {} } },
          { name: "AWSManagedRulesKnownBadInputsRuleSet", priority: 3, blocks: { none: {} } },
          { name: "AWSManagedRulesSQLiRuleSet", priority: 4, blocks: { none: {} } },
          { name: "AWSManagedRulesCommonRuleSet", priority: 5, blocks: { none: {} } },
        ]);
        expect((rules as readonly Properties[])[0]?.["statement"]).toEqual({
          orStatement: {
            statements: claims.map((name) => ({
              sizeConstraintStatement: {
                fieldToMatch: { singleHeader: { name } },
                comparisonOperator: "GT",
                size: 0,
                textTransformations: [{ priority: 0, type: "NONE" }],
              },
            })),
          },
        });
        expect(inputsOf(stack, `${firewall}-association`)).toEqual({
          resourceArn: `${id(`bulkhead-${client}-entrance`)}.arn`,
          webAclArn: `${id(firewall)}.arn`,
        });
        expect(inputsOf(stack, `${firewall}-recording`)).toEqual({
          resourceArn: `${id(firewall)}.arn`,
          logDestinationConfigs: [`${id("bulkhead-web-firewall-records")}.arn`],
          redactedFields: [
            { singleHeader: { name: "authorization" } },
            { singleHeader: { name: "cookie" } },
            { queryString: {} },
          ],
        });
      },
    );
  });
});

describe("an entrance that passes TCP through", () => {
  it("is a load balancer without TLS, web firewall or sign-in, and says who calls by the PROXY protocol", async () => {
    const file: PlatformFile = {
      ...smallPlatform,
      edge: { mode: "l4-passthrough", clients: ["machine"] },
    };
    const stack = await renderedPlatform(file, "deployed");
    const tags = {
      "bulkhead-platform": "ward",
      "bulkhead-zone": "gateway",
      "bulkhead-load-balancer": "edge",
    };
    expect(shortTypes(stack, "ward-front-door")).toEqual([
      "Listener ward-passthrough-listener",
      "LoadBalancer ward-passthrough-entrance",
      "TargetGroup ward-passthrough-targets",
    ]);
    expect(inputsOf(stack, "ward-passthrough-entrance")).toEqual({
      name: "ward-passthrough",
      loadBalancerType: "network",
      internal: false,
      ipAddressType: "ipv4",
      subnets: [stack.id("ward-gateway-load-balancer-a"), stack.id("ward-gateway-load-balancer-b")],
      securityGroups: [stack.id("ward-load-balancer-filter")],
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
      enableCrossZoneLoadBalancing: true,
      enableDeletionProtection: true,
      tags,
    });
    expect(inputsOf(stack, "ward-passthrough-listener")).toEqual({
      loadBalancerArn: `${stack.id("ward-passthrough-entrance")}.arn`,
      port: 443,
      protocol: "TCP",
      defaultActions: [
        { type: "forward", order: 1, targetGroupArn: `${stack.id("ward-passthrough-targets")}.arn` },
      ],
      tags,
    });
    expect(inputsOf(stack, "ward-passthrough-targets")).toEqual({
      name: "ward-passthrough",
      vpcId: stack.id("ward-network"),
      targetType: "ip",
      protocol: "TCP",
      port: 443,
      preserveClientIp: "false",
      proxyProtocolV2: true,
      healthCheck: { enabled: true, protocol: "TCP", port: "traffic-port" },
      tags,
    });
    expect(stack.names().filter((name) => name.includes("to-world-egress"))).toEqual([]);
  });
});

describe("what is around a platform", () => {
  it("may hold its FHIR store already, to which the endpoint then leads", async () => {
    const arn = `arn:aws:healthlake:us-east-1:111122223333:datastore/fhir/${"0".repeat(32)}`;
    const stack = await renderedPlatform(referencePlatform, "deployed", target, {
      existingDataStores: new Map([["fhir-store", arn]]),
    });
    expect(stack.names()).not.toContain("bulkhead-fhir-store");
    // AWS writes the ARN in two ways.
    const both = [arn.replace("fhir/", ""), arn];
    expect(statementsOf(stack, "bulkhead-phi-healthlake-endpoint").map(({ Resource }) => Resource)).toEqual([
      both,
    ]);
    expect(
      statementsOf(stack, "bulkhead-fhir-proxy-workload-permission").find(({ Sid }) => Sid === "Store1")?.[
        "Resource"
      ],
    ).toEqual(both);
  });

  it("may leave a store without clients, whose endpoint then lets nothing through", async () => {
    const file: PlatformFile = {
      ...smallPlatform,
      flows: smallPlatform.flows.filter(({ to }) => to !== "data-store/fhir-store"),
    };
    const stack = await renderedPlatform(file, "deployed");
    expect(statementsOf(stack, "ward-phi-healthlake-endpoint")).toEqual([
      { Sid: "Nothing", Effect: "Deny", Principal: { AWS: "*" }, Action: ["*"], Resource: ["*"] },
    ]);
  });

  it("may name who runs Pulumi, who alone then lists the documents from outside and gives the key to stores", async () => {
    const deployer = "arn:aws:iam::111122223333:role/deployer";
    const stack = await renderedPlatform(referencePlatform, "deployed", target, { deployerId: deployer });
    expect(statementsOf(stack, "bulkhead-document-store-policy").at(-1)).toEqual({
      Sid: "ListedByItsDeployer",
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: ["s3:ListBucket"],
      Resource: [
        "arn:aws:s3:::bulkhead-document-store-111122223333-us-east-1",
        "arn:aws:s3:::bulkhead-document-store-111122223333-us-east-1/*",
      ],
      Condition: {
        StringNotEquals: { "aws:SourceVpce": stack.id("bulkhead-phi-s3-endpoint") },
        ArnNotEquals: { "aws:PrincipalArn": deployer },
      },
    });
    const gives = statementsOf(stack, "bulkhead-phi-key").filter(({ Sid }) =>
      ["ServicesUse", "ServicesTakeGrants"].includes(String(Sid)),
    );
    expect(gives.map(({ Condition }) => (Condition as Properties)["ArnEquals"])).toEqual([
      { "aws:PrincipalArn": [deployer] },
      { "aws:PrincipalArn": [deployer] },
    ]);
  });

  it("is switched for the whole account only if the stack asks for it", async () => {
    const guarded = await renderedPlatform(smallPlatform, "deployed", target, { guardsAccount: true });
    expect(shortTypes(guarded, "ward-account-guardrails")).toEqual(
      [
        "AccountPublicAccessBlock ward-account-buckets",
        "EncryptionByDefault ward-account-volumes",
        "ImageBlockPublicAccess ward-account-images",
        "InstanceMetadataDefaults ward-account-instances",
        "SnapshotBlockPublicAccess ward-account-snapshots",
        "VpcBlockPublicAccessExclusion ward-account-entrance-a",
        "VpcBlockPublicAccessExclusion ward-account-entrance-b",
        "VpcBlockPublicAccessOptions ward-account-network",
      ].sort(),
    );
    expect(inputsOf(guarded, "ward-account-network")).toEqual({
      internetGatewayBlockMode: "block-bidirectional",
    });
    expect(inputsOf(guarded, "ward-account-entrance-a")["subnetId"]).toBe(
      guarded.id("ward-gateway-load-balancer-a"),
    );
    const plain = await renderedPlatform(smallPlatform, "deployed");
    expect(plain.names().filter((name) => name.includes("account"))).toEqual([]);
  });

  it("is said on the page about AWS: each type that is rendered, and no other", async () => {
    const known = surroundingsOf(platformSpec(referencePlatform));
    const file: PlatformFile = {
      ...withExternalProviders,
      certificates: { ...referencePlatform.certificates, issuer: "managed" },
    };
    const everything = await renderedPlatform(file, "deployed", target, {
      guardsAccount: true,
      entrance: {
        ...(known.entrance as Extract<Entrance, { mode: "l7-terminate" }>),
        machine: { certificates: "certificates", revocations: "revocations", responders: [] },
      },
    });
    const rendered = new Set(
      everything.resources().flatMap(({ type }) => (type.startsWith("aws:") ? [type] : [])),
    );
    const page = readFileSync(join(__dirname, "../../docs/aws.md"), "utf8");
    const said = [...page.slice(page.indexOf("## Types")).matchAll(/`(aws:[^`]+)`/g)].map(([, type]) => type);
    expect(said).toEqual([...rendered].sort());
  });
});
