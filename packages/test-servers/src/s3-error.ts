/** What S3 answers when it refuses: the HTTP status and the sentence, from the error table of its API reference. */
const ERRORS = {
  AccessDenied: [403, 'Access Denied'],
  AuthorizationHeaderMalformed: [400, 'The authorization header that you provided is not valid.'],
  AuthorizationQueryParametersError: [400, 'This server takes signatures in the Authorization header only.'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The AWS Access Key Id you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid Argument'],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidToken: [400, 'The provided token is malformed or otherwise invalid.'],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingSecurityHeader: [400, 'Your request was missing a required header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NotImplemented: [501, 'A parameter you provided implies functionality that is not implemented.'],
  RequestTimeTooSkewed: [403, 'The difference between the request time and the current time is too large.'],
  SignatureDoesNotMatch: [
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
  SlowDown: [503, 'Please reduce your request rate.'],
  XAmzContentSHA256Mismatch: [
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ],
} as const satisfies Record<string, readonly [number, string]>;

/** A code of S3's error table. */
export type S3ErrorCode = keyof typeof ERRORS;

/**
 * A refusal as S3 words it.
 *
 * @example
 * new S3Error('NoSuchKey', { Key: 'a.txt' }).status; // 404
 */
export class S3Error extends Error {
  readonly code: S3ErrorCode;
  readonly status: number;
  /** Further elements of the answer: `Key`, `BucketName`, `StringToSign`, … */
  readonly details: Readonly<Record<string, string>>;

  constructor(code: S3ErrorCode, details: Readonly<Record<string, string>> = {}) {
    super(ERRORS[code][1]);
    this.code = code;
    this.status = ERRORS[code][0];
    this.details = details;
  }

  /** The body of the answer. */
  toXml(): string {
    const elements = { Code: this.code, Message: this.message, ...this.details };
    return xmlDocument(
      'Error',
      Object.entries(elements)
        .map(([name, text]) => xmlElement(name, text))
        .join(''),
    );
  }
}

/** An XML document with one root. `inner` is markup, not text. */
export function xmlDocument(root: string, inner: string, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner}</${root}>`;
}

/** One element of text, with what XML cannot hold written as character references. */
export function xmlElement(name: string, text: string | number | boolean): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be found
  const escaped = String(text).replace(/[&<>"\u0000-\u001f]/g, (char) => `&#${char.charCodeAt(0)};`);
  return `<${name}>${escaped}</${name}>`;
}
