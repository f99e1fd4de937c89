import { z } from "zod";

import { textOf } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import type { SideChannel } from "../fact";

import { labelOf, platformOf, type AwsStack } from "./aws-stack";
import { jsonText } from "./json-text";

const cloudControl = "aws:cloudcontrol:resource";

/** Whether a resource is a FHIR store of HealthLake, which the SDK has by no type of its own. */
export function isFhirStore(graph: StackGraph, node: Node): boolean {
  const typeName = textOf(graph.read(node, "typeName"));
  return (
    node.resourceType === cloudControl &&
    typeName.kind === "known" &&
    typeName.value === "AWS::HealthLake::FHIRDatastore"
  );
}

/**
 * What a FHIR store is asked to be (AWS::HealthLake::FHIRDatastore). A property that the judge does not know may send
 * what the store holds somewhere, so there may be none.
 */
const desiredStateSchema = z.strictObject({
  DatastoreName: z.string().optional(),
  DatastoreTypeVersion: z.string(),
  SseConfiguration: z.unknown().optional(),
  PreloadDataConfig: z.unknown().optional(),
  ProfileConfiguration: z.unknown().optional(),
  Tags: z.unknown().optional(),
  IdentityProviderConfiguration: z.object({ AuthorizationStrategy: z.string() }).optional(),
  AnalyticsConfiguration: z.object({ Status: z.string() }).optional(),
  NlpConfiguration: z.object({ Status: z.string() }).optional(),
});

/** The FHIR stores of the PHI zone, with what their settings let out of it. */
export function fhirStoreChannels(stack: AwsStack): readonly SideChannel[] {
  const { graph, zones } = stack;
  return graph
    .ofType(cloudControl)
    .filter((node) => isFhirStore(graph, node) && zones.of(node.urn) === "phi")
    .flatMap((node) => {
      const channel = (what: string, assumption: string | undefined, remedy: string): SideChannel => ({
        urn: node.urn,
        label: labelOf(node),
        zone: "phi",
        platform: platformOf(stack, node),
        what: `${labelOf(node)}: ${what}`,
        assumption,
        remedy,
        isGuiltyAlone: assumption === undefined,
      });
      const state = jsonText(graph.read(node, "desiredState"));
      const parsed = state.kind === "known" ? desiredStateSchema.safeParse(state.value) : undefined;
      if (parsed?.success !== true) {
        const keys =
          parsed?.error.issues.flatMap((issue) =>
            issue.code === "unrecognized_keys" ? issue.keys : issue.path.map(String),
          ) ?? [];
        return [
          channel(
            "its settings may send what it holds elsewhere",
            keys.length === 0
              ? "`desiredState` is not known"
              : `the judge does not know \`${keys.join("`, `")}\` of \`desiredState\``,
            "Write the desired state as a literal, with the properties that docs/aws.md names.",
          ),
        ];
      }
      const {
        IdentityProviderConfiguration: identity,
        AnalyticsConfiguration,
        NlpConfiguration,
      } = parsed.data;
      return [
        // Without a word of it, HealthLake keeps tables (HealthLake developer guide, "Query data with SQL").
        ...(AnalyticsConfiguration?.Status !== "PAUSED"
          ? [
              channel(
                "its records are copied to tables for analysis, outside of the zone",
                undefined,
                "Set the Status of AnalyticsConfiguration to PAUSED.",
              ),
            ]
          : []),
        ...(NlpConfiguration !== undefined && NlpConfiguration.Status !== "DISABLED"
          ? [
              channel(
                "its documents are sent to another service for natural language processing",
                undefined,
                "Leave NlpConfiguration out.",
              ),
            ]
          : []),
        ...(identity !== undefined && identity.AuthorizationStrategy !== "AWS_AUTH"
          ? [
              channel(
                "it lets in whoever has a token of an identity provider, with no role of the account",
                undefined,
                "Leave IdentityProviderConfiguration out, so that only roles of the account are let in.",
              ),
            ]
          : []),
      ];
    });
}
