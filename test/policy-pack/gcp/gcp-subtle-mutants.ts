import type { Mutant } from "../mutants";
import { append, put } from "../put";
import { named } from "../rendered-stack";
import type { Properties } from "../service-mutants";
import { unknownText, type Sketch } from "../stack-sketch";

import { phi, platform } from "./gcp-perimeter-mutants";
import { addEndpoints } from "./gcp-transport-mutants";
import { emailOf, memberOf, more, numbers, projects } from "./single-fault";

const admits = "phi-zone-admits-only-processing";
const declared = "zones-reach-only-declared-peers";
const egress = "phi-zone-has-no-egress";
const isPrivate = "platform-services-are-private";

const proxy = emailOf("fhir-proxy");
const person = "user:somebody@hospital.example";
const processing = `projects/${projects.processing}/global/networks/bulkhead-processing`;

/** Code, schedules and queues that act as a workload, and that no firewall of the platform's networks holds. */
const actors: readonly Mutant[] = (
  [
    [
      "a job on Cloud Run",
      "gcp:cloudrunv2/job:Job",
      { location: "us-central1", template: { template: { serviceAccount: proxy } } },
    ],
    [
      "a job on Cloud Run that reaches the Internet past its network",
      "gcp:cloudrunv2/job:Job",
      {
        location: "us-central1",
        template: {
          template: {
            serviceAccount: proxy,
            vpcAccess: { egress: "PRIVATE_RANGES_ONLY", networkInterfaces: [{ network: processing }] },
          },
        },
      },
    ],
    [
      "a pool of workers on Cloud Run",
      "gcp:cloudrunv2/workerPool:WorkerPool",
      { location: "us-central1", template: { serviceAccount: proxy } },
    ],
    [
      "a version on App Engine",
      "gcp:appengine/standardAppVersion:StandardAppVersion",
      { service: "hole", runtime: "nodejs22", serviceAccount: proxy },
    ],
    [
      "a workflow",
      "gcp:workflows/workflow:Workflow",
      { region: "us-central1", serviceAccount: proxy, sourceContents: "main: {}" },
    ],
    [
      "a schedule",
      "gcp:cloudscheduler/job:Job",
      {
        region: "us-central1",
        httpTarget: {
          uri: "https://healthcare.googleapis.com/v1/export",
          oauthToken: { serviceAccountEmail: proxy },
        },
      },
    ],
    [
      "a pool of nodes of a cluster that the stack does not show",
      "gcp:container/nodePool:NodePool",
      { location: "us-central1", cluster: "hole", nodeConfig: { serviceAccount: proxy } },
    ],
    [
      "a job of which nothing says as whom it runs",
      "gcp:cloudrunv2/job:Job",
      { location: "us-central1", template: { template: { serviceAccount: unknownText } } },
    ],
  ] as const
).map(([what, type, inputs]) =>
  more(`fhir-proxy: ${what} acts as it`, admits, type, { project: projects.processing, ...inputs }),
);

const deployer = `deployer@${projects.processing}.iam.gserviceaccount.com`;
const asDeployer = `projects/${projects.processing}/serviceAccounts/${deployer}`;

/** Ways to act as who deploys the platform, and a platform that says that a workload does. */
const deployers: readonly Mutant[] = [
  more("deployer: a key of it", admits, "gcp:serviceaccount/key:Key", { serviceAccountId: asDeployer }),
  more("deployer: somebody makes tokens of it", admits, "gcp:serviceaccount/iAMMember:IAMMember", {
    serviceAccountId: asDeployer,
    role: "roles/iam.serviceAccountTokenCreator",
    member: person,
  }),
  more("deployer: a job acts as it", admits, "gcp:cloudrunv2/job:Job", {
    project: projects.processing,
    location: "us-central1",
    template: { template: { serviceAccount: deployer } },
  }),
  {
    fault: "deployer: it is a workload, which reads what no flow names",
    rule: admits,
    dig: (s) => {
      s.addRaw({
        urn: "urn:pulumi:test::bulkhead::clinic:index:Deployment::deployment",
        type: "clinic:index:Deployment",
        name: "deployment",
        inputs: {},
        outputs: { deployer: emailOf("rag-service") },
        custom: false,
        parent: s.resources().find(({ type }) => type === "bulkhead:index:Platform")?.urn,
        computed: [],
      });
      s.add("gcp:storage/bucketIAMMember:BucketIAMMember", "hole", {
        bucket: String(named(s, "bulkhead-document-store").inputs?.["name"]),
        role: "roles/storage.objectViewer",
        member: memberOf("rag-service"),
      });
    },
  },
];

