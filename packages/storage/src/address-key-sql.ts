/**
 * The SQL of the contract's `addressKey()`: the one spelling under which addresses are compared. Hex addresses count
 * without the letter case of their checksum, others as they are.
 *
 * @param column the name of a text column
 * @example
 * `SELECT uniqExact(${addressKeySql('address')}) FROM published_alerts`;
 */
export function addressKeySql(column: string): string {
  return `if(match(${column}, '^0[xX][0-9a-fA-F]+$'), lower(${column}), ${column})`;
}
