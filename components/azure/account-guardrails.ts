import * as authorization from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { AccountGuardrails } from "../account-guardrails";

import type { PhysicalNames } from "./physical-names";

export interface AzureAccountGuardrailsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
}

/** A policy of Azure's own, assigned to the whole subscription. */
interface Guardrail {
  readonly id: string;
  /** What it refuses, as whoever is refused reads it. */
  readonly refuses: string;
  /** The definition's name with Azure. */
  readonly definition: string;
  /** Its effect where it has one to choose; `undefined` where it always denies. */
  readonly effect: "Deny" | undefined;
  /** Types of resources that nobody may create. */
  readonly types?: readonly string[];
  /** Whether the platform's own network group is left out: its public addresses are the front door's. */
  readonly sparesNetwork?: true;
}

const notAllowedTypes = "6c112d4e-5bc7-47ae-a041-ea2d9dccd749";

/** Azure's own definitions (Azure Policy built-in definitions, by the name of each). */
const guardrails: readonly Guardrail[] = [
  {
    id: "no-other-public-address",
    refuses: "Public addresses are the platform's front door's alone.",
    definition: notAllowedTypes,
    effect: "Deny",
    types: ["Microsoft.Network/publicIPAddresses"],
    sparesNetwork: true,
  },
  {
    id: "no-other-way-out",
    refuses: "Nothing of the subscription gets a way out of its networks, or into them.",
    definition: notAllowedTypes,
    effect: "Deny",
    types: [
      "Microsoft.Network/bastionHosts",
      "Microsoft.Network/expressRouteGateways",
      "Microsoft.Network/natGateways",
      "Microsoft.Network/p2sVpnGateways",
      "Microsoft.Network/publicIPPrefixes",
      "Microsoft.Network/virtualNetworkGateways",
      "Microsoft.Network/virtualNetworkTaps",
      "Microsoft.Network/vpnGateways",
    ],
  },
  {
    id: "no-public-interface",
    refuses: "No network interface has a public address.",
    definition: "83a86a26-fd1f-447c-b59d-e51f44264114",
    effect: undefined,
  },
  {
    id: "no-forwarding-interface",
    refuses: "No network interface sends on what is not for it.",
    definition: "88c0b9da-ce96-4b03-9635-f29a937e2900",
    effect: undefined,
  },
  {
    id: "private-subnets",
    refuses: "No subnet has a way out by default.",
    definition: "7bca8353-aa3b-429b-904a-9229c4385837",
    effect: "Deny",
  },
  {
    id: "no-public-blobs",
    refuses: "No storage account lets anybody read its blobs.",
    definition: "4fa4b6c0-31ca-4c0d-b10d-24b96f62a751",
    effect: "Deny",
  },
  {
    id: "no-copies-to-other-tenants",
    refuses: "No storage account copies its blobs to another tenant.",
    definition: "92a89a79-6c52-4a7e-a03f-61306fc49312",
    effect: "Deny",
  },
  {
    id: "no-public-disks",
    refuses: "No disk can be downloaded over the Internet.",
    definition: "8405fdab-1faf-48aa-b702-999c9c172094",
    effect: "Deny",
  },
];

/**
 * The subscription's own switches on Azure: nothing has a public address but the platform's front door, no network gets a
 * gateway of another kind, and no subnet, blob or disk is public by a default. They refuse what is created or changed
 * from then on, and leave alone what is there. Taking one away switches it off, so each is protected.
 *
 * Public access to services that have private endpoints is left to their owners: others of the subscription may need it,
 * and the platform's own have it off.
 */
export class AzureAccountGuardrails extends AccountGuardrails {
  constructor(
    name: string,
    { spec, names }: AzureAccountGuardrailsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(AccountGuardrails.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    for (const { id, refuses, definition, effect, types, sparesNetwork } of guardrails) {
      new authorization.PolicyAssignment(
        `${spec.name}-account-${id}`,
        {
          policyAssignmentName: names.owned(id),
          displayName: `${spec.name}: ${refuses}`,
          scope: names.subscription,
          policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${definition}`,
          enforcementMode: "Default",
          ...(sparesNetwork === true ? { notScopes: [names.groupId("network")] } : {}),
          parameters: {
            ...(effect === undefined ? {} : { effect: { value: effect } }),
            ...(types === undefined ? {} : { listOfResourceTypesNotAllowed: { value: [...types] } }),
          },
          nonComplianceMessages: [{ message: refuses }],
        },
        { parent: this, protect: true },
      );
    }
    this.registerOutputs({});
  }
}
