const hexAddress = /^0x[0-9a-f]+$/i;

/**
 * The one spelling under which an address is compared. Hex addresses (`0x…`) may be written with a
 * checksum in their letter case (EIP-55), so they compare without it; base58 and bech32 ones compare as they are,
 * because there the case carries meaning.
 *
 * @example
 * addressKey('0xDAC17F958D2ee523a2206206994597C13D831ec7'); // '0xdac17f958d2ee523a2206206994597c13d831ec7'
 */
export function addressKey(address: string): string {
  return hexAddress.test(address) ? address.toLowerCase() : address;
}
