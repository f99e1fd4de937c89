import { awsMustExist } from "./aws-must-exist";
import { awsWaysOutOfBuckets } from "./aws-ways-out-of-buckets";
import { awsWaysOutOfDoorsAndCompute } from "./aws-ways-out-of-doors-and-compute";
import { awsWaysOutOfEndpoints } from "./aws-ways-out-of-endpoints";
import { awsWaysOutOfNames } from "./aws-ways-out-of-names";
import { awsWaysOutOfPipelines } from "./aws-ways-out-of-pipelines";
import { awsWaysOutOfSharingAndCode } from "./aws-ways-out-of-sharing-and-code";
import { awsWaysOutOfStores } from "./aws-ways-out-of-stores";
import type { CorpusCase } from "./corpus-case";

/** The ways out of AWS by its services, rows AE-18 to AE-41, and what must exist there, `must-1` to `must-7`. */
export const awsWaysOutOfServices: readonly CorpusCase[] = [
  ...awsWaysOutOfEndpoints,
  ...awsWaysOutOfNames,
  ...awsWaysOutOfDoorsAndCompute,
  ...awsWaysOutOfStores,
  ...awsWaysOutOfBuckets,
  ...awsWaysOutOfPipelines,
  ...awsWaysOutOfSharingAndCode,
  ...awsMustExist,
];
