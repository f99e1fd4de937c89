import { SecurityGroupEgressRule } from "@pulumi/aws/vpc";

import { filterIds } from "../../index";

const filterId = filterIds["data-store/fhir-store"];
if (filterId === undefined) {
  throw new Error("the platform has no data store fhir-store");
}

// One rule, added by hand beside the platform: the FHIR store may now open a connection to anybody.
new SecurityGroupEgressRule("hole", {
  securityGroupId: filterId,
  ipProtocol: "tcp",
  fromPort: 443,
  toPort: 443,
  cidrIpv4: "0.0.0.0/0",
});
