import * as lb from "@pulumi/aws/lb";
import * as s3 from "@pulumi/aws/s3";
import * as wafv2 from "@pulumi/aws/wafv2";
import type * as pulumi from "@pulumi/pulumi";

import type { EdgeClient } from "../../model/edge";
import type { ClinicianSignIn, Entrance, MachineAuthorities } from "../../model/entrance";
import type { PlatformSpec } from "../../model/platform-spec";
import { platformPort } from "../../model/workload";
import { FrontDoor } from "../front-door";
import { peerTagsOf, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import { closedBucket, secureTransport } from "./closed-bucket";
import type { PhysicalNames } from "./physical-names";
import { anybody, policyDocument } from "./policy-document";

export interface AwsFrontDoorArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly entrance: Entrance;
  readonly clinicianClientSecret: pulumi.Output<string> | undefined;
  readonly networkId: pulumi.Output<string>;
  /** The gateway zone's subnets for load balancers. */
  readonly subnetIds: pulumi.Output<string>[];
  /** The filter of the load balancer. */
  readonly filterId: pulumi.Output<string>;
  /** The filter that lets the load balancer call the identity provider; there exactly if clinicians sign in at it. */
  readonly signInFilterId: pulumi.Output<string> | undefined;
  /** Where the web firewalls record. */
  readonly webFirewallRecordsId: pulumi.Output<string>;
  /** What must stand before a web firewall can record. */
  readonly delivery: readonly pulumi.Resource[];
  /** What must stand before a load balancer does. */
  readonly sealed: readonly pulumi.Resource[];
}

/** TLS 1.3 and nothing older (Elastic Load Balancing user guide, "Security policies for your Application Load Balancer"). */
const tls13Policy = "ELBSecurityPolicy-TLS13-1-3-2021-06";

/** Requests of one address in five minutes, above which it is refused for a while. */
const mostRequests = 2000;

/** AWS's own groups of rules, in the order in which they are tried (AWS WAF developer guide, "AWS Managed Rules rule groups list"). */
const managedRules: readonly { readonly name: string; readonly counted: readonly string[] }[] = [
  { name: "AWSManagedRulesAmazonIpReputationList", counted: [] },
  { name: "AWSManagedRulesKnownBadInputsRuleSet", counted: [] },
  { name: "AWSManagedRulesSQLiRuleSet", counted: [] },
  // The rule refuses bodies above 8 KB, which FHIR resources and prompts are; `ai-gateway` limits them.
  { name: "AWSManagedRulesCommonRuleSet", counted: ["SizeRestrictions_BODY"] },
];

/**
 * Headers by which a load balancer tells its targets who the client is (Elastic Load Balancing user guide, "Mutual TLS
 * authentication" and "User claims encoding and signature verification").
 */
const identityHeaders: Readonly<Record<EdgeClient, readonly string[]>> = {
  machine: [
    "x-amzn-mtls-clientcert",
    "x-amzn-mtls-clientcert-issuer",
    "x-amzn-mtls-clientcert-leaf",
    "x-amzn-mtls-clientcert-serial-number",
    "x-amzn-mtls-clientcert-subject",
    "x-amzn-mtls-clientcert-validity",
  ],
  clinician: ["x-amzn-oidc-accesstoken", "x-amzn-oidc-data", "x-amzn-oidc-identity"],
};

/**
 * The front door on AWS.
 *
 * - `l7-terminate`: an Application Load Balancer for each kind of client, since one listener either verifies the
 *   certificates of its clients or signs them in. Each ends TLS 1.3 behind a web firewall of its own, which refuses
 *   whoever claims what only the other entrance can say, and speaks TLS to `ai-gateway`.
 * - `l4-passthrough`: a Network Load Balancer that forwards TCP, and says from whom by the PROXY protocol.
 */
export class AwsFrontDoor extends FrontDoor {
  readonly entranceNames: Readonly<Partial<Record<EdgeClient, pulumi.Output<string>>>>;
  readonly targetIds: Readonly<Partial<Record<EdgeClient, pulumi.Output<string>>>>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before a target is registered: AWS takes none of a group that no load balancer forwards to. */
  readonly listeners: readonly pulumi.Resource[];
  readonly #args: AwsFrontDoorArgs;
  readonly #tags: Tags;
  readonly #register = new ZoneRegister();
  readonly #names: Partial<Record<EdgeClient, pulumi.Output<string>>> = {};
  readonly #targets: Partial<Record<EdgeClient, pulumi.Output<string>>> = {};
  readonly #listeners: pulumi.Resource[] = [];

