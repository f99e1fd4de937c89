/** The table of a vector index. */
export const embeddingsTable = "embeddings";

/** A column as BigQuery's API says it back, so that nothing looks changed (BigQuery API, `TableFieldSchema`). */
interface Column {
  readonly name: string;
  readonly type: "FLOAT" | "JSON" | "STRING" | "TIMESTAMP";
  readonly mode: "NULLABLE" | "REPEATED" | "REQUIRED";
}

const columns: readonly Column[] = [
  { name: "id", type: "STRING", mode: "REQUIRED" },
  { name: "document", type: "STRING", mode: "REQUIRED" },
  { name: "content", type: "STRING", mode: "NULLABLE" },
  { name: "embedding", type: "FLOAT", mode: "REPEATED" },
  { name: "attributes", type: "JSON", mode: "NULLABLE" },
  { name: "written", type: "TIMESTAMP", mode: "REQUIRED" },
];

/** What is kept of each part of a document: its text, the vector by which it is found, and where it is from. */
export const embeddingsSchema = JSON.stringify(columns);
