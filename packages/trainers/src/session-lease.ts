import { type LightGBMSession, openLightGBMSession } from '@risk-scoring/lightgbm';

/**
 * A LightGBM session that several things need: bins, and the models trained on them. It ends when the
 * last of them lets go.
 */
export interface SessionLease {
  readonly session: LightGBMSession;
  /** Another holder of the same session. */
  share(): SessionLease;
  /** Lets go; harmless to repeat. */
  release(): Promise<void>;
}

/** Opens a session with one holder. */
export async function leaseSession(): Promise<SessionLease> {
  const session = await openLightGBMSession();
  let holders = 0;
  const hold = (): SessionLease => {
    holders += 1;
    let holds = true;
    return {
      session,
      share: hold,
      async release() {
        if (!holds) return;
        holds = false;
        holders -= 1;
        if (holders === 0) await session.dispose();
      },
    };
  };
  return hold();
}
