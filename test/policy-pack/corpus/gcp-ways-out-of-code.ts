import { ownProject, unknownText, type Sketch } from "../stack-sketch";

import { labelled, phiProject, type Zone } from "./gcp-base";
import { foreignProject, gcp, inNetwork, machine, pair, setting, silentResolver } from "./gcp-network-pieces";
import { collector, either, inPerimeter, phiOnly, projectOf } from "./gcp-service-pieces";
import type { Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";
import { advised } from "./stranger-pieces";

const ai: readonly CorpusCase[] = [
  phiOnly("GE-25", "a model of somebody else's", (stack, kind) =>
    stack.add(gcp("vertex", "AiEndpointWithModelGardenDeployment"), "model", {
      location: "us-central1",
      project: projectOf(kind),
      publisherModelName: "publishers/meta/models/llama3@llama-3-8b",
      modelConfig: { acceptEula: true },
    }),
  ),
  phiOnly("GE-25", "a model from a public place", (stack, kind) =>
    stack.add(gcp("vertex", "AiEndpointWithModelGardenDeployment"), "model", {
      location: "us-central1",
      project: projectOf(kind),
      huggingFaceModelId: "somebody/model",
    }),
  ),
  phiOnly("GE-25", "an agent that calls out by itself", (stack, kind) =>
    stack.add(gcp("vertex", "AiReasoningEngine"), "agent", {
      displayName: "agent",
      region: "us-central1",
      project: projectOf(kind),
      spec: { agentFramework: "langgraph", packageSpec: { pickleObjectGcsUri: "gs://phi-copies/agent.pkl" } },
      ...(kind === "phi" ? labelled("phi") : {}),
    }),
  ),
  phiOnly("GE-25", "an agent of which nobody knows how it calls out", (stack, kind) =>
    stack.add(gcp("vertex", "AiReasoningEngine"), "agent", {
      displayName: "agent",
      region: "us-central1",
      project: projectOf(kind),
      spec: unknownText,
      ...(kind === "phi" ? labelled("phi") : {}),
    }),
  ),
  phiOnly("GE-25", "a store of a search engine", (stack, kind) =>
    stack.add(gcp("discoveryengine", "DataStore"), "search", {
      dataStoreId: "search",
      displayName: "search",
      location: "global",
      industryVertical: "GENERIC",
      contentConfig: "PUBLIC_WEBSITE",
      project: projectOf(kind),
    }),
  ),
  ...([collector, unknownText] as const).map((uri, index) =>
    phiOnly("GE-25", `an agent that talks to a place on the Internet: ${String(index)}`, (stack, kind) =>
      stack.add(gcp("diagflow", "CxWebhook"), "webhook", {
        displayName: "webhook",
        parent: `projects/${projectOf(kind)}/locations/us-central1/agents/triage`,
        genericWebService: { uri },
      }),
    ),
  ),
];

const constraint = "compute.vmExternalIpAccess";

function orgPolicy(stack: Sketch, inputs: Inputs, what = constraint): string {
  return stack.add(gcp("orgpolicy", "Policy"), "policy-of-all", {
    name: `projects/${phiProject}/policies/${what}`,
    parent: `projects/${phiProject}`,
    ...inputs,
  });
}

const denied: Inputs = { spec: { rules: [{ denyAll: "TRUE" }] } };

function switchCase(name: string, bad: Inputs, good: Inputs = denied, what = constraint): CorpusCase {
  return inPerimeter(
    advised("GE-26", name, (stack, inputs: Inputs) => orgPolicy(stack, inputs, what), bad, good),
  );
}

/** What is no longer enforced opens nothing by itself: it is advice. */
const switches: readonly CorpusCase[] = [
  switchCase("a policy of the organisation's that is only told of", {
    dryRunSpec: { rules: [{ denyAll: "TRUE" }] },
  }),
  switchCase("a policy of the organisation's that allows all", { spec: { rules: [{ allowAll: "TRUE" }] } }),
  switchCase(
    "a policy of the organisation's that is not enforced",
    { spec: { rules: [{ enforce: "FALSE" }] } },
    { spec: { rules: [{ enforce: "TRUE" }] } },
    "storage.publicAccessPrevention",
  ),
  switchCase("a policy of the organisation's that is taken back", { spec: { reset: true } }),
  switchCase("a policy of the organisation's of which nobody knows whether it is enforced", {
    spec: unknownText,
  }),
  inPerimeter(
    advised(
      "GE-26",
      "a policy of the old kind that is not enforced",
      (stack, enforced: boolean) =>
        stack.add(gcp("projects", "OrganizationPolicy"), "old-policy", {
          project: phiProject,
          constraint: "compute.skipDefaultNetworkCreation",
          booleanPolicy: { enforced },
        }),
      false,
      true,
    ),
  ),
  inPerimeter(
    advised(
      "GE-26",
      "a policy of the old kind that allows all",
      (stack, listPolicy: Inputs) =>
        stack.add(gcp("projects", "OrganizationPolicy"), "old-policy", {
          project: phiProject,
          constraint,
          listPolicy,
        }),
      { allow: { all: true } },
      { deny: { all: true } },
    ),
  ),
];

function mirror(stack: Sketch, network: string, mirrored: Inputs, more: Inputs = {}): string {
  return stack.add(gcp("compute", "PacketMirroring"), "mirror", {
    name: "mirror",
    region: "us-central1",
    network: { url: network },
    collectorIlb: { url: `projects/${ownProject}/regions/us-central1/forwardingRules/collector` },
    mirroredResources: mirrored,
    ...more,
  });
}

const mirrors: readonly CorpusCase[] = [
  inNetwork("GE-27", "a copy of all packets of a subnet", (stack, network, zone) =>
    mirror(stack, network, { subnetworks: [{ url: stack.id(`${zone}-subnet`) }] }),
  ),
  setting(
    "GE-27",
    "a copy of all packets of a subnet of the shared network, PHI's or the gateway's",
    (stack, zone: Zone) =>
      mirror(stack, stack.id("vpc"), { subnetworks: [{ url: stack.id(`${zone}-subnet`) }] }),
    "phi",
    "gateway",
  ),
  setting(
    "GE-27",
    "a copy of all packets of a machine, PHI's or the gateway's",
    (stack, zone: Zone) => {
      silentResolver(stack, stack.id("vpc"));
      mirror(stack, stack.id("vpc"), { instances: [{ url: machine(stack, zone) }] });
    },
    "phi",
    "gateway",
  ),
  inNetwork("GE-27", "packets that are copied by a group of another project", (stack, network) =>
    stack.add(gcp("networksecurity", "MirroringEndpointGroupAssociation"), "mirror", {
      mirroringEndpointGroupAssociationId: "mirror",
      location: "global",
      network,
      mirroringEndpointGroup: `projects/${foreignProject}/locations/global/mirroringEndpointGroups/theirs`,
    }),
  ),
  inNetwork("GE-27", "packets that are led through a group of another project", (stack, network) =>
    stack.add(gcp("networksecurity", "InterceptEndpointGroupAssociation"), "intercept", {
      interceptEndpointGroupAssociationId: "intercept",
      location: "global",
      network,
      interceptEndpointGroup: `projects/${foreignProject}/locations/global/interceptEndpointGroups/theirs`,
    }),
  ),
  ...(["MirroringDeployment", "InterceptDeployment"] as const).map((type) => {
    const kind = type === "MirroringDeployment" ? "mirroring" : "intercept";
    return inPerimeter(
      pair(
        "GE-27",
        `${type}: packets that others send to the project of PHI, or to another`,
        (stack) => deployment(stack, type, kind, phiProject),
        (stack) => deployment(stack, type, kind, ownProject),
      ),
    );
  }),
];

function deployment(stack: Sketch, type: string, kind: "mirroring" | "intercept", project: string): string {
  return stack.add(gcp("networksecurity", type), "taps", {
    [`${kind}DeploymentId`]: "taps",
    location: "us-central1-a",
    project,
    forwardingRule: `projects/${project}/regions/us-central1/forwardingRules/collector`,
    [`${kind}DeploymentGroup`]: `projects/${project}/locations/global/${kind}DeploymentGroups/taps`,
    ...(project === phiProject ? labelled("phi") : {}),
  });
}

/** What makes resources that nobody sees. */
const deployers: readonly CorpusCase[] = [
  either(
    "GE-28",
    "a template that is run in the project of PHI, or in another",
    (stack, project: string) =>
      stack.add(gcp("deploymentmanager", "Deployment"), "deployment", {
        name: "deployment",
        project,
        target: { config: { content: "resources: []" } },
      }),
    phiProject,
    ownProject,
  ),
  inNetwork("GE-28", "a template that is given a network", (stack, network) =>
    stack.add(gcp("deploymentmanager", "Deployment"), "deployment", {
      name: "deployment",
      target: { config: { content: "imports: []" }, imports: [{ name: "network", content: network }] },
    }),
  ),
  either(
    "GE-28",
    "a build that is run in the project of PHI, or in another",
    (stack, project: string) =>
      stack.add(gcp("cloudbuild", "Trigger"), "build", {
        name: "build",
        location: "us-central1",
        project,
        filename: "cloudbuild.yaml",
        triggerTemplate: { branchName: "main", repoName: "records" },
      }),
    phiProject,
    ownProject,
  ),
  inNetwork("GE-28", "machines of builds that are joined to a network", (stack, network) =>
    stack.add(gcp("cloudbuild", "WorkerPool"), "builders", {
      name: "builders",
      location: "us-central1",
      networkConfig: { peeredNetwork: network },
      workerConfig: { noExternalIp: true },
    }),
  ),
  inNetwork("GE-28", "a template by a package that nobody reads", (stack, network) =>
    stack.add("google-native:deploymentmanager/v2:Deployment", "native", {
      name: "native",
      target: { config: { content: "resources: []" } },
      description: network,
    }),
  ),
  inNetwork("GE-28", "a route by a package that nobody reads", (stack, network) =>
    stack.add("google-native:compute/v1:Route", "native-route", {
      name: "native-route",
      network,
      destRange: "0.0.0.0/0",
      nextHopGateway: "global/gateways/default-internet-gateway",
    }),
  ),
  inNetwork("GE-28", "a command that is given a network", (stack, network) =>
    stack.add("command:local:Command", "command", {
      create: "gcloud compute routes create out",
      environment: { NETWORK: network },
    }),
  ),
  inNetwork("GE-28", "a program of its own that is given a network", (stack, network) =>
    stack.add("pulumi-nodejs:dynamic:Resource", "dynamic", { network }),
  ),
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to AI and to what changes it: rows GE-25 to GE-28. */
export const gcpWaysOutOfCode: readonly CorpusCase[] = [...ai, ...switches, ...mirrors, ...deployers];
