import { renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { certificateFile, secretNames, trustBundleFile } from "../../components/mesh/certificate-files";

import type { IssuedCertificate } from "./test-authority";

let version = 0;

function moveIn(folder: string, file: string, name: string, secret: object): void {
  const beside = join(folder, `.unfinished-${basename(file)}`);
  const type = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
  version += 1;
  writeFileSync(
    beside,
    JSON.stringify({ version_info: String(version), resources: [{ "@type": type, name, ...secret }] }),
  );
  renameSync(beside, join(folder, basename(file)));
}

/** Writes the files of a proxy's certificate and of whom it trusts, as the certificate agent does: beside, and moved in. */
export function writeCertificates(folder: string, trustBundle: string, issued: IssuedCertificate): void {
  moveIn(folder, trustBundleFile, secretNames.trustBundle, {
    validation_context: { trusted_ca: { inline_string: trustBundle } },
  });
  moveIn(folder, certificateFile, secretNames.certificate, {
    tls_certificate: {
      certificate_chain: { inline_string: issued.chain },
      private_key: { inline_string: issued.key },
    },
  });
}
