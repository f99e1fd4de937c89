import { describeHiddenValuesOnAzure } from "./azure-hidden-values";

describeHiddenValuesOnAzure("preview");