/** Other names of service accounts, and of a bucket. */
const names: readonly Mutant[] = [
  ...(
    [
      ["without its project", `projects/-/serviceAccounts/${proxy}`],
      ["by a number", `projects/${projects.processing}/serviceAccounts/112233445566778899001`],
    ] as const
  ).flatMap(([how, serviceAccountId]): readonly Mutant[] => [
    more(`fhir-proxy: a key of it, which is named ${how}`, admits, "gcp:serviceaccount/key:Key", {
      serviceAccountId,
    }),
    more(
      `fhir-proxy: somebody makes tokens of it, which is named ${how}`,
      admits,
      "gcp:serviceaccount/iAMMember:IAMMember",
      { serviceAccountId, role: "roles/iam.serviceAccountTokenCreator", member: person },
    ),
  ]),
  more(
    "document store: a workload without a flow reads it, under the name that its API gives it",
    admits,
    "gcp:storage/bucketIAMMember:BucketIAMMember",
    (stack: Sketch) => ({
      bucket: `b/${String(named(stack, "bulkhead-document-store").inputs?.["name"])}`,
      role: "roles/storage.objectViewer",
      member: memberOf("rag-service"),
    }),
  ),
  more(
    "perimeters: somebody changes those of the access policy",
    admits,
    "gcp:accesscontextmanager/accessPolicyIamMember:AccessPolicyIamMember",
    { name: "accessPolicies/111", role: "roles/accesscontextmanager.policyAdmin", member: person },
  ),
];

function into(from: Properties, to: Properties): Properties {
  return {
    ingressFrom: {
      identities: [memberOf("fhir-proxy")],
      sources: [{ resource: numbers.processing }],
      ...from,
    },
    ingressTo: { resources: [numbers.phi], ...to },
  };
}

/** Ways through perimeters that are as narrow as those of a platform, and that no flow has. */
const passes: readonly Mutant[] = [
  ...["pubsub", "storagetransfer", "cloudresourcemanager", "cloudkms"].map((service): Mutant => ({
    fault: `PHI perimeter: a workload calls ${service}, of which there is no store`,
    rule: egress,
    dig: (s) => {
      append(
        s,
        phi,
        "status/ingressPolicies",
        into(
          {},
          {
            operations: [
              { serviceName: `${service}.googleapis.com`, methodSelectors: [{ method: "Create" }] },
            ],
          },
        ),
      );
    },
  })),
  {
    fault: "platform perimeter: the PHI zone calls processing",
    rule: isPrivate,
    dig: (s) => {
      append(
        s,
        platform,
        "status/ingressPolicies",
        into(
          { sources: [{ resource: numbers.phi }] },
          {
            resources: [numbers.processing],
            operations: [
              {
                serviceName: "storage.googleapis.com",
                methodSelectors: [{ method: "google.storage.objects.create" }],
              },
            ],
          },
        ),
      );
    },
  },
  {
    fault: "platform perimeter: people call a store of the PHI zone",
    rule: isPrivate,
    dig: (s) => {
      append(s, platform, "status/egressPolicies", {
        egressFrom: {
          identities: ["group:everybody@hospital.example"],
          sourceRestriction: "SOURCE_RESTRICTION_ENABLED",
          sources: [{ resource: numbers.processing }],
        },
        egressTo: {
          resources: [numbers.phi],
          operations: [
            {
              serviceName: "storage.googleapis.com",
              methodSelectors: [{ method: "google.storage.objects.get" }],
            },
          ],
        },
      });
    },
  },
];

const flows = "flows-require-mtls";
const machinePaths = "bulkhead-machine-entrance-paths";
const machineBackend = "bulkhead-machine-entrance-backend";

function negOf(type: string, more: Properties): (stack: Sketch) => void {
  return (s) => {
    s.add("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", "hole", {
      name: "hole",
      project: projects.gateway,
      region: "us-central1",
      networkEndpointType: type,
      ...more,
    });
    append(s, machineBackend, "backends", {
      group: `projects/${projects.gateway}/regions/us-central1/networkEndpointGroups/hole`,
    });
  };
}

