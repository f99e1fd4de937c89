import { z } from "zod";

import { textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import type { PublicName, SideChannel, StoreAdmission } from "../fact";

import { accountOf } from "./accounts";
import { accountAssumption, canonical, isEndpoint, labelOf, platformOf, type AwsStack } from "./aws-stack";
import { matches } from "./iam-evaluation";
import { jsonText } from "./json-text";
import { roles } from "./roles";

const collectionType = "aws:opensearch:serverlesscollection";
const securityPolicyType = "aws:opensearch:serverlesssecuritypolicy";
const accessPolicyType = "aws:opensearch:serverlessaccesspolicy";

/** Types from which facts about vector indexes are drawn. */
export const collectionTypes = [collectionType, securityPolicyType, accessPolicyType] as const;

const ruleSchema = z.object({ ResourceType: z.string(), Resource: z.array(z.string()) });

/** A network policy (OpenSearch Serverless developer guide, "Network access"). */
const networkPolicySchema = z.array(
  z.strictObject({
    Description: z.string().optional(),
    Rules: z.array(ruleSchema),
    AllowFromPublic: z.boolean(),
    SourceVPCEs: z.array(z.string()).optional(),
    SourceServices: z.array(z.string()).optional(),
  }),
);

/** A data access policy (OpenSearch Serverless developer guide, "Data access control"). */
const accessPolicySchema = z.array(z.object({ Rules: z.array(ruleSchema), Principal: z.array(z.string()) }));

type Rules = readonly z.output<typeof ruleSchema>[];

/** Whether rules speak of a collection, by its name or by a pattern; of any, where its name is not known. */
function speakOf(rules: Rules, name: string | undefined): boolean {
  return rules.some(({ Resource }) =>
    Resource.some((resource) => {
      const [, pattern = ""] = resource.split("/");
      return name === undefined || matches(pattern, name, { ignoreCase: false });
    }),
  );
}

/** Whether a principal of a data access policy is of the stack's account: by its ARN, or as one of an identity provider's. */
function isOfOwnAccount(principal: string, { account }: AwsStack): boolean {
  const [, provider] = /^(?:saml|iamidentitycenter)\/(\d{12})\//.exec(principal) ?? [];
  return account !== undefined && (provider ?? accountOf(principal)) === account;
}

/** Facts about the vector indexes of the PHI zone. */
export interface CollectionFacts {
  readonly sideChannels: readonly SideChannel[];
  readonly publicNames: readonly PublicName[];
  readonly storeAdmissions: readonly StoreAdmission[];
}

/** Reads the collections of OpenSearch Serverless, with the policies on the network and on access that speak of them. */
export function collectionFacts(stack: AwsStack): CollectionFacts {
  const { graph, zones } = stack;
  const sideChannels: SideChannel[] = [];
  const publicNames: PublicName[] = [];
  const storeAdmissions: StoreAdmission[] = [];
  const inOneForm = canonical(stack);

  const ofType = (type: string, kind: string): readonly Node[] =>
    graph.ofType(type).filter((node) => {
      const read = textOf(graph.read(node, "type"));
      return read.kind === "unknown" || (read.kind === "known" && read.value === kind);
    });
  const networkPolicies = ofType(securityPolicyType, "network");
  const accessPolicies = ofType(accessPolicyType, "data");

  for (const collection of graph.ofType(collectionType).filter(({ urn }) => zones.of(urn) === "phi")) {
    const platform = platformOf(stack, collection);
    const read = textOf(graph.read(collection, "name"));
    const name = read.kind === "known" ? read.value : undefined;
    const about = (
      node: Node,
    ): Pick<SideChannel, "urn" | "label" | "platform"> & { readonly zone: "phi" } => ({
      urn: node.urn,
      label: labelOf(node),
      zone: "phi",
      platform,
    });
    const undetermined = (node: Node, what: string): void => {
      sideChannels.push({
        ...about(node),
        what: `${labelOf(collection)}: ${what}`,
        assumption: "`policy` is not known, or not understood",
        remedy: "Write the policy so that a preview knows it.",
        isGuiltyAlone: false,
      });
    };

    for (const node of networkPolicies) {
      const policy = jsonText(graph.read(node, "policy"));
      const parsed = policy.kind === "known" ? networkPolicySchema.safeParse(policy.value) : undefined;
      if (parsed?.success !== true) {
        undetermined(node, "a policy on the network may let the public in");
        continue;
      }
      for (const { AllowFromPublic, SourceVPCEs = [], SourceServices = [], Rules } of parsed.data) {
        if (!speakOf(Rules, name)) {
          continue;
        }
        zones.inherit(node.urn, "phi", labelOf(collection));
        if (AllowFromPublic) {
          sideChannels.push({
            ...about(node),
            what: `${labelOf(collection)}: it answers the Internet`,
            assumption: undefined,
            remedy: "Set AllowFromPublic to false, and name the endpoint of the PHI zone in SourceVPCEs.",
            isGuiltyAlone: false,
          });
          continue;
        }
        for (const service of SourceServices) {
          sideChannels.push({
            ...about(node),
            what: `${labelOf(collection)}: the service ${service} reads it, past every endpoint`,
            assumption: undefined,
            remedy: "Take SourceServices away; what reads the index comes by the endpoint of the PHI zone.",
            isGuiltyAlone: false,
          });
        }
        for (const source of SourceVPCEs.map(inOneForm)) {
          if (!isEndpoint(stack)(source) || zones.of(source) !== "phi") {
            publicNames.push({
              ...about(node),
              isStore: true,
              what: `${labelOf(collection)} answers ${source}, which is no private endpoint of the PHI zone in the stack.`,
              assumption: undefined,
              remedy: "Name in SourceVPCEs the endpoint of the PHI zone, and nothing else.",
            });
          }
        }
      }
    }

    const store = peerOf(graph, collection);
    for (const node of accessPolicies) {
      const policy = jsonText(graph.read(node, "policy"));
      const parsed = policy.kind === "known" ? accessPolicySchema.safeParse(policy.value) : undefined;
      if (parsed?.success !== true) {
        undetermined(node, "a policy on access may let anybody in");
        continue;
      }
      for (const { Principal, Rules } of parsed.data) {
        if (!speakOf(Rules, name)) {
          continue;
        }
        zones.inherit(node.urn, "phi", labelOf(collection));
        for (const principal of Principal) {
          // Roles of the stack are the account's own; so is what the account's number says.
          const isOwn = graph.node(inOneForm(principal)) !== undefined || isOfOwnAccount(principal, stack);
          if (!isOwn) {
            sideChannels.push({
              ...about(node),
              what: `${labelOf(collection)}: it lets in ${principal}, which is not of the account`,
              assumption: accountAssumption(stack),
              remedy: "Name in Principal the roles of the workloads that read the index, and nobody else.",
              isGuiltyAlone: false,
            });
          }
          const role = roles(graph).find(({ node: candidate }) => candidate.urn === inOneForm(principal));
          storeAdmissions.push({
            ...about(node),
            stores: store === undefined ? [] : [store],
            who: role?.peer,
            what: `${labelOf(collection)} lets in ${role === undefined ? principal : labelOf(role.node)}.`,
            assumption: undefined,
          });
        }
      }
    }
  }
  return { sideChannels, publicNames, storeAdmissions };
}
