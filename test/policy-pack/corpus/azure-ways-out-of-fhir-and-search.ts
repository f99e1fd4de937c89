import { ownGroup, unknownText, type Sketch } from "../stack-sketch";
import type { Inputs } from "./azure-base";
import {
  fhir,
  foreignId,
  health,
  here,
  nobody,
  ownTenant,
  phiOnly,
  search,
  storage,
  storageText,
  wrongly,
  type Service,
} from "./azure-service-pieces";
import type { CorpusCase } from "./corpus-case";
import { refused, tagsOf, type Kind } from "./stranger-pieces";

/** Whether a FHIR service is on the Internet is what Azure says of it, and what no program can. */
function reachedFhir(stack: Sketch, isPublic: boolean): void {
  fhir(stack, "phi", {}, isPublic ? "Enabled" : "Disabled");
  // A preview does not know the answer. What it knows is that nothing closes a service without a private endpoint.
  if (isPublic && stack.knowledge === "preview") {
    stack.remove("phi-health-endpoint");
  }
}

/** What receives messages of devices and writes them into a FHIR service: of the workspace of the kind. */
function connector(stack: Sketch, kind: Kind, workspaceName: string): string {
  return stack.add("azure-native:healthcareapis:IotConnector", "devices", {
    ...here,
    workspaceName,
    iotConnectorName: "devices",
    identity: { type: "SystemAssigned" },
    deviceMapping: { content: { templateType: "CollectionContent", template: [] } },
    ingestionEndpointConfiguration: {
      eventHubName: "devices",
      consumerGroup: "$Default",
      fullyQualifiedEventHubNamespace: "elsewhere.servicebus.windows.net",
    },
    ...tagsOf(kind),
  });
}

const fhirServices: readonly CorpusCase[] = [
  refused("ZE-25", "a FHIR service on the Internet", reachedFhir, true, false),
  refused(
    "ZE-25",
    "a FHIR service that no private endpoint closes",
    (stack, isClosed: boolean) => {
      fhir(stack, "phi", {}, isClosed ? "Disabled" : "Enabled");
      if (!isClosed) {
        stack.remove("phi-health-endpoint");
      }
    },
    false,
    true,
  ),
  refused(
    "ZE-25",
    "an export of a FHIR service into a stranger's storage",
    (stack, storageAccountName: string) => {
      storage(stack, "phi");
      fhir(stack, "phi", { exportConfiguration: { storageAccountName } });
    },
    "elsewhere",
    "phidocuments",
  ),
  refused(
    "ZE-25",
    "an export of a FHIR service into a storage of no zone",
    (stack, kind: Kind) =>
      fhir(stack, "phi", { exportConfiguration: { storageAccountName: `${storage(stack, kind)}.name` } }),
    "plain",
    "phi",
  ),
  refused(
    "ZE-25",
    "an export of a FHIR service into a storage that nobody knows",
    (stack, exportConfiguration: Inputs | undefined) => fhir(stack, "phi", { exportConfiguration }),
    { storageAccountName: unknownText },
    undefined,
  ),
  refused(
    "ZE-25",
    "an import into a FHIR service from a stranger's storage",
    (stack, importConfiguration: Inputs) => fhir(stack, "phi", { importConfiguration }),
    { enabled: true, initialImportMode: true, integrationDataStore: "elsewhere" },
    { enabled: false },
  ),
  refused(
    "ZE-25",
    "templates of a FHIR service in a stranger's registry",
    (stack, acrConfiguration: Inputs) => fhir(stack, "phi", { acrConfiguration }),
    { loginServers: ["elsewhere.azurecr.io"] },
    { loginServers: [] },
  ),
  refused(
    "ZE-25",
    "a FHIR service that signs users in by itself",
    (stack, smartProxyEnabled: boolean) =>
      fhir(stack, "phi", {
        authenticationConfiguration: {
          audience: "https://fhir.clinic.example",
          authority: `https://login.microsoftonline.com/${ownTenant}`,
          smartProxyEnabled,
        },
      }),
    true,
    false,
  ),
  refused(
    "ZE-25",
    "a FHIR service that any page may call",
    (stack, origins: readonly string[]) =>
      fhir(stack, "phi", { corsConfiguration: { origins, methods: ["GET"], headers: ["*"], maxAge: 600 } }),
    ["*"],
    [],
  ),
  refused(
    "ZE-25",
    "a FHIR service by a package of one version that any page may call",
    (stack, origins: readonly string[]) =>
      fhir(
        stack,
        "phi",
        { corsConfiguration: { origins, methods: ["GET"], headers: [], maxAge: 600 } },
        "Disabled",
        "azure-native_healthcareapis_v20240331:healthcareapis:FhirService",
      ),
    ["https://portal.clinic.example", "*"],
    [],
  ),
  refused(
    "ZE-25",
    "a FHIR service of an old version that exports into a stranger's storage",
    (stack, storageAccountName: string) => {
      storage(stack, "phi");
      fhir(
        stack,
        "phi",
        { exportConfiguration: { storageAccountName } },
        "Disabled",
        "azure-native:healthcareapis/v20230228:FhirService",
      );
    },
    "elsewhere",
    "phidocuments",
  ),
  phiOnly("ZE-25", "a connector of devices", (stack, kind) =>
    connector(stack, kind, `${health(stack, kind)}.name`),
  ),
  phiOnly("ZE-25", "a connector of devices that says no zone, in a workspace by its name", (stack, kind) => {
    health(stack, kind);
    connector(stack, "plain", `${kind}-health`);
  }),
  phiOnly("ZE-25", "a connector of devices that writes into a FHIR service", (stack, kind) => {
    const fhirServiceResourceId = fhir(stack, kind);
    stack.add("azure-native:healthcareapis:IotConnectorFhirDestination", "destination", {
      ...here,
      workspaceName: "elsewhere",
      iotConnectorName: "devices",
      fhirDestinationName: "records",
      fhirServiceResourceId,
      fhirMapping: { content: { templateType: "CollectionFhirTemplate", template: [] } },
      resourceIdentityResolutionType: "Lookup",
    });
  }),
  phiOnly("ZE-25", "a FHIR service of the kind that is no more", (stack, kind) =>
    stack.add("azure-native:healthcareapis:Service", "old-fhir", {
      ...here,
      resourceName: "old-fhir",
      kind: "fhir-R4",
      properties: { publicNetworkAccess: "Disabled" },
      ...tagsOf(kind),
    }),
  ),
];

