import { bucketTypes, type Node } from "../../stack-graph";
import { referentsAt } from "../property-path";

import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { foreigners } from "./accounts";
import { accountAssumption, canonical, labelOf, perimeterOf, types, type AwsStack } from "./aws-stack";
import { admissions } from "./iam-evaluation";
import { readPolicy } from "./iam-policy";
import { placeIn } from "../place";

/** Where authorities stand whose certificates listeners take, and lists of what they revoked. */
export const trustStoreTypes = [...types.trustStore, "aws:lb:truststorerevocation"] as const;

/** Trust stores that may change without the stack, or that know of no revoked certificate. */
export function trustStoreHops(stack: AwsStack): HopFacts {
  const { graph, zones } = stack;
  return allHops(
    ...graph.ofType(...types.trustStore).map((node): HopFacts => {
      const isUsed = graph
        .ofType(...types.listener)
        .some((listener) =>
          referentsAt(graph, listener, ["mutualAuthentication", "trustStoreArn"], types.trustStore).some(
            (referent) => referent.kind !== "resource" || referent.node === node,
          ),
        );
      const place = placeIn(
        zones.of(node.urn),
        isUsed ? undefined : "whose clients it is meant for, since no listener names it",
      );
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      if (graph.read(node, "caCertificatesBundleS3ObjectVersion").kind === "absent") {
        acceptor.fault({
          what: "it takes whichever authorities the bundle names when it is read, and reads it again only when another version of the object is named",
          remedy:
            "Set caCertificatesBundleS3ObjectVersion to the version of the object, in a bucket with versions.",
          refusedOn: "our platform",
        });
      }
      const isRevoking = graph
        .ofType("aws:lb:truststorerevocation")
        .some((list) =>
          graph
            .referents(list, "trustStoreArn", types.trustStore)
            .some((referent) => referent.kind === "resource" && referent.node === node),
        );
      if (!isRevoking) {
        acceptor.fault({
          what: "it knows of no list of revoked certificates, so that one which was stolen is taken until it expires",
          remedy: "Add a TrustStoreRevocation with the authorities' list.",
          refusedOn: "no stack",
        });
      }
      if (!isUsed) {
        acceptor.fault({
          what: "no listener of the stack takes its authorities, so that it proves nobody's certificate",
          remedy: "Name it in mutualAuthentication.trustStoreArn of the listener, or take it away.",
          refusedOn: "no stack",
        });
      }
      for (const { label, what, assumption } of foreignWriters(stack, node)) {
        acceptor.fault({
          what: `its authorities lie in ${label}, and ${what}`,
          remedy: "Let nobody outside of the account write the bucket, in a policy that a preview knows.",
          assumption,
          needsOthers: true,
        });
      }
      return acceptor.facts();
    }),
  );
}

interface ForeignWriter {
  readonly label: string;
  readonly what: string;
  readonly assumption: string | undefined;
}

/** By which policies somebody of another account may write the bucket in which the authorities of a trust store lie. */
function foreignWriters(stack: AwsStack, store: Node): readonly ForeignWriter[] {
  const { graph } = stack;
  const perimeter = perimeterOf(stack);
  const buckets = graph.referents(store, "caCertificatesBundleS3Bucket", bucketTypes);
  const isOfStore = (policy: Node): boolean =>
    graph
      .referents(policy, "bucket", bucketTypes)
      .some((to) =>
        buckets.some(
          (bucket) => to.kind === "resource" && bucket.kind === "resource" && to.node === bucket.node,
        ),
      );
  return graph
    .ofType("aws:s3:bucketpolicy")
    .filter(isOfStore)
    .flatMap((holder): readonly ForeignWriter[] => {
      const label = labelOf(holder);
      const policy = readPolicy("policy", graph.read(holder, "policy"), canonical(stack));
      if (policy.kind !== "known") {
        return policy.kind === "absent"
          ? []
          : [{ label, what: "its policy may let anybody write them", assumption: policy.why }];
      }
      const [found] = foreigners(perimeter, "the stack's account")
        .flatMap((caller) => admissions(policy.statements, caller))
        .filter(({ action }) => /\*|^s3:(?:Put|Replicate|Delete)/i.test(action));
      return found === undefined
        ? []
        : [
            {
              label,
              what: `its policy lets another account write them (${found.action})`,
              assumption: accountAssumption(stack),
            },
          ];
    });
}
