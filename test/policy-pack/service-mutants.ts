import type { Mutant } from "./mutants";
import { unknownText, type Sketch } from "./stack-sketch";

export const egress = "phi-zone-has-no-egress";
export const admits = "phi-zone-admits-only-processing";
export const understood = "resources-are-understood";
export const isPrivate = "platform-services-are-private";
export const resolver = "phi-zone-resolver-is-closed";
export const audited = "traffic-is-audited";

export const bucket = "bulkhead-document-store-bucket";
export const bucketPolicy = "bulkhead-document-store-policy";
const fhirStore = "bulkhead-fhir-store";
const collection = "bulkhead-vector-index-collection";
export const foreignAccount = "999988887777";
export const foreignBucket = "arn:aws:s3:::somebody-elses-bucket";

export type Properties = Readonly<Record<string, unknown>>;

export interface Statement {
  readonly Sid: string;
  readonly [key: string]: unknown;
}

/** Changes one property of a resource. */
export function set(stack: Sketch, name: string, key: string, value: unknown): void {
  stack.change(name, (inputs) => ({ ...inputs, [key]: value }));
}

/** Takes one property of a resource away. */
export function unset(stack: Sketch, name: string, key: string): void {
  stack.change(name, (inputs) => Object.fromEntries(Object.entries(inputs).filter(([own]) => own !== key)));
}

function rewriteText(stack: Sketch, name: string, key: string, change: (value: unknown) => unknown): void {
  stack.change(name, (inputs) => ({
    ...inputs,
    [key]: JSON.stringify(change(JSON.parse(String(inputs[key])))),
  }));
}

/** Changes the JSON text of an object that a property holds. */
function rewrite(stack: Sketch, name: string, key: string, change: (value: Properties) => unknown): void {
  rewriteText(stack, name, key, (value) => change(value as Properties));
}

/** Changes the JSON text of a list that a property holds. */
function rewriteList(
  stack: Sketch,
  name: string,
  key: string,
  change: (value: readonly Properties[]) => unknown,
): void {
  rewriteText(stack, name, key, (value) => change(value as readonly Properties[]));
}

/** Changes the statements of a policy. */
export function restate(
  stack: Sketch,
  name: string,
  change: (statements: readonly Statement[]) => readonly Properties[],
): void {
  rewrite(stack, name, "policy", (policy) => ({
    ...policy,
    Statement: change(policy["Statement"] as readonly Statement[]),
  }));
}

const without =
  (sid: string) =>
  (statements: readonly Statement[]): readonly Statement[] => {
    const kept = statements.filter(({ Sid }) => Sid !== sid);
    if (kept.length === statements.length) {
      throw new Error(`no statement ${sid}`);
    }
    return kept;
  };

export const withAnother =
  (statement: Properties) =>
  (statements: readonly Statement[]): readonly Properties[] => [...statements, statement];

/** Adds a resource that says something of the document store. */
function beside(stack: Sketch, type: string, inputs: Properties): void {
  stack.add(type, "hole", { bucket: stack.id(bucket), ...inputs });
}

const endpointOf = (service: string): string => `bulkhead-${service}-endpoint`;

