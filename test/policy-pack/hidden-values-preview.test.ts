import { describeHiddenValues } from "./hidden-values";

describeHiddenValues("preview");
