import { describeHiddenValuesOnAzure } from "./azure-hidden-values";

describeHiddenValuesOnAzure("deployed");
