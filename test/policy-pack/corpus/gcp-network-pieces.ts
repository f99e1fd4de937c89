import type { Sketch } from "../stack-sketch";

import {
  addressesOf,
  claim,
  emailOf,
  gcpBaseOfFirewalls,
  gcpBaseOfNetworks,
  gcpBaseOfPerimeter,
  https,
  labelled,
  sealed,
  type Zone,
} from "./gcp-base";
import { amend, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** Something that is done to a stack. */
export type Change = (stack: Sketch) => unknown;

/** A project, its number, and a service account of which the stack says nothing. */
export const foreignProject = "somebody-else";
export const foreignNumber = "999999999999";
export const foreignAccount = "reader@somebody-else.iam.gserviceaccount.com";

/** The address of Google's API before the name of a resource. */
export const api = "https://www.googleapis.com/compute/v1/";

/** The token of a resource. */
export function gcp(module: string, name: string): string {
  const [first = "", ...rest] = name;
  return `gcp:${module}/${first.toLowerCase()}${rest.join("")}:${name}`;
}

/** A case whose bad stack is refused. */
export function pair(id: string, name: string, bad: Change, good: Change): CorpusCase {
  return { id, name, expected: "refused", bad, good };
}

/** A case whose bad stack is accepted with advice. */
export function advice(id: string, name: string, bad: Change, good: Change): CorpusCase {
  return { id, name, expected: "advised", bad, good };
}

/** A setting of something: what is wrong, and what is right. */
export function setting<const T>(
  id: string,
  name: string,
  build: (stack: Sketch, value: T) => unknown,
  bad: T,
  good: T,
): CorpusCase {
  return pair(
    id,
    name,
    (stack) => build(stack, bad),
    (stack) => build(stack, good),
  );
}

/** The same case, in the stack whose PHI zone is a network of its own. */
export function onNetworks(one: CorpusCase): CorpusCase {
  return { ...one, name: `${one.name} (a network of PHI)`, base: gcpBaseOfNetworks };
}

/** The same case, in the stack with rules of its network, and no policy. */
export function onFirewalls(one: CorpusCase): CorpusCase {
  return { ...one, name: `${one.name} (rules of the network)`, base: gcpBaseOfFirewalls };
}

/** The same case, in the stack whose PHI zone is a project within a perimeter. */
export function onPerimeter(one: CorpusCase): CorpusCase {
  return { ...one, name: `${one.name} (a project of PHI)`, base: gcpBaseOfPerimeter };
}

/** The same addition, to the network of PHI, and to the one that the other zones share. */
export function inNetwork(
  id: string,
  name: string,
  add: (stack: Sketch, network: string, zone: Zone) => unknown,
): CorpusCase {
  return onNetworks(
    pair(
      id,
      name,
      (stack) => add(stack, stack.id("phi-vpc"), "phi"),
      (stack) => add(stack, stack.id("vpc"), "gateway"),
    ),
  );
}

/** The same addition, to the PHI zone and to the gateway. */
export function inPhiOrGateway(
  id: string,
  name: string,
  add: (stack: Sketch, zone: Zone) => unknown,
): CorpusCase {
  return pair(
    id,
    name,
    (stack) => add(stack, "phi"),
    (stack) => add(stack, "gateway"),
  );
}

/** The same resource, registered by another token. */
export function respell(stack: Sketch, name: string, type: string): string {
  let inputs: Inputs = {};
  stack.change(name, (before) => {
    inputs = before;
    return before;
  });
  return stack.remove(name).add(type, name, inputs);
}

/** The inputs of a resource of the stack. */
export function inputsOf(stack: Sketch, name: string): Inputs {
  let inputs: Inputs = {};
  stack.change(name, (before) => {
    inputs = before;
    return before;
  });
  return inputs;
}

/** Gives the match of a rule of a policy other inputs, and takes those away that are `undefined`. */
export function giveMatch(stack: Sketch, name: string, inputs: Inputs): Sketch {
  const match = { ...(inputsOf(stack, name)["match"] as Inputs), ...inputs };
  return amend(stack, name, {
    match: Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined)),
  });
}

/** That a rule is for PHI's service account, where there is one. */
function forPhi(stack: Sketch): Inputs {
  return stack.names().includes("phi-account") ? { targetServiceAccounts: [emailOf(stack, "phi")] } : {};
}

export const policyRuleType = gcp("compute", "NetworkFirewallPolicyRule");

