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

/** Every item of the Azure checklists. The cases are in `test/policy-pack/corpus`, by the same ids. */
export const azureChecklistItems: readonly ChecklistItem[] = [
  { id: "ZE-01", what: "Default outbound access", rules: [egress], leftOut: "" },
  {
    id: "ZE-02",
    what: "No network security group",
    rules: [egress, ingress, understood, "zone-assignment"],
    leftOut: "",
  },
  {
    id: "ZE-03",
    what: "No denial of what goes out, or something allowed out",
    rules: [egress, ingress],
    leftOut: "",
  },
  { id: "ZE-04", what: "Rules that name service tags", rules: [egress, ingress], leftOut: "" },
  { id: "ZE-05", what: "Order of rules, by priority", rules: [egress], leftOut: "" },
  { id: "ZE-06", what: "Rules of their own beside a group", rules: [egress, ingress], leftOut: "" },
  {
    id: "ZE-07",
    what: "Azure's resolver, metadata and licences, which no other rule is about",
    rules: [egress, resolver, declared],
    leftOut:
      "On a stranger's stack refused where code runs in the PHI zone, and advice elsewhere: nothing else calls these addresses.",
  },
  {
    id: "ZE-08",
    what: "Groups, public addresses, forwarding and name servers of an interface",
    rules: [egress, ingress, resolver],
    leftOut: "",
  },
  { id: "ZE-09", what: "Private endpoints that no filter binds", rules: [ingress], leftOut: "" },
  {
    id: "ZE-10",
    what: "Routes of every kind, within a table and of their own",
    rules: [egress, sealed, understood, "zone-assignment"],
    leftOut:
      "A subnet that falls back to Azure's routes, and has no address by which to use them, is advice on a stranger's stack.",
  },
  { id: "ZE-11", what: "NAT gateways and public addresses", rules: [egress, understood], leftOut: "" },
  { id: "ZE-12", what: "Outbound rules of load balancers", rules: [egress], leftOut: "" },
  { id: "ZE-13", what: "Public addresses of scale sets", rules: [egress, ingress, resolver], leftOut: "" },
  { id: "ZE-14", what: "IPv6", rules: [egress], leftOut: "" },
  { id: "ZE-15", what: "Service endpoints", rules: [egress], leftOut: "" },
  { id: "ZE-16", what: "Delegated and shared subnets", rules: [egress], leftOut: "" },
  { id: "ZE-17", what: "Peerings and hubs", rules: [egress], leftOut: "" },
  {
    id: "ZE-18",
    what: "Gateways, bastions, taps and captures of packets",
    rules: [egress, ingress],
    leftOut: "",
  },
  {
    id: "ZE-19",
    what: "Rules of network managers",
    rules: [egress, sealed],
    leftOut:
      "Rules of a manager that is not in the stack are not seen. A denial that nobody puts in force is advice.",
  },
  {
    id: "ZE-20",
    what: "Private endpoints of others, and services offered to them",
    rules: [egress],
    leftOut: "",
  },
  {
    id: "ZE-21",
    what: "Name resolution",
    rules: [resolver, mtls],
    leftOut: "On a stranger's stack advice where no code runs in the PHI zone.",
  },
  {
    id: "ZE-22",
    what: "Where the AI service may call",
    rules: [egress, closed, ingress, agreements],
    leftOut: "",
  },
  { id: "ZE-23", what: "Models that no agreement covers", rules: [egress, closed], leftOut: "" },
  { id: "ZE-24", what: "Settings of storage accounts", rules: [egress, closed], leftOut: "" },
  {
    id: "ZE-25",
    what: "FHIR service: export, import, conversion, events",
    rules: [egress, closed],
    leftOut: "",
  },
  { id: "ZE-26", what: "Search service", rules: [closed, egress], leftOut: "" },
  { id: "ZE-27", what: "Databases", rules: [egress, closed], leftOut: "" },
  { id: "ZE-28", what: "Events and pipelines", rules: [egress, closed], leftOut: "" },
  { id: "ZE-29", what: "Disks, snapshots and backups", rules: [egress, closed], leftOut: "" },
  { id: "ZE-30", what: "Logs that leave", rules: [egress, closed], leftOut: "" },
  { id: "ZE-31", what: "Network security perimeters", rules: [egress], leftOut: "" },
  { id: "ZE-32", what: "Compute with a way out of its own", rules: [egress, understood], leftOut: "" },
  { id: "ZE-33", what: "Vaults", rules: [closed, egress], leftOut: "" },
  { id: "ZE-34", what: "Registries", rules: [egress, closed], leftOut: "" },
  {
    id: "ZE-35",
    what: "Policies that are not enforced",
    rules: [sealed, closed, audited],
    leftOut:
      "Policies that are not in the stack are not seen, nor what the definitions of those that are would refuse. One that is not enforced opens nothing: advice on a stranger's stack.",
  },
  {
    id: "ZE-36",
    what: "What deploys resources that no stack shows",
    rules: [understood, sealed],
    leftOut:
      "On a stranger's stack what refers to nothing of the PHI zone is accepted. A manager of networks over a subscription is advice.",
  },
  { id: "ZM-01", what: "Listeners without TLS", rules: [mtls], leftOut: "" },
  { id: "ZM-02", what: "Listeners that ask nobody who they are", rules: [mtls], leftOut: "" },
  { id: "ZM-03", what: "Old TLS", rules: [mtls], leftOut: "" },
  {
    id: "ZM-04",
    what: "The hop behind the gateway",
    rules: [mtls],
    leftOut: "Any public authority's word for what is behind the gateway is advice on a stranger's stack.",
  },
  { id: "ZM-05", what: "TCP listeners", rules: [mtls], leftOut: "" },
  { id: "ZM-06", what: "Container apps", rules: [mtls], leftOut: "" },
  {
    id: "ZM-07",
    what: "The mesh of a cluster",
    rules: [mtls],
    leftOut:
      "Whether the mesh takes callers without a certificate, resources of Kubernetes say, which are not read. A mesh that is its own authority is advice on a stranger's stack.",
  },
  { id: "ZM-08", what: "App Service", rules: [mtls], leftOut: "" },
  { id: "ZM-09", what: "API Management", rules: [mtls], leftOut: "" },
  { id: "ZM-10", what: "Front Door", rules: [mtls], leftOut: "" },
  { id: "ZM-11", what: "Data services", rules: [mtls], leftOut: "" },
  { id: "ZM-12", what: "A firewall that does not look into TLS", rules: [declared, inspected], leftOut: "" },
  { id: "ZM-13", what: "Certificates that do not rotate", rules: [certificates, understood], leftOut: "" },
  { id: "must-1", what: "Flow logs", rules: [audited], leftOut: "Advice on a stranger's stack." },
  {
    id: "must-2",
    what: "Filter and routes of each PHI subnet",
    rules: [sealed, egress, ingress],
    leftOut:
      "A PHI subnet without a route table is advice on a stranger's stack, one without a filter is refused.",
  },
  {
    id: "must-3",
    what: "Explicit denials",
    rules: [sealed, resolver, ingress, egress],
    leftOut: "Denials of what only code can call are advice where no code runs in the PHI zone.",
  },
  {
    id: "must-4",
    what: "A DNS policy, in force, and its log",
    rules: [audited, sealed],
    leftOut: "Advice on a stranger's stack.",
  },
  {
    id: "must-5",
    what: "A perimeter around stores",
    rules: [sealed],
    leftOut: "Advice on a stranger's stack.",
  },
  {
    id: "must-6",
    what: "Listeners and authorities that belong together",
    rules: [mtls],
    leftOut: "An authority that no listener trusts is advice on a stranger's stack.",
  },
  {
    id: "must-7",
    what: "Routes to each firewall",
    rules: [sealed],
    leftOut: "Advice on a stranger's stack.",
  },
  { id: "must-8", what: "Diagnostic settings", rules: [audited], leftOut: "Advice on a stranger's stack." },
  { id: "must-9", what: "Retention", rules: [audited], leftOut: "Advice on a stranger's stack." },
  { id: "must-10", what: "Rotation of keys", rules: [sealed], leftOut: "Advice on a stranger's stack." },
  {
    id: "inspection",
    what: "Ways from processing to the Internet past inspection",
    rules: [declared, inspected, sealed, egress, understood, agreements],
    leftOut:
      "What a firewall looks for, whom it spares and whether it refuses what it finds is advice on a stranger's stack.",
  },
];

/** How many cases the corpus of Azure has, by what a stranger's stack with one is; a test counts them. */
export const azureCases = { refused: 798, advised: 57 } as const;
