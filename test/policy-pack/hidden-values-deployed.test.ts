import { describeHiddenValues } from "./hidden-values";

describeHiddenValues("deployed");
