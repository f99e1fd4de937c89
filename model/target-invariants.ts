import { firewallSubnetPrefix, hasFirewallSubnet, peerSubnetAddresses, peerSubnetsOf } from "./address-plan";
import { minimumRetentionDays } from "./audit-policy";
import type { CloudTarget } from "./cloud-target";
import type { Breach, Finding, InvariantId } from "./finding";
import { mayReceivePhi } from "./llm-provider";
import { PlatformError } from "./platform-error";
import { isReadForPhi, nativeProvidersOn } from "./native-models";
import { peerName } from "./peer";
import type { PlatformServiceId } from "./platform-service";
import type { PlatformSpec } from "./platform-spec";

/** Something that must hold of a platform on the cloud where it is rendered. */
export interface TargetInvariant {
  readonly id: InvariantId;
  readonly title: string;
  readonly because: string;
  readonly check: (spec: PlatformSpec, target: CloudTarget) => readonly Breach[];
}

/** The workloads with a flow to a platform service. */
function callersOf({ flows }: PlatformSpec, service: PlatformServiceId): ReadonlySet<string> {
  return new Set(
    flows.flatMap(({ from, to }) =>
      to.kind === "platform-service" && to.id === service ? [peerName(from)] : [],
    ),
  );
}

/** The zones and purposes that have more peers than subnets on a cloud that gives each peer one of its own. */
function crowdedZones({ zones, workloads, dataStores, flows }: PlatformSpec): readonly Breach[] {
  const services = new Set(flows.flatMap(({ to }) => (to.kind === "platform-service" ? [to.id] : [])));
  return zones.flatMap(({ id, addressBlock }): readonly Breach[] => {
    const most = peerSubnetsOf(addressBlock);
    const peers = Math.max(
      workloads.filter(({ zone }) => zone === id).length,
      id === "phi" ? dataStores.length : id === "processing" ? services.size : 0,
    );
    return peers <= most
      ? []
      : [
          {
            path: `zones.${id}.addressBlock`,
            message: `${addressBlock.text} has room for ${String(most)} subnets of one kind, and zone ${id} needs ${String(peers)}.`,
            remedy: "Give the zone a larger block: each peer has a /27 of its own in a quarter of it.",
          },
        ];
  });
}

/** An egress zone that has no room for Azure's firewall. */
function cramped({ zones }: PlatformSpec): readonly Breach[] {
  return zones
    .filter(({ id, addressBlock }) => id === "egress" && !hasFirewallSubnet(addressBlock))
    .map(({ addressBlock }) => ({
      path: "zones.egress.addressBlock",
      message: `A quarter of ${addressBlock.text} has no room for the subnet of a firewall, which is a /${String(firewallSubnetPrefix)}.`,
      remedy: "Give the egress zone a /24 or larger.",
    }));
}

/** The workloads that have more replicas than addresses on such a cloud. */
function crowdedSubnets({ workloads }: PlatformSpec): readonly Breach[] {
  return workloads
    .filter(({ replicas }) => replicas > peerSubnetAddresses)
    .map(({ id, replicas }) => ({
      path: `workloads.${id}.replicas`,
      message: `Workload ${id} has ${String(replicas)} replicas, and its subnet ${String(peerSubnetAddresses)} addresses.`,
      remedy: `Run ${String(peerSubnetAddresses)} replicas at most, or divide the work between two workloads.`,
    }));
}

/** How long Azure keeps records at most, in days: twelve years (Azure Monitor REST API, `totalRetentionInDays` of a table). */
const longestAzureRetentionDays = 4383;

/** How long Google Cloud keeps records at most, in days: ten years (Cloud Logging documentation, "Quotas and limits"). */
const longestGoogleRetentionDays = 3650;

/** The names under which Google has its APIs and images, which networks there are answered by endpoints of their own. */
const googleNames = ["googleapis.com", "pkg.dev"] as const;

/** The hosts of external providers that are under a name which the platform's networks on Google Cloud answer themselves. */
function hostsOfGoogle({ llmProviders, trustDomain }: PlatformSpec): readonly Breach[] {
  return llmProviders.flatMap((provider): readonly Breach[] =>
    provider.kind === "native"
      ? []
      : provider.fqdns.flatMap((host) => {
          const own = [...googleNames, trustDomain].find(
            (name) => host === name || host.endsWith(`.${name}`),
          );
          return own === undefined
            ? []
            : [
                {
                  path: `llmProviders.${provider.id}.fqdns`,
                  message: `${host} is under ${own}, which every network of the platform answers itself, so that it never leads to the provider.`,
                  remedy:
                    own === trustDomain
                      ? "Give the provider a host under another name than the trust domain."
                      : "Name Google's models in `models.gcp` of a native provider: Vertex AI serves them by the private endpoint.",
                },
              ];
        }),
  );
}

