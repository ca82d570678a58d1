/** What a worker starts with. */
export interface WorkerSetup {
  readonly bytes: Uint8Array;
  readonly columns: number;
}

/** To a worker: a chunk to score, row-major; its buffer changes hands. Or: release everything and end. */
export type WorkerRequest =
  | { readonly kind: 'score'; readonly id: number; readonly values: Float32Array; readonly rows: number }
  | { readonly kind: 'close' };

/** From a worker: the chunk's buffer back, with its scores or with what went wrong. */
export type WorkerReply = { readonly id: number; readonly values: Float32Array } & (
  | { readonly raw: Float32Array; readonly probability: Float32Array }
  | { readonly error: unknown }
);
