import type { RuleName } from "../policy-pack/rule-name";

/** A way out of the PHI zone, or around mutual TLS, and what covers it. */
export interface ChecklistItem {
  readonly id: string;
  readonly what: string;
  /** The rules that refuse it, or advise of it; a test compares them with what refuses the cases of the corpus. */
  readonly rules: readonly RuleName[];
  /** What is left out, and why; empty where nothing is. */
  readonly leftOut: string;
}

const egress = "phi-zone-has-no-egress";
const ingress = "phi-zone-admits-only-processing";
const understood = "resources-are-understood";
const sealed = "network-defaults-are-sealed";
const mtls = "flows-require-mtls";
const certificates = "certificates-rotate";

/** Every item of the AWS checklists. The cases are in `test/policy-pack/corpus`, by the same ids. */
export const checklistItems: readonly ChecklistItem[] = [
  { id: "AE-01", what: "Rules within a security group", rules: [egress, ingress], leftOut: "" },
  { id: "AE-02", what: "Standalone egress rules", rules: [egress], leftOut: "" },
  { id: "AE-03", what: "Rules of the old kind", rules: [egress, ingress], leftOut: "" },
  {
    id: "AE-04",
    what: "A second security group on an interface",
    rules: [egress, ingress],
    leftOut:
      "A security group that is only read is not known, and so refused where it is in force in the PHI zone.",
  },
  {
    id: "AE-05",
    what: "No security group, so that the default one is in force",
    rules: [egress, ingress],
    leftOut:
      "EKS, Batch and EMR make groups of their own, which no stack shows: in the PHI zone they are not understood.",
  },
  { id: "AE-06", what: "Default group or network ACL filled again", rules: [egress, ingress], leftOut: "" },
  {
    id: "AE-07",
    what: "Network ACL that lets out more than replies",
    rules: [egress],
    leftOut:
      "Behind a security group that lets nothing out, an open ACL is accepted on a stranger's stack: what filters let out together decides. On a platform of ours each is judged by itself.",
  },
  { id: "AE-08", what: "Default routes", rules: [egress], leftOut: "" },
  { id: "AE-09", what: "Route targets of every kind", rules: [egress], leftOut: "" },
  {
    id: "AE-10",
    what: "Routes within a table, and propagated ones",
    rules: [egress, understood],
    leftOut: "",
  },
  {
    id: "AE-11",
    what: "Another main table, or another association",
    rules: [egress, "zone-assignment"],
    leftOut: "",
  },
  {
    id: "AE-12",
    what: "Internet, egress-only and carrier gateways",
    rules: [egress, understood],
    leftOut: "In a network that several zones share, routes decide: the gateway zone needs its way out.",
  },
  { id: "AE-13", what: "NAT gateways", rules: [egress], leftOut: "As for AE-12." },
  {
    id: "AE-14",
    what: "IPv6 addresses",
    rules: [egress, understood],
    leftOut: "The IPv6 block of a network that is only read is not seen; that of its subnets is.",
  },
  { id: "AE-15", what: "Public IPv4 addresses", rules: [egress], leftOut: "" },
  {
    id: "AE-16",
    what: "Peering, transit gateways, Cloud WAN, VPN, Direct Connect",
    rules: [egress],
    leftOut: "As for AE-12. What lies beyond is not followed.",
  },
  { id: "AE-17", what: "Client VPN, and connections of people", rules: [egress, understood], leftOut: "" },
  { id: "AE-18", what: "Endpoints in the PHI zone", rules: [egress, understood], leftOut: "" },
  {
    id: "AE-19",
    what: "Endpoint policies for everybody",
    rules: [egress],
    leftOut:
      "Whose an organisation is that a policy names, nothing shows: beside a platform of ours it is a stranger's.",
  },
  { id: "AE-20", what: "Routes that gateway endpoints put in", rules: [egress], leftOut: "" },
  { id: "AE-21", what: "Endpoint services for everybody", rules: [egress], leftOut: "" },
  {
    id: "AE-22",
    what: "Prefix lists",
    rules: [ingress, egress],
    leftOut: "A list that is not in the stack may hold any address.",
  },
  { id: "AE-23", what: "The network's resolver", rules: ["phi-zone-resolver-is-closed"], leftOut: "" },
  { id: "AE-24", what: "Forwarders of names", rules: ["phi-zone-resolver-is-closed", egress], leftOut: "" },
  {
    id: "AE-25",
    what: "Block of public access weakened",
    rules: [sealed],
    leftOut: "An account's switch and no layer: advice on a stranger's stack.",
  },
  { id: "AE-26", what: "Lattice", rules: [egress], leftOut: "" },
  { id: "AE-27", what: "Front doors into the PHI zone", rules: [egress, understood, mtls], leftOut: "" },
  { id: "AE-28", what: "Interfaces in several zones, and forwarding", rules: [egress, ingress], leftOut: "" },
  {
    id: "AE-29",
    what: "Traffic mirroring",
    rules: [understood],
    leftOut: "Refused as not understood, wherever the copy goes.",
  },
  { id: "AE-30", what: "Compute with a way out of its own", rules: [egress, understood], leftOut: "" },
  { id: "AE-31", what: "Public data endpoints", rules: [egress, understood], leftOut: "" },
  { id: "AE-32", what: "Side channels of RDS", rules: [egress], leftOut: "" },
  {
    id: "AE-33",
    what: "Side channels of S3",
    rules: [egress, "platform-services-are-private", understood],
    leftOut: "",
  },
  { id: "AE-34", what: "DynamoDB", rules: [egress], leftOut: "" },
  { id: "AE-35", what: "Search", rules: [egress, mtls], leftOut: "" },
  {
    id: "AE-36",
    what: "Backups and snapshots",
    rules: [egress, sealed, understood],
    leftOut: "The account's block of sharing is advice.",
  },
  {
    id: "AE-37",
    what: "Pipelines",
    rules: [egress, understood],
    leftOut: "Pipelines that the judge cannot follow are refused as not understood.",
  },
  { id: "AE-38", what: "Logs that leave", rules: [egress, understood], leftOut: "" },
  { id: "AE-39", what: "Sharing", rules: [egress, understood], leftOut: "" },
  {
    id: "AE-40",
    what: "Evidence switched off",
    rules: ["traffic-is-audited"],
    leftOut: "It opens nothing: advice on a stranger's stack.",
  },
  {
    id: "AE-41",
    what: "Code that Pulumi runs itself",
    rules: [understood],
    leftOut:
      "On a stranger's stack what refers to nothing of the PHI zone is accepted; beside a platform of ours it never is.",
  },
  {
    id: "AM-01",
    what: "Plaintext and passthrough listeners",
    rules: [mtls, "zones-reach-only-declared-peers"],
    leftOut: "",
  },
  {
    id: "AM-02",
    what: "No client certificate, or one that nobody verifies",
    rules: [mtls, understood],
    leftOut: "",
  },
  { id: "AM-03", what: "Old TLS", rules: [mtls], leftOut: "" },
  { id: "AM-04", what: "Plaintext to the targets", rules: [mtls], leftOut: "" },
  {
    id: "AM-05",
    what: "Other load balancers, API Gateway, CloudFront",
    rules: [mtls],
    leftOut: "App Runner and function URLs are not read.",
  },
  { id: "AM-06", what: "Lattice", rules: [mtls], leftOut: "" },
  {
    id: "AM-07",
    what: "Service Connect",
    rules: [mtls],
    leftOut: "An Envoy beside it is read by itself, and TLS by Service Connect alone is refused.",
  },
  { id: "AM-08", what: "App Mesh", rules: [mtls], leftOut: "" },
  {
    id: "AM-09",
    what: "Certificates of a private authority that live too long",
    rules: [certificates],
    leftOut: "Dates that are fixed are not known before the certificate exists.",
  },
  { id: "AM-10", what: "Private certificates of Certificate Manager", rules: [certificates], leftOut: "" },
  { id: "AM-11", what: "Weak authorities", rules: [certificates], leftOut: "" },
  {
    id: "AM-12",
    what: "Trust stores that drift",
    rules: [mtls],
    leftOut: "What is missing and opens nothing is advice on a stranger's stack.",
  },
  {
    id: "AM-13",
    what: "No rotation",
    rules: [certificates],
    leftOut: "Whether a key of `tls` is kept across renewals, nothing shows.",
  },
  {
    id: "AM-14",
    what: "Certificates pinned by options",
    rules: [certificates],
    leftOut: "`retainOnDelete` is not shown to a pack.",
  },
  { id: "AM-15", what: "Stores without TLS", rules: [mtls, egress], leftOut: "" },
  { id: "AM-16", what: "Headers that others than the load balancer can write", rules: [mtls], leftOut: "" },
  {
    id: "must-1",
    what: "Defaults stripped, and flow logs, in a PHI network",
    rules: [sealed, "traffic-is-audited"],
    leftOut: "",
  },
  { id: "must-2", what: "Associations of each PHI subnet", rules: [sealed], leftOut: "" },
  { id: "must-3", what: "Exclusive owners of rules", rules: [sealed, egress], leftOut: "" },
  {
    id: "must-4",
    what: "DNS firewall and query logs",
    rules: ["traffic-is-audited", "phi-zone-resolver-is-closed"],
    leftOut: "",
  },
  {
    id: "must-5",
    what: "Block of public access",
    rules: [sealed],
    leftOut: "Advised where a network that holds PHI has a gateway.",
  },
  { id: "must-6", what: "Listeners and trust stores that belong together", rules: [mtls], leftOut: "" },
  { id: "must-7", what: "Routes to and from each network firewall", rules: [sealed], leftOut: "" },
  {
    id: "inspection",
    what: "Ways from processing to the Internet past inspection",
    rules: [
      "internet-egress-is-inspected",
      "llm-providers-have-agreements",
      "zones-reach-only-declared-peers",
    ],
    leftOut:
      "Transit gateways are not followed. An endpoint of a gateway load balancer is trusted to inspect.",
  },
];
