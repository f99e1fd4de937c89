import * as acm from "@pulumi/aws/acm";
import * as ec2 from "@pulumi/aws/ec2";
import type * as kms from "@pulumi/aws/kms";
import * as networkfirewall from "@pulumi/aws/networkfirewall";
import type * as pulumi from "@pulumi/pulumi";

import { subnetBlock, type SubnetLetter, type SubnetPurpose } from "../../model/address-plan";
import { providerHosts } from "../../model/egress-guard";
import type { PlatformSpec } from "../../model/platform-spec";
import { platformPort, type Workload } from "../../model/workload";
import type { WorkloadZoneId } from "../../model/zone";
import { inspectionAuthorities, type InspectionAuthority } from "../certificates/inspection-authorities";
import { EgressInspection } from "../egress-inspection";
import { zoneTags, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import type { AwsAuditLog } from "./audit-log";
import { egressPublication, type EgressPublication } from "./egress-publication";
import type { PassageFilters } from "./flow-filters";
import { guardSecrets } from "./guard-secrets";
import type { PhysicalNames } from "./physical-names";
import type { AwsSegmentation } from "./segmentation";

export interface AwsEgressInspectionArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly guard: Workload;
  /** The network of the egress zone. */
  readonly network: {
    readonly id: pulumi.Output<string>;
    readonly internetGatewayId: pulumi.Output<string>;
    readonly internetGateway: pulumi.Resource | undefined;
  };
  readonly segmentation: AwsSegmentation;
  /** The filters of the way to the guard. */
  readonly passage: PassageFilters;
  /** The names of the availability zones, by their letter. */
  readonly availabilityZones: ReadonlyMap<SubnetLetter, string>;
  readonly key: kms.Key;
  readonly deployerId: string | undefined;
  readonly now: Date;
  readonly auditLog: AwsAuditLog;
  /** What must stand before the zone has a way out, or is reached. */
  readonly closed: readonly pulumi.Resource[];
}

/** What firewalls take of the keys that ACM can import (AWS Network Firewall guide, "Using SSL/TLS certificates"). */
const authorityKey = { algorithm: "RSA", rsaBits: 2048 } as const;

const anywhere = "0.0.0.0/0";

/** What is known of one letter. @throws Error if nothing is, which is a mistake of the renderer's. */
function at<T>(known: ReadonlyMap<SubnetLetter, T>, letter: SubnetLetter): T {
  const found = known.get(letter);
  if (found === undefined) {
    throw new Error(`the egress zone lacks a part in availability zone ${letter}`);
  }
  return found;
}

/** How much of a firewall's room a list of names takes; it cannot be changed later, so that the list has room to grow. */
const capacity = 1000;

/**
 * The inspected door on AWS: the way by which the guard is reached; a Network Firewall that ends TLS in an endpoint in each
 * availability zone, a NAT gateway behind each, and the routes by which the guard's packets take that way and no other; and
 * what the guard alone reads.
 *
 * What the guard sends to 443 is decrypted, and passes if it is for the host of a declared provider; all else is dropped.
 * The first bytes of a connection wait until that is decided.
 */
export class AwsEgressInspection extends EgressInspection {
  readonly zoneMembers: ZoneMembers;
  readonly publication: EgressPublication;
  /** What must stand before the guard is reached, and reaches a provider. */
  readonly ready: readonly pulumi.Resource[];
  readonly #args: AwsEgressInspectionArgs;
  readonly #register = new ZoneRegister();
  readonly #tags: Tags;

  constructor(name: string, args: AwsEgressInspectionArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, guard, network, segmentation, passage, key, deployerId, now, auditLog, closed } =
      args;
    super(EgressInspection.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    this.#args = args;
    this.#tags = zoneTags(spec.name, "egress");
    const register = this.#register;
    const subnetsIn = (zone: WorkloadZoneId): readonly pulumi.Output<string>[] => [
      ...segmentation.subnetsFor(zone, "private-endpoint").values(),
    ];
    this.publication = egressPublication(
      {
        spec,
        names,
        guard,
        egress: { networkId: network.id, subnetIds: subnetsIn("egress"), filterId: passage.balancer },
        core: {
          networkId: segmentation.networkId,
          subnetIds: subnetsIn("processing"),
          filterId: passage.endpoint,
        },
        sealed: closed,
        register,
      },
      this,
    );
    const authorities = inspectionAuthorities({ spec, now, key: authorityKey, register }, { parent: this });
    const secrets = guardSecrets(
      { spec, names, guard, key, authorities: authorities.trusted, deployerId, register },
      this,
    );
    const firewall = this.#firewall(authorities.current);
    const logged = this.#register.add(
      "egress",
      new networkfirewall.LoggingConfiguration(
        `${spec.name}-egress-firewall-logging`,
        {
          firewallArn: firewall.arn,
          loggingConfiguration: {
            logDestinationConfigs: [...auditLog.firewallLogNames].map(([logType, logGroup]) => ({
              logType,
              logDestinationType: "CloudWatchLogs",
              logDestination: { logGroup },
            })),
          },
        },
        { parent: this, dependsOn: [...auditLog.delivery] },
      ),
    );
    this.ready = [this.publication.listener, ...secrets, ...this.#routes(firewall, [logged])];
    this.zoneMembers = this.#register.members();
    this.registerOutputs({ zoneMembers: this.zoneMembers });
  }

