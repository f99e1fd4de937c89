import type { PlatformServiceId } from "../../../model/platform-service";

import { reading, textOf, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";

import { types, type AwsStack } from "./aws-stack";

/** The services of AWS that render each platform service, by the last part of their names. */
export const servicesOf: Readonly<Record<PlatformServiceId, readonly string[]>> = {
  "model-inference": ["bedrock-runtime"],
  secrets: ["secretsmanager"],
  logs: ["logs"],
  keys: ["kms"],
  registry: ["ecr.api", "ecr.dkr", "s3"],
  identity: ["sts"],
  metrics: ["monitoring"],
};

/** To what an endpoint leads: a service of AWS, by the last part of its name, services of the stack, or to something else. */
export type EndpointService =
  | { readonly kind: "of-aws"; readonly service: string }
  | { readonly kind: "of-stack"; readonly services: readonly Node[] }
  | { readonly kind: "of-others"; readonly what: string; readonly assumption: string | undefined };

/** The name of a service of AWS's own (AWS PrivateLink guide, "AWS services that integrate with AWS PrivateLink"). */
const awsService =
  /^(?:com\.amazonaws|cn\.com\.amazonaws|aws)\.(?:[a-z]{2}(?:-[a-z]+)+-\d+\.)?(?<service>(?!vpce\.)[a-z0-9][a-z0-9.-]*)$/;

/** The name of a service that somebody publishes. */
const publishedService = /^com\.amazonaws\.vpce\./;

/** Services that the stack publishes, and to which an endpoint leads. */
interface PublishedServices {
  readonly services: readonly Node[];
  /** Whether it leads to one of them for certain, and not to somebody else's. */
  readonly isCertain: boolean;
}

/** The services that the stack publishes to which an endpoint leads, or may. */
export function publishedServices(graph: StackGraph, endpoint: Node): PublishedServices {
  const name = textOf(graph.read(endpoint, "serviceName"));
  const named = (service: Node): Reading<string> => textOf(reading(service.outputs["serviceName"]));
  const all = graph.ofType(...types.endpointService);
  const exact = all.filter((service) => {
    const own = named(service);
    return name.kind === "known" && own.kind === "known" && own.value === name.value;
  });
  if (exact.length > 0) {
    return { services: exact, isCertain: true };
  }
  const services = graph
    .referents(endpoint, "serviceName", types.endpointService)
    .flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []))
    .filter((service) => name.kind !== "known" || named(service).kind !== "known");
  return {
    services,
    isCertain: services.length > 0 && !(name.kind === "known" && publishedService.test(name.value)),
  };
}

/**
 * To what an endpoint leads. Services that somebody publishes, resources of somebody's and appliances take no policy of
 * the endpoint (AWS PrivateLink guide, "Control access to VPC endpoints using endpoint policies").
 */
export function serviceBehind({ graph }: AwsStack, endpoint: Node): EndpointService {
  if (endpoint.resourceType === "aws:opensearch:serverlessvpcendpoint") {
    return { kind: "of-aws", service: "aoss" };
  }
  const others = (what: string, assumption?: string): EndpointService => ({
    kind: "of-others",
    what,
    assumption,
  });
  const type = textOf(graph.read(endpoint, "vpcEndpointType"));
  if (type.kind === "unknown") {
    return others("what it leads to is not known", "`vpcEndpointType` is not known");
  }
  if (type.kind === "known" && type.value !== "Interface" && type.value !== "Gateway") {
    return others(`it is of type ${type.value}, which leads past every endpoint policy`);
  }
  const name = textOf(graph.read(endpoint, "serviceName"));
  const service = name.kind === "known" ? awsService.exec(name.value)?.groups?.["service"] : undefined;
  if (service !== undefined) {
    return { kind: "of-aws", service };
  }
  const { services, isCertain } = publishedServices(graph, endpoint);
  if (isCertain) {
    return { kind: "of-stack", services };
  }
  return name.kind === "known"
    ? others(`it leads to ${name.value}, a service that somebody publishes and no endpoint policy limits`)
    : others("what it leads to is not known", "`serviceName` is not known");
}
