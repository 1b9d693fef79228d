/** One step of the schema. Numbers go up by ten, so that one can be slipped in; a released step never changes. */
export interface Migration {
  readonly version: number;
  readonly up: string;
}
