import { itemsOf, listOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { HostAllowance } from "../host-allowance";
import { at, valuesAt } from "../property-path";
import { hostAllowance, isBelow } from "../read-hosts";
import { hostPattern } from "../../host-pattern";

import { labelOf, type AwsStack } from "./aws-stack";
import { ruleOptions, variablesOf } from "./firewall-policies";
import { suricataHosts } from "./suricata-hosts";
import { passesToAnywhere, ruleLines, type RuleParts, type Variables } from "./suricata-rules";

const groupTypes = ["aws:networkfirewall:rulegroup", "aws-native:networkfirewall:rulegroup"] as const;
const domainListType = "aws:route53:resolverfirewalldomainlist";

/** Properties of AWS's resources that hold an address to which requests are sent on. */
const routes: Readonly<Record<ResourceType, readonly string[]>> = {
  "aws:apigateway:integration": ["uri"],
  "aws:apigatewayv2:integration": ["integrationUri"],
  "aws:appsync:datasource": ["httpConfig.endpoint"],
  "aws:bedrock:agentcoregatewaytarget": [
    "targetConfiguration.mcp.mcpServer.endpoint",
    "targetConfiguration.mcp.openApiSchema.inlinePayload.payload.servers.url",
  ],
  "aws:cloudfront:distribution": ["origins.domainName"],
  "aws:cloudwatch:eventapidestination": ["invocationEndpoint"],
  "aws:route53:resolverrule": ["domainName"],
};

/** What the rules of a stateful group let through by names. */
function ofRuleGroup(stack: AwsStack, node: Node): readonly HostAllowance[] {
  const { graph } = stack;
  const content = recordOf(graph.read(node, "ruleGroup"));
  const source = recordOf(memberReading(content, "rulesSource"));
  const list = recordOf(memberReading(source, "rulesSourceList"));
  const kind = textOf(memberReading(list, "generatedRulesType"));
  const isAllowList = list.kind !== "absent" && (kind.kind !== "known" || kind.value === "ALLOWLIST");
  const texts = [graph.read(node, "rules"), memberReading(source, "rulesString")].map(textOf);
  // Of variables that are not known none is set to less than anything.
  const variables = variablesOf(content) ?? new Map<string, undefined>();
  const hidden = {
    by: "firewall" as const,
    hosts: [{ kind: "unknown" } as const],
  };
  return [
    ...(isAllowList
      ? hostAllowance(stack, node, {
          by: "firewall",
          part: "the allow-list",
          hosts: list.kind === "unknown" ? [list] : itemsOf(memberReading(list, "targets")),
          assumption: kind.kind === "known" ? undefined : "`generatedRulesType` of its list",
        })
      : []),
    ...texts.flatMap((text): readonly HostAllowance[] => {
      if (text.kind !== "known") {
        return text.kind === "unknown" ? hostAllowance(stack, node, hidden) : [];
      }
      return ruleLines(text.value).flatMap((line, index) =>
        line === undefined
          ? hostAllowance(stack, node, { ...hidden, part: `line ${String(index + 1)}` })
          : ofRule(stack, node, `rule ${String(index + 1)}`, line, variables),
      );
    }),
    ...itemsOf(listOf(memberReading(source, "statefulRules"))).flatMap((item, index) => {
      const rule = recordOf(item);
      const part = `rule ${String(index + 1)}`;
      const action = textOf(memberReading(rule, "action"));
      const header = recordOf(memberReading(rule, "header"));
      const protocol = textOf(memberReading(header, "protocol"));
      const [destination, destinationPort] = ["destination", "destinationPort"].map((key) => {
        const text = textOf(memberReading(header, key));
        return text.kind === "known" ? text.value : "any";
      });
      const options = ruleOptions(rule);
      return action.kind === "known" &&
        protocol.kind === "known" &&
        options !== undefined &&
        destination !== undefined &&
        destinationPort !== undefined
        ? ofRule(
            stack,
            node,
            part,
            { action: action.value, protocol: protocol.value, destination, destinationPort, options },
            variables,
          )
        : hostAllowance(stack, node, { ...hidden, part });
    }),
  ];
}

function ofRule(
  stack: AwsStack,
  node: Node,
  part: string,
  rule: Omit<RuleParts, "source" | "isTwoWay">,
  variables: Variables,
): readonly HostAllowance[] {
  const { action, protocol, options } = rule;
  const passed = suricataHosts(action, protocol, options, passesToAnywhere(rule, variables));
  return passed === undefined
    ? []
    : hostAllowance(stack, node, {
        by: passed.by,
        part,
        hosts: passed.hosts.map((value) => ({ kind: "known", value })),
        assumption: passed.assumption,
      });
}

/** Names that AWS alone answers for. */
const ofAws = ["amazonaws.com", "amazonaws.com.cn", "api.aws", "on.aws", "aws.dev"];

/** What the rules of DNS firewalls answer, besides names of AWS's own and of private zones of the stack. */
function ofResolvers(stack: AwsStack): readonly HostAllowance[] {
  const { graph } = stack;
  const zones = graph
    .ofType("aws:route53:zone")
    .filter((zone) => graph.read(zone, "vpcs").kind !== "absent")
    .flatMap((zone) => {
      const name = textOf(graph.read(zone, "name"));
      return name.kind === "known" ? [name.value] : [];
    });
  const standalone = graph.ofType("aws:route53:resolverfirewallrule").map((node) => ({
    node,
    key: "firewallDomainListId",
    read: (key: string) => graph.read(node, key),
  }));
  const inline = graph.ofType("aws:route53:resolverfirewallrulegroup").flatMap((node) =>
    itemsOf(graph.read(node, "firewallRules")).map((item) => ({
      node,
      key: "firewallRules",
      read: (key: string) => memberReading(recordOf(item), key),
    })),
  );
  return [...standalone, ...inline].flatMap(({ node, key, read }) => {
    const action = textOf(read("action"));
    if (action.kind === "known" && action.value === "BLOCK") {
      return [];
    }
    const lists = graph.referentsOf(node, key, read("firewallDomainListId"), [domainListType]);
    const hosts = lists.flatMap((list) =>
      list.kind === "resource" ? itemsOf(graph.read(list.node, "domains")) : [{ kind: "unknown" } as const],
    );
    const others = hosts.filter((host) => {
      const text = textOf(host);
      return text.kind !== "known" || !isBelow(hostPattern(text.value), [...zones, ...ofAws]);
    });
    const [list] = lists;
    return hostAllowance(stack, node, {
      by: "resolver",
      part: list?.kind === "resource" ? `${labelOf(list.node)}, by` : undefined,
      hosts: others,
      assumption: action.kind === "known" ? undefined : "`action` of the rule",
    });
  });
}

/** Requests that gateways, distributions and the like send on to a host. */
function ofRoutes(stack: AwsStack): readonly HostAllowance[] {
  const { graph } = stack;
  return Object.entries(routes).flatMap(([type, paths]) =>
    graph.ofType(type).flatMap((node) => {
      const written = paths
        .flatMap((path) => valuesAt(graph, node, at(path)))
        // What is not known is an output of something of the stack's; an ARN names a service of AWS's.
        .filter((value) => {
          const text = textOf(value);
          return text.kind === "known" && !/^arn:/i.test(text.value);
        });
      const hosts = type === "aws:route53:resolverrule" ? written.map(belowDomain) : written;
      return hostAllowance(stack, node, {
        by: type === "aws:route53:resolverrule" ? "resolver" : "route",
        hosts,
      });
    }),
  );
}

/** A domain with whatever is below it, for which questions are sent on. */
function belowDomain(domain: Reading<unknown>): Reading<unknown> {
  const text = textOf(domain);
  return text.kind === "known" ? { kind: "known", value: `.${text.value.replace(/^\.+/, "")}` } : domain;
}

/** What AWS's resources of the stack let through by the names of hosts. */
export function hostAllowances(stack: AwsStack): readonly HostAllowance[] {
  return [
    ...stack.graph.ofType(...groupTypes).flatMap((node) => ofRuleGroup(stack, node)),
    ...ofResolvers(stack),
    ...ofRoutes(stack),
  ];
}
