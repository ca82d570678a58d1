import { ClickHouseException } from './exception.ts';

/** The boundary of a `multipart/form-data` body; nothing when the body is of another type. */
export function multipartBoundary(contentType: string | undefined): string | undefined {
  const match = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2];
}

/**
 * The named text parts of a form.
 *
 * @throws {ClickHouseException} when it does not end, or carries a file: tables in the request are not imitated
 */
export function readMultipart(body: Buffer, boundary: string): Map<string, string> {
  const parts = new Map<string, string>();
  const opening = Buffer.from(`--${boundary}`);
  const between = Buffer.from(`\r\n--${boundary}`);
  let at = body.indexOf(opening) + opening.length;
  if (at < opening.length) throw badForm('it has no boundary');
  while (body.toString('latin1', at, at + 2) !== '--') {
    const headersEnd = body.indexOf('\r\n\r\n', at);
    const end = body.indexOf(between, at);
    if (headersEnd < 0 || end < headersEnd) throw badForm('it does not end');
    const headers = body.toString('utf8', at, headersEnd);
    const name = /;\s*name="([^"]*)"/i.exec(headers)?.[1];
    if (name === undefined || /;\s*filename=/i.test(headers)) throw badForm('a part is no named text');
    parts.set(name, body.toString('utf8', headersEnd + 4, end));
    at = end + between.length;
  }
  return parts;
}

function badForm(reason: string): ClickHouseException {
  return new ClickHouseException({
    code: 36,
    type: 'BAD_ARGUMENTS',
    text: `The form cannot be read: ${reason}.`,
  });
}
