import { awsEgressMutants } from "./aws-egress-mutants";
import { describeHiddenValues } from "./hidden-values";
import { renderedPlatform } from "./rendered-stack";
import { withEgress } from "./with-egress";

const faults = {
  platform: "our platform with an external provider",
  mutants: awsEgressMutants,
  render: () => renderedPlatform(withEgress, "preview"),
};

describeHiddenValues(faults, "preview");
