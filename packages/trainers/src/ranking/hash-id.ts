/**
 * A 32-bit number of a text that depends on nothing else: FNV-1a (Fowler, Noll & Vo; RFC 9923) over its bytes, then the finalizer of MurmurHash3
 * (Appleby), as the upper bits of FNV-1a alone hardly differ between short texts. A code unit above 255 counts as two bytes, the lower one first.
 *
 * @returns a whole number from 0 to 2^32 - 1
 * @example
 * hashId('alert-17') / 2 ** 32; // the place of the alert between 0 and 1
 */
export function hashId(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    if (unit > 0xff) hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