/** Faults past the network: in stores, endpoints, names and records. */
export const serviceMutants: readonly Mutant[] = [
  // The store's own settings: documents
  {
    fault: "document store: replicated to another account",
    rule: egress,
    dig: (s) =>
      beside(s, "aws:s3/bucketReplicationConfig:BucketReplicationConfig", {
        role: "arn:aws:iam::111122223333:role/replication",
        rules: [{ status: "Enabled", destination: { bucket: foreignBucket } }],
      }),
  },
  {
    fault: "document store: replicated to what is not known",
    rule: egress,
    dig: (s) =>
      beside(s, "aws:s3/bucketReplicationConfig:BucketReplicationConfig", {
        rules: [{ status: "Enabled", destination: { bucket: unknownText } }],
      }),
  },
  {
    fault: "document store: replicated to a bucket of the platform outside of the PHI zone",
    rule: egress,
    dig: (s) =>
      beside(s, "aws:s3/bucketReplicationConfig:BucketReplicationConfig", {
        rules: [
          { status: "Enabled", destination: { bucket: `${s.id("bulkhead-audit-records-bucket")}.arn` } },
        ],
      }),
  },
  {
    fault: "document store: replicated by its own property",
    rule: egress,
    dig: (s) =>
      set(s, bucket, "replicationConfiguration", {
        rules: [{ status: "Enabled", destination: { bucket: foreignBucket } }],
      }),
  },
  {
    fault: "document store: named by its name in a replication of elsewhere",
    rule: egress,
    dig: (s) =>
      s.add("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "hole", {
        bucket: "bulkhead-document-store-111122223333-us-east-1",
        rules: [{ status: "Enabled", destination: { bucket: foreignBucket } }],
      }),
  },
  {
    fault: "document store: notifications to a queue",
    rule: egress,
    dig: (s) =>
      beside(s, "aws:s3/bucketNotification:BucketNotification", {
        queues: [{ queueArn: "arn:aws:sqs:us-east-1:111122223333:q", events: ["s3:ObjectCreated:*"] }],
      }),
  },
  {
    fault: "document store: notifications to EventBridge",
    rule: egress,
    dig: (s) => beside(s, "aws:s3/bucketNotification:BucketNotification", { eventbridge: true }),
  },
  {
    fault: "document store: access log to another bucket",
    rule: egress,
    dig: (s) =>
      beside(s, "aws:s3/bucketLogging:BucketLogging", { targetBucket: "log-bucket", targetPrefix: "x" }),
  },
  {
    fault: "document store: inventory to another bucket",
    rule: egress,
    dig: (s) =>
      beside(s, "aws:s3/inventory:Inventory", {
        destination: { bucket: { bucketArn: foreignBucket, format: "CSV" } },
      }),
  },
  {
    fault: "document store: analysis to another bucket",
    rule: egress,
    dig: (s) =>
      beside(s, "aws:s3/analyticsConfiguration:AnalyticsConfiguration", {
        storageClassAnalysis: {
          dataExport: { destination: { s3BucketDestination: { bucketArn: foreignBucket } } },
        },
      }),
  },
  {
    fault: "document store: a website",
    rule: egress,
    dig: (s) =>
      beside(s, "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration", {
        indexDocument: { suffix: "index.html" },
      }),
  },
  {
    fault: "document store: an access list for everybody",
    rule: egress,
    dig: (s) => beside(s, "aws:s3/bucketAcl:BucketAcl", { acl: "public-read" }),
  },
  {
    fault: "document store: an access list that is not known",
    rule: egress,
    dig: (s) => beside(s, "aws:s3/bucketAcl:BucketAcl", { acl: unknownText }),
  },
  {
    fault: "document store: transfer acceleration",
    rule: egress,
    dig: (s) =>
      beside(s, "aws:s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration", { status: "Enabled" }),
  },
  {
    fault: "document store: an access point on the Internet",
    rule: egress,
    dig: (s) => beside(s, "aws:s3/accessPoint:AccessPoint", { name: "hole" }),
  },
  {
    fault: "document store: public policies are not blocked",
    rule: egress,
    dig: (s) => set(s, "bulkhead-document-store-public-access", "blockPublicPolicy", false),
  },
  {
    fault: "document store: whether public access is blocked is not known",
    rule: egress,
    dig: (s) => set(s, "bulkhead-document-store-public-access", "restrictPublicBuckets", unknownText),
  },
  {
    fault: "document store: nothing blocks public access",
    rule: isPrivate,
    dig: (s) => s.remove("bulkhead-document-store-public-access"),
  },
  {
    fault: "document store: an object is copied from it",
    rule: egress,
    dig: (s) =>
      s.add("aws:s3/objectCopy:ObjectCopy", "hole", {
        bucket: "elsewhere",
        key: "copy",
        source: `${s.id(bucket)}/record`,
        sourceBucket: s.id(bucket),
      }),
  },

  // The store's own settings: its policy
  {
    fault: "document store: the policy lets another account in",
    rule: egress,
    dig: (s) =>
      restate(
        s,
        bucketPolicy,
        withAnother({
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${foreignAccount}:root` },
          Action: "s3:PutBucketPolicy",
          Resource: "*",
        }),
      ),
  },
  {
    fault: "document store: the policy lets everybody list it",
    rule: egress,
    dig: (s) =>
      restate(
        s,
        bucketPolicy,
        withAnother({ Effect: "Allow", Principal: "*", Action: ["s3:ListBucket"], Resource: "*" }),
      ),
  },
  {
    fault: "document store: the policy lets everybody of another account in, by a condition",
    rule: egress,
    dig: (s) =>
      restate(
        s,
        bucketPolicy,
        withAnother({
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: ["s3:ListBucket"],
          Resource: "*",
          Condition: { StringEquals: { "aws:PrincipalAccount": foreignAccount } },
        }),
      ),
  },
  {
    fault: "document store: the policy lets a service in for whomever it acts",
    rule: egress,
    dig: (s) =>
      restate(
        s,
        bucketPolicy,
        withAnother({
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: ["s3:ListBucket"],
          Resource: "*",
        }),
      ),
  },
  {
    fault: "document store: the policy is not known",
    rule: egress,
    dig: (s) => set(s, bucketPolicy, "policy", unknownText),
  },
  {
    fault: "document store: the policy is no policy",
    rule: egress,
    dig: (s) => set(s, bucketPolicy, "policy", "{"),
  },
  {
    fault: "document store: a statement with an element that no grammar knows",
    rule: egress,
    dig: (s) => restate(s, bucketPolicy, withAnother({ Effect: "Allow", Everybody: true })),
  },
  {
    fault: "document store: past its endpoint, nothing refuses",
    rule: isPrivate,
    dig: (s) => restate(s, bucketPolicy, without("OnlyThroughItsEndpoint")),
  },
  {
    fault: "document store: no policy at all",
    rule: isPrivate,
    dig: (s) => s.remove(bucketPolicy),
  },
  {
    fault: "document store: any endpoint will do",
    rule: isPrivate,
    dig: (s) =>
      restate(s, bucketPolicy, (statements) =>
        statements.map((statement) =>
          statement.Sid === "OnlyThroughItsEndpoint"
            ? { ...statement, Condition: { Null: { "aws:SourceVpce": "true" } } }
            : statement,
        ),
      ),
  },
  {
    fault: "document store: deletions pass any way",
    rule: isPrivate,
    dig: (s) =>
      restate(s, bucketPolicy, (statements) =>
        statements.map((statement) =>
          statement.Sid === "OnlyThroughItsEndpoint"
            ? { ...statement, Action: ["s3:GetObject*", "s3:PutObject*"] }
            : statement,
        ),
      ),
  },
  {
    fault: "document store: whoever has a permission comes by the endpoint",
    rule: admits,
    dig: (s) => restate(s, bucketPolicy, without("OnlyItsClients")),
  },
  {
    fault: "document store: a workload without a flow comes by the endpoint",
    rule: admits,
    dig: (s) =>
      restate(s, bucketPolicy, (statements) =>
        statements.map((statement) =>
          statement.Sid === "OnlyItsClients"
            ? {
                ...statement,
                Condition: {
                  ArnNotEquals: {
                    "aws:PrincipalArn": [
                      "arn:aws:iam::111122223333:role/bulkhead/bulkhead-fhir-proxy",
                      "arn:aws:iam::111122223333:role/bulkhead/bulkhead-rag-service",
                    ],
                  },
                },
              }
            : statement,
        ),
      ),
  },

  // The store's own settings: FHIR
  {
    fault: "FHIR store: records copied for analysis",
    rule: egress,
    dig: (s) =>
      rewrite(s, fhirStore, "desiredState", (state) => ({
        ...state,
        AnalyticsConfiguration: { Status: "ENABLED" },
      })),
  },
  {
    fault: "FHIR store: documents sent to natural language processing",
    rule: egress,
    dig: (s) =>
      rewrite(s, fhirStore, "desiredState", (state) => ({
        ...state,
        NlpConfiguration: { Status: "ENABLED" },
      })),
  },
  {
    fault: "FHIR store: tokens of an identity provider instead of roles",
    rule: egress,
    dig: (s) =>
      rewrite(s, fhirStore, "desiredState", (state) => ({
        ...state,
        IdentityProviderConfiguration: { AuthorizationStrategy: "SMART_ON_FHIR" },
      })),
  },
  {
    fault: "FHIR store: a property that the judge does not know",
    rule: egress,
    dig: (s) =>
      rewrite(s, fhirStore, "desiredState", (state) => ({
        ...state,
        ExportConfiguration: { S3Uri: "s3://elsewhere" },
      })),
  },
  {
    fault: "FHIR store: a desired state that is not known",
    rule: egress,
    dig: (s) => set(s, fhirStore, "desiredState", unknownText),
  },
  {
    fault: "another resource of Cloud Control in the PHI zone",
    rule: understood,
    dig: (s) => set(s, fhirStore, "typeName", "AWS::DataSync::Task"),
  },
  {
    fault: "a resource of Cloud Control of a type that is not known",
    rule: understood,
    dig: (s) => set(s, fhirStore, "typeName", unknownText),
  },

  // The store's own settings: vectors
  {
    fault: "vector index: answers the Internet",
    rule: egress,
    dig: (s) =>
      rewriteList(s, "bulkhead-vector-index-network", "policy", ([first]) => [
        { ...first, AllowFromPublic: true },
      ]),
  },
  {
    fault: "vector index: a second policy on the network, by a pattern, that lets the Internet in",
    rule: egress,
    dig: (s) =>
      s.add("aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy", "hole", {
        name: "hole",
        type: "network",
        policy: JSON.stringify([
          {
            Rules: [{ ResourceType: "collection", Resource: ["collection/bulkhead-*"] }],
            AllowFromPublic: true,
          },
        ]),
      }),
  },
  {
    fault: "vector index: a service reads it",
    rule: egress,
    dig: (s) =>
      rewriteList(s, "bulkhead-vector-index-network", "policy", ([first]) => [
        { ...first, SourceServices: ["bedrock.amazonaws.com"] },
      ]),
  },
  {
    fault: "vector index: a policy on the network that is not known",
    rule: egress,
    dig: (s) => set(s, "bulkhead-vector-index-network", "policy", unknownText),
  },
  {
    fault: "vector index: answers an endpoint of elsewhere",
    rule: isPrivate,
    dig: (s) =>
      rewriteList(s, "bulkhead-vector-index-network", "policy", ([first]) => [
        { ...first, SourceVPCEs: ["vpce-0123456789abcdef0"] },
      ]),
  },
  {
    fault: "vector index: answers an endpoint outside of the PHI zone",
    rule: isPrivate,
    dig: (s) =>
      rewriteList(s, "bulkhead-vector-index-network", "policy", ([first]) => [
        { ...first, SourceVPCEs: [s.id(endpointOf("kms"))] },
      ]),
  },
  {
    fault: "vector index: a workload without a flow has access",
    rule: admits,
    dig: (s) =>
      rewriteList(s, "bulkhead-vector-index-access", "policy", ([first]) => [
        { ...first, Principal: ["arn:aws:iam::111122223333:role/bulkhead/bulkhead-fhir-proxy"] },
      ]),
  },
  {
    fault: "vector index: a user of the account has access",
    rule: admits,
    dig: (s) =>
      rewriteList(s, "bulkhead-vector-index-access", "policy", ([first]) => [
        { ...first, Principal: ["arn:aws:iam::111122223333:user/somebody"] },
      ]),
  },
  {
    fault: "vector index: who has access is not known",
    rule: egress,
    dig: (s) => set(s, "bulkhead-vector-index-access", "policy", unknownText),
  },
  {
    fault: "a pipeline of OpenSearch in the PHI zone",
    rule: egress,
    dig: (s) =>
      s.add("aws:opensearchingest/pipeline:Pipeline", "hole", {
        pipelineConfigurationBody: "sink: elsewhere",
        source: s.id(collection),
      }),
  },

  // Keys
  {
    fault: "PHI key: another account decrypts with it",
    rule: egress,
    dig: (s) =>
      restate(
        s,
        "bulkhead-phi-key",
        withAnother({
          Effect: "Allow",
          Principal: { AWS: foreignAccount },
          Action: ["kms:Decrypt"],
          Resource: "*",
        }),
      ),
  },
  {
    fault: "PHI key: given away by a grant",
    rule: egress,
    dig: (s) =>
      s.add("aws:kms/grant:Grant", "hole", {
        keyId: s.id("bulkhead-phi-key"),
        granteePrincipal: `arn:aws:iam::${foreignAccount}:role/x`,
        operations: ["Decrypt"],
      }),
  },

  // API: endpoints
  {
    fault: "PHI endpoint: no policy",
    rule: egress,
    dig: (s) => unset(s, "bulkhead-phi-healthlake-endpoint", "policy"),
  },
  {
    fault: "PHI endpoint: exports may be started",
    rule: egress,
    dig: (s) =>
      restate(s, "bulkhead-phi-healthlake-endpoint", (statements) =>
        statements.map((statement) => ({ ...statement, Action: ["healthlake:*"] })),
      ),
  },
  {
    fault: "PHI endpoint: objects of another account's bucket may be written",
    rule: egress,
    dig: (s) =>
      restate(
        s,
        "bulkhead-phi-s3-endpoint",
        withAnother({
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: "s3:PutObject",
          Resource: `${foreignBucket}/*`,
          Condition: {
            ArnEquals: {
              "aws:PrincipalArn": "arn:aws:iam::111122223333:role/bulkhead/bulkhead-fhir-proxy",
            },
          },
        }),
      ),
  },
  {
    fault: "PHI endpoint: principals of other accounts pass to their own resources",
    rule: egress,
    dig: (s) =>
      restate(
        s,
        "bulkhead-phi-s3-endpoint",
        withAnother({
          Effect: "Allow",
          Principal: "*",
          Action: "s3:PutObject",
          Resource: "*",
          Condition: { StringNotEquals: { "aws:PrincipalAccount": "111122223333" } },
        }),
      ),
  },
  {
    fault: "PHI endpoint: no policy on vectors",
    rule: egress,
    dig: (s) => s.remove("bulkhead-phi-aoss-endpoint-policy"),
  },
  {
    fault: "PHI endpoint: a second policy that lets everything through",
    rule: egress,
    dig: (s) =>
      s.add("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "hole", {
        vpcEndpointId: s.id("bulkhead-phi-s3-endpoint"),
        policy: JSON.stringify({
          Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
        }),
      }),
  },
  {
    fault: "PHI endpoint: a workload without a flow passes to the FHIR store",
    rule: admits,
    dig: (s) =>
      restate(s, "bulkhead-phi-healthlake-endpoint", (statements) =>
        statements.map((statement) => ({
          ...statement,
          Condition: {
            ArnEquals: {
              "aws:PrincipalArn": ["arn:aws:iam::111122223333:role/bulkhead/bulkhead-rag-service"],
            },
          },
        })),
      ),
  },
  {
    fault: "PHI endpoint: whoever has a permission passes to the FHIR store",
    rule: admits,
    dig: (s) =>
      restate(s, "bulkhead-phi-healthlake-endpoint", (statements) =>
        statements.map((statement) => ({
          ...statement,
          Condition: { StringEquals: { "aws:PrincipalAccount": "111122223333" } },
        })),
      ),
  },
  {
    fault: "endpoint of secrets: no policy",
    rule: isPrivate,
    dig: (s) => unset(s, endpointOf("secretsmanager"), "policy"),
  },
  {
    fault: "endpoint of secrets: a policy that is not known",
    rule: isPrivate,
    dig: (s) => set(s, endpointOf("secretsmanager"), "policy", unknownText),
  },
  {
    fault: "endpoint of logs: groups of any account may be written",
    rule: isPrivate,
    dig: (s) =>
      restate(s, endpointOf("logs"), (statements) =>
        statements.map((statement) => ({ ...statement, Resource: ["*"] })),
      ),
  },
  {
    fault: "endpoint of metrics: other accounts' principals may write theirs",
    rule: isPrivate,
    dig: (s) =>
      restate(s, endpointOf("monitoring"), (statements) =>
        statements.map((statement) => ({ ...statement, Condition: {} })),
      ),
  },
  {
    fault: "endpoint of image layers: objects may be written to any bucket",
    rule: isPrivate,
    dig: (s) =>
      restate(
        s,
        endpointOf("s3"),
        withAnother({ Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource: "*" }),
      ),
  },
  {
    fault: "endpoint of keys: found by its public name",
    rule: isPrivate,
    dig: (s) => set(s, endpointOf("kms"), "privateDnsEnabled", false),
  },
  {
    fault: "endpoint of keys: whether it is found by its own name is not known",
    rule: isPrivate,
    dig: (s) => set(s, endpointOf("kms"), "privateDnsEnabled", unknownText),
  },
  {
    fault: "endpoint of documents: nothing finds it",
    rule: isPrivate,
    dig: (s) => s.remove("bulkhead-document-store-name-record"),
  },
  {
    fault: "no endpoint of keys",
    rule: isPrivate,
    dig: (s) => s.remove(endpointOf("kms")),
  },
  {
    fault: "no endpoint of the FHIR store",
    rule: isPrivate,
    dig: (s) => s.remove("bulkhead-phi-healthlake-endpoint"),
  },

  // Name resolution
  {
    fault: "names: the firewall is in force nowhere",
    rule: resolver,
    dig: (s) => s.remove("bulkhead-names-firewall-association"),
  },
  {
    fault: "names: no final block",
    rule: resolver,
    dig: (s) => s.remove("bulkhead-names-block-others"),
  },
  {
    fault: "names: the final block only reports",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-block-others", "action", "ALERT"),
  },
  {
    fault: "names: the final block is for some records only",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-block-others", "qType", "A"),
  },
  {
    fault: "names: the final block is not known",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-block-others", "action", unknownText),
  },
  {
    fault: "names: the final block is of some names",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-others", "domains", ["*.example.com"]),
  },
  {
    fault: "names: everything under amazonaws.com is answered",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-own", "domains", ["*.amazonaws.com"]),
  },
  {
    fault: "names: a name of somebody else is answered",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-own", "domains", ["*.attacker.example"]),
  },
  {
    fault: "names: which names are answered is not known",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-own", "domains", unknownText),
  },
  {
    fault: "names: one of the names that are answered is not known",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-own", "domains", ["kms.us-east-1.amazonaws.com", unknownText]),
  },
  {
    fault: "names: answers are followed wherever they lead",
    rule: resolver,
    dig: (s) =>
      set(s, "bulkhead-names-answer-own", "firewallDomainRedirectionAction", "TRUST_REDIRECTION_DOMAIN"),
  },
  {
    fault: "names: an earlier rule answers everything",
    rule: resolver,
    dig: (s) => {
      const list = s.add("aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList", "hole-list", {
        domains: ["*"],
      });
      s.add("aws:route53/resolverFirewallRule:ResolverFirewallRule", "hole", {
        firewallRuleGroupId: s.id("bulkhead-names-firewall"),
        firewallDomainListId: list,
        priority: 1,
        action: "ALLOW",
      });
    },
  },
  {
    fault: "names: the order of rules is not known",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-block-others", "priority", unknownText),
  },
  {
    fault: "names: the firewall fails open",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-firewall-fails-closed", "firewallFailOpen", "ENABLED"),
  },
  {
    fault: "names: how the firewall fails is not known",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-firewall-fails-closed", "firewallFailOpen", unknownText),
  },
  {
    fault: "names: an outbound resolver endpoint",
    rule: resolver,
    dig: (s) =>
      s.add("aws:route53/resolverEndpoint:ResolverEndpoint", "hole", {
        direction: "OUTBOUND",
        securityGroupIds: [s.id("bulkhead-rag-service-filter")],
        ipAddresses: [{ subnetId: s.id("bulkhead-processing-workload-a") }],
      }),
  },
  {
    fault: "names: a resolver endpoint whose direction is not known",
    rule: resolver,
    dig: (s) =>
      s.add("aws:route53/resolverEndpoint:ResolverEndpoint", "hole", {
        direction: unknownText,
        ipAddresses: [{ subnetId: s.id("bulkhead-processing-workload-a") }],
      }),
  },
  {
    fault: "names: a rule sends queries to another resolver",
    rule: resolver,
    dig: (s) =>
      s.add("aws:route53/resolverRuleAssociation:ResolverRuleAssociation", "hole", {
        resolverRuleId: "rslvr-rr-0123",
        vpcId: s.id("bulkhead-network"),
      }),
  },
  {
    fault: "names: a profile",
    rule: resolver,
    dig: (s) =>
      s.add("aws:route53/profilesAssociation:ProfilesAssociation", "hole", {
        profileId: "rp-0123",
        resourceId: s.id("bulkhead-network"),
      }),
  },
  {
    fault: "names: a zone of another network",
    rule: resolver,
    dig: (s) =>
      s.add("aws:route53/zoneAssociation:ZoneAssociation", "hole", {
        zoneId: "Z0123",
        vpcId: s.id("bulkhead-network"),
      }),
  },
  {
    fault: "names: a name handed on to other servers",
    rule: resolver,
    dig: (s) =>
      s.add("aws:route53/record:Record", "hole", {
        zoneId: s.id("bulkhead-document-store-name"),
        name: "out",
        type: "NS",
        records: ["ns.attacker.example"],
      }),
  },
  {
    fault: "names: another resolver than Amazon's",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-resolver", "domainNameServers", ["1.1.1.1"]),
  },
  {
    fault: "names: which resolver is not known",
    rule: resolver,
    dig: (s) => set(s, "bulkhead-names-resolver", "domainNameServers", unknownText),
  },

  // Records
  {
    fault: "records: no flow log",
    rule: audited,
    dig: (s) => s.remove("bulkhead-network-flows"),
  },
  {
    fault: "records: flows that were rejected only",
    rule: audited,
    dig: (s) => set(s, "bulkhead-network-flows", "trafficType", "REJECT"),
  },
  {
    fault: "records: which flows is not known",
    rule: audited,
    dig: (s) => set(s, "bulkhead-network-flows", "trafficType", unknownText),
  },
  {
    fault: "records: no log of queries",
    rule: audited,
    dig: (s) => s.remove("bulkhead-names-queries-association"),
  },
  {
    fault: "records: kept for a month",
    rule: audited,
    dig: (s) => set(s, "bulkhead-access-decisions-records", "retentionInDays", 30),
  },
  {
    fault: "records: for how long they are kept is not known",
    rule: audited,
    dig: (s) => set(s, "bulkhead-access-decisions-records", "retentionInDays", unknownText),
  },
  {
    fault: "records: no key of the customer's",
    rule: audited,
    dig: (s) => unset(s, "bulkhead-network-flows-records", "kmsKeyId"),
  },
  {
    fault: "records: a group that may be deleted",
    rule: audited,
    dig: (s) => set(s, "bulkhead-network-flows-records", "deletionProtectionEnabled", false),
  },
  {
    fault: "records: no trail",
    rule: audited,
    dig: (s) => s.remove("bulkhead-trail"),
  },
  {
    fault: "records: a trail that is switched off",
    rule: audited,
    dig: (s) => set(s, "bulkhead-trail", "enableLogging", false),
  },
  {
    fault: "records: a trail of one region",
    rule: audited,
    dig: (s) => set(s, "bulkhead-trail", "isMultiRegionTrail", false),
  },
  {
    fault: "records: a trail whose files may be changed",
    rule: audited,
    dig: (s) => unset(s, "bulkhead-trail", "enableLogFileValidation"),
  },
  {
    fault: "records: a trail without the stores",
    rule: audited,
    dig: (s) =>
      s.change("bulkhead-trail", (inputs) => ({
        ...inputs,
        advancedEventSelectors: (inputs["advancedEventSelectors"] as readonly unknown[]).slice(0, 1),
      })),
  },
  {
    fault: "records: a trail of another bucket's objects",
    rule: audited,
    dig: (s) =>
      s.change("bulkhead-trail", (inputs) => ({
        ...inputs,
        advancedEventSelectors: [
          { fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
          {
            fieldSelectors: [
              { field: "eventCategory", equals: ["Data"] },
              { field: "resources.type", equals: ["AWS::S3::Object"] },
              { field: "resources.ARN", startsWiths: [`${foreignBucket}/`] },
            ],
          },
        ],
      })),
  },
  {
    fault: "records: an entrance without an access log",
    rule: audited,
    dig: (s) => set(s, "bulkhead-machine-entrance", "accessLogs", { bucket: "x" }),
  },
  {
    fault: "records: an entrance without a connection log",
    rule: audited,
    dig: (s) => unset(s, "bulkhead-clinician-entrance", "connectionLogs"),
  },
];
