import type { ChecklistItem } from "./checklist-items";

const egress = "phi-zone-has-no-egress";
const ingress = "phi-zone-admits-only-processing";
const understood = "resources-are-understood";
const sealed = "network-defaults-are-sealed";
const resolver = "phi-zone-resolver-is-closed";
const closed = "platform-services-are-private";
const declared = "zones-reach-only-declared-peers";
const inspected = "internet-egress-is-inspected";
const audited = "traffic-is-audited";
const mtls = "flows-require-mtls";
const certificates = "certificates-rotate";
const agreements = "llm-providers-have-agreements";

/** Every item of the Google Cloud checklists. The cases are in `test/policy-pack/corpus`, by the same ids. */
export const gcpChecklistItems: readonly ChecklistItem[] = [
  { id: "GE-01", what: "Perimeters that only record what they would refuse", rules: [egress], leftOut: "" },
  { id: "GE-02", what: "Bridges between perimeters", rules: [egress], leftOut: "" },
  {
    id: "GE-03",
    what: "Egress rules of perimeters",
    rules: [egress, closed, understood],
    leftOut: "Those of a perimeter that holds no PHI are advice on a stranger's stack.",
  },
  {
    id: "GE-04",
    what: "Ingress rules and access levels that let out",
    rules: [egress, ingress],
    leftOut:
      "Who is in a group, and what an access level of another stack asks, is not seen: both are refused.",
  },
  {
    id: "GE-05",
    what: "Gaps in a perimeter: services, networks, projects",
    rules: [egress],
    leftOut: "Services that can neither hold nor move PHI are advice on a stranger's stack.",
  },
  {
    id: "GE-06",
    what: "Parts of a perimeter that are resources of their own",
    rules: [egress, ingress],
    leftOut: "Those of other stacks are not seen.",
  },
  { id: "GE-07", what: "A network in the PHI project, or shared with it", rules: [egress], leftOut: "" },
  {
    id: "GE-08",
    what: "Default routes that are kept, routes of every kind",
    rules: [egress, ingress, understood],
    leftOut: "Whether default routes were deleted when a network was made, its setting alone says.",
  },
  {
    id: "GE-09",
    what: "Rules that let out, by priority and target, in policies and networks",
    rules: [egress, ingress, declared, agreements],
    leftOut: "Policies of an organisation that is not in the stack are not seen.",
  },
  {
    id: "GE-10",
    what: "Denials that bind nothing",
    rules: [egress, ingress, declared, inspected],
    leftOut: "",
  },
  { id: "GE-11", what: "NAT", rules: [egress], leftOut: "" },
  {
    id: "GE-12",
    what: "External addresses, and forwarding",
    rules: [egress, ingress, understood],
    leftOut: "",
  },
  { id: "GE-13", what: "IPv6", rules: [egress], leftOut: "" },
  { id: "GE-14", what: "Peering, VPN, interconnect, hubs", rules: [egress], leftOut: "" },
  { id: "GE-15", what: "Private Service Connect", rules: [egress], leftOut: "" },
  {
    id: "GE-16",
    what: "Interfaces in several networks",
    rules: [egress, ingress, resolver, understood, "zone-assignment"],
    leftOut: "",
  },
  {
    id: "GE-17",
    what: "What runs without machines of its own",
    rules: [egress, ingress, resolver, closed, understood, mtls],
    leftOut: "",
  },
  {
    id: "GE-18",
    what: "Name resolution",
    rules: [resolver, agreements],
    leftOut: "On a stranger's stack advice where no code runs in the PHI zone.",
  },
  {
    id: "GE-19",
    what: "Data services that answer the Internet",
    rules: [egress, ingress, resolver, closed, mtls],
    leftOut: "",
  },
  { id: "GE-20", what: "Health records: notifications, streams, pipelines", rules: [egress], leftOut: "" },
  { id: "GE-21", what: "Storage, BigQuery, Pub/Sub", rules: [egress], leftOut: "" },
  { id: "GE-22", what: "Pipelines", rules: [egress, ingress, resolver, closed], leftOut: "" },
  {
    id: "GE-23",
    what: "Records that leave",
    rules: [egress, audited],
    leftOut: "Records that are thrown away open nothing: advice on a stranger's stack.",
  },
  { id: "GE-24", what: "Backups, copies and keys", rules: [egress], leftOut: "" },
  { id: "GE-25", what: "Models and agents that no agreement covers", rules: [egress], leftOut: "" },
  {
    id: "GE-26",
    what: "Organisation policies that are not enforced",
    rules: [sealed],
    leftOut:
      "Policies that are not in the stack are not seen. One that is not enforced opens nothing: advice.",
  },
  { id: "GE-27", what: "Copies of packets", rules: [egress], leftOut: "" },
  {
    id: "GE-28",
    what: "What deploys resources that no stack shows",
    rules: [understood],
    leftOut:
      "On a stranger's stack what refers to nothing of the PHI zone is accepted; beside a platform of ours it never is.",
  },
  { id: "GM-01", what: "Listeners without TLS", rules: [mtls, declared], leftOut: "" },
  { id: "GM-02", what: "Listeners that ask nobody who they are", rules: [mtls], leftOut: "" },
  { id: "GM-03", what: "Old TLS, and early data", rules: [mtls], leftOut: "" },
  { id: "GM-04", what: "The hop behind the load balancer", rules: [mtls], leftOut: "" },
  {
    id: "GM-05",
    what: "Holes in what is trusted",
    rules: [mtls],
    leftOut: "Whose an authority is, its certificate does not say.",
  },
  { id: "GM-06", what: "Meshes without proxies", rules: [mtls], leftOut: "" },
  {
    id: "GM-07",
    what: "The mesh of a cluster",
    rules: [mtls],
    leftOut:
      "Whether the mesh takes callers without a certificate, resources of Kubernetes say, which are not read.",
  },
  { id: "GM-08", what: "Cloud Run", rules: [mtls], leftOut: "" },
  { id: "GM-09", what: "Certificates that do not rotate", rules: [certificates], leftOut: "" },
  { id: "GM-10", what: "Pools of identities", rules: [certificates], leftOut: "" },
  { id: "GM-11", what: "Databases and caches", rules: [mtls], leftOut: "" },
  {
    id: "GM-12",
    what: "Inspection that does not look into TLS",
    rules: [declared, inspected, mtls, understood, agreements],
    leftOut: "",
  },
  { id: "GM-13", what: "Authorisation that fails open", rules: [mtls], leftOut: "" },
  {
    id: "must-1",
    what: "Flow logs, of all flows",
    rules: [audited],
    leftOut: "Advice on a stranger's stack.",
  },
  {
    id: "must-2",
    what: "Denials that record",
    rules: [sealed],
    leftOut: "Advice on a stranger's stack.",
  },
  {
    id: "must-3",
    what: "A response policy, and a log of what is asked",
    rules: [audited, resolver],
    leftOut: "Advice on a stranger's stack where no code runs in the PHI zone.",
  },
  {
    id: "must-4",
    what: "Records of who reads and writes",
    rules: [audited],
    leftOut: "Advice on a stranger's stack.",
  },
  {
    id: "must-5",
    what: "Retention, a lock and a key of records",
    rules: [audited, sealed],
    leftOut: "Advice on a stranger's stack.",
  },
  { id: "must-6", what: "Rotation of keys", rules: [sealed], leftOut: "Advice on a stranger's stack." },
  {
    id: "must-7",
    what: "Keys of the customer's for stores",
    rules: [sealed],
    leftOut: "Advice on a stranger's stack.",
  },
  {
    id: "must-8",
    what: "Policies and authorities that belong to a listener, and a record of requests",
    rules: [mtls, audited],
    leftOut: "A listener that asks nobody is refused; the others are advice on a stranger's stack.",
  },
  {
    id: "inspection",
    what: "Ways from processing to the Internet past inspection",
    rules: [declared, inspected],
    leftOut: "What a proxy or a firewall looks for, and how well it finds it, is not judged.",
  },
];

/** How many cases the corpus of Google Cloud has, by what a stranger's stack with one is; a test counts them. */
export const gcpCases = { refused: 900, advised: 40 } as const;
