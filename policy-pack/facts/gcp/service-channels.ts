import { at } from "../property-path";
import type { ResourceType } from "../../resource-type";

import {
  channel,
  copy,
  everywhere,
  foreignOnly,
  inert,
  mayBe,
  mayNot,
  mayNotBe,
  part,
  reads,
  store,
  to,
  toCallers,
  unless,
  type Exit,
  type SideChannelType,
} from "./side-channel-type";
import { buckets, datasets, projects, tables, topics } from "./store-channels";

const indexes = ["gcp:vertex:aiindex"] as const;
const indexEndpoints = ["gcp:vertex:aiindexendpoint"] as const;
const featureStores = ["gcp:vertex:aifeatureonlinestore"] as const;
const featureGroups = ["gcp:vertex:aifeaturegroup"] as const;
const oldFeatureStores = ["gcp:vertex:aifeaturestore"] as const;
const dataStores = ["gcp:discoveryengine:datastore"] as const;
const agents = ["gcp:diagflow:cxagent"] as const;

/** A model that Google runs itself, under its agreement on health data. */
function ownModel(path: string): Exit {
  return {
    kind: "shape",
    path: at(path),
    right: /^publishers\/google\//i,
    what: "a model works on it that is not Google's",
    remedy: `Let ${path} name a model of publishers/google.`,
  };
}

/** Whoever of other projects reaches it by Private Service Connect. */
const admitted = (path: string): readonly Exit[] => [
  toCallers(`${path}.projectAllowlists`, ...projects),
  toCallers(`${path}.pscAutomationConfigs.projectId`, ...projects),
];

const toldModel = "what a model is told is kept in something outside of the PHI zone";
const hook = "what it is told is sent to an address";

/** A part of an agent that is in its zone, and by which nothing leaves. */
const ofAgent = inert(reads("parent", ...agents));

/** A part of a search or a chat, which reads the stores that it is given. */
const engine: SideChannelType = everywhere({
  ...copy("it is searched outside of the PHI zone", [reads("dataStoreIds", ...dataStores)]),
  exits: [
    { kind: "itself" },
    ...unless(
      mayBe("chatEngineConfig.allowCrossRegion", [false], "an agent in another region works on it"),
      mayNotBe("location", ["global"], "it is worked on in every region"),
    ),
  ],
});