/** A rule of the policy of the network that all zones share: it lets PHI out on 443, where nothing else is said. */
export function policyRule(stack: Sketch, inputs: Inputs = {}, match: Inputs = {}, name = "rule"): Sketch {
  const said: Inputs = {
    ruleName: name,
    firewallPolicy: `${stack.id("policy")}.name`,
    direction: "EGRESS",
    action: "allow",
    priority: 500,
    ...forPhi(stack),
    match: Object.fromEntries(
      Object.entries<unknown>({ destIpRanges: ["0.0.0.0/0"], layer4Configs: https, ...match }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
    ...inputs,
  };
  stack.add(
    policyRuleType,
    name,
    Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
  );
  return stack;
}

/** A rule of a network: it lets PHI of the network that all zones share out on 443, where nothing else is said. */
export function firewall(stack: Sketch, inputs: Inputs = {}, name = "rule"): Sketch {
  const said: Inputs = {
    name,
    network: stack.id("vpc"),
    direction: "EGRESS",
    allows: [{ protocol: "tcp", ports: ["443"] }],
    destinationRanges: ["0.0.0.0/0"],
    ...forPhi(stack),
    ...inputs,
  };
  stack.add(
    gcp("compute", "Firewall"),
    name,
    Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
  );
  return stack;
}

/** A route of a network: all, to the Internet, where nothing else is said. */
export function route(stack: Sketch, network: string, inputs: Inputs = {}, name = "route"): Sketch {
  const said: Inputs = {
    name,
    network,
    destRange: "0.0.0.0/0",
    nextHopGateway: "default-internet-gateway",
    ...inputs,
  };
  stack.add(
    gcp("compute", "Route"),
    name,
    Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
  );
  return stack;
}

/** A network interface in the subnet of a zone. */
export function nic(stack: Sketch, zone: Zone, inputs: Inputs = {}): Inputs {
  return { subnetwork: stack.id(`${zone}-subnet`), ...inputs };
}

/** A machine of a zone, `machine`, where it has no other name. */
export function machine(stack: Sketch, zone: Zone, inputs: Inputs = {}, name = "machine"): string {
  return stack.add(gcp("compute", "Instance"), name, {
    name,
    zone: "us-central1-a",
    machineType: "n2-standard-4",
    bootDisk: { initializeParams: { image: "cos-cloud/cos-stable" } },
    networkInterfaces: [nic(stack, zone)],
    ...(stack.names().includes(`${zone}-account`)
      ? { serviceAccount: { email: emailOf(stack, zone), scopes: ["cloud-platform"] } }
      : {}),
    ...labelled(zone),
    ...inputs,
  });
}

/** Lets no name be asked in a network but those of its own. */
export function silentResolver(stack: Sketch, network: string, before = ""): Sketch {
  const policy = stack.add(gcp("dns", "ResponsePolicy"), `${before}names`, {
    responsePolicyName: `${before}names`,
    networks: [{ networkUrl: network }],
  });
  stack.add(gcp("dns", "ResponsePolicyRule"), `${before}no-name`, {
    responsePolicy: `${policy}.responsePolicyName`,
    ruleName: `${before}no-name`,
    dnsName: "*.",
    localData: { localDatas: [{ name: "*.", type: "A", ttl: 300, rrdatas: ["240.0.0.1"] }] },
  });
  return stack;
}

/** A network that has no part in any zone. */
export function plainNetwork(stack: Sketch, name = "other-vpc"): string {
  return stack.add(gcp("compute", "Network"), name, { name, ...sealed });
}

/** A subnet that is part of no zone, in {@link plainNetwork}. */
export function plainSubnet(stack: Sketch): string {
  const network = stack.names().includes("other-vpc") ? stack.id("other-vpc") : plainNetwork(stack);
  return stack.add(gcp("compute", "Subnetwork"), "other-subnet", {
    name: "other-subnet",
    network,
    region: "us-central1",
    ipCidrRange: "10.9.0.0/24",
    stackType: "IPV4_ONLY",
  });
}

/** A second subnet of the PHI zone, or of another. */
export function secondSubnet(stack: Sketch, network: string, zone: Zone, inputs: Inputs = {}): string {
  const id = stack.add(gcp("compute", "Subnetwork"), "second-subnet", {
    name: "second-subnet",
    network,
    region: "us-central1",
    ipCidrRange: "10.0.9.0/24",
    stackType: "IPV4_ONLY",
    privateIpGoogleAccess: false,
    ...inputs,
  });
  claim(stack, zone, "second-subnet");
  return id;
}

/** Addresses within the subnet of PHI: what goes there has not left. */
export const inside = addressesOf.phi;
export const halvesInside = ["10.0.3.0/25", "10.0.3.128/25"] as const;
/** All addresses, by two prefixes, and all of IPv6 that are routed. */
export const halves = ["0.0.0.0/1", "128.0.0.0/1"] as const;
