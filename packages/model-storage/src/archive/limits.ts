/** What an archive may hold at most, so that a small file cannot fill the disk or the memory. */
export interface ArchiveLimits {
  /** Of all files, unpacked. */
  readonly totalBytes: number;
  /** Of the metadata, unpacked. */
  readonly metadataBytes: number;
  readonly entries: number;
}

/** Far more than any model needs: 2 GiB in all, 16 MiB of metadata, 50 files. */
export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = {
  totalBytes: 2 * 1024 ** 3,
  metadataBytes: 16 * 1024 ** 2,
  entries: 50,
};
