import type { NetworkLocation, ToolAccess } from "./access-policy";
import type { AuditRecord } from "./audit-policy";
import type { DataStoreKind } from "./data-store";
import type { EdgeClient, EdgeMode } from "./edge";
import type { TokenAlgorithm } from "./identity-provider";
import type { FindingPolicy, ProviderApi } from "./llm-provider";
import type { ZoneId } from "./zone";

/** The network of a platform as a platform file says it. */
export interface NetworkEntry {
  /** Private IPv4 addresses that the platform may use, in CIDR notation, such as `10.40.0.0/16`. */
  readonly addressSpace: string;
}

/** A zone as a platform file says it. */
export interface ZoneEntry {
  /** Which zone this is. */
  readonly id: ZoneId;
  /** The zone's part of the platform's address space, in CIDR notation, such as `10.40.64.0/18`. */
  readonly addressBlock: string;
}

/** How the Internet enters, as a platform file says it. */
export interface EdgeEntry {
  /** Where TLS from the Internet ends: `l7-terminate` when left out. */
  readonly mode?: EdgeMode | undefined;
  /** Who enters: both when left out. `clinician` needs `l7-terminate`, since OpenID Connect is done there. */
  readonly clients?: readonly EdgeClient[] | undefined;
}

/** A workload as a platform file says it. */
export interface WorkloadEntry {
  /** Name of the workload, unique in the platform. */
  readonly id: string;
  /** The zone that it runs in; never `phi`, which is managed-only. */
  readonly zone: ZoneId;
  /** The port that it listens on: 443 when left out, and no other is accepted. */
  readonly port?: number | undefined;
  /** Image in the platform's own registry, without a host, by digest: `<repository>@sha256:<64 hex digits>`. */
  readonly image: string;
  /** Copies that run, 1 to 200: two when left out. */
  readonly replicas?: number | undefined;
}

/** A managed store of the PHI zone as a platform file says it. */
export interface DataStoreEntry {
  /** Name of the store, unique in the platform. */
  readonly id: string;
  /** What it holds. */
  readonly kind: DataStoreKind;
}

/** A business associate agreement as a platform file says it. */
export interface AgreementEntry {
  /** The day on which it was signed. */
  readonly signed: string;
  /** The first day on which it no longer holds, `YYYY-MM-DD`, or that it holds until a party ends it. */
  readonly expires: string;
  /** Where the signed agreement is kept. */
  readonly evidence: string;
}

/** What a platform file says of an LLM provider of either kind. */
export interface LlmProviderTermsEntry {
  /** Name of the provider, unique in the platform. */
  readonly id: string;
  /** The business associate agreement with it; without one it gets no PHI. */
  readonly agreement?: AgreementEntry | undefined;
  /** What happens to a prompt with PHI: `block` when left out. `allow` needs a valid agreement. */
  readonly onFinding?: FindingPolicy | undefined;
}

/** Models by the names that each cloud gives them; none where a cloud is left out. */
export interface NativeModelsEntry {
  /** Models of Amazon Bedrock. */
  readonly aws?: readonly string[] | undefined;
  /** Models of Azure OpenAI. */
  readonly azure?: readonly string[] | undefined;
  /** Models of Vertex AI. */
  readonly gcp?: readonly string[] | undefined;
}

/** The cloud's own LLM service as a platform file says it. */
export interface NativeProviderEntry extends LlmProviderTermsEntry {
  /** Native to the cloud: reached by private endpoint only. */
  readonly kind: "native";
  /** The models that may be called. */
  readonly models: NativeModelsEntry;
}

/** An LLM provider on the Internet as a platform file says it. */
export interface ExternalProviderEntry extends LlmProviderTermsEntry {
  /** External: reached through egress inspection only. */
  readonly kind: "external";
  /** The API that it speaks. */
  readonly api: ProviderApi;
  /** The hosts of its API; no wildcard. */
  readonly fqdns: readonly string[];
  /** The models that may be called: names, or names with a policy of their own. */
  readonly models: readonly (string | ProviderModelEntry)[];
}

/** A model of an external provider with a policy of its own, as a platform file says it. */
export interface ProviderModelEntry {
  /** Its name, as requests write it. */
  readonly name: string;
  /** What happens to a prompt for it in which PHI is found, in the place of the provider's policy. */
  readonly onFinding: FindingPolicy;
}

/** The form of record numbers of the hospital's own, as a platform file says it. */
export interface RecordNumberEntry {
  /** Name of the kind of number. */
  readonly id: string;
  /** Its form: `9` a digit, `A` a letter, `*` either, anything else itself. */
  readonly form: string;
  /** Words of which one has to stand near a number for it to count; none when left out. */
  readonly context?: readonly string[] | undefined;
}

/** How prompts for external providers are inspected, as a platform file says it. */
export interface InspectionPolicyEntry {
  /** The forms of the hospital's own record numbers; none when left out. */
  readonly recordNumbers?: readonly RecordNumberEntry[] | undefined;
  /** The largest request that is inspected, in bytes: 4 MiB when left out. */
  readonly mostBodyBytes?: number | undefined;
  /** How long an inspection may take, in milliseconds: 1000 when left out. */
  readonly deadlineMilliseconds?: number | undefined;
}