/** The platform services that a workload needs to be started beside its proxy. */
const neededToRun = ["secrets", "registry", "logs"] as const satisfies readonly PlatformServiceId[];

/** What must hold between a platform and its cloud. */
export const targetInvariants: readonly TargetInvariant[] = [
  {
    id: "BH-034",
    title: "A platform that uses the cloud's model inference names models of that cloud.",
    because: "The endpoint's policy names the models that may be called; without a name it would admit none.",
    check: (spec, { kind }) => {
      const isUsed = callersOf(spec, "model-inference").size > 0;
      return isUsed && nativeProvidersOn(kind, spec).length === 0
        ? [
            {
              path: `llmProviders.models.${kind}`,
              message: `platform-service/model-inference is used, and no native provider names a model of ${kind}.`,
              remedy: `Add the models to \`models.${kind}\` of the native provider, or take the flows to model-inference out.`,
            },
          ]
        : [];
    },
  },
  {
    id: "BH-035",
    title: "On Google Cloud, the egress zone has a project of its own.",
    because:
      "Each zone's resources are held apart by projects there, and what can reach the Internet most of all.",
    check: ({ zones }, target) =>
      target.kind === "gcp" && target.projects.egress === undefined
        ? zones
            .filter(({ id }) => id === "egress")
            .map(() => ({
              path: "zones",
              message: "The egress zone has no project to be in.",
              remedy: "Name the project in the stack's configuration, as bulkhead:projects.egress.",
            }))
        : [],
  },
  {
    id: "BH-041",
    title: "On Azure, who writes logs writes metrics, and the reverse.",
    because:
      'Both are reached by one private link scope of Azure Monitor, with one private endpoint, so that no filter can tell them apart (Azure documentation, "Azure Monitor Private Link Scope").',
    check: (spec, { kind }) => {
      const [logs, metrics] = [callersOf(spec, "logs"), callersOf(spec, "metrics")];
      const onlyOne = [
        ...[...logs].filter((name) => !metrics.has(name)).map((name) => ({ name, missing: "metrics" })),
        ...[...metrics].filter((name) => !logs.has(name)).map((name) => ({ name, missing: "logs" })),
      ];
      return kind !== "azure"
        ? []
        : onlyOne.map(({ name, missing }) => ({
            path: "flows",
            message: `${name} has no flow to platform-service/${missing}, which is reached by the endpoint that it is let through to.`,
            remedy: `Add a flow from ${name} to platform-service/${missing}, or take the other out.`,
          }));
    },
  },
  {
    id: "BH-042",
    title: "On Azure and Google Cloud, each peer has a subnet of its own, with an address for each replica.",
    because:
      "Filters there know each other's ends by addresses, so that what shares a subnet cannot be told apart.",
    check: (spec, { kind }) =>
      kind === "aws"
        ? []
        : [...crowdedZones(spec), ...crowdedSubnets(spec), ...(kind === "azure" ? cramped(spec) : [])],
  },
  {
    id: "BH-043",
    title: "On Azure, records are kept for twelve years at most.",
    because:
      "No table of Azure's keeps a record for longer, and one that was gone early would be missed late.",
    check: ({ audit }, { kind }) =>
      kind !== "azure" || audit.retentionDays <= longestAzureRetentionDays
        ? []
        : [
            {
              path: "audit.retentionDays",
              message: `Records would be kept for ${String(audit.retentionDays)} days, and Azure keeps them for ${String(longestAzureRetentionDays)} at most.`,
              remedy: `Keep them for ${String(longestAzureRetentionDays)} days or fewer; HIPAA asks for ${String(minimumRetentionDays)}.`,
            },
          ],
  },
  {
    id: "BH-044",
    title: "On Google Cloud, every workload has a flow to platform-service/identity.",
    because:
      'No filter there holds back the metadata server, from which whatever runs takes the tokens of its identity (Google Cloud documentation, "VPC firewall rules", always allowed traffic), so that leaving the flow out would promise what nothing keeps.',
    check: (spec, { kind }) => {
      const callers = callersOf(spec, "identity");
      return kind !== "gcp"
        ? []
        : spec.workloads
            .filter(({ id }) => !callers.has(`workload/${id}`))
            .map(({ id }) => ({
              path: "flows",
              message: `workload/${id} has no flow to platform-service/identity, which it reaches all the same.`,
              remedy: `Add a flow from workload/${id}, or from its zone, to platform-service/identity.`,
            }));
    },
  },
  {
    id: "BH-045",
    title: "On Google Cloud, records are kept for ten years at most.",
    because: "No log bucket keeps a record for longer, and one that was gone early would be missed late.",
    check: ({ audit }, { kind }) =>
      kind !== "gcp" || audit.retentionDays <= longestGoogleRetentionDays
        ? []
        : [
            {
              path: "audit.retentionDays",
              message: `Records would be kept for ${String(audit.retentionDays)} days, and Google Cloud keeps them for ${String(longestGoogleRetentionDays)} at most.`,
              remedy: `Keep them for ${String(longestGoogleRetentionDays)} days or fewer; HIPAA asks for ${String(minimumRetentionDays)}.`,
            },
          ],
  },
  {
    id: "BH-046",
    title: "On Azure, the platform issues its workloads' certificates itself.",
    because:
      "Azure has no private certificate authority. No type of Azure Resource Manager is one; Key Vault signs certificates by themselves, or has a public authority do it, which signs no SPIFFE ID; Microsoft Cloud PKI issues for managed devices alone; what Container Apps and the service mesh of AKS issue lives for hours, for workloads that run there.",
    check: ({ certificates, mesh }, { kind }) =>
      kind !== "azure" || mesh.kind !== "envoy" || certificates.issuer !== "managed"
        ? []
        : [
            {
              path: "certificates.issuer",
              message: "Azure has no private certificate authority that could issue workloads' certificates.",
              remedy:
                "Write `built-in`; or run the workloads on Kubernetes (`mesh.kind: istio`), where cert-manager asks an issuer of the hospital's own, such as Vault.",
            },
          ],
  },
  {
    id: "BH-049",
    title: "Every workload that the platform runs has flows to the secrets, the registry and the logs.",
    because:
      "It is started from an image of the registry, its agent fetches its certificates from the secrets, and both write what they do to the logs; without one of these it would never start, or nobody would know why.",
    check: (spec) =>
      spec.mesh.kind !== "envoy"
        ? []
        : neededToRun.flatMap((service) => {
            const callers = callersOf(spec, service);
            return spec.workloads
              .filter(({ id }) => !callers.has(`workload/${id}`))
              .map(({ id }) => ({
                path: "flows",
                message: `workload/${id} has no flow to platform-service/${service}, without which it cannot run.`,
                remedy: `Add a flow from workload/${id}, or from its zone, to platform-service/${service}.`,
              }));
          }),
  },
  {
    id: "BH-062",
    title:
      "A native provider that may not get PHI names no model of which the cloud's guardrail reads no PHI.",
    because:
      "What `block` and `redact` promise is kept by Bedrock's guardrail on AWS and by Model Armor on Google Cloud, and by nothing else: neither reads requests to embed, and on Azure the filters of content look for no PHI at all.",
    check: (spec, { kind }) =>
      nativeProvidersOn(kind, spec)
        .filter((provider) => !mayReceivePhi(provider))
        .flatMap(({ id, onFinding, models }) =>
          models[kind]
            .filter((model) => !isReadForPhi(kind, model))
            .map((model) => ({
              path: `llmProviders.${id}.models.${kind}`,
              message: `Nothing would read what ${model} is asked, so that \`onFinding: ${onFinding}\` would not be kept.`,
              remedy:
                "Record the agreement with the cloud and use `onFinding: allow`, or take the model out.",
            })),
        ),
  },
  {
    id: "BH-063",
    title:
      "On Google Cloud, no external provider is called by a name of Google's own, or of the trust domain.",
    because:
      "Each network there leads every name of Google's APIs to its private endpoint, the egress zone's too, so that none gets past the service perimeters by its public name; and Google's models are there as native ones.",
    check: (spec, { kind }) => (kind === "gcp" ? hostsOfGoogle(spec) : []),
  },
];

/**
 * Checks that a platform can be rendered on a cloud.
 *
 * @throws PlatformError listing every finding.
 */
export function assertRenderable(spec: PlatformSpec, target: CloudTarget): void {
  const findings = targetInvariants.flatMap(({ id, check }) =>
    check(spec, target).map((breach): Finding => ({ id, ...breach })),
  );
  if (findings.length > 0) {
    throw new PlatformError(`The platform on ${target.kind}`, findings);
  }
}
