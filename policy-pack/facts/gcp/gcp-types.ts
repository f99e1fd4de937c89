import type { ResourceType } from "../../resource-type";

import { storeNames } from "./store-names";

const compute = (collection: string): readonly string[] => [`projects/{project}/${collection}/{name}`];

/**
 * How resources of a type are called on Google Cloud: templates of their relative resource names and of the other texts by
 * which they are referred to, with the inputs that stand in them. `{project}`, `{region}` and `{zone}` are the provider's
 * where the resource says none. In the words of the SDK (@pulumi/gcp 9.37) and of AIP-122.
 */
export const gcpTypes: ReadonlyMap<ResourceType, readonly string[]> = new Map<
  ResourceType,
  readonly string[]
>([
  ["gcp:accesscontextmanager:accesslevel", ["{name}"]],
  ["gcp:accesscontextmanager:serviceperimeter", ["{name}"]],
  ["gcp:alloydb:cluster", ["projects/{project}/locations/{location}/clusters/{clusterId}"]],
  [
    "gcp:artifactregistry:repository",
    ["projects/{project}/locations/{location}/repositories/{repositoryId}"],
  ],
  ["gcp:bigquery:dataset", ["projects/{project}/datasets/{datasetId}"]],
  ["gcp:bigquery:table", ["projects/{project}/datasets/{datasetId}/tables/{tableId}"]],
  [
    "gcp:certificateauthority:authority",
    [
      "projects/{project}/locations/{location}/caPools/{pool}/certificateAuthorities/{certificateAuthorityId}",
    ],
  ],
  ["gcp:certificateauthority:capool", ["projects/{project}/locations/{location}/caPools/{name}"]],
  [
    "gcp:certificateauthority:certificatetemplate",
    ["projects/{project}/locations/{location}/certificateTemplates/{name}"],
  ],
  [
    "gcp:certificatemanager:certificate",
    [
      "projects/{project}/locations/{location}/certificates/{name}",
      "projects/{project}/locations/global/certificates/{name}",
    ],
  ],
  [
    "gcp:certificatemanager:certificateissuanceconfig",
    ["projects/{project}/locations/{location}/certificateIssuanceConfigs/{name}"],
  ],
  ["gcp:certificatemanager:certificatemap", ["projects/{project}/locations/global/certificateMaps/{name}"]],
  ["gcp:certificatemanager:trustconfig", ["projects/{project}/locations/{location}/trustConfigs/{name}"]],
  ["gcp:cloudrunv2:job", ["projects/{project}/locations/{location}/jobs/{name}"]],
  ["gcp:cloudrunv2:service", ["projects/{project}/locations/{location}/services/{name}"]],
  ["gcp:compute:address", compute("regions/{region}/addresses")],
  ["gcp:compute:backendbucket", compute("global/backendBuckets")],
  ["gcp:compute:backendservice", compute("global/backendServices")],
  ["gcp:compute:externalvpngateway", compute("global/externalVpnGateways")],
  ["gcp:compute:firewall", compute("global/firewalls")],
  ["gcp:compute:firewallpolicy", ["locations/global/firewallPolicies/{name}"]],
  ["gcp:compute:forwardingrule", compute("regions/{region}/forwardingRules")],
  ["gcp:compute:globaladdress", compute("global/addresses")],
  ["gcp:compute:globalforwardingrule", compute("global/forwardingRules")],
  ["gcp:compute:globalnetworkendpointgroup", compute("global/networkEndpointGroups")],
  ["gcp:compute:havpngateway", compute("regions/{region}/vpnGateways")],
  ["gcp:compute:healthcheck", compute("global/healthChecks")],
  ["gcp:compute:httphealthcheck", compute("global/httpHealthChecks")],
  ["gcp:compute:httpshealthcheck", compute("global/httpsHealthChecks")],
  ["gcp:compute:instance", compute("zones/{zone}/instances")],
  ["gcp:compute:instancegroup", compute("zones/{zone}/instanceGroups")],
  // Backend services name the group that a manager keeps, and everything else the manager.
  [
    "gcp:compute:instancegroupmanager",
    [...compute("zones/{zone}/instanceGroupManagers"), ...compute("zones/{zone}/instanceGroups")],
  ],
  ["gcp:compute:instancetemplate", compute("global/instanceTemplates")],
  ["gcp:compute:managedsslcertificate", compute("global/sslCertificates")],
  ["gcp:compute:network", compute("global/networks")],
  ["gcp:compute:networkattachment", compute("regions/{region}/networkAttachments")],
  ["gcp:compute:networkendpointgroup", compute("zones/{zone}/networkEndpointGroups")],
  ["gcp:compute:networkfirewallpolicy", compute("global/firewallPolicies")],
  ["gcp:compute:networkfirewallpolicywithrules", compute("global/firewallPolicies")],
  ["gcp:compute:regionbackendservice", compute("regions/{region}/backendServices")],
  ["gcp:compute:regionhealthcheck", compute("regions/{region}/healthChecks")],
  [
    "gcp:compute:regioninstancegroupmanager",
    [...compute("regions/{region}/instanceGroupManagers"), ...compute("regions/{region}/instanceGroups")],
  ],
  ["gcp:compute:regioninstancetemplate", compute("regions/{region}/instanceTemplates")],
  ["gcp:compute:regionnetworkendpointgroup", compute("regions/{region}/networkEndpointGroups")],
  ["gcp:compute:regionnetworkfirewallpolicy", compute("regions/{region}/firewallPolicies")],
  ["gcp:compute:regionnetworkfirewallpolicywithrules", compute("regions/{region}/firewallPolicies")],
  ["gcp:compute:regionsslcertificate", compute("regions/{region}/sslCertificates")],
  ["gcp:compute:regionsslpolicy", compute("regions/{region}/sslPolicies")],
  ["gcp:compute:regiontargethttpproxy", compute("regions/{region}/targetHttpProxies")],
  ["gcp:compute:regiontargethttpsproxy", compute("regions/{region}/targetHttpsProxies")],
  ["gcp:compute:regiontargettcpproxy", compute("regions/{region}/targetTcpProxies")],
  ["gcp:compute:regionurlmap", compute("regions/{region}/urlMaps")],
  ["gcp:compute:route", compute("global/routes")],
  ["gcp:compute:router", compute("regions/{region}/routers")],
  ["gcp:compute:securitypolicy", compute("global/securityPolicies")],
  ["gcp:compute:serviceattachment", compute("regions/{region}/serviceAttachments")],
  ["gcp:compute:sslcertificate", compute("global/sslCertificates")],
  ["gcp:compute:sslpolicy", compute("global/sslPolicies")],
  ["gcp:compute:subnetwork", compute("regions/{region}/subnetworks")],
  ["gcp:compute:targetgrpcproxy", compute("global/targetGrpcProxies")],
  ["gcp:compute:targethttpproxy", compute("global/targetHttpProxies")],
  ["gcp:compute:targethttpsproxy", compute("global/targetHttpsProxies")],
  ["gcp:compute:targetinstance", compute("zones/{zone}/targetInstances")],
  ["gcp:compute:targetpool", compute("regions/{region}/targetPools")],
  ["gcp:compute:targetsslproxy", compute("global/targetSslProxies")],
  ["gcp:compute:targettcpproxy", compute("global/targetTcpProxies")],
  ["gcp:compute:urlmap", compute("global/urlMaps")],
  ["gcp:compute:vpngateway", compute("regions/{region}/targetVpnGateways")],
  ["gcp:container:cluster", ["projects/{project}/locations/{location}/clusters/{name}"]],
  ["gcp:dns:managedzone", ["projects/{project}/managedZones/{name}"]],
  ["gcp:dns:policy", ["projects/{project}/policies/{name}"]],
  ["gcp:dns:responsepolicy", ["projects/{project}/responsePolicies/{responsePolicyName}"]],
  [
    "gcp:gkehub:membership",
    [
      "projects/{project}/locations/{location}/memberships/{membershipId}",
      "projects/{project}/locations/global/memberships/{membershipId}",
    ],
  ],
  ["gcp:healthcare:dataset", ["projects/{project}/locations/{location}/datasets/{name}"]],
  ["gcp:healthcare:dicomstore", ["{dataset}/dicomStores/{name}"]],
  ["gcp:healthcare:fhirstore", ["{dataset}/fhirStores/{name}"]],
  ["gcp:healthcare:hl7store", ["{dataset}/hl7V2Stores/{name}"]],
  ["gcp:kms:cryptokey", ["{keyRing}/cryptoKeys/{name}"]],
  ["gcp:kms:keyring", ["projects/{project}/locations/{location}/keyRings/{name}"]],
  ["gcp:logging:projectbucketconfig", ["projects/{project}/locations/{location}/buckets/{bucketId}"]],
  [
    "gcp:networksecurity:backendauthenticationconfig",
    [
      "projects/{project}/locations/{location}/backendAuthenticationConfigs/{name}",
      "projects/{project}/locations/global/backendAuthenticationConfigs/{name}",
    ],
  ],
  [
    "gcp:networksecurity:clienttlspolicy",
    [
      "projects/{project}/locations/{location}/clientTlsPolicies/{name}",
      "projects/{project}/locations/global/clientTlsPolicies/{name}",
    ],
  ],
  ["gcp:networksecurity:firewallendpoint", ["{parent}/locations/{location}/firewallEndpoints/{name}"]],
  [
    "gcp:networksecurity:gatewaysecuritypolicy",
    [
      "projects/{project}/locations/{location}/gatewaySecurityPolicies/{name}",
      "projects/{project}/locations/global/gatewaySecurityPolicies/{name}",
    ],
  ],
  [
    "gcp:networksecurity:securityprofile",
    [
      "{parent}/locations/{location}/securityProfiles/{name}",
      "{parent}/locations/global/securityProfiles/{name}",
    ],
  ],
  [
    "gcp:networksecurity:securityprofilegroup",
    [
      "{parent}/locations/{location}/securityProfileGroups/{name}",
      "{parent}/locations/global/securityProfileGroups/{name}",
    ],
  ],
  [
    "gcp:networksecurity:servertlspolicy",
    [
      "projects/{project}/locations/{location}/serverTlsPolicies/{name}",
      "projects/{project}/locations/global/serverTlsPolicies/{name}",
    ],
  ],
  [
    "gcp:networksecurity:tlsinspectionpolicy",
    [
      "projects/{project}/locations/{location}/tlsInspectionPolicies/{name}",
      "projects/{project}/locations/global/tlsInspectionPolicies/{name}",
    ],
  ],
  ["gcp:networksecurity:urllist", ["projects/{project}/locations/{location}/urlLists/{name}"]],
  ["gcp:networkservices:authzextension", ["projects/{project}/locations/{location}/authzExtensions/{name}"]],
  ["gcp:networkservices:gateway", ["projects/{project}/locations/{location}/gateways/{name}"]],
  ["gcp:organizations:project", ["projects/{projectId}"]],
  ["gcp:projects:iamcustomrole", ["projects/{project}/roles/{roleId}"]],
  ["gcp:pubsub:topic", ["projects/{project}/topics/{name}"]],
  ["gcp:secretmanager:secret", ["projects/{project}/secrets/{secretId}"]],
  [
    "gcp:serviceaccount:account",
    [
      "projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com",
      // The address of an account says its project, so that IAM takes a dash for it.
      "projects/-/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com",
      "{accountId}@{project}.iam.gserviceaccount.com",
    ],
  ],
  ["gcp:spanner:instance", ["projects/{project}/instances/{name}"]],
  ["gcp:sql:databaseinstance", ["projects/{project}/instances/{name}"]],
  ["gcp:storage:bucket", ["projects/_/buckets/{name}", "{name}"]],
  ["gcp:vpcaccess:connector", ["projects/{project}/locations/{region}/connectors/{name}"]],
  ...storeNames,
]);
