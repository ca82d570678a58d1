import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, createGzip } from 'node:zlib';

/** How a body ends. */
export type Ending =
  | { readonly kind: 'whole' }
  /** Nothing more comes, and the connection stays. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** The connection breaks. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Other bytes come in place of the rest, and a clean end. */
  | { readonly kind: 'replace'; readonly afterBytes: number; readonly by: string };

const pieceBytes = 64 * 1024;

/**
 * Writes a body in pieces, each when the client has taken those before it.
 *
 * @param options.closing ends a stall
 * @throws when the client goes away first
 */
export async function writeBody(
  response: ServerResponse,
  body: Uint8Array,
  options: { readonly ending: Ending; readonly gzip: boolean; readonly closing: AbortSignal },
): Promise<void> {
  const { ending } = options;
  const gone = new AbortController();
  const onClose = () => gone.abort(new Error('The client went away.'));
  if (response.destroyed) onClose();
  response.once('close', onClose);
  try {
    // Each piece leaves the compressor when it is written, or nothing would come before a stall.
    const out = options.gzip ? createGzip({ flush: constants.Z_SYNC_FLUSH }) : response;
    if (out !== response) out.pipe(response);
    response.flushHeaders();
    const write = (piece: Uint8Array) =>
      unless(
        gone.signal,
        new Promise<void>((resolve, reject) => {
          out.write(piece, (error) => (error ? reject(error) : resolve()));
        }),
      );
    const sent = ending.kind === 'whole' ? body : body.subarray(0, ending.afterBytes);
    for (let at = 0; at < sent.length; at += pieceBytes) await write(sent.subarray(at, at + pieceBytes));
    if (ending.kind === 'stall') {
      if (!options.closing.aborted) await unless(gone.signal, once(options.closing, 'abort'));
      response.destroy();
    } else if (ending.kind === 'cut') {
      await nextTurn();
      response.socket?.destroySoon();
    } else {
      if (ending.kind === 'replace') await write(Buffer.from(ending.by));
      const finished = once(response, 'finish');
      out.end();
      await unless(gone.signal, finished);
    }
  } finally {
    response.off('close', onClose);
  }
}

/** The promise, or a failure when the signal comes first. */
async function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  signal.throwIfAborted();
  const stop = new AbortController();
  const aborted = once(signal, 'abort', { signal: stop.signal }).then(() => {
    throw signal.reason;
  });
  aborted.catch(() => undefined);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop.abort();
  }
}