/** Services that are told PHI, and the ways by which something leaves by them. */
export const serviceChannels: readonly (readonly [ResourceType, SideChannelType])[] = [
  // Vectors and features.
  [
    "gcp:vertex:aiindex",
    copy("an index of it is outside of the PHI zone", [reads("metadata.contentsDeltaUri", ...buckets)]),
  ],
  [
    "gcp:vertex:aiindexendpoint",
    { ...store(...admitted("privateServiceConnectConfig")), what: "other projects reach it" },
  ],
  [
    "gcp:vertex:aiindexendpointdeployedindex",
    channel(
      "an index of it is served outside of the PHI zone",
      [reads("index", ...indexes)],
      to("indexEndpoint", ...indexEndpoints),
    ),
  ],
  [
    "gcp:vertex:aifeatureonlinestore",
    {
      ...store(...admitted("dedicatedServingEndpoint.privateServiceConnectConfig")),
      what: "other projects reach it",
    },
  ],
  [
    "gcp:vertex:aifeatureonlinestorefeatureview",
    {
      ...part(
        "a copy of it is served outside of the PHI zone",
        reads("featureOnlineStore", ...featureStores),
        {
          kind: "itself",
        },
      ),
      reads: [
        reads("bigQuerySource.uri", ...tables),
        reads("featureRegistrySource.featureGroups.featureGroupId", ...featureGroups),
      ],
    },
  ],
  [
    "gcp:vertex:aifeaturegroup",
    copy("features of it are outside of the PHI zone", [
      reads("bigQuery.bigQuerySource.inputUri", ...tables),
    ]),
  ],
  ["gcp:vertex:aifeaturegroupfeature", inert(reads("featureGroup", ...featureGroups))],
  ["gcp:vertex:aifeaturestore", store()],
  ["gcp:vertex:aifeaturestoreentitytype", inert(reads("featurestore", ...oldFeatureStores))],
  ["gcp:vertex:aidataset", store()],
  ["gcp:vertex:aimetadatastore", store()],
  ["gcp:vertex:aitensorboard", store()],
  ["gcp:vertex:airagengineconfig", store()],
  ["gcp:vertex:aideploymentresourcepool", store()],
  ["gcp:vectorsearch:collection", store()],
  ["gcp:vectorsearch:dataobject", inert(reads("collectionId", "gcp:vectorsearch:collection"))],

  // Models and agents.
  [
    "gcp:vertex:aiendpoint",
    everywhere({
      ...store(
        to("predictRequestResponseLoggingConfig.bigqueryDestination.outputUri", ...datasets),
        ...admitted("privateServiceConnectConfig"),
      ),
      what: toldModel,
    }),
  ],
  [
    "gcp:vertex:aiendpointwithmodelgardendeployment",
    everywhere(
      store(
        ownModel("publisherModelName"),
        ...admitted("endpointConfig.privateServiceConnectConfig"),
        ...unless(
          mayNot("huggingFaceModelId", "a model works on it that is not Google's"),
          mayNot("modelConfig.containerSpec.imageUri", "a container of somebody's works on it"),
        ),
      ),
    ),
  ],
  ["gcp:vertex:aimodelgardenenablemodel", everywhere(store(ownModel("publisherModelName")))],
  [
    "gcp:vertex:aireasoningengine",
    everywhere(
      store(
        {
          kind: "shape",
          path: at("spec.deploymentSpec.pscInterfaceConfig.networkAttachment"),
          right: /./,
          what: "an agent works on it that calls out by a network of Google's",
          remedy:
            "Set spec.deploymentSpec.pscInterfaceConfig.networkAttachment to one of a network of the stack.",
          neededWith: at("spec"),
        },
        ...unless(
          mayNot(
            "spec.deploymentSpec.agentGatewayConfig.agentToAnywhereConfig",
            "an agent that works on it calls anything",
          ),
        ),
      ),
    ),
  ],
  [
    "gcp:discoveryengine:datastore",
    foreignOnly(
      everywhere(
        store(
          ...unless(
            mayNotBe("contentConfig", ["PUBLIC_WEBSITE"], "it searches sites of the Internet"),
            mayNotBe("location", ["global"], "it is worked on in every region"),
          ),
        ),
      ),
    ),
  ],
  ["gcp:discoveryengine:searchengine", engine],
  ["gcp:discoveryengine:chatengine", engine],
  ["gcp:discoveryengine:recommendationengine", engine],
  ["gcp:discoveryengine:schema", inert(reads("dataStoreId", ...dataStores))],
  ["gcp:discoveryengine:targetsite", inert(reads("dataStoreId", ...dataStores))],
  ["gcp:discoveryengine:sitemap", inert(reads("dataStoreId", ...dataStores))],

  // Conversations.
  [
    "gcp:diagflow:cxagent",
    everywhere({
      ...store(
        to("advancedSettings.audioExportGcsDestination.uri", ...buckets),
        to("genAppBuilderSettings.engine"),
        ...unless(mayNot("gitIntegrationSettings", "it is kept in a repository elsewhere")),
      ),
      what: "what it is told is kept in something outside of the PHI zone",
    }),
  ],
  [
    "gcp:diagflow:cxwebhook",
    everywhere(
      part(
        hook,
        reads("parent", ...agents),
        to("genericWebService.uri"),
        to("serviceDirectory.genericWebService.uri"),
        to("serviceDirectory.service"),
      ),
    ),
  ],
  [
    "gcp:diagflow:cxtool",
    everywhere(
      part(
        hook,
        reads("parent", ...agents),
        to("dataStoreSpec.dataStoreConnections.dataStore", ...dataStores),
        ...unless(
          mayNot("openApiSpec", "what it is told is sent to a service by a specification of its own"),
          mayNot("connectorSpec", "what it is told is sent to a service by a connector"),
        ),
      ),
    ),
  ],
  [
    "gcp:diagflow:cxsecuritysettings",
    everywhere({
      ...store(
        to("audioExportSettings.gcsBucket", ...buckets),
        ...unless(
          mayBe(
            "insightsExportSettings.enableInsightsExport",
            [false],
            "what it is told is exported to another service",
          ),
        ),
      ),
      what: "what it is told is kept in something outside of the PHI zone",
    }),
  ],
  [
    "gcp:diagflow:conversationprofile",
    everywhere({
      ...store(
        to("notificationConfig.topic", ...topics),
        to("newMessageEventNotificationConfig.topic", ...topics),
        to("newRecognitionResultNotificationConfig.topic", ...topics),
        to("humanAgentAssistantConfig.notificationConfig.topic", ...topics),
        ...unless(mayNot("humanAgentHandoffConfig", "what it is told is handed to a service of somebody's")),
      ),
      what: "what it is told is sent to a topic outside of the PHI zone",
    }),
  ],
  ["gcp:diagflow:fulfillment", everywhere({ ...store(to("genericWebService.uri")), what: hook })],
  ["gcp:diagflow:agent", store()],
  ["gcp:diagflow:intent", store()],
  ["gcp:diagflow:entitytype", store()],
  ["gcp:diagflow:encryptionspec", store()],
  ...[
    "cxentitytype",
    "cxenvironment",
    "cxflow",
    "cxgenerator",
    "cxintent",
    "cxpage",
    "cxtestcase",
    "cxversion",
  ].map((type): readonly [ResourceType, SideChannelType] => [`gcp:diagflow:${type}`, ofAgent]),
];
