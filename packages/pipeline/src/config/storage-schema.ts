import { z } from 'zod';
import { map, text } from './schema-parts.ts';

const URL_MESSAGE =
  'must be an address such as http://127.0.0.1:8123 or https://clickhouse.example:8443, without user, password or parameters';
const TIMEOUT_MESSAGE = 'must be seconds, more than 0 and at most 86400';

const units: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, MiB: 2 ** 20, GiB: 2 ** 30 };
/** Below this an engine can hardly read two columns. */
const LEAST_MEMORY = 50e6;

/** Where the data is. No secret stands in a configuration: it is shown, copied and committed. */
export const storage = map({
  data_dir: text.optional(),
  url: text.refine(isServerUrl, URL_MESSAGE).optional(),
  user: text.optional(),
  database: text.optional(),
  cluster: text.optional(),
  request_timeout: z
    .number({ error: TIMEOUT_MESSAGE })
    .refine((seconds) => seconds > 0 && seconds <= 86_400, TIMEOUT_MESSAGE)
    .optional(),
  ca_cert: text.optional(),
  client_cert: text.optional(),
  client_key: text.optional(),
  engine_memory: text
    .refine(
      (amount) => memoryBytes(amount) >= LEAST_MEMORY,
      'must be 50MB or more, as an amount with MB, GB, MiB or GiB: 2GB',
    )
    .optional(),
}).superRefine(({ data_dir, url }, context) => {
  if (data_dir === undefined || url === undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['data_dir'],
    message: 'is of no use beside storage.url: the data is on the server',
  });
});

function isServerUrl(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  return isWeb && url.username + url.password + url.search + url.hash === '';
}

/**
 * The bytes of an amount of memory; NaN for what is none.
 *
 * @example
 * memoryBytes('2GB'); // 2000000000
 */
export function memoryBytes(amount: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(amount) ?? [];
  return Number(digits) * (units[unit] ?? Number.NaN);
}
