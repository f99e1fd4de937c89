/** Services that can hold PHI, or move it, and that a perimeter of the PHI zone restricts at the least. */
export const requiredServices = [
  "healthcare.googleapis.com",
  "storage.googleapis.com",
  "bigquery.googleapis.com",
  "pubsub.googleapis.com",
  "aiplatform.googleapis.com",
  "logging.googleapis.com",
  "secretmanager.googleapis.com",
  "cloudkms.googleapis.com",
  "dataflow.googleapis.com",
  "dataproc.googleapis.com",
  "run.googleapis.com",
  "compute.googleapis.com",
  "sqladmin.googleapis.com",
  "spanner.googleapis.com",
  "storagetransfer.googleapis.com",
  "bigquerydatatransfer.googleapis.com",
] as const;

/**
 * Other services that a perimeter can restrict and that can take data, or send it (Google Cloud documentation, "Supported
 * products and limitations" of VPC Service Controls).
 */
export const advisedServices = [
  "alloydb.googleapis.com",
  "analyticshub.googleapis.com",
  "artifactregistry.googleapis.com",
  "bigquerydatapolicy.googleapis.com",
  "bigtable.googleapis.com",
  "cloudbuild.googleapis.com",
  "cloudfunctions.googleapis.com",
  "cloudscheduler.googleapis.com",
  "cloudtasks.googleapis.com",
  "composer.googleapis.com",
  "container.googleapis.com",
  "containerregistry.googleapis.com",
  "datacatalog.googleapis.com",
  "datafusion.googleapis.com",
  "dataplex.googleapis.com",
  "datastream.googleapis.com",
  "dialogflow.googleapis.com",
  "discoveryengine.googleapis.com",
  "dlp.googleapis.com",
  "documentai.googleapis.com",
  "eventarc.googleapis.com",
  "file.googleapis.com",
  "firestore.googleapis.com",
  "iam.googleapis.com",
  "iamcredentials.googleapis.com",
  "language.googleapis.com",
  "monitoring.googleapis.com",
  "notebooks.googleapis.com",
  "redis.googleapis.com",
  "speech.googleapis.com",
  "sts.googleapis.com",
  "translate.googleapis.com",
  "vision.googleapis.com",
  "vpcaccess.googleapis.com",
  "workflows.googleapis.com",
] as const;

/**
 * Services by one method of which what they hold is copied to a place of the caller's choosing, and whose methods a rule of
 * a perimeter can tell apart. Those of the Cloud Healthcare API it cannot.
 */
export const exportingServices: ReadonlySet<string> = new Set([
  "bigquery.googleapis.com",
  "bigquerydatatransfer.googleapis.com",
  "compute.googleapis.com",
  "dataflow.googleapis.com",
  "dataproc.googleapis.com",
  "logging.googleapis.com",
  "pubsub.googleapis.com",
  "spanner.googleapis.com",
  "sqladmin.googleapis.com",
  "storage.googleapis.com",
  "storagetransfer.googleapis.com",
]);

/** Services that hold PHI and export it, and whose methods a rule of a perimeter cannot tell apart. */
export const untoldServices: ReadonlySet<string> = new Set(["healthcare.googleapis.com"]);

/** Stands in a list of services that networks may call for all that the perimeter restricts. */
export const everyRestrictedService = "RESTRICTED-SERVICES";
