import type { CheckStatus, MachineCheck } from './machine-check.ts';
import type { ProbeFailure } from './probes.ts';

/** A check of something that could not be tried, or failed: in the words of its error, else in the given ones. */
export function failedCheck(
  name: string,
  failure: ProbeFailure,
  { status = 'missing', expected, remedy }: { status?: CheckStatus; expected?: string; remedy?: string } = {},
): MachineCheck {
  const { summary, found } = failure;
  const wanted = failure.expected ?? expected;
  const helps = failure.remedy ?? remedy;
  return {
    name,
    status,
    found: oneLine(found === undefined ? summary : `${summary.replace(/\.$/, '')}: ${found}`),
    ...(wanted === undefined ? {} : { expected: wanted }),
    ...(helps === undefined ? {} : { remedy: helps }),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
