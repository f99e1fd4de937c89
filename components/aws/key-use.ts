/** What reading and writing under a KMS key takes (AWS KMS developer guide, "Allows key users to use the KMS key"). */
export const keyUse: readonly string[] = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"];
