import { purposeBlock, subnetBlock } from "../../model/address-plan";
import { zoneLetter } from "../../model/availability-zone";
import type { Cidr } from "../../model/cidr";
import type { CloudTarget } from "../../model/cloud-target";
import type { Entrance } from "../../model/entrance";
import type { PlatformSpec } from "../../model/platform-spec";
import { loadBalancerSpiffeId, type SpiffeId } from "../../model/spiffe-id";

/**
 * Who calls the workloads behind the load balancer, and what they show.
 *
 * - `none`: the load balancer of AWS or Azure, which presents no certificate to what is behind it. Its addresses are all
 *   that is known of it, and the network admits no other. The last address of `x-forwarded-for` is its client's.
 * - `load-balancer`: the load balancer of Google Cloud, with a certificate of the trust domain. It adds its own address to
 *   `x-forwarded-for` after that of its client.
 * - `clients`: programs of the hospital's, whose connections the load balancer passes through, with certificates of the
 *   authorities that the stack names.
 */
export type EdgeClients =
  | {
      readonly certificate: "none";
      readonly addresses: readonly Cidr[];
      /** Set where the load balancer speaks no newer version of TLS to what is behind it, as Azure's does. */
      readonly newestTls?: "1.2";
    }
  | { readonly certificate: "load-balancer"; readonly spiffeId: SpiffeId | `spiffe://${string}` }
  | {
      readonly certificate: "clients";
      /** Certificates of their authorities, in PEM. */
      readonly authorities: string;
      /** The authorities' lists of revoked certificates (RFC 5280 §5), in PEM, where the stack names any. */
      readonly revocations?: string;
      /** Set where the load balancer says before each connection whose it is, as AWS's does. Then none is taken that does not. */
      readonly proxyProtocol?: "required";
    };

/** Who calls the workloads behind the load balancer of a platform on a cloud: it, or through it programs of the hospital's. */
export function edgeClients(
  { trustDomain, zones }: Pick<PlatformSpec, "trustDomain" | "zones">,
  target: CloudTarget,
  entrance: Entrance,
): EdgeClients {
  if (entrance.mode === "l4-passthrough") {
    const { certificates: authorities, revocations } = entrance.machine;
    return {
      certificate: "clients",
      authorities,
      ...(revocations === undefined ? {} : { revocations }),
      ...(target.kind === "aws" ? { proxyProtocol: "required" } : {}),
    };
  }
  const gateway = zones.filter(({ id }) => id === "gateway");
  switch (target.kind) {
    case "aws":
      return {
        certificate: "none",
        addresses: gateway.flatMap((zone) =>
          target.availabilityZones.map((name) =>
            subnetBlock(zone, "load-balancer", zoneLetter(target, name)),
          ),
        ),
      };
    case "azure":
      return {
        certificate: "none",
        addresses: gateway.map((zone) => purposeBlock(zone, "load-balancer")),
        // Azure documentation, "Application Gateway TLS policy overview", "Limitations".
        newestTls: "1.2",
      };
    case "gcp":
      return { certificate: "load-balancer", spiffeId: loadBalancerSpiffeId(trustDomain) };
  }
}
