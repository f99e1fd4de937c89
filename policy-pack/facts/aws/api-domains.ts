import { flagOf, memberReading, recordOf, textOf } from "../../reading";
import type { Node, Referent } from "../../stack-graph";

import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { types, type AwsStack } from "./aws-stack";
import { placeIn, zoneWithin, type Place } from "../place";
import { groupsAt, placeOf, subnetsAt } from "./placement";

const apiTypes = ["aws:apigateway:restapi", "aws:apigatewayv2:api"] as const;
const domainTypes = ["aws:apigateway:domainname", "aws:apigatewayv2:domainname"] as const;
const linkTypes = ["aws:apigateway:vpclink", "aws:apigatewayv2:vpclink"] as const;

/** What ties an API to something else: a domain under which it is called, or a link by which it calls. */
const ties = [
  { type: "aws:apigateway:basepathmapping", api: "restApi", other: "domainName", types: domainTypes },
  { type: "aws:apigatewayv2:apimapping", api: "apiId", other: "domainName", types: domainTypes },
  { type: "aws:apigateway:integration", api: "restApi", other: "connectionId", types: linkTypes },
  { type: "aws:apigatewayv2:integration", api: "apiId", other: "connectionId", types: linkTypes },
] as const;

/**
 * Security policies of domains that ask for certificates. There is none for TLS 1.3 alone: API Gateway refuses its newer
 * ones on such a domain (API Gateway developer guide, "Choose a security policy for your custom domain").
 */
const newestPolicy = /^(?:TLS_1_2|SecurityPolicy_TLS13_1_3_\w+)$/;

/** Where a link of API Gateway leads. */
function placeOfLink(stack: AwsStack, link: Node): Place | undefined {
  return placeOf(stack, link, {
    within: [
      subnetsAt("subnetIds"),
      groupsAt("securityGroupIds"),
      { path: "targetArn", types: types.loadBalancer },
    ],
  });
}

/** What API Gateway accepts: under the domains of APIs, and under the name that it gives to each API itself. */
export function apiHops(stack: AwsStack): HopFacts {
  const { graph, zones } = stack;
  const tied = new Map<Node, Set<Node>>();
  const tie = (one: Node, other: Node): void => {
    tied.set(one, (tied.get(one) ?? new Set()).add(other));
  };
  const nodesOf = (referents: readonly Referent[]): readonly Node[] =>
    referents.flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []));
  for (const { type, api: apiKey, other: otherKey, types: others } of ties) {
    for (const node of graph.ofType(type)) {
      for (const api of nodesOf(graph.referents(node, apiKey, apiTypes))) {
        for (const other of nodesOf(graph.referents(node, otherKey, others))) {
          tie(api, other);
          tie(other, api);
        }
      }
    }
  }
  const ownPlace = (node: Node): Place | undefined =>
    (linkTypes as readonly string[]).includes(node.resourceType)
      ? placeOfLink(stack, node)
      : placeIn(zones.of(node.urn), undefined);
  /** A door is in the zone into which it leads, by whatever it is tied to. */
  const place = (node: Node): Place | undefined => {
    const reached = new Set([node]);
    for (const each of reached) {
      for (const other of tied.get(each) ?? []) {
        reached.add(other);
      }
    }
    const places = [...reached].map(ownPlace);
    return placeIn(
      zoneWithin(
        zones.of(node.urn),
        places.map((one) => one?.zone),
      ),
      places.map((one) => one?.assumption).find((assumption) => assumption !== undefined),
    );
  };

  return allHops(
    ...graph.ofType(...domainTypes).map((node): HopFacts => {
      const at = place(node);
      return at === undefined ? allHops() : domainFacts(stack, node, at);
    }),
    ...graph.ofType(...apiTypes).map((node): HopFacts => {
      const at = place(node);
      if (at === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, at);
      const isClosed = acceptor.requires({
        key: "disableExecuteApiEndpoint",
        read: flagOf(graph.read(node, "disableExecuteApiEndpoint")),
        isRight: (value) => value,
        absentIs: "wrong",
        what: "it answers under the name that API Gateway gives it, which asks no client for a certificate",
        remedy:
          "Set disableExecuteApiEndpoint to true, and let clients come by a DomainName with mutualTlsAuthentication.",
      });
      if (!isClosed) {
        acceptor.hop(`clients and ${acceptor.label}`, undefined);
      }
      return acceptor.facts();
    }),
  );
}

function domainFacts(stack: AwsStack, node: Node, at: Place): HopFacts {
  const { graph } = stack;
  const acceptor = new Acceptor(stack, node, at);
  const mutual = recordOf(graph.read(node, "mutualTlsAuthentication"));
  const isVerifying = acceptor.requires({
    key: "mutualTlsAuthentication.truststoreUri",
    read: textOf(memberReading(mutual, "truststoreUri")),
    isRight: () => true,
    absentIs: "wrong",
    what: "it asks no client for a certificate",
    remedy:
      "Set mutualTlsAuthentication.truststoreUri to the bundle of the authorities whose certificates it takes.",
  });
  if (isVerifying && memberReading(mutual, "truststoreVersion").kind === "absent") {
    acceptor.fault({
      what: "it takes whichever authorities the bundle names when it is read",
      remedy:
        "Set mutualTlsAuthentication.truststoreVersion to the version of the object, in a bucket with versions.",
      refusedOn: "our platform",
    });
  }
  const isHttp = node.resourceType === "aws:apigatewayv2:domainname";
  const policy = isHttp
    ? memberReading(recordOf(graph.read(node, "domainNameConfiguration")), "securityPolicy")
    : graph.read(node, "securityPolicy");
  const isRecent = acceptor.requires({
    key: isHttp ? "domainNameConfiguration.securityPolicy" : "securityPolicy",
    read: textOf(policy),
    isRight: (value) => newestPolicy.test(value),
    absentIs: "wrong",
    what: "it takes versions of TLS older than 1.2",
    remedy: 'Set the securityPolicy to "TLS_1_2", which takes TLS 1.3 and 1.2.',
  });
  acceptor.hop(`clients and ${acceptor.label}`, isVerifying && isRecent ? "mtls" : undefined);
  return acceptor.facts();
}
