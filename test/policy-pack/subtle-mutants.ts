import type { Mutant } from "./mutants";
import {
  admits,
  audited,
  bucket,
  bucketPolicy,
  egress,
  foreignAccount,
  foreignBucket,
  isPrivate,
  resolver,
  restate,
  set,
  understood,
  withAnother,
  type Properties,
  type Statement,
} from "./service-mutants";
import { unknownText, type Sketch } from "./stack-sketch";

const own = "111122223333";
const documents = "bulkhead-document-store-111122223333-us-east-1";
const healthlake = "bulkhead-phi-healthlake-endpoint";
const network = "bulkhead-network";
const fhirProxy = `arn:aws:iam::${own}:role/bulkhead/bulkhead-fhir-proxy`;

/** Conditions that look as if they kept everybody else out, and do not. */
const conditions: readonly Properties[] = [
  { StringEqualsIfExists: { "aws:SourceVpce": "vpce-0123456789abcdef0" } },
  { StringEqualsIfExists: { "aws:PrincipalAccount": own } },
  { "ForAllValues:StringEquals": { "aws:PrincipalAccount": own } },
  { StringEqualsIfExists: { "aws:SourceAccount": own } },
  { StringEqualsIfExists: { "aws:VpceAccount": own } },
  { ArnLikeIfExists: { "aws:PrincipalArn": `arn:aws:iam::${own}:role/*` } },
  { StringLike: { "aws:PrincipalArn": `arn:aws:*:*:${own}:*` } },
  { Null: { "aws:SourceVpce": "true" } },
  { Null: { "aws:PrincipalAccount": "true" } },
  { StringLike: { "aws:PrincipalOrgID": "o-*" } },
  { Null: { "aws:PrincipalOrgID": "false" } },
  { StringEquals: { "aws:PrincipalOrgID": "o-somebody000" } },
  { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "*" } },
  { Bool: { "aws:ViaAWSService": "true" } },
  { Bool: { "aws:SecureTransport": "false" } },
];

/** Changes the condition of one statement of a policy. */
function recondition(stack: Sketch, name: string, sid: string, Condition: Properties): void {
  restate(stack, name, (statements) =>
    statements.map((statement: Statement) =>
      statement.Sid === sid ? { ...statement, Condition } : statement,
    ),
  );
}

const clients = (more: unknown): Properties => ({ ArnNotEquals: { "aws:PrincipalArn": more } });

function policyText(...statements: readonly Properties[]): string {
  return JSON.stringify({ Statement: statements });
}

/** A rule of a firewall, in a group of its own or in one that is there. */
function answerEverything(stack: Sketch, group: string, priority: number): void {
  const list = stack.add("aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList", "hole-list", {
    domains: ["*"],
  });
  stack.add("aws:route53/resolverFirewallRule:ResolverFirewallRule", "hole", {
    firewallRuleGroupId: group,
    firewallDomainListId: list,
    priority,
    action: "ALLOW",
  });
}

function associate(stack: Sketch, inputs: Properties): void {
  stack.add(
    "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
    "hole-association",
    { vpcId: stack.id(network), priority: 100, ...inputs },
  );
}

function trailSelectors(stack: Sketch, change: (selectors: readonly Properties[]) => unknown): void {
  stack.change("bulkhead-trail", (inputs) => ({
    ...inputs,
    advancedEventSelectors: change(inputs["advancedEventSelectors"] as readonly Properties[]),
  }));
}

/** Narrows a selector of the trail by one more field. */
function narrow(stack: Sketch, at: number, field: Properties): void {
  trailSelectors(stack, (selectors) =>
    selectors.map((selector, index) =>
      index === at
        ? { ...selector, fieldSelectors: [...(selector["fieldSelectors"] as readonly unknown[]), field] }
        : selector,
    ),
  );
}