/** Parts of the entrance by which what comes to it goes, or is kept, where no flow leads. */
const entrances: readonly Mutant[] = [
  {
    fault: "machine backends: a service that somebody publishes",
    rule: declared,
    dig: negOf("PRIVATE_SERVICE_CONNECT", {
      pscTargetService: `projects/${projects.foreign}/regions/us-central1/serviceAttachments/hole`,
    }),
  },
  {
    fault: "machine backends: endpoints that are known by addresses outside of Google Cloud",
    rule: declared,
    dig: (s) => {
      addEndpoints(s, "NON_GCP_PRIVATE_IP_PORT");
    },
  },
  {
    fault: "machine paths: a bucket is served besides",
    rule: declared,
    dig: (s) => {
      s.add("gcp:compute/backendBucket:BackendBucket", "hole", {
        name: "hole",
        project: projects.gateway,
        bucketName: "somebodys-pages",
      });
      s.change(machinePaths, (inputs) => ({
        ...inputs,
        hostRules: [{ hosts: ["*"], pathMatcher: "hole" }],
        pathMatchers: [
          {
            name: "hole",
            defaultService: inputs["defaultService"],
            pathRules: [
              { paths: ["/pages"], service: `projects/${projects.gateway}/global/backendBuckets/hole` },
            ],
          },
        ],
      }));
    },
  },
  more(
    "document store: a load balancer may serve what it holds",
    egress,
    "gcp:compute/backendBucket:BackendBucket",
    (stack) => ({
      name: "hole",
      project: projects.gateway,
      bucketName: String(named(stack, "bulkhead-document-store").inputs?.["name"]),
    }),
  ),
  {
    fault: "machine backends: Google's caches keep what they answer",
    rule: flows,
    dig: (s) => {
      put(s, machineBackend, "enableCdn", true);
    },
  },
  ...(
    [
      ["gcp:networkservices/lbRouteExtension:LbRouteExtension", "backendServices"],
      ["gcp:networkservices/lbTrafficExtension:LbTrafficExtension", "backendServices"],
      ["gcp:networkservices/lbEdgeExtension:LbEdgeExtension", "wasmPlugins"],
    ] as const
  ).map(([type, collection]) =>
    more(`machine entrance: requests are shown to somebody, by a ${type}`, flows, type, {
      name: "hole",
      project: projects.gateway,
      location: "global",
      loadBalancingScheme: "EXTERNAL_MANAGED",
      forwardingRules: [
        `https://www.googleapis.com/compute/v1/projects/${projects.gateway}/global/forwardingRules/bulkhead-machine-entrance`,
      ],
      extensionChains: [
        {
          name: "hole",
          matchCondition: { celExpression: "true" },
          extensions: [
            {
              name: "hole",
              service: `projects/${projects.foreign}/global/${collection}/hole`,
              failOpen: false,
            },
          ],
        },
      ],
    }),
  ),
  {
    fault: "machine backends: an endpoint on another port",
    rule: declared,
    dig: (s) => {
      addEndpoints(s, "GCE_VM_IP_PORT");
      s.add("gcp:compute/networkEndpoint:NetworkEndpoint", "hole-endpoint", {
        project: projects.gateway,
        zone: "us-central1-a",
        networkEndpointGroup: "hole",
        instance: "bulkhead-ai-gateway-1",
        ipAddress: "10.40.16.10",
        port: 8080,
      });
    },
  },
];

const policies: readonly Mutant[] = [
  {
    fault: "processing: a second policy, of which nothing says whether it comes first, lets something out",
    rule: declared,
    dig: (s) => {
      s.add("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", "hole", {
        name: "hole",
        project: projects.processing,
        rules: [
          {
            direction: "EGRESS",
            action: "allow",
            priority: 1,
            match: { destIpRanges: ["198.51.100.7/32"], layer4Configs: [{ ipProtocol: "all" }] },
          },
        ],
      });
      s.add(
        "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation",
        "last-of-associations",
        { name: "hole", firewallPolicy: "hole", attachmentTarget: processing, project: projects.processing },
      );
    },
  },
];

/** Faults that are no more than one thing beside a platform that is right, each of them as narrow as what is there. */
export const gcpSubtleMutants: readonly Mutant[] = [
  ...actors,
  ...deployers,
  ...names,
  ...passes,
  ...entrances,
  ...policies,
];
