import type { Sketch } from "../stack-sketch";
import { inZone, type CorpusCase } from "./corpus-case";
import {
  bucket,
  database,
  foreignAccount,
  lambda,
  logGroup,
  ownAccount,
  place,
  queue,
  refused,
  role,
  stream,
  table,
  tagsOf,
  topic,
  type Kind,
  type Place,
} from "./stranger-pieces";

type Inputs = Readonly<Record<string, unknown>>;

function location(stack: Sketch, name: string, s3BucketArn: string): string {
  return `${stack.add("aws:datasync/s3Location:S3Location", name, {
    s3BucketArn,
    subdirectory: "/",
    s3Config: { bucketAccessRoleArn: role("transfer") },
  })}.arn`;
}

function transfer(stack: Sketch, sourceLocationArn: string, destinationLocationArn: string): string {
  return stack.add("aws:datasync/task:Task", "task", { sourceLocationArn, destinationLocationArn });
}

/** A delivery stream that reads a stream of records. */
function delivery(stack: Sketch, kind: Kind, to: Inputs): string {
  return stack.add("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "delivery", {
    kinesisSourceConfiguration: { kinesisStreamArn: `${stream(stack, kind)}.arn`, roleArn: role("delivery") },
    ...to,
  });
}

const collector = "https://collector.example.com/records";
const toHttp: Inputs = {
  destination: "http_endpoint",
  httpEndpointConfiguration: {
    url: collector,
    s3Configuration: { roleArn: role("delivery"), bucketArn: "arn:aws:s3:::elsewhere-copies" },
  },
};
const toBucket = (bucketArn: string): Inputs => ({
  destination: "extended_s3",
  extendedS3Configuration: { roleArn: role("delivery"), bucketArn },
});

const foreignBus = `arn:aws:events:us-east-1:${foreignAccount}:event-bus/elsewhere`;
const objectCreated = (kind: Kind): string =>
  JSON.stringify({
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [`${kind}-documents`] } },
  });

function apiDestination(stack: Sketch): string {
  return `${stack.add("aws:cloudwatch/eventApiDestination:EventApiDestination", "collector", {
    httpMethod: "POST",
    invocationEndpoint: collector,
    connectionArn: `${stack.add("aws:cloudwatch/eventConnection:EventConnection", "connection", {
      authorizationType: "API_KEY",
      authParameters: { apiKey: { key: "x-api-key", value: "of no importance" } },
    })}.arn`,
  })}.arn`;
}

function pipe(stack: Sketch, source: string): string {
  return stack.add("aws:pipes/pipe:Pipe", "pipe", {
    roleArn: role("pipe"),
    source,
    sourceParameters: { dynamodbStreamParameters: { startingPosition: "LATEST" } },
    target: foreignBus,
  });
}

const changing = { streamEnabled: true, streamViewType: "NEW_IMAGE" };

const flow = (source: Inputs): Inputs => ({
  name: "flow",
  triggerConfig: { triggerType: "OnDemand" },
  sourceFlowConfig: { connectorType: "S3", sourceConnectorProperties: { s3: source } },
  destinationFlowConfigs: [
    {
      connectorType: "Salesforce",
      connectorProfileName: "elsewhere",
      destinationConnectorProperties: { salesforce: { object: "Record" } },
    },
  ],
  tasks: [{ taskType: "Map_all", sourceFields: [] }],
});