/** Faults that words alone do not show: conditions that hold too often, references in other texts, the last of two owners. */
export const subtleMutants: readonly Mutant[] = [
  ...conditions.map((Condition): Mutant => ({
    fault: `PHI key: everybody, if ${JSON.stringify(Condition)}`,
    rule: egress,
    dig: (s) => {
      restate(
        s,
        "bulkhead-phi-key",
        withAnother({ Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*", Condition }),
      );
    },
  })),
  {
    fault: "PHI key: a service of AWS decrypts for whomever it acts",
    rule: egress,
    dig: (s) => {
      restate(
        s,
        "bulkhead-phi-key",
        withAnother({
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "kms:Decrypt",
          Resource: "*",
        }),
      );
    },
  },
  {
    fault: "PHI key: a policy of its own beside it that lets another account in",
    rule: egress,
    dig: (s) =>
      s.add("aws:kms/keyPolicy:KeyPolicy", "hole", {
        keyId: s.id("bulkhead-phi-key"),
        policy: policyText({
          Effect: "Allow",
          Principal: { AWS: foreignAccount },
          Action: "kms:*",
          Resource: "*",
        }),
      }),
  },
  {
    fault: "document store: another account is named, by the platform's own endpoint",
    rule: egress,
    dig: (s) => {
      restate(
        s,
        bucketPolicy,
        withAnother({
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${foreignAccount}:root` },
          Action: "s3:ListBucket",
          Resource: "*",
          Condition: { StringEquals: { "aws:SourceVpce": s.id("bulkhead-phi-s3-endpoint") } },
        }),
      );
    },
  },
  {
    fault: "document store: a service of the account serves it to the Internet",
    rule: egress,
    dig: (s) => {
      recondition(s, bucketPolicy, "OnlyThroughItsEndpoint", {
        StringNotEquals: { "aws:SourceVpce": s.id("bulkhead-phi-s3-endpoint") },
        Bool: { "aws:PrincipalIsAWSService": "false" },
      });
      restate(s, bucketPolicy, (statements) => [
        ...statements.filter(({ Sid }) => Sid !== "OnlyItsClients"),
        {
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: "*",
          Condition: {
            StringEquals: { "aws:SourceArn": `arn:aws:cloudfront::${own}:distribution/E1` },
          },
        },
      ]);
    },
  },
  {
    fault: "document store: its refusal is of calls over TLS only",
    rule: isPrivate,
    dig: (s) => {
      recondition(s, bucketPolicy, "OnlyThroughItsEndpoint", {
        StringNotEquals: { "aws:SourceVpce": s.id("bulkhead-phi-s3-endpoint") },
        Bool: { "aws:SecureTransport": "true" },
      });
    },
  },
  {
    fault: "document store: an endpoint of processing leads to it as well",
    rule: isPrivate,
    dig: (s) => {
      recondition(s, bucketPolicy, "OnlyThroughItsEndpoint", {
        StringNotEquals: {
          "aws:SourceVpce": [s.id("bulkhead-phi-s3-endpoint"), s.id("bulkhead-s3-endpoint")],
        },
      });
    },
  },
  {
    fault: "document store: a second policy that closes nothing",
    rule: isPrivate,
    dig: (s) =>
      s.add("aws:s3/bucketPolicy:BucketPolicy", "hole", {
        bucket: s.id(bucket),
        policy: policyText({
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${own}:root` },
          Action: "s3:*",
          Resource: "*",
        }),
      }),
  },
  {
    fault: "document store: an inline policy that closes nothing",
    rule: isPrivate,
    dig: (s) => {
      set(
        s,
        bucket,
        "policy",
        policyText({
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${own}:root` },
          Action: "s3:*",
          Resource: "*",
        }),
      );
    },
  },
  {
    fault: "document store: a user of the account is let in beside its clients",
    rule: admits,
    dig: (s) => {
      recondition(
        s,
        bucketPolicy,
        "OnlyItsClients",
        clients([fhirProxy, `arn:aws:iam::${own}:user/somebody`]),
      );
    },
  },
  {
    fault: "document store: whoever calls is let in, by a variable",
    rule: admits,
    dig: (s) => {
      recondition(s, bucketPolicy, "OnlyItsClients", clients("${aws:PrincipalArn}"));
    },
  },
  {
    fault: "document store: an access point in a network of somebody's",
    rule: egress,
    dig: (s) =>
      s.add("aws:s3/accessPoint:AccessPoint", "hole", {
        bucket: s.id(bucket),
        vpcConfiguration: { vpcId: "vpc-0123456789abcdef0" },
      }),
  },
  {
    fault: "a bucket of the PHI zone that says whose it is by a platform that there is not",
    rule: isPrivate,
    dig: (s) =>
      s.add("aws:s3/bucketV2:BucketV2", "hole", {
        bucket: "hole",
        tags: { "bulkhead-zone": "phi", "bulkhead-platform": "nobody" },
      }),
  },
  {
    fault: "a bucket of the PHI zone that is replicated by a property of the second spelling",
    rule: egress,
    dig: (s) =>
      s.add("aws:s3/bucketV2:BucketV2", "hole", {
        bucket: "hole",
        replicationConfigurations: [{ rules: [{ destinations: [{ bucket: foreignBucket }] }] }],
        tags: { "bulkhead-zone": "phi" },
      }),
  },
  {
    fault: "document store: copied by its name in an address",
    rule: egress,
    dig: (s) =>
      s.add("aws:s3/objectCopy:ObjectCopy", "hole", { source: `${documents}/record`, bucket: "elsewhere" }),
  },
  {
    fault: "document store: read by a crawler, by its name in an address",
    rule: understood,
    dig: (s) => s.add("aws:glue/crawler:Crawler", "hole", { s3Targets: [{ path: `s3://${documents}/` }] }),
  },
  {
    fault: "document store: in what is backed up, by a pattern",
    rule: egress,
    dig: (s) => s.add("aws:backup/selection:Selection", "hole", { resources: ["arn:aws:s3:::*"] }),
  },
  {
    fault: "document store: a policy by Cloud Control",
    rule: understood,
    dig: (s) =>
      s.add("aws:cloudcontrol/resource:Resource", "hole", {
        typeName: "AWS::S3::BucketPolicy",
        desiredState: JSON.stringify({ Bucket: documents, PolicyDocument: {} }),
      }),
  },
  {
    fault: "a template of CloudFormation beside a platform",
    rule: understood,
    dig: (s) => s.add("aws:cloudformation/stack:Stack", "hole", { templateBody: "{}" }),
  },
  {
    fault: "something of another provider beside a platform",
    rule: understood,
    dig: (s) => s.add("mongodbatlas:index/project:Project", "hole", { name: "records" }),
  },
  {
    fault: "a command beside a platform",
    rule: understood,
    dig: (s) => s.add("command:local:Command", "hole", { create: "true" }),
  },
  {
    fault: "vector index: a policy on the network by Cloud Control",
    rule: understood,
    dig: (s) =>
      s.add("aws:cloudcontrol/resource:Resource", "hole", {
        typeName: "AWS::OpenSearchServerless::SecurityPolicy",
        desiredState: JSON.stringify({ Type: "network", Policy: "[]" }),
      }),
  },
  {
    fault: "vector index: a policy on the network by another provider",
    rule: egress,
    dig: (s) =>
      s.add("aws-native:opensearchserverless:SecurityPolicy", "hole", {
        type: "network",
        policy: JSON.stringify([
          {
            Rules: [{ ResourceType: "collection", Resource: ["collection/*"] }],
            AllowFromPublic: true,
          },
        ]),
      }),
  },
  {
    fault: "FHIR store: a user of the account passes its endpoint",
    rule: admits,
    dig: (s) => {
      recondition(s, healthlake, "ClientsFhirStore", {
        ArnEquals: { "aws:PrincipalArn": [`arn:aws:iam::${own}:user/somebody`] },
      });
    },
  },
  {
    fault: "FHIR store: a role of another account passes its endpoint",
    rule: admits,
    dig: (s) => {
      recondition(s, healthlake, "ClientsFhirStore", {
        ArnEquals: { "aws:PrincipalArn": [fhirProxy, `arn:aws:iam::${foreignAccount}:role/x`] },
      });
    },
  },
  {
    fault: "FHIR store: nothing is said of tables for analysis",
    rule: egress,
    dig: (s) => {
      s.change("bulkhead-fhir-store", (inputs) => {
        const state = JSON.parse(String(inputs["desiredState"])) as Properties;
        return {
          ...inputs,
          desiredState: JSON.stringify({ ...state, AnalyticsConfiguration: undefined }),
        };
      });
    },
  },
  {
    fault: "a workload's role that another account may take on",
    rule: admits,
    dig: (s) => {
      set(
        s,
        "bulkhead-fhir-proxy-workload-role",
        "assumeRolePolicy",
        policyText({
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${foreignAccount}:root` },
          Action: "sts:AssumeRole",
        }),
      );
    },
  },
  {
    fault: "a workload's role that anybody of the account may take on",
    rule: admits,
    dig: (s) => {
      set(
        s,
        "bulkhead-fhir-proxy-workload-role",
        "assumeRolePolicy",
        policyText({ Effect: "Allow", Principal: { AWS: own }, Action: "sts:AssumeRole" }),
      );
    },
  },
  {
    fault: "PHI endpoint: it leads to a service that somebody publishes",
    rule: egress,
    dig: (s) => {
      set(s, healthlake, "serviceName", "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0");
    },
  },
  {
    fault: "PHI endpoint: it leads to a resource of somebody's",
    rule: egress,
    dig: (s) => {
      set(s, healthlake, "vpcEndpointType", "Resource");
    },
  },
  {
    fault: "PHI endpoint: what it leads to is not known",
    rule: egress,
    dig: (s) => {
      set(s, healthlake, "serviceName", unknownText);
    },
  },
  {
    fault: "endpoint of keys: it leads to another service",
    rule: isPrivate,
    dig: (s) => {
      set(s, "bulkhead-kms-endpoint", "serviceName", "com.amazonaws.us-east-1.sqs");
    },
  },
  ...(
    [
      ["s3:DeleteBucketPolicy", "a policy may be taken away"],
      ["s3:CreateAccessPoint", "access points may be made"],
      ["s3:PutObjectVersionAcl", "access lists may be set"],
      ["ebs:PutSnapshotBlock", "snapshots may be written", "arn:aws:ec2:us-east-1::snapshot/*"],
      ["s3:PutObject", "buckets of any service may be written", "arn:aws:s3*:::attacker/*"],
      [
        "s3:GetObject",
        "layers of somebody's may be read",
        "arn:aws:s3:::prod-attacker-starport-layer-bucket/*",
      ],
    ] as const
  ).map(([Action, what, Resource = `arn:aws:s3:::${documents}`]): Mutant => ({
    fault: `PHI endpoint: ${what}`,
    rule: egress,
    dig: (s) => {
      restate(
        s,
        "bulkhead-phi-s3-endpoint",
        withAnother({
          Effect: "Allow",
          Principal: "*",
          Action,
          Resource,
          Condition: { ArnEquals: { "aws:PrincipalArn": [fhirProxy] } },
        }),
      );
    },
  })),
  {
    fault: "an endpoint of processing without a policy that calls itself shared",
    rule: isPrivate,
    dig: (s) =>
      s.add("aws:ec2/vpcEndpoint:VpcEndpoint", "hole", {
        vpcId: s.id(network),
        vpcEndpointType: "Interface",
        serviceName: "com.amazonaws.us-east-1.sqs",
        privateDnsEnabled: true,
        subnetIds: [s.id("bulkhead-processing-private-endpoint-a")],
        securityGroupIds: [s.id("bulkhead-keys-filter")],
        tags: { "bulkhead-zone": "shared", "bulkhead-platform": "nobody" },
      }),
  },
  {
    fault: "names: a group that is not of the stack comes first",
    rule: resolver,
    dig: (s) => {
      associate(s, { firewallRuleGroupId: "rslvr-frg-0123456789abcdef" });
    },
  },
  {
    fault: "names: a group that is not known comes first",
    rule: resolver,
    dig: (s) => {
      associate(s, { firewallRuleGroupId: unknownText });
    },
  },
  {
    fault: "names: a group that answers everything, on a network that is not known",
    rule: resolver,
    dig: (s) => {
      const group = s.add(
        "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup",
        "hole-group",
        {},
      );
      answerEverything(s, group, 1);
      associate(s, { firewallRuleGroupId: group, vpcId: unknownText });
    },
  },
  {
    fault: "names: a rule that answers everything, in a group that is not known",
    rule: resolver,
    dig: (s) => {
      answerEverything(s, unknownText, 1);
    },
  },
  {
    fault: "records: a trail of calls that only read",
    rule: audited,
    dig: (s) => {
      narrow(s, 0, { field: "readOnly", equals: ["true"] });
    },
  },
  {
    fault: "records: a trail of nobody's reads and writes",
    rule: audited,
    dig: (s) => {
      narrow(s, 1, { field: "userIdentity.arn", equals: ["nobody"] });
    },
  },
  {
    fault: "records: a trail without the services of no region",
    rule: audited,
    dig: (s) => {
      set(s, "bulkhead-trail", "includeGlobalServiceEvents", false);
    },
  },
  {
    fault: "records: a trail into somebody's bucket",
    rule: audited,
    dig: (s) => {
      set(s, "bulkhead-trail", "s3BucketName", "somebody-elses-bucket");
    },
  },
  {
    fault: "records: flows into somebody's bucket",
    rule: audited,
    dig: (s) => {
      set(s, "bulkhead-network-flows", "logDestination", foreignBucket);
    },
  },
  {
    fault: "records: queries into somebody's bucket",
    rule: audited,
    dig: (s) => {
      set(s, "bulkhead-names-queries", "destinationArn", foreignBucket);
    },
  },
  {
    fault: "records: no lock on those of the trail",
    rule: audited,
    dig: (s) => s.remove("bulkhead-audit-records-lock"),
  },
  {
    fault: "records: a lock that administrators may open",
    rule: audited,
    dig: (s) => {
      set(s, "bulkhead-audit-records-lock", "rule", {
        defaultRetention: { mode: "GOVERNANCE", days: 2192 },
      });
    },
  },
];
