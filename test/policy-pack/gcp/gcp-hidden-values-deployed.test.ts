import { describeHiddenValues } from "../hidden-values";

import { gcpFaults } from "./gcp-hidden-values";

describeHiddenValues(gcpFaults("deployed"), "deployed");