  /** The blocks of the guard's subnets. */
  #guardBlocks(): ReadonlyMap<SubnetLetter, string> {
    const { spec, availabilityZones } = this.#args;
    const [zone] = spec.zones.filter(({ id }) => id === "egress");
    if (zone === undefined) {
      throw new Error("the platform has no egress zone");
    }
    return new Map(
      [...availabilityZones.keys()].map((letter) => [letter, subnetBlock(zone, "workload", letter).text]),
    );
  }

  #firewall(authority: InspectionAuthority): networkfirewall.Firewall {
    const { spec, names, network, segmentation, key, closed } = this.#args;
    const child = { parent: this };
    const encryption = { type: "CUSTOMER_KMS", keyId: key.arn };
    const blocks = [...this.#guardBlocks().values()];
    const prefix = `${spec.name}-egress`;
    const tags = this.#tags;
    const allowList = this.#register.add(
      "egress",
      new networkfirewall.RuleGroup(
        `${prefix}-providers`,
        {
          name: `${names.firewall}-providers`,
          description: `The hosts of the external providers of ${spec.name}`,
          type: "STATEFUL",
          capacity,
          ruleGroup: {
            // Without it the firewall takes the addresses of its own network for those that it looks at.
            ruleVariables: { ipSets: [{ key: "HOME_NET", ipSet: { definitions: blocks } }] },
            rulesSource: {
              rulesSourceList: {
                generatedRulesType: "ALLOWLIST",
                // By the name in TLS alone: a list of names in HTTP would let plain text through.
                targetTypes: ["TLS_SNI"],
                targets: [...providerHosts(spec)],
              },
            },
            statefulRuleOptions: { ruleOrder: "STRICT_ORDER" },
          },
          encryptionConfiguration: encryption,
          tags,
        },
        child,
      ),
    );
    const inspection = this.#tlsInspection(authority, encryption, blocks);
    const policy = this.#register.add(
      "egress",
      new networkfirewall.FirewallPolicy(
        `${prefix}-firewall-policy`,
        {
          name: names.firewall,
          firewallPolicy: {
            statelessDefaultActions: ["aws:forward_to_sfe"],
            statelessFragmentDefaultActions: ["aws:drop"],
            statefulEngineOptions: { ruleOrder: "STRICT_ORDER", streamExceptionPolicy: "DROP" },
            statefulDefaultActions: ["aws:drop_established", "aws:alert_established"],
            statefulRuleGroupReferences: [{ resourceArn: allowList.arn, priority: 1 }],
            tlsInspectionConfigurationArn: inspection.arn,
            enableTlsSessionHolding: true,
          },
          encryptionConfiguration: encryption,
          tags,
        },
        child,
      ),
    );
    return this.#register.add(
      "egress",
      new networkfirewall.Firewall(
        `${prefix}-firewall`,
        {
          name: names.firewall,
          firewallPolicyArn: policy.arn,
          vpcId: network.id,
          subnetMappings: [...segmentation.subnetsFor("egress", "inspection").values()].map((subnetId) => ({
            subnetId,
            ipAddressType: "IPV4",
          })),
          deleteProtection: true,
          subnetChangeProtection: true,
          firewallPolicyChangeProtection: true,
          encryptionConfiguration: encryption,
          tags,
        },
        { parent: this, dependsOn: [...closed] },
      ),
    );
  }

  /** Ends TLS of all that the guard sends to 443, and refuses providers' certificates that were taken back, or may have been. */
  #tlsInspection(
    authority: InspectionAuthority,
    encryption: { readonly type: string; readonly keyId: pulumi.Output<string> },
    blocks: readonly string[],
  ): networkfirewall.TlsInspectionConfiguration {
    const { spec, names } = this.#args;
    const tags = this.#tags;
    const number = String(authority.number);
    const imported = this.#register.add(
      "egress",
      new acm.Certificate(
        `${spec.name}-egress-authority-${number}`,
        {
          certificateBody: authority.certificate.certPem,
          privateKey: authority.key.privateKeyPem,
          tags,
        },
        { parent: this },
      ),
    );
    return this.#register.add(
      "egress",
      new networkfirewall.TlsInspectionConfiguration(
        `${spec.name}-egress-tls-inspection`,
        {
          name: names.firewall,
          description: `What of the egress zone of ${spec.name} is decrypted`,
          tlsInspectionConfiguration: {
            serverCertificateConfiguration: {
              certificateAuthorityArn: imported.arn,
              checkCertificateRevocationStatus: {
                revokedStatusAction: "REJECT",
                unknownStatusAction: "REJECT",
              },
              scopes: [
                {
                  protocols: [6],
                  sources: blocks.map((addressDefinition) => ({ addressDefinition })),
                  sourcePorts: [{ fromPort: 0, toPort: 65535 }],
                  destinations: [{ addressDefinition: anywhere }],
                  destinationPorts: [{ fromPort: platformPort, toPort: platformPort }],
                },
              ],
            },
          },
          encryptionConfigurations: [encryption],
          tags,
        },
        { parent: this },
      ),
    );
  }

  /**
   * The routes of each availability zone: from the guard to the firewall's endpoint there, from there to the NAT gateway
   * there, from there to the Internet; and back to the guard through the same endpoint, since a firewall that sees one half
   * of a connection refuses it.
   */
  #routes(
    firewall: networkfirewall.Firewall,
    logged: readonly pulumi.Resource[],
  ): readonly pulumi.Resource[] {
    const { spec, network, segmentation, availabilityZones } = this.#args;
    const prefix = `${spec.name}-egress`;
    const ways: pulumi.Resource[] = [];
    // Neither an address nor a NAT gateway can be made in a network to which no Internet gateway is attached yet (AWS
    // provider documentation, `aws.ec2.Eip` and `aws.ec2.NatGateway`).
    const attached = network.internetGateway === undefined ? [] : [network.internetGateway];
    const route = (
      what: string,
      purpose: SubnetPurpose,
      letter: SubnetLetter,
      to: Pick<ec2.RouteArgs, "destinationCidrBlock" | "vpcEndpointId" | "natGatewayId" | "gatewayId">,
      // A way out is opened only once what passes it is recorded.
      dependsOn: readonly pulumi.Resource[] = [],
    ): void => {
      ways.push(
        new ec2.Route(
          `${prefix}-${purpose}-${letter}-route-to-${what}`,
          { routeTableId: at(segmentation.routeTablesFor("egress", purpose), letter), ...to },
          { parent: this, dependsOn: [...dependsOn] },
        ),
      );
    };
    for (const [letter, availabilityZone] of availabilityZones) {
      // By the name of its availability zone: AWS lists endpoints in any order.
      const endpointId = firewall.firewallStatuses.apply((statuses) => {
        const [attachment] = statuses
          .flatMap(({ syncStates }) => syncStates)
          .filter((state) => state.availabilityZone === availabilityZone)
          .flatMap(({ attachments }) => attachments);
        if (attachment === undefined) {
          throw new Error(`the firewall has no endpoint in ${availabilityZone}`);
        }
        return attachment.endpointId;
      });
      const address = this.#register.add(
        "egress",
        new ec2.Eip(
          `${prefix}-address-${letter}`,
          { domain: "vpc", tags: zoneTags(spec.name, "egress", "address-translation") },
          { parent: this, dependsOn: attached },
        ),
      );
      const translation = this.#register.add(
        "egress",
        new ec2.NatGateway(
          `${prefix}-address-translation-${letter}`,
          {
            subnetId: at(segmentation.subnetsFor("egress", "address-translation"), letter),
            allocationId: address.allocationId,
            connectivityType: "public",
            tags: zoneTags(spec.name, "egress", "address-translation"),
          },
          { parent: this, dependsOn: attached },
        ),
      );
      route(
        "firewall",
        "workload",
        letter,
        { destinationCidrBlock: anywhere, vpcEndpointId: endpointId },
        logged,
      );
      route("address-translation", "inspection", letter, {
        destinationCidrBlock: anywhere,
        natGatewayId: translation.id,
      });
      route("world", "address-translation", letter, {
        destinationCidrBlock: anywhere,
        gatewayId: network.internetGatewayId,
      });
      for (const [guardLetter, destinationCidrBlock] of this.#guardBlocks()) {
        route(`guard-${guardLetter}`, "address-translation", letter, {
          destinationCidrBlock,
          vpcEndpointId: endpointId,
        });
      }
    }
    return ways;
  }
}
