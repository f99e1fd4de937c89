import * as cloudcontrol from "@pulumi/aws/cloudcontrol";
import * as ec2 from "@pulumi/aws/ec2";
import type * as kms from "@pulumi/aws/kms";
import * as opensearch from "@pulumi/aws/opensearch";
import * as route53 from "@pulumi/aws/route53";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";

import type { DataStore, DataStoreKind } from "../../model/data-store";
import { peerName } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import { DataStores } from "../data-stores";
import { filterOf } from "../flow-filters";
import { peerTagsOf, ZoneRegister, zoneTags, type Tags, type ZoneMembers } from "../zone-facts";

import { closedBucket, secureTransport } from "./closed-bucket";
import { idOrUrn } from "../id-or-urn";
import type { PhysicalNames } from "./physical-names";
import { anybody, policyDocument, type Statement } from "./policy-document";
import { bucketActions, clientsOfStore, indexPermissions, storeActions, storeServices } from "./store-grants";

export interface AwsDataStoresArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly networkId: pulumi.Output<string>;
  /** The PHI zone's subnets for private endpoints. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The filters of the stores, by the name of their peer. */
  readonly filterIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly key: kms.Key;
  /** ARNs of FHIR stores that exist already, by the model's id. */
  readonly existing: ReadonlyMap<string, string>;
  readonly deployerId: string | undefined;
  /** What must stand before an endpoint does. */
  readonly sealed: readonly pulumi.Resource[];
}

/** What reaches the records of a bucket, and so passes its private endpoint or is denied. */
const recordActions = [
  "s3:AbortMultipartUpload",
  "s3:BypassGovernanceRetention",
  "s3:DeleteObject*",
  "s3:GetObject*",
  "s3:ListBucketMultipartUploads",
  "s3:ListBucketVersions",
  "s3:ListMultipartUploadParts",
  "s3:PutObject*",
  "s3:Replicate*",
  "s3:RestoreObject",
];

/** The condition key of the header that names the key of an object. */
const keyHeader = "s3:x-amz-server-side-encryption-aws-kms-key-id";

/** What Cloud Control says of a FHIR store once it exists (AWS::HealthLake::FHIRDatastore, return values). */
interface FhirStoreProperties {
  readonly DatastoreArn: string;
}

/**
 * The stores on AWS: HealthLake for FHIR, S3 for documents, OpenSearch Serverless for vectors. Each is encrypted with the
 * PHI zone's key, is reached through an endpoint in the zone's subnets, and admits the workloads whose flows name it.
 */
export class AwsDataStores extends DataStores {
  readonly storeIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** What stands for the ARN of each store in a text, by the model's id. */
  readonly arns: ReadonlyMap<string, pulumi.Output<string>>;
  readonly zoneMembers: ZoneMembers;
  readonly #args: AwsDataStoresArgs;
  readonly #register = new ZoneRegister();
  readonly #ids = new Map<string, pulumi.Output<string>>();
  readonly #arns = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: AwsDataStoresArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec } = args;
    super(DataStores.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    this.#args = args;
    this.#fhirStores(this.#ofKind("fhir"));
    this.#documentStores(this.#ofKind("document"));
    this.#vectorIndexes(this.#ofKind("vector"));
    this.storeIds = Object.fromEntries(this.#ids);
    this.arns = this.#arns;
    this.zoneMembers = this.#register.members();
    this.registerOutputs({ storeIds: this.storeIds, zoneMembers: this.zoneMembers });
  }

  #ofKind(kind: DataStoreKind): readonly DataStore[] {
    return this.#args.spec.dataStores.filter((store) => store.kind === kind);
  }

  #tags({ id }: DataStore): Tags {
    return peerTagsOf(this.#args.spec.name, "phi", { kind: "data-store", id });
  }

  #filterOf({ id }: DataStore): pulumi.Output<string> {
    return filterOf(this.#args.filterIds, { kind: "data-store", id });
  }