/** A flow as a platform file says it: one connection that may be opened. Replies need no flow. */
export interface FlowEntry {
  /** Who opens the connection: `world`, `load-balancer`, `workload/<id>`, or `zone/<id>` for each workload in it. */
  readonly from: string;
  /**
   * Who accepts it: `load-balancer`, `workload/<id>`, `data-store/<id>`, `platform-service/<id>`, `llm-provider/<id>`.
   */
  readonly to: string;
  /** 443 when left out, and no other is accepted. */
  readonly port?: number | undefined;
  /** TCP when left out, and no other is accepted. */
  readonly protocol?: "tcp" | undefined;
}

/** How workloads' certificates are issued, as a platform file says it. */
export interface CertificatePolicyEntry {
  /** Who issues: `built-in` when left out. */
  readonly issuer?: "built-in" | "managed" | undefined;
  /** How long a certificate lives, in hours: 2160 (90 days), the most, when left out. */
  readonly lifetimeHours?: number | undefined;
  /** How long before expiry it is renewed, in hours: 720 (30 days), the least, when left out. */
  readonly renewBeforeHours?: number | undefined;
  /** The oldest TLS version that is spoken. */
  readonly minimumTls?: "1.3" | undefined;
}

/** The enforcement points of a platform that runs its workloads itself, as a platform file says it. */
export interface EnvoyMeshEntry {
  /** The platform runs its workloads, each beside an Envoy. */
  readonly kind: "envoy";
  /** Envoy's image in the platform's own registry, without a host, by digest: `<repository>@sha256:<64 hex digits>`. */
  readonly proxyImage: string;
  /** The certificate agent's image, likewise. */
  readonly agentImage: string;
}

/** The enforcement points of a platform whose workloads run on the customer's Kubernetes, as a platform file says it. */
export interface IstioMeshEntry {
  /** Workloads run on the customer's Kubernetes, each beside a sidecar of Istio. */
  readonly kind: "istio";
  /** Where cert-manager gets the workloads' certificates: an issuer that the cluster has already. */
  readonly issuer: {
    /** Whether it serves its namespace or the whole cluster: `ClusterIssuer` when left out. */
    readonly kind?: "Issuer" | "ClusterIssuer" | undefined;
    /** Its name in the cluster. */
    readonly name: string;
    /** The API group of its kind: `cert-manager.io`, that of issuers such as Vault's, when left out. */
    readonly group?: string | undefined;
  };
}

/** A role as a platform file says it. */
export interface RoleEntry {
  /** Name of the role. */
  readonly id: string;
  /** What the role may use; a name that begins with `phi` discloses PHI. */
  readonly resources: readonly string[];
}

/** A tool that an agent may call, as a platform file says it. */
export interface ToolGrantEntry {
  /** Name of the tool. */
  readonly id: string;
  /** What the agent may do with it: `read` when left out. */
  readonly access?: ToolAccess | undefined;
  /** How many rows it may ask for at most. */
  readonly mostRows?: number | undefined;
}

/** A tool that a workload offers to agents, as a platform file says it. */
export interface ToolEntry {
  /** Name of the tool. */
  readonly id: string;
  /** The workload that offers it, at the path `/mcp`. */
  readonly server: string;
  /** What it does. */
  readonly access: ToolAccess;
  /** The argument that names the patient, who must be the one in context. */
  readonly patientArgument?: string | undefined;
  /** The argument that says how many rows are asked for. */
  readonly rowsArgument?: string | undefined;
}

/** A network of the hospital's, as a platform file says it. */
export interface AccessNetworkEntry {
  /** What requests from there are said to come from. */
  readonly location: Exclude<NetworkLocation, "external">;
  /** The addresses, as the load balancer sees them, in CIDR notation. */
  readonly addresses: readonly string[];
}

/** A public key of an identity provider, as its JSON Web Key Set has it (RFC 7517). */
export interface TokenKeyEntry {
  readonly kty: "EC" | "RSA" | "OKP";
  /** By what name tokens refer to it. */
  readonly kid: string;
  /** The one algorithm that it is used with. */
  readonly alg: TokenAlgorithm;
  readonly use?: "sig" | undefined;
  readonly crv?: "P-256" | "P-384" | "Ed25519" | undefined;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  readonly n?: string | undefined;
  readonly e?: string | undefined;
}

/** The names of a token's claims, as a platform file says them. */
export interface TokenClaimsEntry {
  /** The claim with the role: `roles` when left out. */
  readonly role?: string | undefined;
  /** The claim with the device's compliance: `device_compliance` when left out. */
  readonly device?: string | undefined;
  /** The claim with the patient in context: `patient` when left out. */
  readonly patient?: string | undefined;
}

