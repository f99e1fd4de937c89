import { unknownText, type Sketch } from "../stack-sketch";

import { emailText, labelled } from "./gcp-base";
import { foreignProject, gcp, setting, silentResolver } from "./gcp-network-pieces";
import {
  bucketName,
  collector,
  either,
  foreignTopic,
  ofKind,
  phiOnly,
  projectOf,
  topic,
} from "./gcp-service-pieces";
import type { Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";
import type { Kind } from "./stranger-pieces";

/** A job that moves what it reads, of PHI in its subnet, where the names of the network are closed. */
function flow(stack: Sketch, more: Inputs): string {
  silentResolver(stack, stack.id("vpc"));
  bucketName(stack, "phi");
  return stack.add(gcp("dataflow", "Job"), "flow", {
    name: "flow",
    region: "us-central1",
    templateGcsPath: "gs://dataflow-templates/latest/Word_Count",
    tempGcsLocation: "gs://phi-copies/temporary",
    ipConfiguration: "WORKER_IP_PRIVATE",
    subnetwork: "regions/us-central1/subnetworks/phi-subnet",
    serviceAccountEmail: emailText("phi"),
    ...labelled("phi"),
    ...more,
  });
}

const jobs: readonly CorpusCase[] = [
  ...(
    [
      ["with public addresses", { ipConfiguration: "WORKER_IP_PUBLIC" }],
      ["that does not say that it has no public addresses", { ipConfiguration: undefined }],
      ["of which nobody knows whether it has public addresses", { ipConfiguration: unknownText }],
    ] as const
  ).flatMap(([name, bad]) => [
    phiOnly("GE-22", `a job of Dataflow ${name}`, (stack, kind) =>
      stack.add(gcp("dataflow", "Job"), "flow", {
        name: "flow",
        region: "us-central1",
        templateGcsPath: "gs://dataflow-templates/latest/Word_Count",
        tempGcsLocation: "gs://plain-copies/temporary",
        ...ofKind(kind),
        ...Object.fromEntries(Object.entries(bad).filter(([, value]) => value !== undefined)),
      }),
    ),
  ]),
  setting(
    "GE-22",
    "a job of Dataflow in PHI's subnet, with public addresses or without",
    (stack, ipConfiguration: string) => flow(stack, { ipConfiguration }),
    "WORKER_IP_PUBLIC",
    "WORKER_IP_PRIVATE",
  ),
  phiOnly(
    "GE-22",
    "a job of Dataflow by a template of the second kind, with public addresses",
    (stack, kind) =>
      stack.add(gcp("dataflow", "FlexTemplateJob"), "flow", {
        name: "flow",
        region: "us-central1",
        containerSpecGcsPath: "gs://templates/flex.json",
        ...ofKind(kind),
      }),
  ),
  ...([false, undefined, unknownText] as const).map((internalIpOnly, index) =>
    phiOnly(
      "GE-22",
      `a cluster of Dataproc whose machines may have public addresses: ${String(index)}`,
      (stack, kind) =>
        stack.add(gcp("dataproc", "Cluster"), "cluster", {
          name: "cluster",
          region: "us-central1",
          clusterConfig: {
            gceClusterConfig: {
              subnetwork: stack.id("gateway-subnet"),
              ...(internalIpOnly === undefined ? {} : { internalIpOnly }),
            },
          },
          ...ofKind(kind),
        }),
    ),
  ),
  ...([false, undefined] as const).map((privateInstance) =>
    phiOnly(
      "GE-22",
      `an instance of Data Fusion that is private: ${String(privateInstance)}`,
      (stack, kind) =>
        stack.add(gcp("datafusion", "Instance"), "fusion", {
          name: "fusion",
          region: "us-central1",
          type: "ENTERPRISE",
          ...(privateInstance === undefined ? {} : { privateInstance }),
          ...ofKind(kind),
        }),
    ),
  ),
  phiOnly("GE-22", "a stream of what changes in a database", (stack, kind) =>
    stack.add(gcp("datastream", "Stream"), "stream", {
      streamId: "stream",
      displayName: "stream",
      location: "us-central1",
      sourceConfig: {
        sourceConnectionProfile: `projects/${projectOf(kind)}/locations/us-central1/connectionProfiles/source`,
        postgresqlSourceConfig: { publication: "all", replicationSlot: "slot" },
      },
      destinationConfig: {
        destinationConnectionProfile: `projects/${foreignProject}/locations/us-central1/connectionProfiles/theirs`,
        gcsDestinationConfig: { path: "/records" },
      },
      backfillAll: {},
      ...ofKind(kind),
    }),
  ),
];

function trigger(stack: Sketch, kind: Kind, destination: Inputs): string {
  return stack.add(gcp("eventarc", "Trigger"), "trigger", {
    name: "trigger",
    location: "us-central1",
    matchingCriterias: [{ attribute: "type", value: "google.cloud.pubsub.topic.v1.messagePublished" }],
    transport: { pubsub: { topic: topic(stack, kind) } },
    destination,
    ...ofKind(kind),
  });
}

function scheduled(stack: Sketch, kind: Kind, target: Inputs): string {
  return stack.add(gcp("cloudscheduler", "Job"), "nightly", {
    name: "nightly",
    region: "us-central1",
    schedule: "0 3 * * *",
    project: projectOf(kind),
    ...target,
  });
}

const events: readonly CorpusCase[] = [
  phiOnly("GE-22", "events that are sent to a place on the Internet", (stack, kind) =>
    trigger(stack, kind, { httpEndpoint: { uri: collector } }),
  ),
  phiOnly("GE-22", "events that are sent nobody knows where", (stack, kind) =>
    trigger(stack, kind, { httpEndpoint: { uri: unknownText } }),
  ),
  phiOnly("GE-22", "events that are sent to a service", (stack, kind) =>
    trigger(stack, kind, { cloudRunService: { service: "theirs", region: "us-central1" } }),
  ),
  phiOnly("GE-22", "a workflow that calls a place on the Internet", (stack, kind) =>
    stack.add(gcp("workflows", "Workflow"), "workflow", {
      name: "workflow",
      region: "us-central1",
      serviceAccount: emailText("processing"),
      sourceContents: JSON.stringify({
        main: { steps: [{ send: { call: "http.post", args: { url: collector } } }] },
      }),
      ...ofKind(kind),
    }),
  ),
  phiOnly("GE-22", "a call every night to a place on the Internet", (stack, kind) =>
    scheduled(stack, kind, { httpTarget: { uri: collector, httpMethod: "POST" } }),
  ),
  either(
    "GE-22",
    "a word every night to a topic, somebody else's or PHI's",
    (stack, isForeign: boolean) =>
      scheduled(stack, "phi", {
        pubsubTarget: { topicName: isForeign ? foreignTopic : topic(stack, "phi"), data: "c3RhcnQ=" },
      }),
    true,
    false,
  ),
  phiOnly("GE-22", "a queue of calls to a place on the Internet", (stack, kind) =>
    stack.add(gcp("cloudtasks", "Queue"), "queue", {
      name: "queue",
      location: "us-central1",
      project: projectOf(kind),
      httpTarget: { uriOverride: { host: "collector.example.com", uriOverrideEnforceMode: "ALWAYS" } },
    }),
  ),
  phiOnly("GE-22", "a queue of calls to wherever they say", (stack, kind) =>
    stack.add(gcp("cloudtasks", "Queue"), "queue", {
      name: "queue",
      location: "us-central1",
      project: projectOf(kind),
    }),
  ),
  phiOnly("GE-22", "a connection to somebody else's service", (stack, kind) =>
    stack.add(gcp("integrationconnectors", "Connection"), "connection", {
      name: "connection",
      location: "us-central1",
      connectorVersion:
        "projects/hospital-ai/locations/global/providers/salesforce/connectors/salesforce/versions/1",
      serviceAccount: emailText("processing"),
      destinationConfigs: [{ key: "url", destinations: [{ host: "https://clinic.salesforce.example" }] }],
      ...ofKind(kind),
    }),
  ),
  phiOnly("GE-22", "integrations of applications", (stack, kind) =>
    stack.add(gcp("applicationintegration", "Client"), "client", {
      location: "us-central1",
      project: projectOf(kind),
    }),
  ),
  phiOnly("GE-22", "an orchestration with public addresses", (stack, kind) =>
    stack.add(gcp("composer", "Environment"), "orchestration", {
      name: "orchestration",
      region: "us-central1",
      config: { softwareConfig: { imageVersion: "composer-3-airflow-2" } },
      ...ofKind(kind),
    }),
  ),
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to pipelines: row GE-22. */
export const gcpWaysOutOfPipelines: readonly CorpusCase[] = [...jobs, ...events];