const pipelines: readonly CorpusCase[] = [
  refused(
    "AE-37",
    "a transfer of a bucket",
    (stack, isForeign: boolean) =>
      transfer(
        stack,
        location(stack, "from", `${bucket(stack, "phi")}.arn`),
        location(
          stack,
          "to",
          isForeign ? "arn:aws:s3:::elsewhere-copies" : `${bucket(stack, "phi", "copies")}.arn`,
        ),
      ),
    true,
    false,
  ),
  refused(
    "AE-37",
    "a transfer of a bucket, by its ARN, to another cloud",
    (stack, kind: Kind) => {
      bucket(stack, kind);
      transfer(
        stack,
        location(stack, "from", `arn:aws:s3:::${kind}-documents`),
        `${stack.add("aws:datasync/locationAzureBlob:LocationAzureBlob", "to", {
          agentArns: [`arn:aws:datasync:us-east-1:${ownAccount}:agent/agent-0123456789abcdef0`],
          authenticationType: "SAS",
          containerUrl: "https://elsewhere.blob.core.windows.net/copies",
        })}.arn`,
      );
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a migration of a database",
    (stack, kind: Kind) => {
      const end = (endpointType: string, more: Inputs): string =>
        `${stack.add("aws:dms/endpoint:Endpoint", endpointType, {
          endpointId: endpointType,
          endpointType,
          ...more,
        })}.endpointArn`;
      stack.add("aws:dms/replicationTask:ReplicationTask", "migration", {
        replicationTaskId: "migration",
        migrationType: "full-load-and-cdc",
        replicationInstanceArn: `arn:aws:dms:us-east-1:${ownAccount}:rep:ABCDEFGHIJ`,
        tableMappings: JSON.stringify({ rules: [] }),
        sourceEndpointArn: end("source", {
          engineName: "postgres",
          serverName: `${database(stack, kind)}.address`,
          databaseName: "records",
          port: 5432,
        }),
        targetEndpointArn: end("target", {
          engineName: "kafka",
          kafkaSettings: { broker: "kafka.example.com:9094" },
        }),
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a connection to a database, by its name",
    (stack, kind: Kind) => {
      const { subnet, group } = place(stack, "gateway");
      database(stack, kind);
      stack.add("aws:glue/connection:Connection", "connection", {
        connectionType: "JDBC",
        connectionProperties: {
          JDBC_CONNECTION_URL: `jdbc:postgresql://${kind}-db.abcdefghijkl.us-east-1.rds.amazonaws.com:5432/records`,
        },
        physicalConnectionRequirements: {
          availabilityZone: "us-east-1a",
          subnetId: subnet,
          securityGroupIdLists: [group],
        },
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a delivery of records to a stranger",
    (stack, kind: Kind) => delivery(stack, kind, toHttp),
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a delivery of records to a bucket",
    (stack, isForeign: boolean) =>
      delivery(
        stack,
        "phi",
        toBucket(isForeign ? "arn:aws:s3:::elsewhere-copies" : `${bucket(stack, "phi")}.arn`),
      ),
    true,
    false,
  ),
  refused(
    "AE-37",
    "a delivery that says that it carries PHI",
    (stack, kind: Kind) =>
      stack.add("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "delivery", {
        ...toHttp,
        ...tagsOf(kind),
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a delivery by aws-native of records to a stranger",
    (stack, kind: Kind) =>
      stack.add("aws-native:kinesisfirehose:DeliveryStream", "delivery", {
        deliveryStreamType: "KinesisStreamAsSource",
        kinesisStreamSourceConfiguration: {
          kinesisStreamArn: `${stream(stack, kind)}.arn`,
          roleArn: role("delivery"),
        },
        httpEndpointDestinationConfiguration: {
          endpointConfiguration: { url: collector },
          s3Configuration: { roleArn: role("delivery"), bucketArn: "arn:aws:s3:::elsewhere-copies" },
        },
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a file server on the Internet",
    (stack, isInside: boolean) => {
      const { vpc, subnet, group } = place(stack, "phi");
      stack.add("aws:transfer/server:Server", "files", {
        protocols: ["SFTP"],
        tags: inZone("phi"),
        ...(isInside
          ? {
              endpointType: "VPC",
              endpointDetails: { vpcId: vpc, subnetIds: [subnet], securityGroupIds: [group] },
            }
          : {}),
      });
    },
    false,
    true,
  ),
  refused(
    "AE-37",
    "a user of a file server on the Internet whose home is a bucket",
    (stack, kind: Kind) => {
      bucket(stack, kind);
      stack.add("aws:transfer/user:User", "user", {
        userName: "user",
        role: role("user"),
        homeDirectory: `/${kind}-documents/home`,
        serverId: stack.add("aws:transfer/server:Server", "files", {
          protocols: ["SFTP"],
          endpointType: "PUBLIC",
        }),
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a flow from a bucket to a stranger's service",
    (stack, kind: Kind) => {
      const bucketName = `${bucket(stack, kind)}.bucket`;
      stack.add("aws:appflow/flow:Flow", "flow", flow({ bucketName, bucketPrefix: "records" }));
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a flow from a bucket, by its name, to a stranger's service",
    (stack, kind: Kind) => {
      bucket(stack, kind);
      stack.add(
        "aws:appflow/flow:Flow",
        "flow",
        flow({ bucketName: `${kind}-documents`, bucketPrefix: "records" }),
      );
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "answers to questions in a bucket",
    (stack, name: string) => {
      bucket(stack, "phi");
      stack.add("aws:athena/workgroup:Workgroup", "questions", {
        name: "questions",
        tags: inZone("phi"),
        configuration: {
          enforceWorkgroupConfiguration: true,
          resultConfiguration: { outputLocation: `s3://${name}/answers/` },
        },
      });
    },
    "elsewhere-copies",
    "phi-documents",
  ),
  refused(
    "AE-37",
    "events for a stranger's address",
    (stack, kind: Kind) =>
      stack.add("aws:cloudwatch/eventTarget:EventTarget", "target", {
        rule: `${stack.add("aws:cloudwatch/eventRule:EventRule", "events", {
          name: "events",
          eventPattern: JSON.stringify({ source: ["records"] }),
          ...tagsOf(kind),
        })}.name`,
        arn: apiDestination(stack),
        roleArn: role("events"),
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "events of a bucket, by its name, for another account's bus",
    (stack, kind: Kind) => {
      bucket(stack, kind);
      stack.add("aws:cloudwatch/eventRule:EventRule", "events", {
        name: "events",
        eventPattern: objectCreated(kind),
      });
      stack.add("aws:cloudwatch/eventTarget:EventTarget", "target", { rule: "events", arn: foreignBus });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a pipe from a table",
    (stack, kind: Kind) => pipe(stack, `${table(stack, kind, changing)}.streamArn`),
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a pipe from a table, by its ARN",
    (stack, kind: Kind) => {
      table(stack, kind, changing);
      pipe(
        stack,
        `arn:aws:dynamodb:us-east-1:${ownAccount}:table/${kind}-table/stream/2026-01-01T00:00:00.000`,
      );
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a pipe by aws-native from a stream",
    (stack, kind: Kind) =>
      stack.add("aws-native:pipes:Pipe", "pipe", {
        roleArn: role("pipe"),
        source: `${stream(stack, kind)}.arn`,
        sourceParameters: { kinesisStreamParameters: { startingPosition: "LATEST" } },
        target: foreignBus,
      }),
    "phi",
    "plain",
  ),
  ...Object.entries({
    http: "http://collector.example.com",
    https: collector,
    email: "someone@example.com",
    "email-json": "someone@example.com",
    sms: "+15550100",
  }).map(([protocol, address]) =>
    refused(
      "AE-37",
      `what a topic says by ${protocol}`,
      (stack, isForeign: boolean) =>
        stack.add("aws:sns/topicSubscription:TopicSubscription", "subscription", {
          topic: `${topic(stack, "phi")}.arn`,
          ...(isForeign
            ? { protocol, endpoint: address }
            : { protocol: "sqs", endpoint: `${queue(stack, "phi")}.arn` }),
        }),
      true,
      false,
    ),
  ),
  refused(
    "AE-37",
    "what a topic, by its ARN, says to a stranger",
    (stack, kind: Kind) => {
      topic(stack, kind);
      stack.add("aws:sns/topicSubscription:TopicSubscription", "subscription", {
        topic: `arn:aws:sns:us-east-1:${ownAccount}:${kind}-topic`,
        protocol: "https",
        endpoint: collector,
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "what a topic says to a stranger, by aws-native",
    (stack, kind: Kind) =>
      stack.add("aws-native:sns:Subscription", "subscription", {
        topicArn: `${topic(stack, kind)}.arn`,
        protocol: "https",
        endpoint: collector,
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-37",
    "a connector that writes what it reads to a stranger's bucket",
    (stack, where: Place) => {
      const { subnet, group } = place(stack, where);
      stack.add("aws:mskconnect/connector:Connector", "connector", {
        kafkaconnectVersion: "2.7.1",
        serviceExecutionRoleArn: role("connector"),
        capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
        connectorConfiguration: {
          "connector.class": "io.confluent.connect.s3.S3SinkConnector",
          topics: "records",
          "s3.bucket.name": "elsewhere-copies",
        },
        kafkaCluster: {
          apacheKafkaCluster: {
            bootstrapServers: "kafka.internal:9094",
            vpc: { subnets: [subnet], securityGroups: [group] },
          },
        },
        kafkaClusterClientAuthentication: { authenticationType: "IAM" },
        kafkaClusterEncryptionInTransit: { encryptionType: "TLS" },
        plugins: [
          {
            customPlugin: {
              arn: `arn:aws:kafkaconnect:us-east-1:${ownAccount}:custom-plugin/s3-sink/01234567-89ab-cdef-0123-456789abcdef-1`,
              revision: 1,
            },
          },
        ],
      });
    },
    "phi",
    "elsewhere",
  ),
];

function subscription(stack: Sketch, group: string, destinationArn: string): string {
  return stack.add("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "subscription", {
    logGroup: group,
    filterPattern: "",
    destinationArn,
  });
}

const foreignDestination = `arn:aws:logs:us-east-1:${foreignAccount}:destination:elsewhere`;

const logs: readonly CorpusCase[] = [
  refused(
    "AE-38",
    "logs for another account",
    (stack, isForeign: boolean) =>
      subscription(
        stack,
        `${logGroup(stack, "phi")}.name`,
        isForeign ? foreignDestination : `${stream(stack, "phi")}.arn`,
      ),
    true,
    false,
  ),
  refused(
    "AE-38",
    "logs of a group, by its name, for another account",
    (stack, kind: Kind) => {
      logGroup(stack, kind);
      subscription(stack, `${kind}-logs`, foreignDestination);
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-38",
    "logs for a function outside the network",
    (stack, kind: Kind) =>
      subscription(stack, `${logGroup(stack, kind)}.name`, `${lambda(stack, undefined)}.arn`),
    "phi",
    "plain",
  ),
  refused(
    "AE-38",
    "logs by aws-native for another account",
    (stack, kind: Kind) =>
      stack.add("aws-native:logs:SubscriptionFilter", "subscription", {
        logGroupName: `${logGroup(stack, kind)}.name`,
        filterPattern: "",
        destinationArn: foreignDestination,
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-38",
    "logs for a destination that passes them on to another account",
    (stack, isForeign: boolean) =>
      subscription(
        stack,
        `${logGroup(stack, "phi")}.name`,
        `${stack.add("aws:cloudwatch/logDestination:LogDestination", "destination", {
          name: "destination",
          roleArn: role("logs"),
          targetArn: isForeign
            ? `arn:aws:kinesis:us-east-1:${foreignAccount}:stream/elsewhere`
            : `${stream(stack, "phi")}.arn`,
          tags: inZone("phi"),
        })}.arn`,
      ),
    true,
    false,
  ),
  refused(
    "AE-38",
    "measurements of the PHI zone for a stranger",
    (stack, kind: Kind) =>
      stack.add("aws:cloudwatch/metricStream:MetricStream", "metrics", {
        outputFormat: "json",
        roleArn: role("metrics"),
        firehoseArn: `${stack.add("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "delivery", toHttp)}.arn`,
        ...tagsOf(kind),
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-38",
    "all logs of the account for another account",
    (stack, kind: Kind) => {
      logGroup(stack, kind);
      stack.add("aws:oam/link:Link", "link", {
        labelTemplate: "$AccountName",
        resourceTypes: ["AWS::Logs::LogGroup"],
        sinkIdentifier: `arn:aws:oam:us-east-1:${foreignAccount}:sink/01234567-89ab-cdef-0123-456789abcdef`,
        ...tagsOf(kind),
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-38",
    "what models are asked, in a bucket",
    (stack, bucketName: string) => {
      bucket(stack, "phi");
      stack.add("aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration", "prompts", {
        loggingConfig: { textDataDeliveryEnabled: true, s3Config: { bucketName } },
      });
    },
    "elsewhere-prompts",
    "phi-documents",
  ),
];

/** Ways out by pipelines and logs: rows AE-37 and AE-38. */
export const awsWaysOutOfPipelines: readonly CorpusCase[] = [...pipelines, ...logs];