  /** The roles of the workloads whose flows name a store. */
  #clientsOf(store: DataStore): readonly string[] {
    const { spec, names } = this.#args;
    return clientsOfStore([store], spec).map((workload) => names.roleArn(workload, "workload"));
  }

  /** An interface endpoint in the zone, behind the filters of the stores that it leads to. */
  #endpoint(
    stores: readonly DataStore[],
    service: string,
    hasPrivateName: boolean,
    policy: pulumi.Input<string>,
  ): ec2.VpcEndpoint {
    const { spec, names, networkId, subnetIds, sealed } = this.#args;
    const [only, ...others] = stores;
    return this.#register.add(
      "phi",
      new ec2.VpcEndpoint(
        `${spec.name}-phi-${service}-endpoint`,
        {
          vpcId: networkId,
          serviceName: `com.amazonaws.${names.region}.${service}`,
          vpcEndpointType: "Interface",
          ipAddressType: "ipv4",
          privateDnsEnabled: hasPrivateName,
          subnetIds,
          securityGroupIds: stores.map((store) => this.#filterOf(store)),
          policy,
          tags: only !== undefined && others.length === 0 ? this.#tags(only) : zoneTags(spec.name, "phi"),
        },
        { parent: this, dependsOn: [...sealed] },
      ),
    );
  }

  /** What an endpoint lets the clients of a store do with it. */
  #admission(
    store: DataStore,
    Sid: string,
    Action: readonly string[],
    Resource: readonly string[],
  ): Statement {
    return {
      Sid: `${Sid}${store.id.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}`,
      Effect: "Allow",
      Principal: anybody,
      Action,
      Resource,
      Condition: { ArnEquals: { "aws:PrincipalArn": this.#clientsOf(store) } },
    };
  }

  #fhirStores(stores: readonly DataStore[]): void {
    if (stores.length === 0) {
      return;
    }
    const { names } = this.#args;
    const placed = stores.map((store) => this.#fhirStore(store).apply((arn) => ({ store, arn })));
    const policy = pulumi
      .all(placed)
      .apply((known) =>
        policyDocument(
          known.flatMap(({ store, arn }) =>
            this.#clientsOf(store).length === 0
              ? []
              : [this.#admission(store, "Clients", storeActions.fhir, names.fhirStoreArns(arn))],
          ),
        ),
      );
    this.#endpoint(stores, storeServices.fhir, true, policy);
  }

  /** The ARN of a FHIR store, which is created unless it exists; in a preview, what stands for the ARN. */
  #fhirStore(store: DataStore): pulumi.Output<string> {
    const { spec, names, key, existing } = this.#args;
    const known = existing.get(store.id);
    if (known !== undefined) {
      return this.#place(store, pulumi.output(known), pulumi.output(known));
    }
    const tags = Object.entries(this.#tags(store)).map(([Key, Value]) => ({ Key, Value }));
    const created = this.#register.add(
      "phi",
      new cloudcontrol.Resource(
        `${spec.name}-${store.id}`,
        {
          typeName: "AWS::HealthLake::FHIRDatastore",
          desiredState: idOrUrn(key.arn, key).apply((KmsKeyId) =>
            JSON.stringify({
              DatastoreName: names.fhirStore(store.id),
              DatastoreTypeVersion: "R4",
              SseConfiguration: {
                KmsEncryptionConfig: { CmkType: "CUSTOMER_MANAGED_KMS_KEY", KmsKeyId },
              },
              // What is not said is on: tables of every record, in a catalogue of the account's.
              AnalyticsConfiguration: { Status: "PAUSED" },
              NlpConfiguration: { Status: "DISABLED" },
              Tags: tags,
            }),
          ),
        },
        { parent: this, protect: true },
      ),
    );
    const arn = created.properties.apply((text) => (JSON.parse(text) as FhirStoreProperties).DatastoreArn);
    return this.#place(store, arn, idOrUrn(arn, created));
  }

  /** Keeps the id of a store, and what stands for its ARN in texts, which it gives back. */
  #place(
    { id }: DataStore,
    storeId: pulumi.Output<string>,
    arn: pulumi.Output<string>,
  ): pulumi.Output<string> {
    this.#ids.set(id, storeId);
    this.#arns.set(id, arn);
    return arn;
  }

  #documentStores(stores: readonly DataStore[]): void {
    if (stores.length === 0) {
      return;
    }
    const { names } = this.#args;
    const endpoint = this.#endpoint(
      stores,
      storeServices.document,
      // Only one endpoint of a network may answer by the service's own name, and image layers come by another.
      false,
      policyDocument(
        stores.flatMap((store) =>
          this.#clientsOf(store).length === 0
            ? []
            : [
                this.#admission(store, "Clients", storeActions.document, [`${names.bucketArn(store.id)}/*`]),
                this.#admission(store, "ClientsList", bucketActions, [names.bucketArn(store.id)]),
              ],
        ),
      ),
    );
    for (const store of stores) {
      this.#documentStore(store, endpoint);
    }
  }

  #documentStore(store: DataStore, endpoint: ec2.VpcEndpoint): void {
    const { spec, names, key, networkId, deployerId } = this.#args;
    const prefix = `${spec.name}-${store.id}`;
    const tags = this.#tags(store);
    const bucket = this.#register.add(
      "phi",
      new s3.Bucket(
        `${prefix}-bucket`,
        { bucket: names.bucket(store.id), forceDestroy: false, tags },
        { parent: this, protect: true },
      ),
    );
    const arn = names.bucketArn(store.id);
    const clients = this.#clientsOf(store);
    const policy = pulumi
      .all([idOrUrn(endpoint.id, endpoint), idOrUrn(key.arn, key)])
      .apply(([endpointId, keyArn]) => {
        const deny = (
          Sid: string,
          Action: readonly string[],
          Condition: Statement["Condition"],
        ): Statement => ({
          Sid,
          Effect: "Deny",
          Principal: anybody,
          Action,
          Resource: [arn, `${arn}/*`],
          ...(Condition === undefined ? {} : { Condition }),
        });
        return policyDocument([
          ...secureTransport(arn),
          deny("OnlyThroughItsEndpoint", recordActions, {
            StringNotEquals: { "aws:SourceVpce": endpointId },
          }),
          clients.length === 0
            ? deny("NoClients", recordActions, undefined)
            : deny("OnlyItsClients", recordActions, { ArnNotEquals: { "aws:PrincipalArn": clients } }),
          // Who names no encryption gets the bucket's own; who names one has to name its key.
          deny("OnlyItsKey", ["s3:PutObject"], {
            Null: { [keyHeader]: "false" },
            StringNotEquals: { [keyHeader]: keyArn },
          }),
          deny("NoEncryptionWithoutItsKey", ["s3:PutObject"], {
            Null: { "s3:x-amz-server-side-encryption": "false", [keyHeader]: "true" },
          }),
          deny("NoKeyOfTheCaller", ["s3:PutObject"], {
            Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" },
          }),
          // Names of documents are listed through the endpoint; Pulumi itself asks for the bucket in the same way.
          ...(deployerId === undefined
            ? []
            : [
                deny("ListedByItsDeployer", ["s3:ListBucket"], {
                  StringNotEquals: { "aws:SourceVpce": endpointId },
                  ArnNotEquals: { "aws:PrincipalArn": deployerId },
                }),
              ]),
        ]);
      });
    closedBucket(bucket, prefix, { key, policy, retentionDays: spec.audit.retentionDays }, this);

    // The bucket is found by its usual name, at the endpoint in the PHI zone.
    const zone = this.#register.add(
      "phi",
      new route53.Zone(
        `${prefix}-name`,
        {
          name: names.bucketHost(store.id),
          comment: `Bulkhead ${peerName({ kind: "data-store", id: store.id })}, by its private endpoint`,
          vpcs: [{ vpcId: networkId }],
          tags,
        },
        { parent: this },
      ),
    );
    const address = endpoint.dnsEntries.apply(([first]) => {
      if (first === undefined) {
        throw new Error("the endpoint of the document stores has no name");
      }
      // S3's endpoints answer to any name in the place of the star.
      return { name: first.dnsName.replace(/^\*/, "bucket"), zoneId: first.hostedZoneId };
    });
    new route53.Record(
      `${prefix}-name-record`,
      {
        zoneId: zone.id,
        name: names.bucketHost(store.id),
        type: "A",
        aliases: [{ name: address.name, zoneId: address.zoneId, evaluateTargetHealth: false }],
      },
      { parent: this },
    );
    this.#place(store, bucket.arn, pulumi.output(arn));
  }

  #vectorIndexes(stores: readonly DataStore[]): void {
    if (stores.length === 0) {
      return;
    }
    const { spec, networkId, subnetIds, sealed } = this.#args;
    const endpoint = this.#register.add(
      "phi",
      new opensearch.ServerlessVpcEndpoint(
        `${spec.name}-phi-aoss-endpoint`,
        {
          name: `${spec.name}-phi`,
          vpcId: networkId,
          subnetIds,
          securityGroupIds: stores.map((store) => this.#filterOf(store)),
        },
        { parent: this, dependsOn: [...sealed] },
      ),
    );
    const placed = stores.map((store) => this.#vectorIndex(store, endpoint).apply((arn) => ({ store, arn })));
    new ec2.VpcEndpointPolicy(
      `${spec.name}-phi-aoss-endpoint-policy`,
      {
        vpcEndpointId: endpoint.id,
        policy: pulumi
          .all(placed)
          .apply((known) =>
            policyDocument(
              known.flatMap(({ store, arn }) =>
                this.#clientsOf(store).length === 0
                  ? []
                  : [this.#admission(store, "Clients", storeActions.vector, [arn])],
              ),
            ),
          ),
      },
      { parent: this },
    );
  }

  /** A vector index; gives what stands for its ARN. */
  #vectorIndex(store: DataStore, endpoint: opensearch.ServerlessVpcEndpoint): pulumi.Output<string> {
    const { spec, names, key } = this.#args;
    const prefix = `${spec.name}-${store.id}`;
    const name = names.collection(store.id);
    const Rules = [{ ResourceType: "collection", Resource: [`collection/${name}`] }];
    const security = (type: "encryption" | "network", policy: pulumi.Input<string>): pulumi.Resource =>
      this.#register.add(
        "phi",
        new opensearch.ServerlessSecurityPolicy(
          `${prefix}-${type}`,
          { name, type, description: `Bulkhead data-store/${store.id}`, policy },
          { parent: this },
        ),
      );
    const encryption = security(
      "encryption",
      idOrUrn(key.arn, key).apply((KmsARN) => JSON.stringify({ Rules, AWSOwnedKey: false, KmsARN })),
    );
    const network = security(
      "network",
      idOrUrn(endpoint.id, endpoint).apply((endpointId) =>
        JSON.stringify([{ Rules, AllowFromPublic: false, SourceVPCEs: [endpointId] }]),
      ),
    );
    const collection = this.#register.add(
      "phi",
      new opensearch.ServerlessCollection(
        `${prefix}-collection`,
        { name, type: "VECTORSEARCH", standbyReplicas: "ENABLED", tags: this.#tags(store) },
        // Without a policy on encryption AWS refuses to create it; without one on the network it would be shut.
        { parent: this, protect: true, dependsOn: [encryption, network] },
      ),
    );
    const clients = this.#clientsOf(store);
    if (clients.length > 0) {
      this.#register.add(
        "phi",
        new opensearch.ServerlessAccessPolicy(
          `${prefix}-access`,
          {
            name,
            type: "data",
            description: `Bulkhead data-store/${store.id}`,
            policy: JSON.stringify([
              {
                Rules: [
                  { ResourceType: "index", Resource: [`index/${name}/*`], Permission: indexPermissions },
                ],
                Principal: clients,
              },
            ]),
          },
          { parent: this },
        ),
      );
    }
    return this.#place(store, collection.arn, idOrUrn(collection.arn, collection));
  }
}
