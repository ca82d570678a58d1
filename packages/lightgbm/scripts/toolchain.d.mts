/** What the build says where tools are missing, and the commands that install them, each on a line of its own, indented. */
export declare function missingToolsMessage(
  missing: readonly string[],
  system?: 'debian' | 'fedora' | 'alpine' | 'darwin' | 'win32' | 'linux',
): string;