/** Who says who a clinician is, as a platform file says it. */
export interface IdentityProviderEntry {
  /** Its issuer identifier. */
  readonly issuer: string;
  /** For whom tokens are issued. */
  readonly audience: string;
  /** The public keys with which it signs; one at least. */
  readonly keys: readonly TokenKeyEntry[];
  /** The names of claims. */
  readonly claims?: TokenClaimsEntry | undefined;
}

/** Which resource a request is about, as a platform file says it. */
export interface AccessRouteEntry {
  /** The workload whose enforcement point asks before each request. */
  readonly at: string;
  /** With what the path begins. */
  readonly path: string;
  /** The resource, or `as-granted`. */
  readonly resource: string;
  /** What is done with it: `use` when left out. */
  readonly action?: string | undefined;
}

/** A policy of the hospital's own, as a platform file says it. */
export interface OwnPolicyEntry {
  /** Its id, which decisions and records name. */
  readonly id: string;
  /** The policy, in Cedar: one `permit` or `forbid`. */
  readonly cedar: string;
}

/** An agent as a platform file says it. */
export interface AgentEntry {
  /** Name of the agent. */
  readonly id: string;
  /** The workload that it is, by whose identity it is known. */
  readonly workload: string;
  /** The roles for which it may act. */
  readonly actsFor: readonly string[];
  /** The tools that it may call. */
  readonly tools: readonly ToolGrantEntry[];
}

/** Who may do what, as a platform file says it. */
export interface AccessPolicyEntry {
  /** At least one role. */
  readonly roles: readonly RoleEntry[];
  /** None when left out. */
  readonly agents?: readonly AgentEntry[] | undefined;
  /** Devices have to be compliant; nothing else can be said. */
  readonly deviceCompliance?: "required" | undefined;
  /** From where PHI may be used: `corporate_network` and `vpn` when left out; never `external`. */
  readonly phiLocations?: readonly NetworkLocation[] | undefined;
  /** How long an allowed session lasts, in minutes: 60 when left out. */
  readonly sessionMinutes?: number | undefined;
  /** Resources for which a second factor is asked; none when left out. */
  readonly mfaResources?: readonly string[] | undefined;
  /** What agents may be let call; nothing when left out. */
  readonly tools?: readonly ToolEntry[] | undefined;
  /** Networks of the hospital's; every other address is external. */
  readonly networks?: readonly AccessNetworkEntry[] | undefined;
  /** Who says who a clinician is. */
  readonly identityProvider?: IdentityProviderEntry | undefined;
  /** Which resource a request is about; what no route names is denied. */
  readonly routes?: readonly AccessRouteEntry[] | undefined;
  /** Policies of your own besides; none when left out. */
  readonly policies?: readonly OwnPolicyEntry[] | undefined;
}

/** How the audit trail is kept, as a platform file says it. */
export interface AuditPolicyEntry {
  /** How long records are kept, in days: 2192, HIPAA's six years (45 CFR §164.316(b)(2)(i)), when left out, and no less. */
  readonly retentionDays?: number | undefined;
  /** With what they are encrypted; nothing else can be said. */
  readonly encryption?: "customer-managed-key" | undefined;
  /** What is recorded: everything when left out, and nothing may be missing. */
  readonly records?: readonly AuditRecord[] | undefined;
}

/**
 * A platform as a program or a platform file says it, before it is checked and defaults are filled in.
 *
 * What its values have to satisfy beyond their shape are the invariants, which `platformSpec` checks: ranges, names that
 * exist, address blocks that fit, and flows that are legal.
 */
export interface PlatformFile {
  /** The JSON schema of the file, for editors. */
  readonly $schema?: string | undefined;
  /** Name of the platform; the names of its resources begin with it. */
  readonly name: string;
  /** SPIFFE trust domain of the workloads' identities, such as `ai.hospital.example`. */
  readonly trustDomain: string;
  /** The platform's addresses. */
  readonly network: NetworkEntry;
  /** Each zone once; `egress` only with an external LLM provider. */
  readonly zones: readonly ZoneEntry[];
  /** How the Internet enters the platform. */
  readonly edge?: EdgeEntry | undefined;
  /** The services that the customer runs. */
  readonly workloads: readonly WorkloadEntry[];
  /** The managed stores of the PHI zone. */
  readonly dataStores: readonly DataStoreEntry[];
  /** Where prompts may be sent; nowhere when left out. */
  readonly llmProviders?: readonly (NativeProviderEntry | ExternalProviderEntry)[] | undefined;
  /** How prompts for external providers are inspected. */
  readonly inspection?: InspectionPolicyEntry | undefined;
  /** Every connection that may be opened; nothing else may. */
  readonly flows: readonly FlowEntry[];
  /** What stands before every workload, and lets in only whom the flows name. */
  readonly mesh: EnvoyMeshEntry | IstioMeshEntry;
  /** How workloads' certificates are issued and renewed. */
  readonly certificates?: CertificatePolicyEntry | undefined;
  /** Who may do what, decided for every request. */
  readonly access: AccessPolicyEntry;
  /** How the audit trail is kept. */
  readonly audit?: AuditPolicyEntry | undefined;
}
