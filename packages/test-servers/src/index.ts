export type { Faults, MidStreamStyle } from './clickhouse/faults.ts';
export type { ClickHouseFront, ClickHouseFrontOptions } from './clickhouse/front.ts';
export { startClickHouseFront } from './clickhouse/front.ts';
export type { FrontRequest, Outcome } from './clickhouse/request-log.ts';
export {
  type S3Faults,
  type S3Request,
  type S3Server,
  type S3ServerOptions,
  startS3Server,
} from './s3-server.ts';
export type { S3Credentials } from './s3-signature.ts';
