import type { ResourceType } from "../../resource-type";

import {
  channel,
  copy,
  mayBe,
  mayNot,
  must,
  pipeline,
  reads,
  store,
  to,
  toMentioned,
  toOwn,
  unless,
  type SideChannelType,
} from "./side-channel-type";
import { buckets, topics } from "./store-channels";

/** Types of which nobody knows where they send what they are given. */
export const pipelines: readonly ResourceType[] = [
  "gcp:applicationintegration:authconfig",
  "gcp:applicationintegration:client",
  "gcp:cloudtasks:queue",
  "gcp:colab:notebookexecution",
  "gcp:colab:runtime",
  "gcp:colab:schedule",
  "gcp:composer:environment",
  "gcp:databasemigrationservice:connectionprofile",
  "gcp:databasemigrationservice:migrationjob",
  "gcp:databasemigrationservice:privateconnection",
  "gcp:dataflow:pipeline",
  "gcp:dataform:repository",
  "gcp:dataform:repositoryreleaseconfig",
  "gcp:dataform:repositoryworkflowconfig",
  "gcp:dataloss:preventiondiscoveryconfig",
  "gcp:dataloss:preventionjobtrigger",
  "gcp:dataplex:asset",
  "gcp:dataplex:datascan",
  "gcp:dataplex:lake",
  "gcp:dataplex:task",
  "gcp:dataplex:zone",
  "gcp:dataproc:batch",
  "gcp:dataproc:job",
  "gcp:dataproc:sessiontemplate",
  "gcp:dataproc:workflowtemplate",
  "gcp:datastream:connectionprofile",
  "gcp:datastream:privateconnection",
  "gcp:datastream:stream",
  "gcp:discoveryengine:dataconnector",
  "gcp:eventarc:channel",
  "gcp:eventarc:enrollment",
  "gcp:eventarc:googleapisource",
  "gcp:eventarc:messagebus",
  "gcp:eventarc:pipeline",
  "gcp:integrationconnectors:connection",
  "gcp:integrationconnectors:endpointattachment",
  "gcp:looker:instance",
  "gcp:managedkafka:connectcluster",
  "gcp:managedkafka:connector",
  "gcp:vertex:aischedule",
  "gcp:workflows:workflow",
];

const carried = "it may be carried anywhere by what a pipeline, a workflow or a connector is told";
const privately = "WORKER_IP_PRIVATE";

/** A job of Dataflow: its workers have no public address, and what its parameters name is of the PHI zone. */
const dataflow = (...places: readonly string[]): SideChannelType => ({
  ...channel(
    "a job carries it to something outside of the PHI zone",
    [],
    ...places.map((path) => to(path, ...buckets)),
    toMentioned("parameters"),
    ...unless(must("ipConfiguration", [privately], "the machines of a job have public addresses")),
  ),
  readsAnything: true,
});

const inClear = "the machines that work on it have public addresses";

/** Types that carry on what stores hold. */
export const pipelineChannels: readonly (readonly [ResourceType, SideChannelType])[] = [
  ...pipelines.map((type): readonly [ResourceType, SideChannelType] => [type, pipeline(carried)]),
  ["gcp:eventarc:trigger", { ...pipeline(carried), sendsBy: "destination" }],
  ["gcp:dataflow:job", dataflow("tempGcsLocation")],
  ["gcp:dataflow:flextemplatejob", dataflow("tempLocation", "stagingLocation")],
  [
    "gcp:dataproc:cluster",
    {
      ...copy(
        "it is worked on outside of the PHI zone",
        [],
        to("clusterConfig.stagingBucket", ...buckets),
        to("clusterConfig.tempBucket", ...buckets),
        to("virtualClusterConfig.stagingBucket", ...buckets),
        ...unless(
          must("clusterConfig.gceClusterConfig.internalIpOnly", [true], inClear),
          mayBe(
            "clusterConfig.endpointConfig.enableHttpPortAccess",
            [false],
            "a gateway of Google's shows its pages to whoever may sign in",
          ),
        ),
      ),
      readsAnything: true,
    },
  ],
  [
    "gcp:datafusion:instance",
    {
      ...copy(
        "it is worked on outside of the PHI zone",
        [],
        to("eventPublishConfig.topic", ...topics),
        ...unless(must("privateInstance", [true], "it answers on the Internet, and its machines call it")),
      ),
      readsAnything: true,
    },
  ],
  [
    "gcp:cloudscheduler:job",
    {
      ...channel(
        "a job calls something outside of the PHI zone by the clock",
        [],
        to("httpTarget.uri"),
        {
          kind: "shape",
          path: ["httpTarget", "uri"],
          right: /^(?!.*:(?:export|deidentify)\b)/i,
          what: "by the clock a store is told to copy what it holds to where the job says",
          remedy: "Take the job away, or let it call what copies nothing.",
        },
        to("pubsubTarget.topicName", ...topics),
        ...unless(mayNot("appEngineHttpTarget", "a job calls an application of App Engine by the clock")),
      ),
      readsAnything: true,
      needsExit: true,
    },
  ],
  [
    "gcp:managedkafka:cluster",
    {
      ...store(toOwn("gcpConfig.accessConfig.networkConfigs.subnet", ["gcp:compute:subnetwork"])),
      what: "its messages are read in a network of somebody's",
    },
  ],
  ["gcp:managedkafka:topic", { ...store(), partOf: reads("cluster", "gcp:managedkafka:cluster") }],
];
