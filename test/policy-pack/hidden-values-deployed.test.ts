import { awsFaults } from "./aws-hidden-values";
import { describeHiddenValues } from "./hidden-values";

describeHiddenValues(awsFaults("deployed"), "deployed");
