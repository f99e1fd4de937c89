import type { ChecklistItem } from "./checklist-items";

const rules = ["llm-providers-have-agreements"] as const;

/** Every way to a provider of models that the judge looks for, and every doubt about an agreement. */
export const providerChecklistItems: readonly ChecklistItem[] = [
  {
    id: "P-01",
    what: "AWS Network Firewall: lists of domains, rules in Suricata's language or as mappings, groups of Cloud Control's",
    rules,
    leftOut:
      "What a regular expression means is not worked out: it counts as every host. Groups that AWS keeps are lists of what is refused.",
  },
  {
    id: "P-02",
    what: "AWS: DNS firewalls, forwarding rules of resolvers",
    rules,
    leftOut: "That a resolver answers every name is another rule's.",
  },
  {
    id: "P-03",
    what: "AWS: integrations of API Gateway, origins of CloudFront, destinations of EventBridge, targets of AgentCore",
    rules,
    leftOut: "An address that a preview does not know is an output of something of the stack's own.",
  },
  {
    id: "P-04",
    what: "Azure Firewall: rules of applications, of the network and of translation, in policies of any API version or in the firewall itself; tags and categories",
    rules,
    leftOut: "",
  },
  {
    id: "P-05",
    what: "Azure: hosts that accounts of AI may call, DNS security policies, rules of forwarding",
    rules,
    leftOut: "",
  },
  {
    id: "P-06",
    what: "Azure: backends and policies of API Management, origins of Front Door, pools of Application Gateway, connections of AI accounts",
    rules,
    leftOut: "An expression in a policy of API Management is not evaluated.",
  },
  {
    id: "P-07",
    what: "Google Cloud: lists and rules of Secure Web Proxy, rules of firewall policies by names",
    rules,
    leftOut: "An expression that is more than tests of a host counts as every host.",
  },
  {
    id: "P-08",
    what: "Google Cloud: response policies, endpoints on the Internet by names",
    rules,
    leftOut: "",
  },
  {
    id: "P-09",
    what: "Clusters: Istio's ServiceEntry, network policies of Cilium, Calico and GKE by names",
    rules,
    leftOut: "Manifests that are in no resource of the stack.",
  },
  {
    id: "P-10",
    what: "Envoy: clusters that lead to a name, wherever its configuration is read",
    rules,
    leftOut:
      "A proxy that forwards to whatever name a request has is refused for that by `flows-require-mtls`.",
  },
  {
    id: "P-11",
    what: "An agreement that is missing, has ended or is not signed yet, where PHI may go",
    rules,
    leftOut: "What is in an agreement, and whether it was signed.",
  },
  {
    id: "P-12",
    what: "An egress guard that is told another provider, host, model, policy, agreement or caller than its platform declares",
    rules,
    leftOut: "In a mesh of Istio's no resource of the platform's tells it.",
  },
  {
    id: "P-13",
    what: "A way to the Internet of a platform that declares no external provider, or outside of its egress zone",
    rules: ["internet-egress-is-inspected"],
    leftOut: "",
  },
];
