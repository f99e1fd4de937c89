import * as pulumi from "@pulumi/pulumi";

import { awsRenderer } from "../../components/aws/renderer";
import { azureRenderer } from "../../components/azure/renderer";
import { gcpRenderer } from "../../components/gcp/renderer";
import { Platform } from "../../components/platform";
import type { Surroundings } from "../../components/surroundings";
import type { AwsTarget, AzureTarget, CloudTarget, GcpTarget } from "../../model/cloud-target";
import { entrance } from "../../model/entrance";
import { platformSpec, type PlatformSpec } from "../../model/platform-spec";
import type { StackResource } from "../../policy-pack/stack-resource";
import { withoutAliases } from "../lean-mocks";

import { ownSubscription, Sketch, type Knowledge, type SketchOptions } from "./stack-sketch";

export const target: AwsTarget = {
  kind: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  availabilityZones: ["us-east-1a", "us-east-1b"],
};

export const azureTarget: AzureTarget = {
  kind: "azure",
  location: "eastus2",
  tenantId: "99999999-8888-7777-6666-555555555555",
  subscriptionId: ownSubscription,
  availabilityZones: ["1", "2", "3"],
};

export const gcpTarget: GcpTarget = {
  kind: "gcp",
  region: "us-central1",
  availabilityZones: ["us-central1-a", "us-central1-b"],
  accessPolicyId: "111",
  projects: {
    gateway: { id: "hospital-gateway", number: "100000000001" },
    processing: { id: "hospital-ai", number: "100000000002" },
    phi: { id: "hospital-phi", number: "100000000003" },
  },
};

/** The same with a project for an egress zone. */
export const gcpTargetWithEgress: GcpTarget = {
  ...gcpTarget,
  projects: { ...gcpTarget.projects, egress: { id: "hospital-egress", number: "100000000004" } },
};

/** The certificate that the load balancer presents, by cloud. */
const certificateIds = {
  aws: "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000",
  azure: `/subscriptions/${ownSubscription}/resourceGroups/certificates/providers/Microsoft.KeyVault/vaults/hospital-edge/secrets/entrance`,
  gcp: `projects/${gcpTarget.projects.gateway.id}/locations/global/certificates/entrance`,
} as const satisfies Record<CloudTarget["kind"], string>;

/** What is around the platforms of tests: nothing exists but what the entrance needs. */
export function surroundingsOf(
  { edge, mesh }: Pick<PlatformSpec, "edge" | "mesh">,
  cloud: CloudTarget["kind"] = "aws",
): Surroundings {
  const signIn = "https://sign-in.hospital.example";
  // Where the platform runs its workloads it issues what they and the load balancer know each other by.
  const issues = mesh.kind === "envoy";
  // No load balancer of the other clouds' signs clinicians in.
  const hasClinicianClientSecret = cloud === "aws";
  return {
    existingNetwork: undefined,
    existingDataStores: new Map(),
    now: new Date("2026-11-30T00:00:00Z"),
    entrance: entrance(edge, mesh.kind, cloud, {
      certificateId: certificateIds[cloud],
      machineAuthorities: { text: "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n" },
      machineRevocations: undefined,
      ...(cloud === "azure" ? { machineResponders: ["ocsp.hospital.example"] } : {}),
      ...(cloud === "aws" || issues
        ? {}
        : {
            workloadAuthorities: { text: "-----BEGIN CERTIFICATE-----\nMQ==\n-----END CERTIFICATE-----\n" },
          }),
      ...(cloud === "gcp" && !issues
        ? {
            clientCertificateId: `projects/${gcpTarget.projects.gateway.id}/locations/global/certificates/entrance-client`,
          }
        : {}),
      clinicianSignIn: {
        issuer: signIn,
        authorizationEndpoint: `${signIn}/authorize`,
        tokenEndpoint: `${signIn}/token`,
        userInfoEndpoint: `${signIn}/userinfo`,
        clientId: "bulkhead",
      },
      hasClinicianClientSecret,
    }),
    clinicianClientSecret:
      hasClinicianClientSecret && edge.clients.includes("clinician")
        ? pulumi.secret("not-a-secret")
        : undefined,
    deployerId: cloud === "gcp" ? "deployer@hospital-ai.iam.gserviceaccount.com" : undefined,
    guardsAccount: false,
    locksRecords: cloud !== "azure",
  };
}

