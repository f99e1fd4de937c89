import { Acceptor, allHops, type HopFacts } from "./acceptor";
import { types, type AwsStack } from "./aws-stack";
import { placeIn } from "./placement";

/** Where authorities stand whose certificates listeners take, and lists of what they revoked. */
export const trustStoreTypes = [...types.trustStore, "aws:lb:truststorerevocation"] as const;

/** Trust stores that may change without the stack, or that know of no revoked certificate. */
export function trustStoreHops(stack: AwsStack): HopFacts {
  const { graph, zones } = stack;
  return allHops(
    ...graph.ofType(...types.trustStore).map((node): HopFacts => {
      const place = placeIn(zones.of(node.urn), undefined);
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
      return acceptor.facts();
    }),
  );
}
