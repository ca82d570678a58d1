/** What every command about models takes. */
export interface ModelsOptions {
  readonly network: string;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}
