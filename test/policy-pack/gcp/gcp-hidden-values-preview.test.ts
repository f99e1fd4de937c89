import { describeHiddenValues } from "../hidden-values";

import { gcpFaults } from "./gcp-hidden-values";

describeHiddenValues(gcpFaults("preview"), "preview");