function searchOf(type: string): Service {
  return (stack, kind, more) => search(stack, kind, more, type);
}

const searches: readonly (readonly [name: string, bad: Inputs, good?: Inputs])[] = [
  ["on the Internet", { publicNetworkAccess: "Enabled" }],
  [
    "on the Internet, in small letters",
    { publicNetworkAccess: "enabled" },
    { publicNetworkAccess: "disabled" },
  ],
  ["that does not say that it is not on the Internet", { publicNetworkAccess: undefined }],
  ["of which nobody knows whether it is on the Internet", { publicNetworkAccess: unknownText }],
  ["that every service of Azure may call", { networkRuleSet: { bypass: "AzureServices" } }],
  ["that the portal may call", { networkRuleSet: { bypass: "AzurePortal" } }],
  [
    "that one address may call",
    {
      publicNetworkAccess: "Enabled",
      networkRuleSet: { bypass: "None", ipRules: [{ value: "198.51.100.7" }] },
    },
    { networkRuleSet: { bypass: "None", ipRules: [] } },
  ],
  ["that may send what it knows anywhere", { dataExfiltrationProtections: undefined }],
  ["that protects against nothing", { dataExfiltrationProtections: [] }],
];

function sharedLink(stack: Sketch, searchServiceName: string, privateLinkResourceId: string): string {
  return stack.add("azure-native:search:SharedPrivateLinkResource", "link", {
    resourceGroupName: ownGroup,
    searchServiceName,
    sharedPrivateLinkResourceName: "link",
    properties: { groupId: "blob", privateLinkResourceId, requestMessage: "index" },
  });
}

const foreignStorage = foreignId("Microsoft.Storage/storageAccounts", "elsewhere");

const searchServices: readonly CorpusCase[] = [
  ...searches.map(([name, bad, good]) => wrongly("ZE-26", `a search service ${name}`, search, bad, good)),
  wrongly(
    "ZE-26",
    "a search service by a package of one version, on the Internet",
    searchOf("azure-native_search_v20231101:search:Service"),
    { publicNetworkAccess: "enabled" },
  ),
  wrongly(
    "ZE-26",
    "a search service of an old version that every service of Azure may call",
    searchOf("azure-native:search/v20240601preview:Service"),
    { networkRuleSet: { bypass: "AzureServices" } },
  ),
  refused(
    "ZE-26",
    "a link of a search service to a stranger's storage",
    (stack, target: string) => {
      storage(stack, "phi");
      sharedLink(stack, `${search(stack, "phi")}.name`, target);
    },
    foreignStorage,
    storageText("phi"),
  ),
  refused(
    "ZE-26",
    "a link of a search service to a storage of no zone",
    (stack, kind: Kind) => sharedLink(stack, `${search(stack, "phi")}.name`, storage(stack, kind)),
    "plain",
    "phi",
  ),
  phiOnly("ZE-26", "a link to a stranger's storage, of a search service by its name", (stack, kind) => {
    search(stack, kind);
    sharedLink(stack, `${kind}-search`, foreignStorage);
  }),
  refused(
    "ZE-26",
    "a search service whose index is fed from a storage that all may call",
    (stack, isOpen: boolean) => {
      storage(
        stack,
        "phi",
        isOpen
          ? { publicNetworkAccess: "Enabled", networkRuleSet: { ...nobody, bypass: "AzureServices" } }
          : {},
      );
      sharedLink(stack, `${search(stack, "phi")}.name`, storageText("phi"));
    },
    true,
    false,
  ),
];

/** Ways out by FHIR services and search services: rows ZE-25 and ZE-26. */
export const azureWaysOutOfFhirAndSearch: readonly CorpusCase[] = [...fhirServices, ...searchServices];