  constructor(name: string, args: AwsFrontDoorArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, entrance } = args;
    super(FrontDoor.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    this.#args = args;
    this.#tags = peerTagsOf(spec.name, "gateway", { kind: "load-balancer" });
    if (entrance.mode === "l4-passthrough") {
      this.#passThrough();
    } else {
      const records = this.#records();
      if (entrance.machine !== undefined) {
        this.#machineListener(entrance.certificateId, entrance.machine, records);
      }
      if (entrance.clinician !== undefined) {
        this.#clinicianListener(entrance.certificateId, entrance.clinician, records);
      }
    }
    this.entranceNames = this.#names;
    this.targetIds = this.#targets;
    this.listeners = this.#listeners;
    this.zoneMembers = this.#register.members();
    this.registerOutputs({
      entranceNames: this.entranceNames,
      targetIds: this.targetIds,
      zoneMembers: this.zoneMembers,
    });
  }

  #listen(listener: lb.Listener): void {
    this.#listeners.push(this.#register.add("gateway", listener));
  }

  /** The bucket of access and connection logs. Load balancers write with S3's own keys only. */
  #records(): { readonly bucket: s3.Bucket; readonly ready: readonly pulumi.Resource[] } {
    const { spec, names } = this.#args;
    const arn = names.bucketArn("edge-records");
    const bucket = this.#register.add(
      "gateway",
      new s3.Bucket(
        `${spec.name}-edge-records-bucket`,
        { bucket: names.bucket("edge-records"), forceDestroy: false, tags: this.#tags },
        { parent: this, protect: true },
      ),
    );
    const ready = closedBucket(
      bucket,
      `${spec.name}-edge-records`,
      {
        key: undefined,
        retentionDays: spec.audit.retentionDays,
        records: "expiring",
        policy: policyDocument([
          ...secureTransport(arn),
          {
            Sid: "LoadBalancersWrite",
            Effect: "Allow",
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            Action: ["s3:PutObject"],
            // The service writes under the account of the load balancer, so no other account's comes here.
            Resource: [`${arn}/AWSLogs/${names.accountId}/*`],
          },
          {
            Sid: "RecordsAreKept",
            Effect: "Deny",
            Principal: anybody,
            Action: ["s3:DeleteObject*"],
            Resource: [`${arn}/*`],
          },
        ]),
      },
      this,
    );
    return { bucket, ready };
  }

  /** A load balancer with public addresses that ends TLS, and where it sends what it lets in. */
  #balancer(
    client: EdgeClient,
    filterIds: readonly pulumi.Output<string>[],
    { bucket, ready }: { readonly bucket: s3.Bucket; readonly ready: readonly pulumi.Resource[] },
  ): { readonly balancer: lb.LoadBalancer; readonly targets: lb.TargetGroup } {
    const { spec, networkId, subnetIds, sealed } = this.#args;
    const prefix = `${spec.name}-${client}`;
    const balancer = this.#register.add(
      "gateway",
      new lb.LoadBalancer(
        `${prefix}-entrance`,
        {
          name: prefix,
          loadBalancerType: "application",
          internal: false,
          ipAddressType: "ipv4",
          subnets: subnetIds,
          securityGroups: [...filterIds],
          dropInvalidHeaderFields: true,
          desyncMitigationMode: "strictest",
          xffHeaderProcessingMode: "append",
          enableTlsVersionAndCipherSuiteHeaders: true,
          enableWafFailOpen: false,
          enableDeletionProtection: true,
          accessLogs: { bucket: bucket.id, enabled: true },
          connectionLogs: { bucket: bucket.id, enabled: true },
          tags: this.#tags,
        },
        { parent: this, dependsOn: [...sealed, ...ready], deleteBeforeReplace: true },
      ),
    );
    const targets = this.#register.add(
      "gateway",
      new lb.TargetGroup(
        `${prefix}-targets`,
        {
          name: prefix,
          vpcId: networkId,
          targetType: "ip",
          protocol: "HTTPS",
          protocolVersion: "HTTP2",
          port: platformPort,
          // The check passes the proxy as requests do, and asks the program itself.
          healthCheck: {
            enabled: true,
            protocol: "HTTPS",
            port: "traffic-port",
            path: "/healthz",
            matcher: "200",
          },
          tags: this.#tags,
        },
        { parent: this, deleteBeforeReplace: true },
      ),
    );
    this.#webFirewall(client, balancer);
    this.#names[client] = balancer.dnsName;
    this.#targets[client] = targets.arn;
    return { balancer, targets };
  }

  /** The entrance of programs, which present a certificate of an authority that the hospital trusts. */
  #machineListener(
    certificateArn: string,
    { certificates, revocations }: MachineAuthorities,
    records: { readonly bucket: s3.Bucket; readonly ready: readonly pulumi.Resource[] },
  ): void {
    const { spec, names, filterId } = this.#args;
    const prefix = `${spec.name}-machine`;
    const { balancer, targets } = this.#balancer("machine", [filterId], records);
    const arn = names.bucketArn("authorities");
    const bucket = this.#register.add(
      "gateway",
      new s3.Bucket(
        `${spec.name}-machine-authorities-bucket`,
        { bucket: names.bucket("authorities"), forceDestroy: false, tags: this.#tags },
        { parent: this },
      ),
    );
    const ready = closedBucket(
      bucket,
      `${spec.name}-machine-authorities`,
      {
        key: undefined,
        retentionDays: spec.audit.retentionDays,
        policy: policyDocument(secureTransport(arn)),
      },
      this,
    );
    const object = (what: string, key: string, content: string): s3.BucketObjectv2 =>
      this.#register.add(
        "gateway",
        new s3.BucketObjectv2(
          `${prefix}-${what}`,
          {
            bucket: bucket.id,
            key,
            content,
            contentType: "application/x-pem-file",
            tags: this.#tags,
          },
          { parent: this, dependsOn: [...ready] },
        ),
      );
    const bundle = object("authorities", "authorities.pem", certificates);
    const trustStore = this.#register.add(
      "gateway",
      new lb.TrustStore(
        `${prefix}-trust-store`,
        {
          name: prefix,
          caCertificatesBundleS3Bucket: bucket.id,
          caCertificatesBundleS3Key: bundle.key,
          // The bundle is read when its version changes, and never else.
          caCertificatesBundleS3ObjectVersion: bundle.versionId,
          tags: this.#tags,
        },
        { parent: this },
      ),
    );
    if (revocations !== undefined) {
      const list = object("revocations", "revocations.pem", revocations);
      new lb.TrustStoreRevocation(
        `${prefix}-trust-store-revocation`,
        {
          trustStoreArn: trustStore.arn,
          revocationsS3Bucket: bucket.id,
          revocationsS3Key: list.key,
          revocationsS3ObjectVersion: list.versionId,
        },
        { parent: this },
      );
    }
    this.#listen(
      new lb.Listener(
        `${prefix}-listener`,
        {
          loadBalancerArn: balancer.arn,
          port: platformPort,
          protocol: "HTTPS",
          sslPolicy: tls13Policy,
          certificateArn,
          mutualAuthentication: {
            mode: "verify",
            trustStoreArn: trustStore.arn,
            ignoreClientCertificateExpiry: false,
            advertiseTrustStoreCaNames: "on",
          },
          defaultActions: [{ type: "forward", order: 1, targetGroupArn: targets.arn }],
          tags: this.#tags,
        },
        { parent: this },
      ),
    );
  }

  /** The entrance of clinicians, whom the hospital's identity provider signs in before anything is forwarded. */
  #clinicianListener(
    certificateArn: string,
    { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId }: ClinicianSignIn,
    records: { readonly bucket: s3.Bucket; readonly ready: readonly pulumi.Resource[] },
  ): void {
    const { spec, filterId, signInFilterId, clinicianClientSecret } = this.#args;
    if (signInFilterId === undefined || clinicianClientSecret === undefined) {
      throw new Error("clinicians sign in, and the load balancer has no filter or no secret for it");
    }
    const { balancer, targets } = this.#balancer("clinician", [filterId, signInFilterId], records);
    this.#listen(
      new lb.Listener(
        `${spec.name}-clinician-listener`,
        {
          loadBalancerArn: balancer.arn,
          port: platformPort,
          protocol: "HTTPS",
          sslPolicy: tls13Policy,
          certificateArn,
          defaultActions: [
            {
              type: "authenticate-oidc",
              order: 1,
              authenticateOidc: {
                issuer,
                authorizationEndpoint,
                tokenEndpoint,
                userInfoEndpoint,
                clientId,
                clientSecret: clinicianClientSecret,
                onUnauthenticatedRequest: "authenticate",
                scope: "openid",
                sessionTimeout: spec.access.sessionMinutes * 60,
              },
            },
            { type: "forward", order: 2, targetGroupArn: targets.arn },
          ],
          routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000; includeSubDomains",
          routingHttpResponseServerEnabled: false,
          tags: this.#tags,
        },
        { parent: this },
      ),
    );
  }

  /** The web firewall of an entrance, which records what it does without the tokens of its clients. */
  #webFirewall(client: EdgeClient, balancer: lb.LoadBalancer): void {
    const { spec, webFirewallRecordsId, delivery } = this.#args;
    const prefix = `${spec.name}-${client}-web-firewall`;
    const metrics = (metricName: string): wafv2.WebAclArgs["visibilityConfig"] => ({
      metricName,
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
    });
    const claimed = Object.entries(identityHeaders).flatMap(([of, headers]) =>
      of === client ? [] : headers,
    );
    const firewall = this.#register.add(
      "gateway",
      new wafv2.WebAcl(
        prefix,
        {
          name: prefix,
          scope: "REGIONAL",
          defaultAction: { allow: {} },
          visibilityConfig: metrics(prefix),
          rules: [
            {
              name: "claimed-identity",
              priority: 0,
              action: { block: {} },
              statement: {
                orStatement: {
                  statements: claimed.map((name) => ({
                    sizeConstraintStatement: {
                      fieldToMatch: { singleHeader: { name } },
                      comparisonOperator: "GT",
                      size: 0,
                      textTransformations: [{ priority: 0, type: "NONE" }],
                    },
                  })),
                },
              },
              visibilityConfig: metrics(`${prefix}-claimed-identity`),
            },
            {
              name: "too-many-requests",
              priority: 1,
              action: { block: {} },
              statement: { rateBasedStatement: { limit: mostRequests, aggregateKeyType: "IP" } },
              visibilityConfig: metrics(`${prefix}-too-many-requests`),
            },
            ...managedRules.map(({ name, counted }, index) => ({
              name,
              priority: index + 2,
              overrideAction: { none: {} },
              statement: {
                managedRuleGroupStatement: {
                  vendorName: "AWS",
                  name,
                  ...(counted.length === 0
                    ? {}
                    : {
                        ruleActionOverrides: counted.map((rule) => ({
                          name: rule,
                          actionToUse: { count: {} },
                        })),
                      }),
                },
              },
              visibilityConfig: metrics(`${prefix}-${name}`),
            })),
          ],
          tags: this.#tags,
        },
        { parent: this },
      ),
    );
    new wafv2.WebAclLoggingConfiguration(
      `${prefix}-recording`,
      {
        resourceArn: firewall.arn,
        logDestinationConfigs: [webFirewallRecordsId],
        redactedFields: [
          { singleHeader: { name: "authorization" } },
          { singleHeader: { name: "cookie" } },
          { queryString: {} },
        ],
      },
      { parent: this, dependsOn: [...delivery] },
    );
    new wafv2.WebAclAssociation(
      `${prefix}-association`,
      { resourceArn: balancer.arn, webAclArn: firewall.arn },
      { parent: this },
    );
  }

  /** A load balancer that ends no TLS: `ai-gateway` does, and asks its clients for their certificates. */
  #passThrough(): void {
    const { spec, networkId, subnetIds, filterId, sealed } = this.#args;
    // Another kind of load balancer is another one: AWS lets nobody delete either before it is told to.
    const prefix = `${spec.name}-passthrough`;
    const balancer = this.#register.add(
      "gateway",
      new lb.LoadBalancer(
        `${prefix}-entrance`,
        {
          name: prefix,
          loadBalancerType: "network",
          internal: false,
          ipAddressType: "ipv4",
          subnets: subnetIds,
          // It can have a filter only if it had one when it was created.
          securityGroups: [filterId],
          enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
          enableCrossZoneLoadBalancing: true,
          enableDeletionProtection: true,
          tags: this.#tags,
        },
        { parent: this, dependsOn: [...sealed], deleteBeforeReplace: true },
      ),
    );
    const targets = this.#register.add(
      "gateway",
      new lb.TargetGroup(
        `${prefix}-targets`,
        {
          name: prefix,
          vpcId: networkId,
          targetType: "ip",
          protocol: "TCP",
          port: platformPort,
          // Targets admit the load balancer's subnets only, so it connects from its own addresses.
          preserveClientIp: "false",
          proxyProtocolV2: true,
          healthCheck: { enabled: true, protocol: "TCP", port: "traffic-port" },
          tags: this.#tags,
        },
        { parent: this, deleteBeforeReplace: true },
      ),
    );
    this.#listen(
      new lb.Listener(
        `${prefix}-listener`,
        {
          loadBalancerArn: balancer.arn,
          port: platformPort,
          protocol: "TCP",
          defaultActions: [{ type: "forward", order: 1, targetGroupArn: targets.arn }],
          tags: this.#tags,
        },
        { parent: this },
      ),
    );
    this.#names.machine = balancer.dnsName;
    this.#targets.machine = targets.arn;
  }
}
