import { describeHiddenValues } from "../hidden-values";

import { azureFaults } from "./azure-hidden-values";

describeHiddenValues(azureFaults, "preview");
