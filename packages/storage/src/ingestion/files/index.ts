export { md5OfFile } from './disk-bytes.ts';
export { FileError } from './errors.ts';
export type { Compression, FileFormat } from './file-format.ts';
export { fileFormatOf } from './file-format.ts';
export type { FileColumn, InspectedFile, StoredFile } from './inspect-file.ts';
export { inspectFile } from './inspect-file.ts';
export { openPlain } from './open-plain.ts';
export { confinedFile } from './regular-file.ts';
export { textConversion, textSettings, textStructure } from './text-conversion.ts';
