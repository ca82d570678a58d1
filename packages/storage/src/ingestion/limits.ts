/** How much of anything an ingestion takes. */
export interface IngestLimits {
  /** A compressed file may hold at most this many bytes when decompressed. */
  readonly maxPlainBytes: number;
  /** Longest text of a value, in bytes. */
  readonly maxTextBytes: number;
}

/** 16 GiB a file, 1 MiB a text. */
export const DEFAULT_LIMITS: IngestLimits = {
  maxPlainBytes: 16 * 1024 ** 3,
  maxTextBytes: 1024 ** 2,
};
