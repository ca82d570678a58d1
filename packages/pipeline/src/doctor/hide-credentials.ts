import type { MachineCheck } from './machine-check.ts';

/** ClickHouse's own name for whoever gives none: no secret, and an ordinary word. */
const ANYBODY = 'default';

/**
 * The check without the user and password of the environment, which a server may repeat in its messages.
 *
 * @example
 * hideCredentials({ name: 'x', status: 'missing', found: 'bob: wrong password' }, { CLICKHOUSE_USER: 'bob' }).found; // '***: wrong password'
 */
export function hideCredentials(check: MachineCheck, env: NodeJS.ProcessEnv): MachineCheck {
  const hidden = credentialsOf(env).reduce(
    (text, secret) => text.replace(asWord(secret), '***'),
    check.found,
  );
  return { ...check, found: hidden };
}

function credentialsOf(env: NodeJS.ProcessEnv): string[] {
  const address = env.CLICKHOUSE_URL?.trim() ?? '';
  const inAddress = URL.canParse(address) ? [new URL(address).username, new URL(address).password] : [];
  const given = [env.CLICKHOUSE_PASSWORD, env.CLICKHOUSE_USER, ...inAddress, ...inAddress.map(decoded)];
  const secrets = given.filter(
    (text): text is string => text !== undefined && text !== '' && text !== ANYBODY,
  );
  // The longest first: one may be a part of another.
  return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A short name must not blot out parts of other words. */
function asWord(secret: string): RegExp {
  const literal = secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return new RegExp(`(?<![A-Za-z0-9_])${literal}(?![A-Za-z0-9_])`, 'g');
}