/** Outputs that the cloud computes, by type: a preview knows them no more than the id. */
const computed: Readonly<Record<string, readonly string[]>> = {
  "aws:acm/certificate:Certificate": ["arn"],
  "aws:acmpca/certificate:Certificate": ["arn", "certificate", "certificateChain"],
  "aws:acmpca/certificateAuthority:CertificateAuthority": ["arn", "certificateSigningRequest"],
  "aws:bedrock/guardrailVersion:GuardrailVersion": ["version"],
  "aws:cloudwatch/logGroup:LogGroup": ["arn"],
  "aws:ecr/repository:Repository": ["repositoryUrl"],
  "aws:ecs/cluster:Cluster": ["arn"],
  "aws:ecs/taskDefinition:TaskDefinition": ["arn"],
  "aws:iam/policy:Policy": ["arn"],
  "aws:iam/role:Role": ["arn"],
  "aws:kms/key:Key": ["arn"],
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": ["arn"],
  "aws:lb/loadBalancer:LoadBalancer": ["arn", "dnsName"],
  "aws:lb/targetGroup:TargetGroup": ["arn"],
  "aws:lb/trustStore:TrustStore": ["arn"],
  "aws:opensearch/serverlessCollection:ServerlessCollection": ["arn"],
  "aws:s3/bucket:Bucket": ["arn"],
  "aws:s3/bucketObjectv2:BucketObjectv2": ["versionId"],
  "aws:secretsmanager/secret:Secret": ["arn"],
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": ["hostedZone"],
  "aws:servicediscovery/service:Service": ["arn"],
  "aws:sns/topic:Topic": ["arn"],
  "aws:wafv2/webAcl:WebAcl": ["arn"],
  "aws:ec2/eip:Eip": ["allocationId"],
  "aws:ec2/vpcEndpointService:VpcEndpointService": ["serviceName"],
  "aws:networkfirewall/firewall:Firewall": ["arn"],
  "aws:networkfirewall/firewallPolicy:FirewallPolicy": ["arn"],
  "aws:networkfirewall/ruleGroup:RuleGroup": ["arn"],
  "aws:networkfirewall/tlsInspectionConfiguration:TlsInspectionConfiguration": ["arn"],
  "aws:ec2/vpc:Vpc": [
    "defaultSecurityGroupId",
    "defaultNetworkAclId",
    "defaultRouteTableId",
    "mainRouteTableId",
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupRuleId"],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupRuleId"],
  "azure-native:keyvault:Key": ["keyUriWithVersion"],
  "azure-native:managedidentity:UserAssignedIdentity": ["principalId", "clientId"],
  "azure-native:monitor:DataCollectionRule": ["immutableId"],
  "gcp:certificateauthority/certificate:Certificate": ["pemCertificate"],
  "tls:index/certRequest:CertRequest": ["certRequestPem"],
  "tls:index/locallySignedCert:LocallySignedCert": ["certPem"],
  "tls:index/privateKey:PrivateKey": ["privateKeyPem", "privateKeyPemPkcs8"],
  "tls:index/selfSignedCert:SelfSignedCert": ["certPem"],
};

/** The endpoints of a network firewall, of which AWS lists those of any availability zone first. */
function firewallStatuses(id: string, { subnetMappings }: Inputs): readonly unknown[] {
  const mappings = subnetMappings as readonly { readonly subnetId: string }[];
  const syncStates = mappings.map(({ subnetId }, index) => ({
    availabilityZone: target.availabilityZones[index],
    attachments: [{ endpointId: `${id}.endpoints[${String(index)}]`, subnetId }],
  }));
  return [{ syncStates: syncStates.reverse(), transitGatewayAttachmentSyncStates: [] }];
}

type Inputs = Readonly<Record<string, unknown>>;

/** The ARN of a guardrail, by its name. AWS makes up another id for it. */
export function guardrailArn(name: string): string {
  return `arn:aws:bedrock:${target.region}:${target.accountId}:guardrail/${name.replaceAll("-", "")}`;
}

/** Computed outputs that are more than a text. */
function structured(type: string, id: string, inputs: Inputs): Readonly<Record<string, unknown>> {
  switch (type) {
    case "aws:networkfirewall/firewall:Firewall":
      return { firewallStatuses: firewallStatuses(id, inputs) };
    case "aws:bedrock/guardrail:Guardrail":
      return { guardrailArn: guardrailArn(String(inputs["name"])) };
    case "aws:cloudcontrol/resource:Resource":
      return { properties: JSON.stringify({ DatastoreArn: `${id}.DatastoreArn` }) };
    case "aws:ec2/vpcEndpoint:VpcEndpoint":
      return { dnsEntries: [{ dnsName: `${id}.dnsName`, hostedZoneId: `${id}.hostedZoneId` }] };
    case "gcp:certificateauthority/authority:Authority":
      return { pemCaCertificates: [`${id}.pemCaCertificates[0]`] };
    case "azure-native:monitor:DataCollectionEndpoint":
      return {
        logsIngestion: { endpoint: `https://${id.split("/").at(-1) ?? ""}.ingest.monitor.azure.com` },
      };
    case "azure-native:healthcareapis:FhirService":
      // Azure closes it once its workspace has a private endpoint.
      return { publicNetworkAccess: "Disabled" };
    default:
      return {};
  }
}

interface MockedResource {
  readonly urn: string;
  readonly state: unknown;
}

function plain(state: unknown): Record<string, unknown> {
  const struct = state as { toJavaScript?: () => Record<string, unknown> };
  return typeof struct.toJavaScript === "function"
    ? struct.toJavaScript()
    : (state as Record<string, unknown>);
}

