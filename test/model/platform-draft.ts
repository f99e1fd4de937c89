import type { z } from "zod";

import type { platformDocumentSchema } from "../../model/platform-document";

/** A platform file that a test changes. */
export type PlatformDraft = z.input<typeof platformDocumentSchema>;
