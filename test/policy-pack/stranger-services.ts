import type { RuleName } from "../../policy-pack/rule-name";

import { unknownText, type Sketch } from "./stack-sketch";
import { withGroup, type Case } from "./stranger-corpus";

const phi = { "bulkhead-zone": "phi" };
const endpointType = "aws:ec2/vpcEndpoint:VpcEndpoint";

/** A case with the rule that refuses it. */
export interface ServiceCase extends Case {
  readonly rule: RuleName;
}

/** Refuses to read and write objects but through the endpoint of the PHI zone. */
function onlyThroughEndpoint(stack: Sketch, bucket: string): Readonly<Record<string, unknown>> {
  return {
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*"],
    Resource: [`arn:aws:s3:::${bucket}-1/*`],
    Condition: { StringNotEquals: { "aws:SourceVpce": stack.id("records-endpoint") } },
  };
}

/** Buckets of the PHI zone that answer its endpoint alone, and one of no zone. */
function withBuckets(stack: Sketch): Sketch {
  withGroup(stack, {});
  stack.add(endpointType, "records-endpoint", {
    vpcId: stack.id("vpc"),
    vpcEndpointType: "Interface",
    serviceName: "com.amazonaws.us-east-1.s3",
    subnetIds: [stack.id("phi-subnet")],
    securityGroupIds: [stack.id("phi-group")],
    policy: JSON.stringify({
      Statement: {
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::records-1/*",
        Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
      },
    }),
  });
  for (const bucket of ["records", "copies"]) {
    stack.add("aws:s3/bucket:Bucket", bucket, { bucket: `${bucket}-1`, tags: phi });
    stack.add("aws:s3/bucketPolicy:BucketPolicy", `${bucket}-policy`, {
      bucket: stack.id(bucket),
      policy: JSON.stringify({ Statement: [onlyThroughEndpoint(stack, bucket)] }),
    });
  }
  stack.add("aws:s3/bucket:Bucket", "elsewhere", { bucket: "elsewhere-1" });
  return stack;
}

/** Adds to the policy of a bucket a statement that lets somebody do what nothing refuses. */
function policyFor(stack: Sketch, statement: Readonly<Record<string, unknown>>): void {
  const allowed = { Effect: "Allow", Action: ["s3:ListBucket"], Resource: ["arn:aws:s3:::records-1"] };
  withBuckets(stack).change("records-policy", (inputs) => ({
    ...inputs,
    policy: JSON.stringify({
      Statement: [{ ...allowed, ...statement }, onlyThroughEndpoint(stack, "records")],
    }),
  }));
}

function replicated(stack: Sketch, to: string): void {
  withBuckets(stack).add("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "replication", {
    bucket: stack.id("records"),
    role: "arn:aws:iam::111122223333:role/replication",
    rules: [{ status: "Enabled", destination: { bucket: to } }],
  });
}

function fhirStore(stack: Sketch, more: Readonly<Record<string, unknown>>): void {
  stack.add("aws:cloudcontrol/resource:Resource", "fhir-store", {
    typeName: "AWS::HealthLake::FHIRDatastore",
    desiredState: JSON.stringify({
      DatastoreName: "records",
      DatastoreTypeVersion: "R4",
      AnalyticsConfiguration: { Status: "PAUSED" },
      Tags: [{ Key: "bulkhead-zone", Value: "phi" }],
      ...more,
    }),
  });
}

function collection(stack: Sketch, network: Readonly<Record<string, unknown>>): void {
  withGroup(stack, {});
  stack.add("aws:opensearch/serverlessVpcEndpoint:ServerlessVpcEndpoint", "vectors-endpoint", {
    name: "vectors",
    vpcId: stack.id("vpc"),
    subnetIds: [stack.id("phi-subnet")],
    securityGroupIds: [stack.id("phi-group")],
  });
  stack.add("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "vectors-endpoint-policy", {
    vpcEndpointId: stack.id("vectors-endpoint"),
    policy: JSON.stringify({
      Statement: {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:role/proxy" },
        Action: "aoss:APIAccessAll",
        Resource: "*",
        Condition: { StringEquals: { "aws:ResourceAccount": "111122223333" } },
      },
    }),
  });
  stack.add("aws:opensearch/serverlessCollection:ServerlessCollection", "vectors", {
    name: "vectors",
    type: "VECTORSEARCH",
    tags: phi,
  });
  stack.add("aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy", "vectors-network", {
    name: "vectors",
    type: "network",
    policy: JSON.stringify([
      {
        Rules: [{ ResourceType: "collection", Resource: ["collection/vectors"] }],
        AllowFromPublic: false,
        ...network,
      },
    ]),
  });
}

/** Something that runs code in the PHI zone, and so may ask for names. */
function withCode(stack: Sketch): Sketch {
  withGroup(stack, {});
  stack.add("aws:ec2/instance:Instance", "instance", {
    subnetId: stack.id("phi-subnet"),
    vpcSecurityGroupIds: [stack.id("phi-group")],
  });
  return stack;
}

function withFirewall(
  stack: Sketch,
  options: { readonly failsOpen: boolean; readonly blocksRest: boolean },
): void {
  withCode(stack);
  const domains = stack.add(
    "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList",
    "own-names",
    {
      domains: ["kms.us-east-1.amazonaws.com"],
    },
  );
  const all = stack.add("aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList", "all-names", {
    domains: ["*"],
  });
  const group = stack.add("aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup", "names", {});
  stack.add("aws:route53/resolverFirewallRule:ResolverFirewallRule", "allow-own", {
    firewallRuleGroupId: group,
    firewallDomainListId: domains,
    action: "ALLOW",
    priority: 100,
  });
  if (options.blocksRest) {
    stack.add("aws:route53/resolverFirewallRule:ResolverFirewallRule", "block-rest", {
      firewallRuleGroupId: group,
      firewallDomainListId: all,
      action: "BLOCK",
      blockResponse: "NODATA",
      priority: 200,
    });
  }
  stack.add(
    "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
    "names-in-force",
    { firewallRuleGroupId: group, vpcId: stack.id("vpc"), priority: 101 },
  );
  stack.add("aws:route53/resolverFirewallConfig:ResolverFirewallConfig", "names-fail", {
    resourceId: stack.id("vpc"),
    firewallFailOpen: options.failsOpen ? "ENABLED" : "DISABLED",
  });
}

const egress: RuleName = "phi-zone-has-no-egress";

/** Ways out of the PHI zone that no packet of its network takes, each beside the twin that is harmless. */
export const serviceCorpus: readonly ServiceCase[] = [
  {
    name: "a bucket that is replicated to one of no zone",
    rule: egress,
    bad: (s) => {
      replicated(s, "arn:aws:s3:::elsewhere-1");
    },
    good: (s) => {
      replicated(s, "arn:aws:s3:::copies-1");
    },
  },
  {
    name: "a bucket that is replicated to one that is not known",
    rule: egress,
    bad: (s) => {
      replicated(s, unknownText);
    },
    good: (s) => {
      replicated(s, "arn:aws:s3:::copies-1");
    },
  },
  {
    name: "a bucket whose policy names another account",
    rule: egress,
    bad: (s) => {
      policyFor(s, { Principal: { AWS: "arn:aws:iam::999999999999:root" } });
    },
    good: (s) => {
      policyFor(s, { Principal: { AWS: "arn:aws:iam::111122223333:role/proxy" } });
    },
  },
  {
    name: "a bucket whose policy names everybody",
    rule: egress,
    bad: (s) => {
      policyFor(s, { Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } });
    },
    good: (s) => {
      policyFor(s, {
        Principal: "*",
        Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
      });
    },
  },
  {
    name: "a bucket whose policy lets a service of AWS write for anybody",
    rule: egress,
    bad: (s) => {
      policyFor(s, { Principal: { Service: "logging.s3.amazonaws.com" } });
    },
    good: (s) => {
      policyFor(s, {
        Principal: { Service: "logging.s3.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
      });
    },
  },
  {
    name: "a bucket with an access list",
    rule: egress,
    bad: (s) => {
      withBuckets(s).add("aws:s3/bucketAclV2:BucketAclV2", "acl", {
        bucket: s.id("records"),
        acl: "public-read",
      });
    },
    good: (s) => {
      withBuckets(s).add("aws:s3/bucketAclV2:BucketAclV2", "acl", {
        bucket: s.id("records"),
        acl: "private",
      });
    },
  },
  {
    name: "a bucket whose events are sent on",
    rule: egress,
    bad: (s) => {
      withBuckets(s).add("aws:s3/bucketNotification:BucketNotification", "events", {
        bucket: s.id("records"),
        eventbridge: true,
      });
    },
    good: (s) => {
      withBuckets(s).add("aws:s3/bucketNotification:BucketNotification", "events", {
        bucket: s.id("elsewhere"),
        eventbridge: true,
      });
    },
  },
  {
    name: "a bucket with one switch of the four left open",
    rule: egress,
    bad: (s) => {
      withBuckets(s).add("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", {
        bucket: s.id("records"),
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
      });
    },
    good: (s) => {
      withBuckets(s).add("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", {
        bucket: s.id("records"),
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
    },
  },
  {
    name: "a FHIR store that is told to analyse what it holds",
    rule: egress,
    bad: (s) => {
      fhirStore(s, { AnalyticsConfiguration: { Status: "ENABLED" } });
    },
    good: (s) => {
      fhirStore(s, {});
    },
  },
  {
    name: "a collection that answers the Internet",
    rule: egress,
    bad: (s) => {
      collection(s, { AllowFromPublic: true });
    },
    good: (s) => {
      collection(s, { SourceVPCEs: ["vpce-0"] });
      s.change("vectors-network", (inputs) => ({
        ...inputs,
        policy: String(inputs["policy"]).replace("vpce-0", s.id("vectors-endpoint")),
      }));
    },
  },
  {
    name: "code that asks the resolver for any name",
    rule: "phi-zone-resolver-is-closed",
    bad: (s) => withCode(s),
    good: (s) => {
      withFirewall(s, { failsOpen: false, blocksRest: true });
    },
  },
  {
    name: "a resolver that answers everything when its firewall fails",
    rule: "phi-zone-resolver-is-closed",
    bad: (s) => {
      withFirewall(s, { failsOpen: true, blocksRest: true });
    },
    good: (s) => {
      withFirewall(s, { failsOpen: false, blocksRest: true });
    },
  },
  {
    name: "a resolver that is told what to answer, and not what to block",
    rule: "phi-zone-resolver-is-closed",
    bad: (s) => {
      withFirewall(s, { failsOpen: false, blocksRest: false });
    },
    good: (s) => {
      withFirewall(s, { failsOpen: false, blocksRest: true });
    },
  },
];

/** What is only advised of a stack that no platform of ours is in. */
export const adviceCorpus: readonly ServiceCase[] = [
  {
    name: "an endpoint in processing that lets every call through",
    rule: "platform-services-are-private",
    bad: (s) => {
      const subnet = s.add("aws:ec2/subnet:Subnet", "processing-subnet", {
        vpcId: s.id("vpc"),
        cidrBlock: "10.0.2.0/24",
        tags: { "bulkhead-zone": "processing" },
      });
      s.add(endpointType, "endpoint", {
        vpcId: s.id("vpc"),
        vpcEndpointType: "Interface",
        serviceName: "com.amazonaws.us-east-1.secretsmanager",
        privateDnsEnabled: true,
        subnetIds: [subnet],
      });
    },
    good: () => undefined,
  },
  {
    name: "a network whose flows nobody records",
    rule: "traffic-is-audited",
    bad: () => undefined,
    good: (s) =>
      s.add("aws:ec2/flowLog:FlowLog", "flows", {
        vpcId: s.id("vpc"),
        trafficType: "ALL",
        logDestinationType: "s3",
        logDestination: "arn:aws:s3:::flows-1",
      }),
  },
];

/** What strangers have and the judge has no reason to refuse. */
export const harmlessCorpus: readonly Pick<Case, "name" | "good">[] = [
  {
    name: "a resource of Cloud Control whose settings a preview does not know",
    good: (s) =>
      s.add("aws:cloudcontrol/resource:Resource", "other", {
        typeName: "AWS::SSM::Document",
        desiredState: s.add("aws:ssm/parameter:Parameter", "settings", { type: "String", value: "{}" }),
      }),
  },
  {
    name: "a resource of Cloud Control with tags of another shape",
    good: (s) =>
      s.add("aws:cloudcontrol/resource:Resource", "other", {
        typeName: "AWS::KMS::Key",
        desiredState: JSON.stringify({ Tags: [{ TagKey: "a", TagValue: "b" }] }),
      }),
  },
  {
    name: "a bucket for the account, whose id a setting of the account has as well",
    good: (s) => {
      policyFor(s, {
        Principal: "*",
        Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
      });
      s.add("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "account", {
        accountId: "111122223333",
      });
    },
  },
  {
    name: "a bucket for the account, by a variable",
    good: (s) => {
      policyFor(s, {
        Principal: "*",
        Condition: {
          StringEquals: {
            "aws:PrincipalAccount": "111122223333",
            "aws:ResourceAccount": "${aws:PrincipalAccount}",
          },
        },
      });
    },
  },
  {
    name: "a bucket for an organisation",
    good: (s) => {
      policyFor(s, {
        Principal: "*",
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } },
      });
    },
  },
  {
    name: "a bucket with what says nothing of where its objects go",
    good: (s) => {
      withBuckets(s);
      const bucket = s.id("records");
      s.add("aws:s3/bucketLoggingV2:BucketLoggingV2", "log", { bucket, targetBucket: s.id("copies") });
      s.add("aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2", "cors", { bucket });
      s.add("aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", "lock", { bucket });
      s.add("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", { dimensions: { BucketName: bucket } });
      s.add("aws:ssm/parameter:Parameter", "parameter", { value: bucket });
    },
  },
  {
    name: "a key that the account uses through a service, and that records use",
    good: (s) =>
      s.add("aws:kms/key:Key", "key", {
        tags: phi,
        policy: JSON.stringify({
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: "*" },
              Action: "kms:Decrypt",
              Resource: "*",
              Condition: {
                StringEquals: {
                  "kms:CallerAccount": "111122223333",
                  "kms:ViaService": "s3.us-east-1.amazonaws.com",
                },
              },
            },
            {
              Effect: "Allow",
              Principal: { Service: "logs.us-east-1.amazonaws.com" },
              Action: "kms:Encrypt",
              Resource: "*",
              Condition: {
                ArnEquals: {
                  "kms:EncryptionContext:aws:logs:arn":
                    "arn:aws:logs:us-east-1:111122223333:log-group:records",
                },
              },
            },
          ],
        }),
      }),
  },
  {
    name: "a bucket that answers its network alone",
    good: (s) => {
      withBuckets(s);
      s.change("records-policy", (inputs) => ({
        ...inputs,
        policy: JSON.stringify({
          Statement: [
            {
              ...onlyThroughEndpoint(s, "records"),
              Condition: { StringNotEquals: { "aws:SourceVpc": s.id("vpc") } },
            },
          ],
        }),
      }));
    },
  },
  {
    name: "a firewall of names, after which comes a group of somebody else's",
    good: (s) => {
      withFirewall(s, { failsOpen: false, blocksRest: true });
      s.add(
        "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
        "managed-names",
        { firewallRuleGroupId: "rslvr-frg-0123456789", vpcId: s.id("vpc"), priority: 9000 },
      );
    },
  },
];

/** The same in a stack that has no PHI zone, in which nothing is refused whatever it is. */
export const withoutPhi: readonly Pick<Case, "name" | "good">[] = [
  ...harmlessCorpus.slice(0, 2),
  {
    name: "a public website",
    good: (s) => {
      s.add("aws:s3/bucket:Bucket", "site", { bucket: "site-1" });
      s.add("aws:s3/bucketPolicy:BucketPolicy", "site-policy", {
        bucket: s.id("site"),
        policy: JSON.stringify({
          Statement: { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" },
        }),
      });
      s.add("aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", "site-web", {
        bucket: s.id("site"),
      });
    },
  },
  {
    name: "policies that are not known, and an outbound resolver",
    good: (s) => {
      s.add("aws:kms/key:Key", "key", { policy: unknownText });
      s.add("aws:route53/resolverEndpoint:ResolverEndpoint", "resolver", { direction: "OUTBOUND" });
      s.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", { serviceName: unknownText, vpcId: unknownText });
    },
  },
];