/** Resources with which a sketch can go on: those of a program, under Pulumi's mocks. */
export async function renderedStack(program: () => unknown, knowledge: Knowledge): Promise<Sketch> {
  const registered: {
    readonly type: string;
    readonly name: string;
    readonly custom: boolean;
    readonly inputs: unknown;
  }[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        registered.push({ type, name, inputs, custom: custom ?? true });
        const id = Sketch.idOf(type, name, inputs as Record<string, unknown>);
        const outputs = Object.fromEntries((computed[type] ?? []).map((key) => [key, `${id}.${key}`]));
        return {
          id,
          state: { ...outputs, ...structured(type, id, inputs as Inputs), ...(inputs as Inputs) },
        };
      },
      call: ({ token }) => {
        throw new Error(`no answer to ${token}`);
      },
    },
    "bulkhead",
    "test",
    false,
    "organization",
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    getRegisteredResources: () => ReadonlyMap<string, MockedResource>;
  };
  const options = new Map<string, SketchOptions>();
  await pulumi.runtime.runInPulumiStack(() => {
    withoutAliases();
    // The mocks are not told of these.
    pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
      const { protect = false, ignoreChanges = [] } = opts as pulumi.CustomResourceOptions;
      options.set(`${type}::${name}`, { protect, ignoreChanges });
      return undefined;
    });
    return Promise.resolve(program());
  });
  await pulumi.runtime.disconnect();
  const mocked = monitor.getRegisteredResources();

  const sketch = new Sketch(knowledge);
  const resources = registered.filter(({ type }) => !type.startsWith("pulumi:"));
  for (const { type, name, custom, inputs } of resources) {
    const found = [...mocked.values()].find(({ urn }) => urn.endsWith(`${type}::${name}`));
    if (found === undefined) {
      throw new Error(`${type} ${name} has no URN`);
    }
    // Mocks put the type of the parent into the URN, and nothing more; here each type of component is there once.
    const parentType = found.urn.split("::")[2]?.split("$").at(-2);
    const parent = [...mocked.values()].find(
      ({ urn }) => parentType !== undefined && urn.split("::")[2]?.endsWith(parentType) === true,
    );
    sketch.addRaw({
      urn: found.urn,
      type,
      name,
      inputs: inputs as Record<string, unknown>,
      outputs: custom ? undefined : plain(found.state),
      custom,
      parent: parent?.urn,
      options: options.get(`${type}::${name}`) ?? {},
      computed: computed[type] ?? [],
      made: structured(type, Sketch.idOf(type, name, inputs as Record<string, unknown>), inputs as Inputs),
    });
  }
  return sketch;
}

const rendered = new Map<string, Promise<Sketch>>();

/**
 * A stack that is rendered once for all tests that run in one process: each gets a copy, with what is known of it as it
 * asks. What is around a platform cannot be compared, so that one with surroundings of its own is rendered anew.
 */
async function renderedOnce(
  [file, on, around]: readonly [unknown, CloudTarget, Partial<Surroundings>],
  knowledge: Knowledge,
  program: () => unknown,
): Promise<Sketch> {
  if (Object.keys(around).length > 0) {
    return renderedStack(program, knowledge);
  }
  const key = JSON.stringify([file, on]);
  const stack = rendered.get(key) ?? renderedStack(program, knowledge);
  rendered.set(key, stack);
  return (await stack).copy(knowledge);
}

/** The resources of a platform on AWS. */
export function renderedPlatform(
  file: unknown,
  knowledge: Knowledge,
  on: AwsTarget = target,
  around: Partial<Surroundings> = {},
): Promise<Sketch> {
  const spec = platformSpec(file);
  const renderer = awsRenderer(on, { ...surroundingsOf(spec), ...around });
  return renderedOnce([file, on, around], knowledge, () => new Platform({ spec, renderer }));
}

/** The resources of a platform on Azure. */
export function renderedOnAzure(
  file: unknown,
  knowledge: Knowledge,
  on: AzureTarget = azureTarget,
  around: Partial<Surroundings> = {},
): Promise<Sketch> {
  const spec = platformSpec(file);
  const renderer = azureRenderer(on, { ...surroundingsOf(spec, on.kind), ...around });
  return renderedOnce([file, on, around], knowledge, () => new Platform({ spec, renderer }));
}

/** The resources of a platform on Google Cloud. */
export function renderedOnGoogle(
  file: unknown,
  knowledge: Knowledge,
  on: GcpTarget = gcpTarget,
  around: Partial<Surroundings> = {},
): Promise<Sketch> {
  const spec = platformSpec(file);
  const renderer = gcpRenderer(on, { ...surroundingsOf(spec, on.kind), ...around });
  return renderedOnce([file, on, around], knowledge, () => new Platform({ spec, renderer }));
}

/** A rendered platform's resource by its logical name. */
export function named(sketch: Sketch, name: string): StackResource {
  const found = sketch.resources().find((resource) => resource.name === name);
  if (found === undefined) {
    throw new Error(`no resource ${name}`);
  }
  return found;
}
